"""Two press the same button of a meeting, or one twice: the deed happens once, and nobody sees an error."""

from datetime import date, time, timedelta

import pytest

from piiri.base.tests.at_once import at_once
from piiri.groups.tests.factories import PersonFactory
from piiri.meetings import actions
from piiri.meetings.models import Answer, Attendance, Correction, Meeting
from piiri.meetings.tests.factories import (
    JOINED,
    STARTS,
    MeetingFactory,
    SessionFactory,
    members_of,
    mentor_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

AFTER = STARTS + timedelta(hours=2)


def test_recorded_twice_with_the_next_date_it_is_recorded_and_set_once():
    meeting = MeetingFactory()
    mentor, came = mentor_of(meeting.group), {person.uid for person in members_of(meeting.group)}

    def record(person):
        actions.record(
            Meeting.objects.select_related("group__programme").get(pk=meeting.pk),
            came=came,
            minutes=90,
            form="onsite",
            by=person,
            now=AFTER,
            next_on=date(2027, 3, 9),
            next_at=time(14, 30),
        )

    assert all(at_once(record, [mentor] * 4))
    assert Attendance.objects.filter(meeting=meeting).count() == 3
    assert Meeting.objects.count() == 2


def test_set_twice_it_is_one_meeting():
    meeting = MeetingFactory()
    group, mentor = meeting.group, mentor_of(meeting.group)

    def set_it(person):
        actions.schedule(
            group, on=date(2027, 3, 9), at=time(9), minutes=90, form="onsite", by=person, now=JOINED
        )

    assert sum(at_once(set_it, [mentor] * 4)) == 1
    assert Meeting.objects.count() == 2


def test_checked_in_and_answered_many_times_it_is_once():
    meeting = MeetingFactory()
    session = SessionFactory(programme=meeting.group.programme)
    person = members_of(meeting.group)[0]
    deeds = [
        lambda: actions.check_in(session, person=person, by=person, now=STARTS),
        lambda: actions.check_in_meeting(meeting, person=person, by=person, now=STARTS),
        lambda: actions.answer(meeting, person=person, coming=True, by=person, now=JOINED),
    ]

    assert all(at_once(lambda deed: deed(), deeds * 3))
    assert (Attendance.objects.count(), Answer.objects.count()) == (2, 1)


@pytest.mark.parametrize("was_there", [True, False])
def test_corrected_twice_there_is_one_correction(was_there):
    meeting, office = MeetingFactory(state=Meeting.State.HELD, recorded_at=AFTER), PersonFactory()
    person = members_of(meeting.group)[0]
    if was_there:
        Attendance.objects.create(meeting=meeting, person=person, minutes=90, marked_at=AFTER)

    def correct(by):
        actions.correct_attendance(person, minutes=60, reason="Came late.", by=by, now=AFTER, meeting=meeting)

    assert sum(at_once(correct, [office] * 4)) == 1
    assert Correction.objects.count() == 1
    assert Attendance.objects.get().minutes == 60
