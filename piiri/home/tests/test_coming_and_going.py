"""The group's page for who is new, who leaves, who is paused; and that the office reads none of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from piiri.enrolments import actions as enrolment_actions
from piiri.enrolments.models import Application, Conflict
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.models import Group, Leaving, Membership, Place
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.mail.models import Message
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, members_of, mentor_of
from piiri.programmes.models import Coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=60)
CANARY = "Canary of goodbye"


@pytest.fixture
def group():
    group = RunningGroupFactory(started_at=LONG_AGO)
    group.memberships.update(joined_at=LONG_AGO)
    for person in members_of(group):
        ApplicationFactory(programme=group.programme, person=person, state="placed")
    return Group.objects.select_related("programme", "theme").get(pk=group.pk)


def address(group, name="home:group"):
    return reverse(name, args=[group.uid])


def page_of(client, person, group):
    client.force_login(person)
    return " ".join(client.get(address(group)).content.decode().split())


def people_of(client, person, group):
    client.force_login(person)
    return " ".join(client.get(address(group, "home:people")).content.decode().split())


def newcomer_in(group, *, name="Noora New"):
    newcomer = Membership.objects.create(
        group=group,
        programme=group.programme,
        person=PersonFactory(name=name),
        joined_at=NOW - timedelta(days=1),
        confirmed_at=NOW - timedelta(days=1),
    )
    place = Place.objects.filter(group=group, membership=None).first()
    place.membership = newcomer
    place.save()
    return newcomer


# --- newcomers ----------------------------------------------------------------------------------


def test_newcomer_finds_what_a_newcomer_needs_and_the_others_who_is_new(client, group):
    newcomer = newcomer_in(group)

    mine = page_of(client, newcomer.person, group)
    others = page_of(client, members_of(group)[0], group)

    assert "Welcome to the group" in mine
    assert "What is shared here stays here." in mine
    assert "has joined you" not in mine
    assert "Welcome to the group" not in others
    assert "Noora New has joined you" in others
    assert "I show them around" in people_of(client, members_of(group)[0], group)
    assert "New among you" not in people_of(client, newcomer.person, group)


def test_newcomer_is_one_for_some_weeks(client, group):
    newcomer = newcomer_in(group)
    Membership.objects.filter(pk=newcomer.pk).update(joined_at=NOW - timedelta(weeks=4, minutes=1))

    assert "Welcome to the group" not in page_of(client, newcomer.person, group)


def test_group_hears_by_mail_that_somebody_comes_and_not_who(group):
    newcomer = newcomer_in(group)

    assert enrolment_actions.welcome_newcomers(now=NOW) == 1
    assert enrolment_actions.welcome_newcomers(now=NOW) == 0

    told = Message.objects.filter(kind="enrolments/email/newcomer")
    assert {one.person_uid for one in told} == {p.uid for p in (mentor_of(group), *members_of(group)[:3])}
    assert not [one for one in told if newcomer.person.name in str(one.words)]


def test_member_shows_a_newcomer_around_and_both_are_told(client, group):
    newcomer, me = newcomer_in(group), members_of(group)[0]
    client.force_login(me)

    client.post(address(group, "enrolments:buddy"), {"newcomer": newcomer.uid})
    client.post(address(group, "enrolments:buddy"), {"newcomer": newcomer.uid})

    mails = Message.objects.filter(kind__contains="buddy").values_list("kind", "person_uid")
    assert set(mails) == {
        ("enrolments/email/has_buddy", newcomer.person.uid),
        ("enrolments/email/is_buddy", me.uid),
    }
    assert f"<b>{me.name}</b> shows you around" in page_of(client, newcomer.person, group)
    assert "You show them around." in people_of(client, me, group)


def test_mentor_chooses_who_shows_a_newcomer_around_and_members_only_themselves(client, group):
    newcomer = newcomer_in(group)
    one, two = group.memberships.order_by("pk")[:2]
    told = {"newcomer": newcomer.uid, "buddy": two.uid}

    client.force_login(one.person)
    assert client.post(address(group, "enrolments:buddy"), told).status_code == 403
    client.force_login(mentor_of(group))
    assert client.post(address(group, "enrolments:buddy"), told).status_code == 302

    newcomer.refresh_from_db()
    assert newcomer.buddy == two


def test_mentor_says_for_the_group_whether_it_takes_newcomers(client, group):
    client.force_login(members_of(group)[0])
    assert client.post(address(group, "enrolments:newcomers"), {"take": "yes"}).status_code == 403

    client.force_login(mentor_of(group))
    client.post(address(group, "enrolments:newcomers"), {"take": "yes"})
    assert "You take newcomers" in people_of(client, mentor_of(group), group)
    client.post(address(group, "enrolments:newcomers"), {"take": "no"})

    assert "You are complete" in people_of(client, mentor_of(group), group)
    assert not Group.objects.get(pk=group.pk).takes_newcomers


def test_any_member_of_a_self_run_group_may_say_so(client, group):
    Group.objects.update(self_run=True)
    client.force_login(members_of(group)[0])

    client.post(address(group, "enrolments:newcomers"), {"take": "yes"})

    assert Group.objects.get(pk=group.pk).takes_newcomers


# --- leaving ------------------------------------------------------------------------------------


def leave(client, person, group, **words):
    client.force_login(person)
    return client.post(address(group, "enrolments:leave"), {"reason": "time"} | words)


def test_leave_asks_first_and_closes_the_page_at_once(client, group):
    me = members_of(group)[0]
    client.force_login(me)

    assert b"Leave the group?" in client.get(address(group, "enrolments:leave")).content
    assert Membership.objects.active().filter(person=me).exists()
    assert leave(client, me, group, reason="").status_code == 422
    answer = leave(client, me, group)

    application = Application.objects.get(person=me)
    assert answer["Location"] == reverse("enrolments:application", args=[application.uid])
    assert application.state == "withdrawn"
    assert client.get(address(group)).status_code == 404
    assert client.get(address(group, "enrolments:leave")).status_code == 404
    assert Leaving.objects.get().reason == "time"
    assert group.places.free().count() == 6


def test_goodbye_is_for_those_inside_and_for_four_weeks(client, group):
    me, other = members_of(group)[:2]
    helena = PersonFactory()
    Coordinator.objects.create(programme=group.programme, person=helena, since=NOW)

    leave(client, me, group, goodbye=CANARY)

    assert CANARY in page_of(client, other, group)
    assert CANARY in page_of(client, mentor_of(group), group)
    Membership.objects.update(paused_at=None)
    for page in everything_of_the_office(client, helena, group):
        assert CANARY not in page
    assert CANARY.encode() not in bytes(
        Membership.objects.filter(person=me).values_list("goodbye", flat=True)[0]
    )
    Membership.objects.filter(person=me).update(ended_at=NOW - timedelta(weeks=4, minutes=1))
    assert CANARY not in page_of(client, other, group)


def everything_of_the_office(client, person, group):
    """The pages on which the office meets a group, its people and those who left."""
    client.force_login(person)
    programme = group.programme
    names = [
        "desk:overview",
        "desk:groups",
        "desk:people",
        "enrolments:applications",
        "enrolments:kept-apart",
    ]
    pages = [client.get(reverse(name, args=[programme.uid])) for name in (*names, "enrolments:leavings")]
    pages.append(client.get(address(group)))
    assert {page.status_code for page in pages} == {200}
    return [page.content.decode() for page in pages]


def test_office_reads_alike_whatever_was_said_on_leaving(client, group):
    """Two worlds that differ only in what is not the office's: its pages are the same."""
    twin = RunningGroupFactory(started_at=LONG_AGO, programme=ProgrammeFactory(title={"en": "Peer groups"}))
    pages = []
    for at, words in [(group, {"reason": "group", "goodbye": CANARY}), (twin, {"reason": "job"})]:
        helena = PersonFactory()
        Coordinator.objects.create(programme=at.programme, person=helena, since=NOW)
        me = members_of(at)[0]
        leave(client, me, at, **words)
        pages += everything_of_the_office(client, helena, at)

    for page in pages:
        assert CANARY not in page
        assert "The group was not right for me" not in page
        assert "A new job or a leave" not in page


def test_leave_may_wait_for_another_group(client, group):
    programme = group.programme
    me = members_of(group)[0]

    leave(client, me, group, wait_again="on")

    application = Application.objects.get(person=me)
    assert application.state == "waiting"
    assert [turn.theme for turn in application.turns.standing()] == list(programme.themes.all())


def test_who_stays_hears_that_a_place_is_free_and_not_whose(client, group):
    me = members_of(group)[0]

    leave(client, me, group, goodbye=CANARY)

    mail = Message.objects.get(kind="enrolments/email/left")
    assert mail.person_uid == mentor_of(group).uid
    assert me.name not in str(mail.words)
    assert CANARY not in str(mail.words)


def test_mentor_is_told_how_to_hand_the_group_over(client, group):
    client.force_login(mentor_of(group))

    for answer in (client.get, client.post):
        page = answer(address(group, "enrolments:leave"))
        assert b"Hand the group over first" in page.content
    assert group.mentorships.active().exists()


# --- a manager among us -------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["mentor", "member"])
def test_manager_page_tells_first_and_pauses_only_who_says_so(client, group, whose):
    MeetingFactory(group=group, title=CANARY)
    me = mentor_of(group) if whose == "mentor" else members_of(group)[0]
    other = members_of(group)[1]
    client.force_login(me)

    told = client.get(address(group, "enrolments:manager")).content.decode()
    assert other.name in told
    assert CANARY in page_of(client, me, group)
    assert client.post(address(group, "enrolments:manager"), {"who": ""}).status_code == 422
    answer = client.post(address(group, "enrolments:manager"), {"who": other.uid})

    page = page_of(client, me, group)
    assert answer["Location"] == address(group)
    assert "waits for you" in page
    assert CANARY not in page
    assert other.name not in page
    assert CANARY in page_of(client, other, group)
    assert Conflict.objects.get().person == me


def test_paused_person_meets_nothing_of_the_group_anywhere(client, group):
    meeting = MeetingFactory(group=group, title=CANARY, place="The canary library")
    me = members_of(group)[0]
    group.memberships.filter(person=me).update(paused_at=NOW)
    client.force_login(me)

    home = client.get("/").content.decode()
    assert f"{group.name} waits for you" in home
    assert "anary" not in home
    assert "anary" not in client.get(reverse("meetings:index")).content.decode()
    closed = [
        reverse("meetings:meeting", args=[meeting.uid]),
        reverse("meetings:invitation", args=[meeting.uid]),
        address(group, "meetings:new"),
    ]
    for path in closed:
        assert client.get(path).status_code == 404
    for name in ("newcomers", "buddy", "begin"):
        assert client.post(address(group, f"enrolments:{name}")).status_code == 404
    page = client.get(address(group, "enrolments:manager")).content.decode()
    assert "You have told us already" in page
    assert members_of(group)[1].name not in page


def test_paused_coordinator_reads_the_calm_page_too(client, group):
    me = mentor_of(group)
    Coordinator.objects.create(programme=group.programme, person=me, since=NOW)
    group.mentorships.update(paused_at=NOW)

    assert "waits for you" in page_of(client, me, group)


def test_who_is_paused_can_still_leave(client, group):
    me = members_of(group)[0]
    group.memberships.filter(person=me).update(paused_at=NOW)

    leave(client, me, group)

    assert not Membership.objects.active().filter(person=me).exists()


def test_group_of_others_has_none_of_these_doors(client, group):
    for person in (PersonFactory(), members_of(RunningGroupFactory(programme=group.programme))[0]):
        client.force_login(person)
        for name in ("leave", "manager"):
            assert client.get(address(group, f"enrolments:{name}")).status_code == 404


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("number", [1, 3])
def test_group_page_needs_the_same_queries_for_any_number_of_newcomers(
    client, group, number, django_assert_num_queries
):
    for at in range(number):
        newcomer_in(group, name=f"New Person{at}")
        gone = Membership.objects.create(
            group=group,
            programme=group.programme,
            person=PersonFactory(),
            joined_at=LONG_AGO,
            confirmed_at=LONG_AGO,
            ended_at=NOW,
        )
        gone.goodbye = CANARY
        gone.save()
    me = members_of(group)[0]
    page_of(client, me, group)

    with django_assert_num_queries(12):
        client.get(address(group))


def test_pair_ends_without_fault_and_the_office_hears_only_that(client):
    helena = PersonFactory()
    group = RunningGroupFactory(guidance="pair", places=1, members=1, started_at=LONG_AGO)
    Coordinator.objects.create(programme=group.programme, person=helena, since=NOW)
    me = members_of(group)[0]
    client.force_login(me)
    asked = client.get(address(group, "enrolments:leave")).content.decode()

    leave(client, me, group)

    assert "nobody is at fault" in asked
    told = dict(Message.objects.filter(kind__contains="pair_ended").values_list("kind", "person_uid"))
    assert told == {
        "enrolments/email/pair_ended": mentor_of(group).uid,
        "enrolments/email/pair_ended_office": helena.uid,
    }
    assert not Message.objects.filter(kind="enrolments/email/left").exists()
    for mail in Message.objects.filter(kind__contains="pair_ended"):
        assert me.name not in str(mail.words)
