from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from piiri.agreements import actions as agreements
from piiri.agreements.tests import factories
from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.tests.factories import GroupFactory, PersonFactory, ProgrammeFactory
from piiri.home import queries
from piiri.hours import queries as hour_queries
from piiri.meetings.models import Answer, Attendance, Poll
from piiri.meetings.tests.factories import (
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    SessionFactory,
    members_of,
    mentor_of,
)
from piiri.programmes.models import Break, Coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)


def page_of(client, person):
    client.force_login(person)
    return client.get("/").content.decode()


def test_index_shows_a_visitor_the_published_programmes(client):
    ProgrammeFactory(title={"en": "Open to all"})
    ProgrammeFactory(title={"en": "Still a draft"}, state="draft")

    page = client.get("/").content.decode()

    assert "Open to all" in page
    assert "Enrolment is open until" in page
    assert "Still a draft" not in page


def test_index_shows_the_next_meeting_with_who_comes(client):
    meeting = MeetingFactory()
    me, other, _third = members_of(meeting.group)
    Answer.objects.create(meeting=meeting, person=other, coming=True, answered_at=NOW)

    page = page_of(client, me)

    assert "Your topic: Messages from parents" in page
    assert "In 22 days" in page
    assert "1/4" in page
    assert "Say whether you come" in page
    assert f'action="{reverse("meetings:answer", args=[meeting.uid])}"' in page


def test_index_takes_an_answer_and_asks_no_more(client):
    meeting = MeetingFactory()
    me = members_of(meeting.group)[0]
    client.force_login(me)

    sent = client.post(
        reverse("meetings:answer", args=[meeting.uid]), {"coming": "yes", "next": "/"}, follow=True
    )

    assert sent.redirect_chain == [("/", 302)]
    assert "You said you are coming." in sent.content.decode()
    assert "Say whether you come" not in sent.content.decode()


def test_index_never_shows_another_group(client):
    mine = MeetingFactory()
    theirs = MeetingFactory(title="Canary of another group")

    page = page_of(client, members_of(mine.group)[0])

    assert "Canary" not in page
    assert theirs.uid not in page
    assert theirs.group.uid not in page


def test_index_asks_the_mentor_to_record_and_to_schedule(client):
    over = MeetingFactory(starts_at=NOW - timedelta(days=1))

    page = page_of(client, mentor_of(over.group))

    assert reverse("meetings:record", args=[over.uid]) in page
    assert reverse("meetings:new", args=[over.group.uid]) in page


def test_index_rests_in_a_break(client):
    group = RunningGroupFactory()
    Break.objects.create(
        programme=group.programme,
        title={"en": "Winter holiday"},
        starts_on=date(2027, 1, 18),
        ends_on=date(2027, 1, 24),
    )

    page = page_of(client, members_of(group)[0])

    assert "Winter holiday until Sun 24 January" in page


def test_index_counts_the_persons_own_hours(client):
    meeting = MeetingFactory(starts_at=NOW - timedelta(days=3), state="held", recorded_at=NOW)
    me, other, _third = members_of(meeting.group)
    opening = SessionFactory(programme=meeting.group.programme, starts_at=NOW - timedelta(days=9))
    Attendance.objects.create(person=me, meeting=meeting, minutes=90, marked_at=NOW)
    Attendance.objects.create(person=me, session=opening, minutes=120, marked_at=NOW)
    Attendance.objects.create(person=other, meeting=meeting, minutes=90, marked_at=NOW)

    page = page_of(client, me)

    assert "3.5\N{NO-BREAK SPACE}h of" in page
    assert "1 of 7 meetings" in page


def test_index_counts_hours_as_the_hour_room_does():
    meeting = MeetingFactory(starts_at=NOW - timedelta(days=3), state="held", recorded_at=NOW)
    programme = meeting.group.programme
    programme.parameters = {"mentor_factor": 2}
    programme.save()
    opening = SessionFactory(programme=programme, starts_at=NOW - timedelta(days=9))
    uncounted = SessionFactory(programme=programme, starts_at=NOW - timedelta(days=8), kind="midpoint")
    uncounted.event.counts_hours = False
    uncounted.event.save()
    for person, role in [(mentor_of(meeting.group), "mentor"), (members_of(meeting.group)[0], "participant")]:
        Attendance.objects.create(person=person, role=role, meeting=meeting, minutes=90, marked_at=NOW)
        for session in (opening, uncounted):
            Attendance.objects.create(person=person, role=role, session=session, minutes=120, marked_at=NOW)

        mine = queries.hours_of(person, programmes=[programme])[programme.pk]
        told = hour_queries.hours_of(person, [programme])[0]

        assert (mine.meeting_minutes, mine.event_minutes) == (told.meeting_minutes, told.event_minutes)
        assert mine.total == told.total > 0


def test_index_shows_an_application_that_has_no_group_yet(client):
    person, programme = PersonFactory(), ProgrammeFactory()
    Application.objects.create(programme=programme, person=person, state="sent", sent_at=NOW, saved_at=NOW)

    page = page_of(client, person)

    assert "Your group is being formed" in page


def test_index_gives_whoever_has_nothing_the_open_programmes(client):
    ProgrammeFactory(title={"en": "Open to all"})

    assert "Open to all" in page_of(client, PersonFactory(name=""))


def test_index_shows_the_office_only_to_those_who_work_in_one(client):
    programme = ProgrammeFactory()
    helena = PersonFactory()
    Coordinator.objects.create(programme=programme, person=helena, since=NOW)

    assert reverse("desk:index") in page_of(client, helena)
    assert reverse("desk:index") not in page_of(client, PersonFactory())


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("groups", [1, 3])
def test_index_needs_the_same_queries_for_any_number_of_groups(client, groups, django_assert_num_queries):
    person = PersonFactory()
    programme = ProgrammeFactory()
    for at in range(groups):
        group = RunningGroupFactory(programme=programme, mentor=person, members=2 + at)
        MeetingFactory(group=group, starts_at=STARTS + timedelta(days=at))
    client.force_login(person)
    client.get("/")

    # Session and person; groups, their people, meetings, answers; hours, applications; agreements, goals,
    # polls; the office. The joint events are kept.
    with django_assert_num_queries(12):
        client.get("/")


def test_index_shows_a_mentor_an_offer(client):
    group = GroupFactory()

    page = page_of(client, mentor_of(group))

    assert "Your group is on offer" in page


def test_index_tells_somebody_who_left_a_group_so(client):
    group = RunningGroupFactory()
    member = group.memberships.first()
    ApplicationFactory(programme=group.programme, person=member.person, state=Application.State.PLACED)
    type(member).objects.filter(pk=member.pk).update(ended_at=NOW)

    page = page_of(client, member.person)

    assert "You are not in a group any more" in page
    assert "You have a place in a group" not in page
    assert reverse("hours:mine") in page


def test_index_asks_two_things_and_keeps_the_rest_on_a_page_of_its_own(client):
    meeting = MeetingFactory()
    me = members_of(meeting.group)[0]
    factories.agreed(meeting.group, now=NOW, sign=False)
    factories.a_goal(meeting.group, now=NOW)
    agreements.suggest_goal(meeting.group, sentence="Canary", by=mentor_of(meeting.group), now=NOW)
    poll = Poll.objects.create(
        group=meeting.group,
        first_on=NOW.date(),
        last_on=NOW.date() + timedelta(days=9),
        minutes=90,
        asked_at=NOW,
        answer_by=NOW + timedelta(days=3),
    )

    page = page_of(client, me)
    everything = client.get(reverse("home:asks")).content.decode()

    assert page.count('class="task__dot"') == 2
    assert "Say when you have time" in page
    assert "and 2 more" in page
    assert everything.count('class="task__dot"') == 4
    assert reverse("meetings:poll", args=[meeting.group.uid, poll.uid]) in everything
    assert "anary" not in everything


def test_asks_are_for_those_signed_in(client):
    assert client.get(reverse("home:asks")).status_code == 302


def test_index_shows_a_mentor_the_next_steps_that_are_not_asked_already(client):
    over = MeetingFactory(starts_at=NOW - timedelta(days=1))

    page = page_of(client, mentor_of(over.group))

    assert page.count("Record the meeting") == 1
    assert "Make your agreement" in page
    assert "Make your agreement" not in page_of(client, members_of(over.group)[0])


def test_index_asks_the_mentor_for_the_first_date_before_a_break_ends(client):
    group = RunningGroupFactory()
    rest = Break.objects.create(
        programme=group.programme,
        title={"en": "Long rest"},
        starts_on=date(2027, 1, 4),
        ends_on=date(2027, 2, 2),
    )
    assert "Set the next meeting" not in page_of(client, mentor_of(group))

    Break.objects.filter(pk=rest.pk).update(ends_on=date(2027, 2, 1))

    page = page_of(client, mentor_of(group))
    assert "Set the next meeting" in page
    assert "A first date is already proposed." in page
    assert "Nobody needs anything from you" in page_of(client, members_of(group)[0])
