"""Calendars hear of everything once."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import connections
from icalendar import Calendar

from piiri.groups.models import Membership
from piiri.groups.tests.factories import PersonFactory
from piiri.mail import letter
from piiri.mail.models import Message
from piiri.meetings import actions
from piiri.meetings.models import Invitation, Meeting
from piiri.meetings.tests.factories import (
    JOINED,
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    members_of,
    mentor_of,
)

pytestmark = pytest.mark.django_db


def posted():
    return list(Message.objects.order_by("pk").values_list("kind", "person_uid"))


def kinds():
    return sorted(kind.rpartition("/")[2] for kind, _person in posted())


def move(meeting, **words):
    words = {"on": date(2027, 2, 9), "at": time(15), "minutes": 90, "form": "onsite"} | words
    actions.change(meeting, by=mentor_of(meeting.group), now=JOINED, **words)


def test_invite_due_tells_everybody_once_and_says_nothing_of_the_group():
    meeting = MeetingFactory()
    MeetingFactory(group=meeting.group, starts_at=JOINED - timedelta(days=1))
    MeetingFactory()
    group = meeting.group

    told = [actions.invite_due(now=JOINED), actions.invite_due(now=JOINED)]

    assert told == [8, 0]
    message = Message.objects.filter(about_uid=meeting.uid, person_uid=mentor_of(group).uid).get()
    event = Calendar.from_ical(message.ics).walk("VEVENT")[0]
    assert (event["UID"], event["SEQUENCE"]) == (f"{meeting.uid}@127.0.0.1", 0)
    assert (event.decoded("DTSTART"), event["SUMMARY"]) == (STARTS, "Your group meets")
    assert event["DTSTART"].params["TZID"] == "Europe/Helsinki"
    assert [str(event["ATTENDEE"])] == [f"mailto:{mentor_of(group).email}"]
    everything = message.ics + str(message.words)
    names = [person.email for person in members_of(group)]
    assert not [word for word in ["parents", group.name, *names] if word in everything]


def test_a_change_is_told_with_a_higher_sequence_and_a_cancellation_takes_it_back():
    meeting = MeetingFactory()
    actions.invite_due(now=JOINED)

    move(meeting)
    actions.invite_due(now=JOINED)
    actions.cancel(meeting, by=mentor_of(meeting.group), now=JOINED)
    told = [actions.invite_due(now=JOINED), actions.invite_due(now=JOINED)]

    assert told == [4, 0]
    assert kinds() == ["cancelled"] * 4 + ["changed"] * 4 + ["invitation"] * 4
    last = Calendar.from_ical(Message.objects.latest("pk").ics)
    assert (last["METHOD"], last.walk("VEVENT")[0]["SEQUENCE"]) == ("CANCEL", 2)
    assert last.walk("VEVENT")[0]["STATUS"] == "CANCELLED"


def test_a_meeting_cancelled_before_anybody_heard_of_it_is_told_to_nobody():
    meeting = MeetingFactory()
    actions.cancel(meeting, by=mentor_of(meeting.group), now=JOINED)

    assert actions.invite_due(now=JOINED) == 0


def test_who_joins_is_invited_who_leaves_is_told_and_who_comes_back_is_invited_again():
    meeting = MeetingFactory()
    actions.invite_due(now=JOINED)
    left = members_of(meeting.group)[0]
    membership = Membership.objects.get(person=left)
    Message.objects.all().delete()

    Membership.objects.create(
        group=meeting.group,
        programme=meeting.group.programme,
        person=PersonFactory(),
        joined_at=JOINED,
        confirmed_at=JOINED,
    )
    Membership.objects.filter(pk=membership.pk).update(ended_at=JOINED)
    actions.invite_due(now=JOINED)
    assert kinds() == ["cancelled", "invitation"]
    Membership.objects.filter(pk=membership.pk).update(ended_at=None)
    actions.invite_due(now=JOINED)

    assert kinds() == ["cancelled", "invitation", "invitation"]
    assert not Invitation.objects.filter(cancelled=True).exists()
    assert actions.invite_due(now=JOINED) == 0


@pytest.mark.parametrize("whose", ["memberships", "mentorships"])
def test_who_is_paused_hears_of_no_date_until_they_are_in_again(whose):
    meeting = MeetingFactory()
    actions.invite_due(now=JOINED)
    seat = getattr(meeting.group, whose).first()
    type(seat).objects.filter(pk=seat.pk).update(paused_at=JOINED)
    Message.objects.all().delete()

    assert actions.invite_changed(now=JOINED) == 1
    move(meeting)
    actions.invite_changed(now=JOINED)

    assert {kind for kind, person in posted() if person == seat.person.uid} == {"meetings/email/cancelled"}
    type(seat).objects.filter(pk=seat.pk).update(paused_at=None)
    assert actions.invite_due(now=JOINED) == 1
    assert posted()[-1] == ("meetings/email/invitation", seat.person.uid)


def test_invite_changed_tells_what_changed_within_a_day_and_leaves_the_rest_to_invite_due():
    later = JOINED + timedelta(days=3)
    meeting = MeetingFactory()
    Meeting.objects.update(changed_at=JOINED)
    assert actions.invite_changed(now=later) == 0
    assert actions.invite_due(now=later) == 4

    Membership.objects.create(
        group=meeting.group,
        programme=meeting.group.programme,
        person=PersonFactory(),
        joined_at=JOINED,
        confirmed_at=later,
    )
    assert actions.invite_changed(now=later) == 1
    Membership.objects.filter(person=members_of(meeting.group)[0]).update(ended_at=later)
    assert actions.invite_changed(now=later) == 1
    Meeting.objects.update(state=Meeting.State.CANCELLED, changed_at=later)
    assert actions.invite_changed(now=later) == 4


@pytest.mark.django_db(transaction=True)
def test_two_workers_invite_everybody_exactly_once():
    meeting = MeetingFactory(group=RunningGroupFactory(members=6))
    start = threading.Barrier(2)
    failed = []

    def sweep():
        try:
            start.wait()
            actions.invite_due(now=JOINED)
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=sweep) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert not failed
    told = [person for _kind, person in posted()]
    assert len(told) == len(set(told)) == 7
    assert Invitation.objects.filter(meeting=meeting).count() == 7


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("kind", ["invitation", "changed", "cancelled"])
def test_mails_say_when_and_where(kind, language):
    words = {
        "starts_at": STARTS.isoformat(),
        "ends_at": (STARTS + timedelta(minutes=90)).isoformat(),
        "zone": "Europe/Helsinki",
        "place": "Library" if kind != "cancelled" else "",
        "online": False,
    }

    written = letter.write(f"meetings/email/{kind}", words=words, language=language, url="https://x.example/")

    assert "14.30–16.00" in written.text
    assert ("Library" in written.text) == (kind != "cancelled")
    assert "9" in written.subject
