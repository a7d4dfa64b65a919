"""What the office reads before it publishes, when the mails go, and where the left out stand."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from piiri.base.errors import Refused
from piiri.enrolments import actions as enrolment_actions
from piiri.enrolments.models import Waiting
from piiri.formation import actions, queries, told
from piiri.formation.models import Publishing, Run
from piiri.formation.rules import FormationRefusal
from piiri.formation.tests.factories import NEVER, NOW, RunFactory, world
from piiri.formation.tests.test_publishing import whole
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Offer
from piiri.groups.tests.factories import PersonFactory
from piiri.mail import queries as mail_queries
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=24)
DAY = timedelta(days=1)


def proposed(here, *, people=5, left=1):
    group = here.offer()
    seats = [(one, group) for one in here.apply(people)]
    seats += [(one, None) for one in here.apply(left)]
    return RunFactory(programme=here.programme, letter="A", seats=seats)


def refused(deed, *args, **about):
    with pytest.raises(Refused) as refusal, transaction.atomic():
        deed(*args, **about)
    return refusal.value.reason


def test_preview_counts_the_mails_and_shows_each_kind_in_three_languages():
    here = world()
    run = proposed(here)

    preview = queries.preview(run, now=NOW)

    assert (preview.placed, preview.waiting, preview.mentors, preview.mails) == (5, 1, 1, 7)
    assert [(kind.count, sorted(kind.letters)) for kind in preview.letters] == [
        (5, ["en", "fi", "sv"]), (1, ["en", "fi", "sv"]), (1, ["en", "fi", "sv"]),
    ]  # fmt: skip
    placed, _formed, waiting = preview.letters
    assert "Your group has 5 participants and can meet at this time: Tuesdays 14.00–16.00." in (
        placed.letters["en"].text
    )
    assert "Sinulla on paikka" in placed.letters["fi"].text
    assert "Du har en plats" in placed.letters["sv"].text
    assert "You have your place on the waiting list of everything you wished for." in (
        waiting.letters["en"].text
    )
    assert (preview.small, preview.broken, preview.pairs) == ([], [], [])


def test_what_is_shown_is_what_is_sent():
    here = world()
    run = proposed(here)
    shown = {kind.letters["en"].text.split("http")[0] for kind in queries.preview(run, now=NOW).letters}

    whole(whole(actions.publish(run, by=here.office, now=NOW)), LATER, until=Publishing.State.DONE)

    sent = set()
    for message in Message.objects.all():
        letter = mail_queries.preview(message.kind, words=message.words, language="en")
        sent.add(letter.text.split("http")[0])
    assert sent == shown


def test_preview_tells_groups_that_would_be_too_small_and_people_who_are_gone():
    here = world()
    run = proposed(here, people=4)
    gone = here.applications[0]
    enrolment_actions.withdraw_application(gone, by=gone.person, now=NOW)

    preview = queries.preview(run, now=NOW)

    assert (preview.gone, preview.small, preview.broken) == (1, [Group.objects.get().name], [])


@pytest.mark.parametrize("change", ["full", "apart", "time", "ended"])
def test_preview_tells_groups_in_which_something_does_not_hold_any_more(change):
    here = world()
    run = proposed(here)
    group, one = here.groups[0], here.applications[0]
    if change == "full":
        for _ in range(4):
            person = PersonFactory()
            here.programme.availabilities.create(person=person, mask=here_mask(one), updated_at=NOW)
            group_actions.join(group, person=person, by=None, now=NOW)
    elif change == "apart":
        group_actions.keep_apart(
            here.programme, first=one.person, second=here.applications[1].person, by=here.office, now=NOW
        )
    elif change == "time":
        here.programme.availabilities.filter(person=one.person).update(mask=NEVER)
    else:
        group_actions.cancel_group(group, by=here.office, now=NOW)

    preview = queries.preview(run, now=NOW)

    told_so = preview.gone if change == "ended" else preview.broken
    assert told_so == (5 if change == "ended" else [Group.objects.get().name])


def here_mask(application):
    return application.programme.availabilities.get(person=application.person).mask


def test_publish_takes_another_time_for_the_mails_and_none_that_is_over():
    here = world()
    run = proposed(here)

    assert refused(actions.publish, run, by=here.office, now=NOW, hold_until=NOW - DAY) == (
        FormationRefusal.NO_SUCH_HOLD
    )
    assert refused(actions.publish, run, by=here.office, now=NOW, hold_until=NOW + 15 * DAY) == (
        FormationRefusal.NO_SUCH_HOLD
    )
    publishing = actions.publish(run, by=here.office, now=NOW, hold_until=NOW + 3 * DAY)

    assert whole(publishing).due_at == publishing.hold_until == NOW + 3 * DAY


def test_hold_mails_puts_them_off_until_they_are_on_their_way():
    here = world()
    publishing = whole(actions.publish(proposed(here), by=here.office, now=NOW))

    actions.hold_mails(publishing, until=NOW + 3 * DAY, by=here.office, now=NOW)
    actions.carry_on(publishing, now=LATER)
    assert not Message.objects.exists()
    publishing.refresh_from_db()
    assert publishing.due_at == NOW + 3 * DAY

    whole(publishing, NOW + 3 * DAY, until=Publishing.State.PUBLISHING)
    assert Message.objects.exists()
    assert refused(actions.hold_mails, publishing, until=NOW + 5 * DAY, by=here.office, now=NOW) == (
        FormationRefusal.NOT_NOW
    )


def test_tomorrow_morning_is_where_the_programme_is():
    here = world()

    at = queries.tomorrow_morning(here.programme, now=datetime(2027, 1, 18, 22, 30, tzinfo=UTC))

    assert at == datetime(2027, 1, 20, 6, 0, tzinfo=UTC)


def test_the_left_out_stand_in_the_lists_of_what_they_wished_when_they_are_told():
    here = world()
    publishing = whole(actions.publish(proposed(here, left=2), by=here.office, now=NOW))
    assert not Waiting.objects.exists()

    whole(publishing, LATER, until=Publishing.State.DONE)

    turns = Waiting.objects.standing().in_order()
    assert [turn.application for turn in turns] == here.applications[5:]
    assert {turn.theme for turn in turns} == {here.themes[0]}
    waiting = Message.objects.filter(kind="formation/email/waiting").first()
    assert (waiting.words["listed"], set(waiting.words["why"])) == (True, {"fi", "sv", "en"})


def test_no_list_offers_a_place_while_the_mails_are_held_however_long():
    here = world()
    held = NOW + 3 * DAY
    publishing = whole(actions.publish(proposed(here), by=here.office, now=NOW, hold_until=held))

    for moment in (NOW, NOW + DAY, NOW + 2 * DAY):
        enrolment_actions.mend_lists(now=moment)
        enrolment_actions.offer_free_places(now=moment)

    assert (Waiting.objects.count(), Offer.objects.count(), Message.objects.count()) == (0, 0, 0)
    enrolment_actions.mend_lists(now=held)
    assert Waiting.objects.count() == 1
    publishing.refresh_from_db()
    assert publishing.state == Publishing.State.HOLDING


def test_undo_takes_the_turns_back_and_gives_the_ended_ones_back():
    here = world()
    run = proposed(here)
    waits, left = here.applications[0], here.applications[5]
    [turn] = enrolment_actions.wait(waits, wants=[here.themes[0]], by=waits.person, now=NOW)
    publishing = whole(actions.publish(run, by=here.office, now=NOW))
    enrolment_actions.mend_lists(now=NOW)
    turn.refresh_from_db()
    assert turn.end == Waiting.End.PLACED
    while not Message.objects.filter(kind="formation/email/waiting").exists():
        actions.carry_on(publishing, now=LATER)
    assert left.turns.standing().exists()

    publishing.refresh_from_db()
    actions.undo(publishing, by=here.office, now=LATER)

    assert list(Waiting.objects.all()) == list(Waiting.objects.standing()) == [turn]
    waits.refresh_from_db()
    left.refresh_from_db()
    assert (waits.state, left.state) == ("waiting", "sent")
    assert enrolment_actions.mend_lists(now=LATER) == 0


def test_who_waited_before_and_is_left_out_again_keeps_the_turn():
    here = world()
    run = proposed(here)
    left = here.applications[5]
    [turn] = enrolment_actions.wait(left, wants=[here.themes[0]], by=left.person, now=NOW)

    whole(whole(actions.publish(run, by=here.office, now=LATER), LATER), LATER + DAY, until="done")

    assert list(left.turns.standing()) == [turn]
    assert enrolment_actions.mend_lists(now=LATER + 2 * DAY) == 0


def test_who_moves_people_at_the_moment_of_publishing_saw_another_version():
    here = world()
    run = proposed(here)
    actions.publish(run, by=here.office, now=NOW)

    assert Run.objects.get().version == 1


@pytest.mark.parametrize(
    ("codes", "left_out", "said"),
    [
        ({}, "", "No group with a free place fitted you this time."),
        ({"no_times": True}, "", "You ticked no time that is long enough for a whole meeting."),
        ({"unmet": [[1, "t", "no_common_time", None], [2, "u", "full", None]]}, "", "are full."),
        ({"unmet": [[1, "t", "other", None]]}, "", "No group with a free place fitted you this time."),
        ({"unmet": [[1, "t", "other", None]]}, "kept_apart", "No group with a free place fitted you"),
        ({}, "ended", "has been called off meanwhile."),
    ],
)
def test_why_without_is_one_sentence_that_tells_no_secret(codes, left_out, said):
    why = told.why_without(codes, left_out=left_out)

    assert said in why["en"]
    assert set(why) == {"fi", "sv", "en"}


def test_a_placed_mail_brings_the_next_date_as_a_calendar_file():
    here = world()
    run = proposed(here)
    group = here.groups[0]
    group.next_at = NOW + 5 * DAY
    group.save()

    whole(whole(actions.publish(run, by=here.office, now=NOW)), LATER, until=Publishing.State.DONE)

    placed = Message.objects.filter(kind="formation/email/placed")
    assert placed.count() == 5
    assert all("BEGIN:VCALENDAR" in one.ics for one in placed)
    assert placed[0].words["starts_at"] == group.next_at.isoformat()
    assert not Message.objects.exclude(kind="formation/email/placed").exclude(ics="").exists()


@pytest.mark.template
def test_the_page_before_shows_the_mails_and_takes_tomorrow_morning(client):
    here = world()
    run = proposed(here)
    client.force_login(here.office)

    page = client.get(reverse("formation:publish", args=[run.uid])).content.decode()
    client.post(reverse("formation:publish", args=[run.uid]), {"mails": "tomorrow"})

    assert page.count("<details") == 3
    assert all(f'lang="{one}"' in page for one in ("fi", "sv", "en"))
    publishing = Publishing.objects.get()
    assert (publishing.hold_until.hour, publishing.hold_until.minute) == (6, 0)
    assert publishing.hold_until - publishing.asked_at < 2 * DAY


@pytest.mark.template
def test_mails_can_be_held_from_the_page_of_the_publishing(client):
    here = world()
    publishing = whole(actions.publish(proposed(here), by=here.office, now=NOW))
    client.force_login(here.office)
    address = reverse("formation:publishing", args=[publishing.uid])

    assert "mails tomorrow at 08.00" in " ".join(client.get(address).content.decode().split())
    answer = client.post(reverse("formation:hold", args=[publishing.uid]), follow=True)

    assert "The mails go out tomorrow at eight." in answer.content.decode()
    publishing.refresh_from_db()
    assert publishing.hold_until.astimezone(here.programme.tz).hour == 8
