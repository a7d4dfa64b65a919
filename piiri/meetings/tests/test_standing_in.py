"""The mentor is ill this morning: the group meets all the same, or looks for another time."""

from datetime import timedelta

import pytest
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.mail import letter
from piiri.mail.models import Message
from piiri.meetings import actions
from piiri.meetings.models import Answer, Meeting, Poll
from piiri.meetings.rules import MeetingRefusal
from piiri.meetings.tests.factories import STARTS, MeetingFactory, RunningGroupFactory, members_of, mentor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MORNING = STARTS - timedelta(hours=5)


@pytest.fixture
def meeting(clock):
    clock.move_to(MORNING)
    return MeetingFactory(group=RunningGroupFactory(programme=ProgrammeFactory(parameters={"day_from": 8})))


def press(client, meeting, name, **said):
    return client.post(reverse(f"meetings:{name}", args=[meeting.uid]), said)


def told():
    return sorted(Message.objects.values_list("kind", "person_uid"))


def test_the_page_offers_it_to_the_mentor_within_a_day_before(client, clock, meeting):
    mentor, member = mentor_of(meeting.group), members_of(meeting.group)[0]
    page = reverse("meetings:meeting", args=[meeting.uid])
    offered = []
    for who, at in (
        (mentor, MORNING),
        (member, MORNING),
        (mentor, STARTS - timedelta(hours=25)),
        (mentor, STARTS),
    ):
        clock.move_to(at)
        client.force_login(who)
        offered.append("The group meets without me" in client.get(page).content.decode())

    assert offered == [True, False, False, False]


def test_the_group_meets_without_the_mentor_and_everybody_is_told_once(client, meeting):
    mentor, ann, bo, cy = mentor_of(meeting.group), *members_of(meeting.group)
    client.force_login(mentor)

    first = press(client, meeting, "without", convener=ann.uid)
    press(client, meeting, "without", convener=ann.uid)

    meeting.refresh_from_db()
    assert first.status_code == 302
    assert (meeting.convener, meeting.state, meeting.sequence) == (ann, Meeting.State.PLANNED, 0)
    assert Answer.objects.get(person=mentor).coming is False
    assert told() == sorted(("meetings/email/without_mentor", one.uid) for one in (ann, bo, cy))
    assert Entry.objects.filter(deed="met_without").count() == 1
    client.force_login(bo)
    page = client.get(reverse("meetings:meeting", args=[meeting.uid])).content.decode()
    assert "The mentor does not come." in page
    mails = {
        one.person_uid: letter.write(one.kind, words=one.words, language="en")
        for one in Message.objects.all()
    }
    assert "You have been asked to see to it" in mails[ann.uid].text
    assert "Person sees to it." in mails[bo.uid].text
    assert not [word for word in ("parents", meeting.group.name, "Library") if word in mails[bo.uid].text]


@pytest.mark.parametrize("whom", ["oneself", "stranger", "nobody"])
def test_only_somebody_of_the_group_stands_in(client, meeting, whom):
    mentor = mentor_of(meeting.group)
    client.force_login(mentor)
    uid = {"oneself": mentor.uid, "stranger": PersonFactory().uid, "nobody": ""}[whom]

    assert press(client, meeting, "without", convener=uid).status_code == 409
    assert told() == []


def test_a_meeting_that_is_over_or_cancelled_needs_nobody(meeting):
    ann = members_of(meeting.group)[0]
    mentor = mentor_of(meeting.group)
    with pytest.raises(Refused) as refused:
        actions.meet_without(meeting, convener=ann, by=mentor, now=STARTS + timedelta(hours=4))
    assert refused.value.reason == MeetingRefusal.PAST
    actions.cancel(meeting, by=mentor, now=MORNING)
    with pytest.raises(Refused) as refused:
        actions.meet_without(meeting, convener=ann, by=mentor, now=MORNING)
    assert refused.value.reason == MeetingRefusal.CANCELLED


def test_another_time_is_asked_for_in_one_press_and_the_meeting_stands_until_it_is_booked(client, meeting):
    mentor = mentor_of(meeting.group)
    client.force_login(mentor)

    answer = press(client, meeting, "another-time")
    press(client, meeting, "another-time")

    poll = Poll.objects.get()
    meeting.refresh_from_db()
    assert answer["Location"] == reverse("meetings:poll", args=[meeting.group.uid, poll.uid])
    assert (poll.moves, meeting.state, meeting.starts_at) == (meeting, Meeting.State.PLANNED, STARTS)
    assert actions.ask_due(now=MORNING) == 3
    message = Message.objects.first()
    text = letter.write(message.kind, words=message.words, language="en").text
    assert "It is about the meeting on Tuesday 9 February 2027: it may move." in text
    client.get(answer["Location"])


@pytest.mark.parametrize(("who", "status"), [("member", 409), ("office", 403), ("stranger", 404)])
@pytest.mark.parametrize("name", ["without", "another-time"])
def test_nobody_else_presses(client, clock, who, status, name):
    clock.move_to(MORNING)
    office = PersonFactory()
    meeting = MeetingFactory(group=RunningGroupFactory(programme=ProgrammeFactory(office=office)))
    people = {"member": members_of(meeting.group)[0], "office": office, "stranger": PersonFactory()}
    client.force_login(people[who])

    assert press(client, meeting, name, convener=members_of(meeting.group)[1].uid).status_code == status


def test_a_group_that_runs_itself_has_turns_instead(client, meeting):
    meeting.group.self_run = True
    meeting.group.save()
    client.force_login(members_of(meeting.group)[0])

    assert press(client, meeting, "without", convener=members_of(meeting.group)[1].uid).status_code == 409
