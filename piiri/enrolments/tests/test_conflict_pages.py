"""The pages around conflicts: one's own, and the office's."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from piiri.enrolments import actions
from piiri.enrolments.models import Application, Conflict
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.models import KeptApart, Leaving, Membership
from piiri.groups.tests.factories import GroupFactory, PersonFactory, ProgrammeFactory
from piiri.networks.models import OrganisationAdmin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)


@pytest.fixture
def helena():
    return PersonFactory(name="Helena Office")


@pytest.fixture
def programme(helena):
    return ProgrammeFactory(office=helena)


def own_page(programme):
    return reverse("enrolments:apart", args=[programme.organisation.slug, programme.slug])


def office_page(programme):
    return reverse("enrolments:kept-apart", args=[programme.uid])


def applicant(programme, name="Aino Ahola"):
    return ApplicationFactory(programme=programme, person=PersonFactory(name=name))


def test_apart_keeps_names_and_tells_nothing_of_them(client, programme):
    mine, other = applicant(programme), applicant(programme, "Benjamin Björk")
    client.force_login(mine.person)

    for line in (other.person.name, "Nobody Known"):
        answer = client.post(own_page(programme), {"apart": line}, follow=True)
    actions.match_all_conflicts(now=NOW)
    page = client.get(own_page(programme)).content.decode()

    assert b"Nobody else is told" in answer.content
    assert "You have named 2 people" in page
    assert "Keep apart" not in page
    shown = client.get(reverse("enrolments:application", args=[mine.uid])).content.decode()
    assert "You have named 2 people" in shown
    assert other.person.name not in shown


def test_apart_asks_again_when_nothing_was_written(client, programme):
    client.force_login(applicant(programme).person)

    answer = client.post(own_page(programme), {"apart": " "})

    assert answer.status_code == 422
    assert b"Write a name or an address" in answer.content


def test_apart_is_for_those_of_the_programme_only(client, programme, helena):
    group = GroupFactory(programme=programme, members=1)
    insiders = [group.mentorships.get().person, group.memberships.get().person]
    past = group.memberships.get().person
    for person in insiders:
        client.force_login(person)
        assert client.get(own_page(programme)).status_code == 200

    Membership.objects.update(ended_at=NOW)
    for person in (past, helena, PersonFactory()):
        client.force_login(person)
        assert client.get(own_page(programme)).status_code == 404


def test_take_conflict_back_is_for_whoever_named(client, programme):
    mine, other = applicant(programme), applicant(programme, "Benjamin Björk")
    actions.declare_conflicts(programme, person=mine.person, lines="Some Body", by=mine.person, now=NOW)
    address = reverse("enrolments:take-conflict-back", args=[Conflict.objects.get().uid])

    client.force_login(other.person)
    assert client.post(address).status_code == 404
    client.force_login(mine.person)
    assert client.post(address).status_code == 302

    assert not Conflict.objects.exists()


# --- the office ---------------------------------------------------------------------------------


def test_office_sees_who_named_an_unknown_name_and_chooses_the_person(client, programme, helena):
    mine, other = applicant(programme), applicant(programme, "Benjamin Björk")
    actions.declare_conflicts(
        programme, person=mine.person, lines=["Benji", "A Ghost"], by=mine.person, now=NOW
    )
    actions.match_all_conflicts(now=NOW)
    client.force_login(helena)

    page = client.get(office_page(programme)).content.decode()
    assert "<b>Aino Ahola</b> named “Benji”" in " ".join(page.split())
    meant, ghost = Conflict.objects.order_by("pk")
    line = reverse("enrolments:settle-line", args=[programme.uid, meant.uid])
    for address, error in [("", "Write the address"), ("x@y.example", "Nobody with this address")]:
        answer = client.post(line, {"op": "keep", "email": address})
        assert answer.status_code == 422
        assert error in answer.content.decode()
    client.post(line, {"op": "keep", "email": other.person.email.upper()})
    client.post(reverse("enrolments:settle-line", args=[programme.uid, ghost.uid]), {"op": "away"})

    page = client.get(office_page(programme)).content.decode()
    assert "Benji" not in page
    assert "Ghost" not in page
    pair = KeptApart.objects.get()
    assert {pair.first, pair.second, pair.state} == {mine.person, other.person, "kept"}


def stopped_at(programme, *, leads=False):
    group = GroupFactory(programme=programme, state="running", started_at=NOW, members=2)
    me, other = group.memberships.order_by("pk")
    for one in (me, other):
        ApplicationFactory(programme=programme, person=one.person, state="placed")
    seat = group.mentorships.get() if leads else me
    return seat, actions.become_manager(seat, other=other.person, by=seat.person, now=NOW)


@pytest.mark.parametrize("op", ["agreed", "end", "wait"])
def test_office_solves_what_waits(client, programme, helena, op):
    seat, conflict = stopped_at(programme)
    client.force_login(helena)
    page = client.get(office_page(programme)).content.decode()
    assert "1 person waits outside their group" in " ".join(page.split())
    address = reverse("enrolments:solve-conflict", args=[programme.uid, conflict.uid])

    client.post(address, {"op": op})

    seat.refresh_from_db()
    assert (seat.ended_at is None) is (op == "agreed")
    assert seat.paused_at is None or seat.ended_at
    state = {"agreed": "placed", "end": "withdrawn", "wait": "waiting"}[op]
    assert Application.objects.get(person=seat.person).state == state
    assert client.post(address, {"op": op}).status_code == 409
    assert "waits outside" not in client.get(office_page(programme)).content.decode()


def test_office_asks_no_mentor_to_wait_in_line(client, programme, helena):
    stopped_at(programme, leads=True)
    client.force_login(helena)

    page = client.get(office_page(programme)).content.decode()

    assert "They lead the group no more" in page
    assert "Put them in line" not in page


def test_solving_and_settling_is_the_offices_alone(client, programme):
    seat, conflict = stopped_at(programme)
    solve = reverse("enrolments:solve-conflict", args=[programme.uid, conflict.uid])
    settle = reverse("enrolments:settle-line", args=[programme.uid, conflict.uid])
    admin, other_office = PersonFactory(), PersonFactory()
    OrganisationAdmin.objects.create(organisation=programme.organisation, person=admin, since=NOW)
    ProgrammeFactory(office=other_office)

    for person, status in [(seat.person, 403), (admin, 403), (other_office, 404), (PersonFactory(), 404)]:
        client.force_login(person)
        assert client.post(solve, {"op": "agreed"}).status_code == status
        assert client.post(settle, {"op": "away"}).status_code == 404
        assert client.get(office_page(programme)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_office_page_needs_the_same_queries_for_any_number(
    client, programme, helena, number, django_assert_num_queries
):
    for at in range(number):
        stopped_at(programme)
        mine = applicant(programme, f"Person Number{at}")
        actions.declare_conflicts(programme, person=mine.person, lines="A Ghost", by=mine.person, now=NOW)
        other = applicant(programme, f"Person Other{at}")
        actions.declare_conflicts(
            programme, person=mine.person, lines=other.person.email, by=mine.person, now=NOW
        )
    actions.match_all_conflicts(now=NOW)
    client.force_login(helena)
    client.get(office_page(programme))

    with django_assert_num_queries(8):
        client.get(office_page(programme))


# --- why people left ----------------------------------------------------------------------------


def test_leavings_are_told_from_five_people_up_and_each_reason_too(client, programme, helena):
    address = reverse("enrolments:leavings", args=[programme.uid])
    client.force_login(helena)
    rows = [Leaving(programme=programme, reason="time", left_on=NOW.date()) for _ in range(4)]
    Leaving.objects.bulk_create(rows)
    assert "times did not fit" not in client.get(address).content.decode()

    rows = [Leaving(programme=programme, reason=reason, left_on=NOW.date()) for reason in ("time", "theme")]
    Leaving.objects.bulk_create(rows)
    page = client.get(address).content.decode()

    assert "The times did not fit" in page
    assert "The theme was not mine" not in page
    assert "Reasons that few gave" in page
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404
