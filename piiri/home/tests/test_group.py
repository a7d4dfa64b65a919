from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from piiri.enrolments.models import Application
from piiri.groups.tests.factories import PersonFactory
from piiri.meetings.models import Attendance
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, members_of, mentor_of
from piiri.networks.models import OrganisationAdmin
from piiri.programmes.models import Coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
CANARY = "Canary in the title"


def address(group):
    return reverse("home:group", args=[group.uid])


def page_of(client, person, group):
    client.force_login(person)
    return client.get(address(group))


def coordinator_of(programme):
    person = PersonFactory()
    Coordinator.objects.create(programme=programme, person=person, since=NOW)
    return person


def admin_of(programme):
    person = PersonFactory()
    OrganisationAdmin.objects.create(organisation=programme.organisation, person=person, since=NOW)
    return person


def test_group_shows_its_members_their_meetings(client):
    meeting = MeetingFactory(title=CANARY)

    page = page_of(client, members_of(meeting.group)[0], meeting.group).content.decode()

    assert CANARY in page
    assert mentor_of(meeting.group).name in page
    assert reverse("meetings:new", args=[meeting.group.uid]) not in page


@pytest.mark.parametrize("office", [coordinator_of, admin_of])
def test_group_shows_the_office_dates_and_numbers_without_content(client, office):
    meeting = MeetingFactory(
        title=CANARY,
        link="https://video.example/canary",
        starts_at=NOW - timedelta(days=2),
        state="held",
        recorded_at=NOW,
        support_wanted=True,
    )
    meeting.group.memberships.update(joined_at=NOW - timedelta(days=30))
    meeting.group.mentorships.update(started_at=NOW - timedelta(days=30))
    for person in members_of(meeting.group)[:2]:
        Attendance.objects.create(person=person, meeting=meeting, minutes=90, marked_at=NOW)

    page = page_of(client, office(meeting.group.programme), meeting.group).content.decode()

    assert "anary" not in page
    assert "2 of 4 present" in page
    assert "Support wanted" in page
    assert members_of(meeting.group)[0].name in page


def test_group_is_nothing_to_those_outside(client):
    group = RunningGroupFactory()
    sibling = RunningGroupFactory(programme=group.programme)
    past = members_of(group)[0]
    group.memberships.filter(person=past).update(ended_at=NOW)
    strangers = [members_of(sibling)[0], mentor_of(sibling), past, PersonFactory()]
    client.force_login(strangers[0])
    never = client.get("/groups/aaaabbbbccccdddd/")

    for person in strangers:
        page = page_of(client, person, group)

        assert page.status_code == 404
        assert page.content == never.content


def test_group_sends_visitors_to_sign_in_whether_or_not_it_exists(client):
    group = RunningGroupFactory()

    assert client.get(address(group)).status_code == 302
    assert client.get("/groups/aaaabbbbccccdddd/").status_code == 302


def test_group_tells_participants_only_the_addresses_that_may_be_told(client):
    group = RunningGroupFactory()
    me, open_one, closed_one = members_of(group)
    for person, ok in [(open_one, True), (closed_one, False)]:
        Application.objects.create(
            programme=group.programme,
            person=person,
            state="placed",
            contact_ok=ok,
            sent_at=NOW,
            saved_at=NOW,
        )

    page = page_of(client, me, group).content.decode()
    for_mentor = page_of(client, mentor_of(group), group).content.decode()

    assert open_one.email in page
    assert closed_one.email not in page
    assert closed_one.email in for_mentor


def wrote(group, person, gives="Canary calm", seeks="Canary courage"):
    about = {"programme": group.programme, "person": person, "gives": gives, "seeks": seeks}
    Application.objects.create(state="placed", sent_at=NOW, saved_at=NOW, **about)


def test_the_mentor_of_a_pair_reads_what_the_participant_gives_and_seeks(client):
    group = RunningGroupFactory(guidance="pair", places=1, members=1)
    (person,) = members_of(group)
    wrote(group, person)

    for_mentor = page_of(client, mentor_of(group), group).content.decode()

    assert "Canary calm" in for_mentor
    assert "Canary courage" in for_mentor
    for reader in (person, coordinator_of(group.programme)):
        assert "anary" not in page_of(client, reader, group).content.decode()


def test_what_somebody_wrote_for_a_pair_is_not_shown_in_a_group(client):
    group = RunningGroupFactory()
    wrote(group, members_of(group)[0])

    assert "anary" not in page_of(client, mentor_of(group), group).content.decode()


@pytest.mark.parametrize(("guidance", "queries"), [("group", 10), ("pair", 11)])
def test_the_page_of_a_pair_s_mentor_needs_one_query_more_than_that_of_a_group(
    client, guidance, queries, django_assert_num_queries
):
    """One of its own: the application of the pair's participant. Others ask for none."""
    group = RunningGroupFactory(guidance=guidance, places=1, members=1)
    wrote(group, members_of(group)[0])
    page_of(client, mentor_of(group), group)

    with django_assert_num_queries(queries):
        client.get(address(group))


@pytest.mark.parametrize("size", [1, 3])
def test_group_needs_the_same_queries_for_any_size(client, size, django_assert_num_queries):
    group = RunningGroupFactory(members=size)
    for at in range(size):
        MeetingFactory(group=group, starts_at=NOW - timedelta(days=9 - at), state="held", recorded_at=NOW)
    person = members_of(group)[0]
    page_of(client, person, group)

    with django_assert_num_queries(14):
        client.get(address(group))


@pytest.mark.parametrize("size", [1, 3])
def test_group_for_the_office_needs_the_same_queries_for_any_size(client, size, django_assert_num_queries):
    group = RunningGroupFactory(members=size)
    for at in range(size):
        MeetingFactory(group=group, starts_at=NOW - timedelta(days=9 - at), state="held", recorded_at=NOW)
    helena = coordinator_of(group.programme)
    page_of(client, helena, group)

    with django_assert_num_queries(9):
        client.get(address(group))
