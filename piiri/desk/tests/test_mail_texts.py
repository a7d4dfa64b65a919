"""What a programme says in its own words: placeholders, previews, and mails that go out so."""

from datetime import UTC, datetime

import pytest
from django.conf import settings as house
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.mail import actions, letter, queries, texts
from piiri.mail.models import DemoCopy, MailText, Message
from piiri.mail.rules import MailRefusal
from piiri.meetings import actions as meetings
from piiri.meetings.tests.factories import JOINED, MeetingFactory, RunningGroupFactory, mentor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
INVITATION = "meetings/email/invitation"
WORDS = {
    "subject": "We meet on {date}",
    "body": "Come to {place} at {hours}.\n\n* Bring your notes\n\nSee you!",
}


@pytest.fixture
def helena():
    return PersonFactory(name="Helena Ranta")


@pytest.fixture
def programme(helena):
    return ProgrammeFactory(office=helena)


def write(programme, helena, kind=INVITATION, language="en", **words):
    told = WORDS | words
    return actions.write_text(
        texts.all_kinds()[kind], of=programme, language=language, by=helena, now=NOW, **told
    )


@pytest.mark.parametrize("language", [code for code, _name in house.LANGUAGES])
@pytest.mark.parametrize("kind", ["invitation", "changed", "cancelled", "ready", "nudge", "monday"])
def test_every_kind_can_be_looked_at_and_begun_with_in_every_language(kind, language):
    one = next(each for each in texts.all_kinds().values() if each.code == kind)

    begun = queries.as_everywhere(one, language=language)
    how = {"words": one.sample, "language": language, "has_link": one.has_link}
    written, plain = queries.preview(one.kind, own=begun, **how), queries.preview(one.kind, **how)

    assert written.subject == plain.subject
    assert set(texts.NAME.findall(begun.subject + begun.body)) <= set(one.names)
    assert "http" in written.text or not one.has_link


OTHER = {
    "starts_at": "2027-05-12T07:00:00+00:00",
    "ends_at": "2027-05-12T08:15:00+00:00",
    "zone": "Europe/Helsinki",
    "place": "Somewhere else",
    "online": False,
    "joined": False,
    "signs": ["gap"],
    "todo": [["stopped", 2]],
    "programme": {"fi": "Toinen", "sv": "Annan", "en": "Other"},
}


@pytest.mark.parametrize("language", [code for code, _name in house.LANGUAGES])
@pytest.mark.parametrize("kind", ["invitation", "changed", "cancelled", "ready", "nudge", "monday"])
def test_what_one_begins_with_says_the_same_as_everywhere_whatever_is_filled_in(kind, language):
    one = next(each for each in texts.all_kinds().values() if each.code == kind)
    begun = queries.as_everywhere(one, language=language)

    plain = letter.write(one.kind, words=OTHER, language=language, url="https://x.example/")
    own = letter.write(one.kind, words=OTHER, language=language, url="https://x.example/", own=begun)

    assert own.subject == plain.subject

    def said(written):
        skipped = ("heading", "button")
        return sorted(block.text for block in written.blocks if block.kind not in skipped)

    assert said(own) == said(plain)


def test_names_are_filled_in_and_the_button_and_the_reason_stay():
    kind = texts.all_kinds()[INVITATION]
    own = texts.Own(**WORDS)
    plain = letter.write(INVITATION, words=dict(kind.sample), language="en", url="https://x.example/")

    written = letter.write(
        INVITATION, words=dict(kind.sample), language="en", url="https://x.example/", own=own
    )

    assert written.subject == "We meet on Tuesday 9 February 2027"
    assert "Come to Kirjasto at 14.30–16.00." in written.text
    assert "\n- Bring your notes\n" in written.text
    assert "Say whether you come:\nhttps://x.example/" in written.text
    assert written.text.partition("-- ")[2] == plain.text.partition("-- ")[2]


def test_what_is_typed_is_never_a_template_and_never_html():
    kind = texts.all_kinds()[INVITATION]
    own = texts.Own("{{ place }} {date}", "{% now 'Y' %} <b>bold</b> {place}\n\nButton: press\n\nCode: 1")
    sample = dict(kind.sample) | {"place": "<i>{day}</i>\n\n{{ zone }}"}

    written = letter.write(INVITATION, words=sample, language="en", url="https://x.example/", own=own)

    assert "{% now 'Y' %} <b>bold</b> <i>{day}</i> {{ zone }}" in written.text
    assert "<b>bold" not in written.html
    assert [block.kind for block in written.blocks].count("button") == 1


def test_a_list_stands_where_its_name_stands():
    kind = texts.all_kinds()["desk/email/nudge"]
    own = texts.Own("Hello", "Look:\n\n{signs}\n\nBye")

    written = letter.write(
        kind.kind, words=dict(kind.sample), language="en", url="https://x.example/", own=own
    )

    assert "Look:\n\n- It has no next date yet.\n- It has no agreement yet.\n\nBye" in written.text


def test_a_line_with_a_star_is_an_item_of_a_list_without_an_empty_line_before_it():
    own = texts.Own("Hello", "Look:\r\n* one\r\n* two\r\n\r\nBye")
    kind = texts.all_kinds()["desk/email/nudge"]

    blocks = queries.preview(kind.kind, words=kind.sample, language="en", own=own).blocks

    said = [(block.kind, block.text) for block in blocks[1:5]]
    assert said == [("text", "Look:"), ("item", "one"), ("item", "two"), ("text", "Bye")]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"body": "At {noon}"}, MailRefusal.UNKNOWN_NAME),
        ({"subject": "{}"}, MailRefusal.UNKNOWN_NAME),
        ({"subject": "{group}"}, MailRefusal.UNKNOWN_NAME),
        ({"subject": "Two\nlines"}, MailRefusal.NOT_ONE_LINE),
    ],
)
def test_names_that_stand_for_nothing_are_refused(programme, helena, words, reason):
    with pytest.raises(Refused) as refused:
        write(programme, helena, **words)

    assert refused.value.reason == reason
    assert not MailText.objects.exists()


def test_mails_of_this_programme_and_language_go_out_so_and_no_others(programme, helena, settings):
    settings.DEMO = True
    write(programme, helena)
    for one in (programme, ProgrammeFactory()):
        MeetingFactory(group=RunningGroupFactory(programme=one, members=0))
    meetings.invite_due(now=JOINED)

    for message in Message.objects.all():
        Message.objects.filter(pk=message.pk).update(language="en")
        message.refresh_from_db()
        actions.deliver(message, now=JOINED)

    subjects = sorted(DemoCopy.objects.values_list("subject", flat=True))
    assert subjects == ["We meet on Tuesday 9 February 2027", "Your group meets on Tue 9 February"]


def test_the_office_writes_looks_and_takes_back(client, programme, helena):
    client.force_login(helena)
    path = reverse("desk:mail", args=[programme.uid, "invitation", "en"])
    assert "Your group meets on" in client.get(path).content.decode()

    looked = client.post(path, WORDS | {"op": "look"}).content.decode()
    assert "We meet on Tuesday 9 February 2027" in looked
    assert not MailText.objects.exists()
    assert client.post(path, WORDS | {"op": "save"}).status_code == 302
    assert "own words" in client.get(reverse("desk:mails", args=[programme.uid])).content.decode()
    refused = client.post(path, WORDS | {"body": "{noon}", "op": "save"}).content.decode()
    assert "stands for nothing" in refused
    client.post(path, {"op": "forget"})

    assert not MailText.objects.exists()
    deeds = [entry.deed for entry in Entry.objects.filter(place=programme.uid, by=helena.uid).order_by("pk")]
    assert deeds == ["mail_text_written", "mail_text_forgotten"]


@pytest.mark.parametrize("last", [("nothing", "en"), ("invitation", "de")])
def test_a_kind_or_a_language_that_is_none_is_not_there(client, programme, helena, last):
    client.force_login(helena)

    assert client.get(reverse("desk:mail", args=[programme.uid, *last])).status_code == 404


def test_others_write_no_mails(client, programme):
    group = RunningGroupFactory(programme=programme)
    path = reverse("desk:mail", args=[programme.uid, "invitation", "en"])

    for person, status in ((mentor_of(group), 403), (PersonFactory(), 404)):
        client.force_login(person)
        assert client.post(path, WORDS | {"op": "save"}).status_code == status
    assert not MailText.objects.exists()
