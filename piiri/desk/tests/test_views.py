from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from piiri.enrolments import actions as enrolment_actions
from piiri.enrolments.models import Application
from piiri.groups.models import Group, Membership
from piiri.groups.tests.factories import (
    GroupFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.meetings.models import Attendance
from piiri.meetings.tests.factories import (
    MeetingFactory,
    RunningGroupFactory,
    SessionFactory,
    members_of,
    mentor_of,
)
from piiri.networks.models import Affiliation, NetworkAdmin, OrganisationAdmin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
CANARY = "Canary in the title"


@pytest.fixture
def helena():
    return PersonFactory(name="Helena Ranta")


@pytest.fixture
def programme(helena):
    return ProgrammeFactory(office=helena)


def page(client, person, name, programme, **query):
    client.force_login(person)
    return client.get(reverse(name, args=[programme.uid]), query)


def text(client, person, name, programme, **query):
    return page(client, person, name, programme, **query).content.decode()


def group_that_meets(programme, **values):
    group = RunningGroupFactory(programme=programme, members=5, **values)
    MeetingFactory(group=group, title=CANARY)
    return group


def test_index_leads_the_coordinator_of_one_programme_there(client, helena, programme):
    client.force_login(helena)

    assert client.get(reverse("desk:index")).url == reverse("desk:overview", args=[programme.uid])


def test_index_shows_administrators_their_organisations_too(client, programme):
    admin = PersonFactory()
    OrganisationAdmin.objects.create(organisation=programme.organisation, person=admin, since=NOW)
    client.force_login(admin)

    shown = client.get(reverse("desk:index")).content.decode()

    assert reverse("networks:index") in shown
    assert reverse("desk:overview", args=[programme.uid]) in shown


def test_overview_shows_the_way_to_forming_groups_to_the_office_alone(client, helena, programme):
    admin = PersonFactory()
    OrganisationAdmin.objects.create(organisation=programme.organisation, person=admin, since=NOW)
    board = reverse("formation:board", args=[programme.uid])

    assert board in text(client, helena, "desk:overview", programme)
    assert board not in text(client, admin, "desk:overview", programme)


def test_overview_says_how_many_groups_are_well(client, helena, programme):
    for _one in range(3):
        group_that_meets(programme)
    group_that_meets(programme, mentor=False)

    shown = text(client, helena, "desk:overview", programme)

    assert "3 of 4 groups are well on their way" in shown
    assert "1 needs you now." in shown
    assert "No mentor at the moment." in shown
    assert "Find a mentor" in shown


def test_overview_knows_nothing_of_content(client, helena, programme):
    meeting = MeetingFactory(
        group=group_that_meets(programme), starts_at=NOW - timedelta(days=2), title=CANARY
    )
    meeting.state, meeting.recorded_at, meeting.support_wanted = "held", NOW, True
    meeting.save()

    for name in ("desk:overview", "desk:groups", "desk:people"):
        assert "Canary" not in text(client, helena, name, programme)
    shown = text(client, helena, "desk:overview", programme)
    assert "support wanted" in shown
    assert f"mailto:{mentor_of(meeting.group).email}" in shown


def test_overview_shows_twelve_of_a_band_and_the_way_to_all(client, helena, programme):
    theme = ThemeFactory(programme=programme)
    for _one in range(13):
        RunningGroupFactory(programme=programme, theme=theme, mentor=False, members=0)

    shown = text(client, helena, "desk:overview", programme)
    listed = page(client, helena, "desk:groups", programme, band="need")

    assert shown.count("No mentor at the moment.") == 12
    assert "Show all 13" in shown
    assert listed.context["page"].paginator.count == 13


@pytest.mark.parametrize(
    ("state", "opens", "said"),
    [
        ("draft", -10, "This programme is still a draft"),
        ("published", 5, "Enrolment has not opened yet"),
        ("published", -10, "Enrolment is open"),
    ],
)
def test_overview_says_where_a_programme_without_groups_stands(client, helena, state, opens, said):
    programme = ProgrammeFactory(office=helena, state=state, enrol_opens_at=NOW + timedelta(days=opens))

    assert said in text(client, helena, "desk:overview", programme)


def test_overview_counts_the_funnel_and_working_time(client, helena, programme):
    group = group_that_meets(programme)
    opening = SessionFactory(programme=programme, starts_at=NOW - timedelta(days=9))
    for person in members_of(group)[:2]:
        Attendance.objects.create(person=person, session=opening, minutes=120, marked_at=NOW)
    for state in ("placed", "waiting", "withdrawn"):
        Application.objects.create(
            programme=programme, person=PersonFactory(), state=state, sent_at=NOW, saved_at=NOW
        )
    Membership.objects.filter(person=members_of(group)[0]).update(ended_at=NOW)

    found = page(client, helena, "desk:overview", programme).context

    assert [step.number for step in found["funnel"]] == [2, 5, 2, 4]
    assert found["hours"]["used"] == 240


def test_the_office_is_closed_to_those_near_and_no_secret(client, programme):
    group = group_that_meets(programme)
    network_admin = PersonFactory()
    NetworkAdmin.objects.create(network=programme.organisation.network, person=network_admin, since=NOW)

    for person in (members_of(group)[0], mentor_of(group), network_admin):
        assert page(client, person, "desk:overview", programme).status_code == 403
        assert page(client, person, "desk:groups", programme).status_code == 403
        assert page(client, person, "desk:people", programme).status_code == 404


def test_the_office_of_others_never_was(client, programme):
    stranger = PersonFactory()
    OrganisationAdmin.objects.create(organisation=OrganisationFactory(), person=stranger, since=NOW)
    client.force_login(stranger)
    never = client.get("/office/aaaabbbbccccdddd/")

    for name in ("desk:overview", "desk:groups", "desk:people"):
        shown = page(client, stranger, name, programme)
        assert shown.status_code == 404
        assert shown.content == never.content


def test_groups_are_found_by_theme_and_mentor(client, helena, programme):
    theme = ThemeFactory(programme=programme, title={"fi": "Työssä jaksaminen", "en": "Well-being"})
    GroupFactory(programme=programme, theme=theme, mentor=PersonFactory(name="Aino Lehtonen"))
    group_that_meets(programme)

    for words in ("jaksaminen", "well-b", "aino"):
        shown = page(client, helena, "desk:groups", programme, q=words)
        assert [row.group.theme for row in shown.context["rows"]] == [theme]
    assert "Nothing fits" in text(client, helena, "desk:groups", programme, q="zzz")


def test_people_show_workplace_state_group_and_hours(client, helena, programme):
    group = group_that_meets(programme)
    meeting = MeetingFactory(group=group, starts_at=NOW - timedelta(days=2), state="held", recorded_at=NOW)
    me = members_of(group)[0]
    Affiliation.objects.create(person=me, organisation=programme.organisation, workplace="Centre School")
    Attendance.objects.create(person=me, meeting=meeting, minutes=90, marked_at=NOW)
    Attendance.objects.create(person=me, meeting=MeetingFactory(), minutes=90, marked_at=NOW)
    MentorFactory(programme=programme, person__name="Mikael Strand")
    Application.objects.create(
        programme=programme, person=PersonFactory(), state="waiting", sent_at=NOW, saved_at=NOW
    )

    rows = {row.name: row for row in page(client, helena, "desk:people", programme).context["rows"]}
    found = page(client, helena, "desk:people", programme, q="centre").context["rows"]
    waiting = page(client, helena, "desk:people", programme, role="waiting").context["rows"]

    assert len(rows) == 5 + 1 + 1 + 1
    assert (rows[me.name].minutes, rows[me.name].workplace) == (90, "Centre School")
    assert rows[me.name].groups == [group]
    assert rows["Mikael Strand"].state == "Mentor"
    assert [row.person for row in found] == [me]
    assert [row.state for row in waiting] == ["On the waiting list"]


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("desk:overview", 27), ("desk:groups", 13), ("desk:people", 12)]
)
def test_the_office_needs_the_same_queries_for_any_number(
    client, helena, programme, name, queries, groups, django_assert_num_queries
):
    for _one in range(groups):
        group = RunningGroupFactory(programme=programme, members=2)
        MeetingFactory(group=group, starts_at=NOW - timedelta(days=2), state="held", recorded_at=NOW)
    page(client, helena, name, programme)
    cache.clear()

    with django_assert_num_queries(queries):
        client.get(reverse(name, args=[programme.uid]))


def test_the_overview_says_which_groups_are_to_be_decided_about(client, helena):
    closed = NOW - timedelta(days=1)
    programme = ProgrammeFactory(office=helena, enrol_closes_at=closed, starts_on=NOW.date())
    GroupFactory(programme=programme, members=3, state=Group.State.FORMING)
    GroupFactory.create_batch(2, programme=programme, members=4, state=Group.State.FORMING)

    said = text(client, helena, "desk:overview", programme)

    assert "1 group is short of people. 2 groups can start. Decide by Fri 5 February." in said
    assert reverse("enrolments:starts", args=[programme.uid]) in said


def test_the_overview_says_who_waits_outside_their_group(client, helena, programme):
    group = RunningGroupFactory(programme=programme, members=2)
    me, other = group.memberships.order_by("pk").select_related("person", "group__programme")
    said = "1 person waits outside their group"
    assert said not in " ".join(page(client, helena, "desk:overview", programme).content.decode().split())

    enrolment_actions.become_manager(me, other=other.person, by=me.person, now=NOW)
    assert said in " ".join(page(client, helena, "desk:overview", programme).content.decode().split())
    group.memberships.filter(pk=me.pk).update(ended_at=NOW)

    assert said not in " ".join(page(client, helena, "desk:overview", programme).content.decode().split())
