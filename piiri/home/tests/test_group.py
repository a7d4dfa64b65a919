import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from piiri.agreements.tests import factories
from piiri.enrolments.models import Application
from piiri.groups.models import Mentorship
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.meetings.models import Attendance
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, members_of, mentor_of
from piiri.networks.models import OrganisationAdmin
from piiri.people.models import Person
from piiri.programmes.models import Coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
CANARY = "Canary in the title"


def address(group):
    return reverse("home:group", args=[group.uid])


def page_of(client, person, group):
    client.force_login(person)
    return client.get(address(group))


def people_of(client, person, group):
    client.force_login(person)
    return client.get(reverse("home:people", args=[group.uid])).content.decode()


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
    assert mentor_of(meeting.group).name in people_of(client, members_of(meeting.group)[0], meeting.group)
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

    page = people_of(client, me, group)
    for_mentor = people_of(client, mentor_of(group), group)

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


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("who", [lambda group: members_of(group)[0], mentor_of])
def test_group_needs_twelve_queries_for_any_size(client, size, who, django_assert_num_queries):
    """Session, person, group, its mentors and members, meetings, who came and comes, agreement, its clauses,
    goals, news, office. Joint events and breaks are kept."""
    group = RunningGroupFactory(members=size)
    for at in range(size):
        MeetingFactory(group=group, starts_at=NOW - timedelta(days=9 - at), state="held", recorded_at=NOW)
    factories.agreed(group, own=CANARY, now=NOW)
    for _goal in range(size):
        factories.a_goal(group, now=NOW)
    page_of(client, who(group), group)

    with django_assert_num_queries(12):
        client.get(address(group))


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("meets", [True, False])
@pytest.mark.parametrize("who", [lambda group: members_of(group)[0], mentor_of])
def test_the_page_of_a_pair_needs_twelve_queries_at_most(client, who, meets, django_assert_max_num_queries):
    """What the participant wrote is read for the mentor while the pair prepares."""
    group = RunningGroupFactory(guidance="pair", places=1, members=1)
    wrote(group, members_of(group)[0])
    factories.agreed(group, now=NOW)
    factories.a_goal(group, now=NOW)
    page_of(client, who(group), group)

    if meets:
        MeetingFactory(group=group)

    with django_assert_max_num_queries(12):
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


def test_group_shows_what_is_agreed_to_those_inside_and_to_nobody_else(client):
    group = RunningGroupFactory()
    factories.agreed(group, own="Canary clause", now=NOW)
    factories.a_goal(group, "Canary goal", now=NOW)

    inside = page_of(client, members_of(group)[0], group).content.decode()

    assert "Canary goal" in inside
    assert "Version 1" in inside
    for person in (coordinator_of(group.programme), admin_of(group.programme)):
        assert "anary" not in page_of(client, person, group).content.decode()
        assert client.get(reverse("home:people", args=[group.uid])).status_code == 302


def test_people_are_nothing_to_those_outside(client):
    group = RunningGroupFactory()

    for person in (PersonFactory(), members_of(RunningGroupFactory(programme=group.programme))[0]):
        client.force_login(person)

        assert client.get(reverse("home:people", args=[group.uid])).status_code == 404


def phases_on(page):
    """Title and state of each phase on a page."""
    return re.findall(r'<li data-state="(\w*)"[^>]*>\s*<b>([^<]+)<', page.split('class="phases"')[1])[:4]


def test_group_shows_in_which_phase_its_year_is(client):
    group = RunningGroupFactory()
    me = members_of(group)[0]
    assert phases_on(page_of(client, me, group).content.decode())[0] == ("now", "Preparing")

    MeetingFactory(group=group)
    assert phases_on(page_of(client, me, group).content.decode())[1] == ("now", "Negotiating")

    MeetingFactory(group=group, starts_at=NOW - timedelta(days=3), state="held", recorded_at=NOW)
    factories.agreed(group, now=NOW)
    factories.a_goal(group, now=NOW)
    page = page_of(client, me, group).content.decode()
    assert phases_on(page)[2] == ("now", "Enabling growth")
    assert "1 of about 7 meetings held" in page


def test_group_tells_its_mentor_the_next_three_things_and_nobody_else(client):
    group = RunningGroupFactory()
    over = MeetingFactory(group=group, starts_at=NOW - timedelta(days=1))

    page = page_of(client, mentor_of(group), group).content.decode()

    assert page.index("Record the meeting") < page.index("Set the dates") < page.index("Make your agreement")
    assert reverse("meetings:record", args=[over.uid]) in page
    assert "Agree on your goals" not in page
    assert "Make your agreement" not in page_of(client, members_of(group)[0], group).content.decode()


def test_self_run_group_tells_whose_turn_it_is_what_comes_next(client):
    group = RunningGroupFactory(mentor=False, self_run=True)
    first, second, _third = members_of(group)
    assert "Make your agreement" in page_of(client, second, group).content.decode()

    MeetingFactory(group=group, convener=first)

    assert "Make your agreement" in page_of(client, first, group).content.decode()
    assert "Make your agreement" not in page_of(client, second, group).content.decode()


def test_group_proposes_the_next_date_to_be_booked_by_one_press(client):
    group = RunningGroupFactory()
    MeetingFactory(group=group, starts_at=NOW - timedelta(days=20), state="held", recorded_at=NOW)
    mentor = mentor_of(group)
    page = page_of(client, mentor, group).content.decode()
    form = page.split(f'action="{reverse("meetings:new", args=[group.uid])}"')[1].split("</form>")[0]
    told = dict(re.findall(r'name="(on|at|minutes|form|place|next)" value="([^"]*)"', form))

    after = client.post(reverse("meetings:new", args=[group.uid]), told, follow=True)

    assert after.redirect_chain[-1][0] == address(group)
    booked = group.meetings.get(state="planned")
    assert (booked.minutes, booked.place) == (90, "Library")
    assert booked.local_date.weekday() == group.meetings.get(state="held").local_date.weekday()
    assert "Book it" not in after.content.decode()
    assert "Book it" not in page_of(client, members_of(group)[0], group).content.decode()


def test_pair_is_called_by_the_two_of_them_and_swaps_half_way(client, time_machine):
    programme = ProgrammeFactory(parameters={"swap": True})
    group = RunningGroupFactory(programme=programme, guidance="pair", places=1, members=1)
    mentor, me = mentor_of(group), members_of(group)[0]
    Person.objects.filter(pk=mentor.pk).update(name="Juhani Koskela")
    page = page_of(client, me, group).content.decode()

    assert "You and Juhani" in page
    assert "What do I hope for? What can I give?" in page
    assert "Change roles?" not in page

    time_machine.move_to(datetime(2027, 4, 3, 7, 0, tzinfo=UTC))
    client.force_login(me)
    assert "Change roles?" in client.get(address(group)).content.decode()
    client.post(reverse("groups:swap", args=[group.uid]))
    client.force_login(mentor)
    assert "would like to change roles" in client.get(address(group)).content.decode()


def test_successor_is_told_that_the_past_is_closed_and_the_group_may_open_it(client):
    group = RunningGroupFactory(started_at=NOW - timedelta(days=60))
    group.memberships.update(joined_at=NOW - timedelta(days=60))
    group.mentorships.update(started_at=NOW - timedelta(days=1))
    me = members_of(group)[0]

    assert (
        "What was said before opens to you once" in page_of(client, mentor_of(group), group).content.decode()
    )
    assert "Yes, they may read it" in page_of(client, me, group).content.decode()

    client.post(reverse("groups:open-history", args=[group.uid]))

    assert "You have said yes." in page_of(client, me, group).content.decode()
    assert "Yes, they may read it" in page_of(client, members_of(group)[1], group).content.decode()


def test_successor_is_nobody_who_sat_there_from_the_beginning(client, time_machine):
    programme = ProgrammeFactory(parameters={"swap": True})
    group = RunningGroupFactory(programme=programme, guidance="pair", places=1, members=1)
    mentor, me = mentor_of(group), members_of(group)[0]
    time_machine.move_to(datetime(2027, 4, 3, 7, 0, tzinfo=UTC))
    for person in (mentor, me):
        client.force_login(person)
        client.post(reverse("groups:swap", args=[group.uid]))
    assert Mentorship.objects.active().get(group=group).person == me

    client.force_login(me)
    page = client.get(address(group)).content.decode()

    assert "What was said before opens to you once" not in page
    assert "What was said before opens to them" not in page


def test_successor_who_said_yes_to_the_next_one_is_not_asked_again(client):
    began = NOW - timedelta(days=60)
    group = RunningGroupFactory(started_at=began)
    group.memberships.update(joined_at=began)
    group.mentorships.update(started_at=NOW - timedelta(days=20))
    first = mentor_of(group)
    Mentorship.objects.create(group=group, person=PersonFactory(), started_at=NOW - timedelta(days=1))
    assert "Yes, they may read it" in page_of(client, first, group).content.decode()

    client.post(reverse("groups:open-history", args=[group.uid]))

    page = page_of(client, first, group).content.decode()
    assert "You have said yes." in page
    assert "Yes, they may read it" not in page
