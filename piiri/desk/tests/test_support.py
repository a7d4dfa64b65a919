"""Talks in confidence: who reads them, what is promised, who is told what."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.base.work import run_due
from piiri.desk import access, actions, rules
from piiri.desk.models import SupportLine, SupportRequest
from piiri.desk.rules import SupportRefusal
from piiri.groups.models import Membership
from piiri.groups.tests.factories import NOW, PersonFactory, ProgrammeFactory
from piiri.mail import queries as mail_queries
from piiri.mail.models import Message
from piiri.meetings.tests.factories import RunningGroupFactory, members_of, mentor_of
from piiri.networks.models import OrganisationAdmin
from piiri.programmes.models import Coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CANARY = "Kanarianlintu 8265"
HELSINKI = ZoneInfo("Europe/Helsinki")
# Three working days after Monday 18 January.
THURSDAY = datetime(2027, 1, 21, 0, 0, tzinfo=HELSINKI)


@pytest.fixture
def group():
    contact, second = PersonFactory(name="Helena Rautio"), PersonFactory(name="Outi Salo")
    programme = ProgrammeFactory(office=contact, contact_person=contact, second_contact=second)
    return RunningGroupFactory(programme=programme, title="Leaving work at work", members=4)


@pytest.fixture
def cast(group):
    """Everybody round the group, by their relation to it and to the talk of `asker` with `contact`."""
    members, programme = members_of(group), group.programme
    Membership.objects.filter(person=members[2]).update(paused_at=NOW)
    Membership.objects.filter(person=members[3]).update(ended_at=NOW)
    colleague, admin = PersonFactory(), PersonFactory()
    Coordinator.objects.create(programme=programme, person=colleague, since=NOW)
    OrganisationAdmin.objects.create(person=admin, organisation=programme.organisation, since=NOW)
    return {
        "asker": members[0],
        "member": members[1],
        "paused": members[2],
        "former": members[3],
        "mentor": mentor_of(group),
        "contact": programme.contact_person,
        "second": programme.second_contact,
        "colleague": colleague,
        "administrator": admin,
        "other_organisation": mentor_of(RunningGroupFactory()),
        "operator": PersonFactory(is_operator=True),
    }


def ask(group, cast, *, may_tell=False, who="contact", now=NOW):
    return actions.ask_support(
        group, contact=cast[who].uid, text=CANARY, may_tell_other=may_tell, by=cast["asker"], now=now
    )


@pytest.fixture
def talk(group, cast):
    return ask(group, cast)


def answers(client, cast, address, method="get"):
    found = {}
    for who, person in cast.items():
        client.force_login(person)
        found[who] = getattr(client, method)(address).status_code
    return found


def page_of(client, person, address):
    client.force_login(person)
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def mails(kind):
    return [message.address for message in Message.objects.filter(kind=f"desk/email/{kind}").order_by("pk")]


def at(hour, day=THURSDAY):
    return day + timedelta(hours=hour)


def test_everybody_in_the_group_can_ask_also_while_paused(client, group, cast):
    got = answers(client, cast, reverse("desk:ask-support", args=[group.uid]))

    allowed = {"asker", "member", "paused", "mentor"}
    assert got == {who: 200 if who in allowed else 404 for who in cast}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_talk_opens_to_its_two_and_to_no_colleague(client, cast, talk, method):
    got = answers(client, cast, reverse("desk:support", args=[talk.uid]), method)

    status = 200 if method == "get" else 422
    assert got == {who: status if who in {"asker", "contact"} else 404 for who in cast}


def test_only_the_asker_takes_it_back(client, cast, talk):
    address = reverse("desk:take-back-support", args=[talk.uid])
    others = {who: person for who, person in cast.items() if who != "asker"}
    assert set(answers(client, others, address, "post").values()) == {404}

    client.force_login(cast["asker"])
    client.post(address)

    assert not SupportRequest.objects.exists()
    assert not SupportLine.objects.exists()


def test_no_page_of_the_office_knows_of_it(client, group, cast, talk):
    for who in ("colleague", "administrator", "contact"):
        for name, uid in [("desk:overview", group.programme.uid), ("home:group", group.uid)]:
            page = page_of(client, cast[who], reverse(name, args=[uid]))
            assert CANARY not in page
            assert talk.uid not in page
    assert "No talks in confidence" in page_of(client, cast["colleague"], reverse("desk:asked"))


def test_the_page_says_to_whom_and_by_when_before_anything_is_written(client, group, cast):
    page = page_of(client, cast["asker"], reverse("desk:ask-support", args=[group.uid]))

    assert "Helena Rautio" in page
    assert "Outi Salo" in page
    assert "You get an answer by Thursday 21 January 2027, 16.00." in page


def test_asking_answering_and_going_on(client, group, cast):
    client.force_login(cast["asker"])
    sent = {"contact": cast["contact"].uid, "text": CANARY}
    response = client.post(reverse("desk:ask-support", args=[group.uid]), sent)
    talk = SupportRequest.objects.get()
    assert response["Location"] == reverse("desk:support", args=[talk.uid])
    assert mails("asked") == [cast["contact"].email]
    assert talk.promised_at == at(16)

    page = page_of(client, cast["contact"], reverse("desk:asked"))
    assert str(cast["asker"]) in page
    assert CANARY in page_of(client, cast["contact"], reverse("desk:support", args=[talk.uid]))
    client.post(reverse("desk:support", args=[talk.uid]), {"text": "Let us talk on Friday"})
    assert mails("answered") == [cast["asker"].email]
    talk.refresh_from_db()
    assert (talk.answered_at, talk.due_at) == (NOW, None)

    page = page_of(client, cast["asker"], reverse("desk:support", args=[talk.uid]))
    assert "Let us talk on Friday" in page
    assert "You get an answer by" not in page
    client.post(reverse("desk:support", args=[talk.uid]), {"text": "Friday is fine"})
    assert mails("more") == [cast["contact"].email]
    talk.refresh_from_db()
    assert (talk.answered_at, talk.promised_at) == (None, at(16))


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"text": CANARY}, "Choose whom you write to."), ({"contact": "a" * 16, "text": CANARY}, "Choose whom")],
)
def test_what_was_typed_stays_when_nobody_is_chosen(client, group, cast, sent, said):
    client.force_login(cast["asker"])

    response = client.post(reverse("desk:ask-support", args=[group.uid]), sent)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert CANARY in response.content.decode()


def test_what_was_typed_stays_when_nothing_can_be_sealed(client, group, cast, settings, tmp_path):
    settings.MASTER_KEY_FILE = tmp_path / "none"
    client.force_login(cast["asker"])
    sent = {"contact": cast["contact"].uid, "text": CANARY}

    response = client.post(reverse("desk:ask-support", args=[group.uid]), sent)

    assert response.status_code == 422
    assert CANARY in response.content.decode()
    assert not SupportRequest.objects.exists()


def test_the_contact_is_reminded_once_on_the_promised_morning(talk, cast):
    run_due(at(7))
    assert mails("waits") == []
    for _round in range(3):
        run_due(at(8))
    assert mails("waits") == [cast["contact"].email]
    run_due(at(17))
    run_due(at(24 * 9))

    assert mails("waits") == [cast["contact"].email]
    # The asker did not allow that anybody else hears of it.
    assert mails("late") == []


@pytest.mark.parametrize(("who", "told"), [("contact", "second"), ("second", "contact")])
def test_the_other_contact_is_told_once_when_it_is_late_and_allowed(group, cast, who, told):
    ask(group, cast, may_tell=True, who=who)
    for hour in (8, 15, 16, 17, 40):
        run_due(at(hour))

    assert mails("late") == [cast[told].email]


def test_an_answer_in_time_leaves_nothing_to_tell(group, cast):
    talk = ask(group, cast, may_tell=True)
    actions.write_support(talk, text="I hear you", by=cast["contact"], now=NOW)
    for hour in (8, 16, 40):
        run_due(at(hour))

    assert mails("waits") + mails("late") == []


def test_who_answers_at_the_last_moment_is_not_reminded_all_the_same(group, cast):
    read_by_worker = ask(group, cast, may_tell=True)
    talk = SupportRequest.objects.get()
    actions.write_support(talk, text="Yes", by=cast["contact"], now=NOW)

    with transaction.atomic():
        actions.keep_promise(read_by_worker, now=THURSDAY + timedelta(hours=9))
        actions.keep_promise(read_by_worker, now=THURSDAY + timedelta(days=1))

    assert mails("waits") + mails("late") == []
    assert not Entry.objects.filter(deed="support_promise").exists()


def test_without_a_second_contact_nobody_is_told(group, cast):
    ask(group, cast, may_tell=True)
    group.programme.second_contact = None
    group.programme.save()
    for hour in (8, 16, 40):
        run_due(at(hour))

    assert mails("late") == []


def test_no_mail_and_no_trail_says_who_what_or_which_group(group, cast):
    talk = ask(group, cast, may_tell=True)
    for hour in (8, 16):
        run_due(at(hour))
    actions.write_support(talk, text=CANARY, by=cast["contact"], now=NOW)
    actions.write_support(talk, text=CANARY, by=cast["asker"], now=NOW)

    kinds = {message.kind for message in Message.objects.all()}
    assert kinds == {f"desk/email/{kind}" for kind in ("asked", "waits", "late", "answered", "more")}
    for message in Message.objects.all():
        letter = mail_queries.preview(message.kind, words=message.words, language="en")
        whole = f"{message.words} {message.link} {letter.subject} {letter.text}"
        assert not [word for word in (CANARY, group.name, group.uid, str(cast["asker"])) if word in whole]
    trail = list(Entry.objects.filter(deed__startswith="support").values_list("by", "place", "facts"))
    assert len(trail) == 5
    assert {(by, place) for by, place, _facts in trail} == {("", "")}


def test_nobody_in_particular_takes_part_in_no_talk(talk):
    nobody = AnonymousUser()

    assert not access.visible_support_requests(nobody).exists()
    assert not access.own_support_requests(nobody).exists()
    assert not access.visible_groups_to_ask_from(nobody).exists()


def test_an_answer_to_somebody_who_was_erased_is_kept_and_mailed_to_nobody(talk, cast):
    SupportRequest.objects.update(asker=None)

    actions.write_support(talk, text="Still here", by=cast["contact"], now=NOW)

    assert mails("answered") == []
    assert SupportLine.objects.count() == 2


def test_words_are_sealed_with_the_talks_own_key(talk):
    rows = SupportLine.objects.extra(select={"raw": "text"})

    [raw] = rows.values_list("raw", flat=True)
    assert CANARY.encode() not in bytes(raw)
    assert SupportLine._meta.get_field("text").holder_of(SupportLine.objects.get()) == talk.uid


def test_nothing_is_sent_without_words_and_words_that_cannot_be_sealed_stay_typed(
    client, group, cast, talk, settings, tmp_path
):
    with pytest.raises(Refused) as refusal:
        actions.write_support(talk, text=" ", by=cast["asker"], now=NOW)
    assert refusal.value.reason == SupportRefusal.EMPTY

    settings.MASTER_KEY_FILE = tmp_path / "none"
    client.force_login(cast["asker"])
    response = client.post(reverse("desk:support", args=[talk.uid]), {"text": "Do not lose me"})
    assert response.status_code == 422
    assert "Do not lose me" in response.content.decode()
    assert SupportLine.objects.count() == 1


def test_nobody_asks_themselves_or_a_stranger(group, cast):
    for contact in (cast["colleague"], cast["asker"]):
        with pytest.raises(Refused) as refusal:
            actions.ask_support(
                group, contact=contact.uid, text="x", may_tell_other=False, by=cast["asker"], now=NOW
            )
        assert refusal.value.reason == SupportRefusal.NO_CONTACT
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportRequest.objects.create(
            group=group, asker=cast["asker"], contact=cast["asker"], asked_at=NOW, promised_at=NOW
        )


def test_without_a_name_the_coordinator_of_longest_standing_is_asked(client, group, cast):
    group.programme.contact_person = group.programme.second_contact = None
    group.programme.save()

    page = page_of(client, cast["asker"], reverse("desk:ask-support", args=[group.uid]))
    assert "You write to <b>Helena Rautio</b>." in page

    group.programme.coordinators.all().delete()
    page = page_of(client, cast["asker"], reverse("desk:ask-support", args=[group.uid]))
    assert "The office has not said yet whom you can write to" in page


@pytest.mark.parametrize(
    ("asked", "days", "promised"),
    [
        ("2027-01-18T09:00", 3, "2027-01-21"),
        ("2027-01-22T20:00", 1, "2027-01-25"),
        ("2027-01-23T10:00", 3, "2027-01-27"),
        ("2027-03-24T10:00", 3, "2027-03-31"),  # over Easter: Good Friday and Monday
    ],
)
def test_promise_counts_working_days(asked, days, promised):
    easter = {datetime(2027, 3, day, tzinfo=UTC).date() for day in (26, 29)}
    now = datetime.fromisoformat(asked).replace(tzinfo=HELSINKI)

    reminded, until = rules.promise(now, days=days, zone=HELSINKI, closed=easter)

    assert until == datetime.fromisoformat(f"{promised}T16:00").replace(tzinfo=HELSINKI)
    assert until - reminded == timedelta(hours=8)


def test_lists_cost_the_same_for_one_talk_and_for_many(client, group, cast):
    client.force_login(cast["asker"])

    def cost(address):
        with CaptureQueriesContext(connections["default"]) as asked:
            client.get(address)
        return len(asked)

    talk = ask(group, cast)
    few = cost(reverse("desk:asked")), cost(reverse("desk:support", args=[talk.uid]))
    for _n in range(3):
        ask(group, cast)
        actions.write_support(talk, text="More", by=cast["asker"], now=NOW)

    assert (cost(reverse("desk:asked")), cost(reverse("desk:support", args=[talk.uid]))) == few
    assert max(few) <= 12
