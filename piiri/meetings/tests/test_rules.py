"""Clocks, windows, locks."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from piiri.groups.models import Group
from piiri.meetings import rules
from piiri.meetings.models import Meeting
from piiri.meetings.rules import MeetingRefusal
from piiri.programmes.models import EventSession, Programme

START = datetime(2027, 2, 9, 12, 30, tzinfo=UTC)
END = START + timedelta(minutes=90)
TICK = timedelta(microseconds=1)
HELSINKI = "Europe/Helsinki"


def a_meeting(state=Meeting.State.PLANNED):
    return Meeting(starts_at=START, minutes=90, state=state)


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        # The week before and after each change of the clocks: the wall shows the same, UTC does not.
        (date(2027, 3, 25), time(14, 30), datetime(2027, 3, 25, 12, 30, tzinfo=UTC)),
        (date(2027, 4, 1), time(14, 30), datetime(2027, 4, 1, 11, 30, tzinfo=UTC)),
        (date(2027, 10, 28), time(14, 30), datetime(2027, 10, 28, 11, 30, tzinfo=UTC)),
        (date(2027, 11, 4), time(14, 30), datetime(2027, 11, 4, 12, 30, tzinfo=UTC)),
        # Skipped in spring; twice in autumn, and then the first.
        (date(2027, 3, 28), time(3, 30), None),
        (date(2027, 10, 31), time(3, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_moment_of_keeps_the_wall_clock_over_both_changes(day, at, expected):
    assert rules.moment_of(day, at, zone=HELSINKI) == expected


@pytest.mark.parametrize(
    ("state", "now", "expected"),
    [
        ("planned", START - TICK, MeetingRefusal.NOT_YET),
        ("planned", START, None),
        ("planned", END + timedelta(days=40), None),
        ("held", END + timedelta(days=14), None),
        ("held", END + timedelta(days=14) + TICK, MeetingRefusal.LOCKED),
        ("cancelled", END, MeetingRefusal.CANCELLED),
    ],
)
def test_why_not_record(state, now, expected):
    assert rules.why_not_record(a_meeting(state), now=now) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START - timedelta(minutes=30) - TICK, MeetingRefusal.CHECK_IN_EARLY),
        (START - timedelta(minutes=30), None),
        (END + timedelta(hours=2), None),
        (END + timedelta(hours=2) + TICK, MeetingRefusal.CHECK_IN_LATE),
    ],
)
def test_why_not_check_in(now, expected):
    assert rules.why_not_check_in(EventSession(starts_at=START, minutes=90), now=now) == expected


@pytest.mark.parametrize(
    ("group", "programme", "day", "expected"),
    [
        ("running", "published", date(2027, 2, 9), None),
        ("forming", "published", date(2027, 2, 9), None),
        ("offered", "published", date(2027, 2, 9), MeetingRefusal.GROUP_NOT_RUNNING),
        ("running", "closed", date(2027, 2, 9), MeetingRefusal.GROUP_NOT_RUNNING),
        ("running", "published", date(2072, 2, 9), MeetingRefusal.OUTSIDE_YEAR),
    ],
)
def test_why_not_meet(group, programme, day, expected):
    year = Programme(starts_on=date(2027, 1, 1), ends_on=date(2027, 6, 1), state=programme)

    assert rules.why_not_meet(Group(state=group), year, day=day) == expected
