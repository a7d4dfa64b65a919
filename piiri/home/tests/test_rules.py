from datetime import UTC, date, datetime, time, timedelta

import pytest

from piiri.groups.models import Group, Offer
from piiri.home import rules
from piiri.home.rules import Deed, Moment, Situation
from piiri.meetings.models import Meeting
from piiri.programmes.models import Break, Programme

NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
TODAY = date(2027, 1, 18)
PROGRAMME = Programme(state="published", starts_on=date(2026, 9, 1), ends_on=date(2027, 6, 1))
REST = Break(starts_on=TODAY, ends_on=TODAY)


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        (time(3, 59), "Good evening"),
        (time(4), "Good morning"),
        (time(11, 59), "Good morning"),
        (time(12), "Good afternoon"),
        (time(17), "Good evening"),
    ],
)
def test_greeting_follows_the_day(at, begins):
    assert str(rules.greeting(at)[1]) == begins


@pytest.mark.parametrize(
    ("state", "taken", "meets", "resting", "expected"),
    [
        ("running", 5, True, None, Situation.MEETS),
        ("running", 5, False, None, Situation.NO_DATE),
        ("running", 5, False, REST, Situation.RESTS),
        ("forming", 2, False, None, Situation.TOO_FEW),
        ("forming", 4, False, None, Situation.NO_DATE),
        ("offered", 0, False, None, Situation.ON_OFFER),
        ("offered", 1, False, None, Situation.TOO_FEW),
        ("closed", 5, True, None, Situation.OVER),
    ],
)
def test_situation_says_what_matters_most(state, taken, meets, resting, expected):
    group = Group(state=state, min_to_start=4)

    found = rules.situation(group, PROGRAMME, taken=taken, meets=meets, today=TODAY, resting=resting)

    assert found == expected


def test_situation_after_the_last_day_of_the_programme_is_over():
    found = rules.situation(
        Group(state="running"), PROGRAMME, taken=5, meets=False, today=date(2027, 6, 2), resting=None
    )

    assert found == Situation.OVER


def meeting(**values):
    return Meeting(starts_at=NOW + timedelta(days=1), minutes=90, **values)


def test_asked_begins_with_what_is_due_first():
    moments = [
        Moment(Group(), Situation.MEETS, True, meeting(), unrecorded=meeting(uid="old")),
        Moment(Group(), Situation.NO_DATE, True),
    ]
    moments[0].unrecorded.starts_at = NOW - timedelta(days=1)
    more = [rules.Task(Deed.POLL, None, NOW), rules.Task(Deed.SIGN, None, NOW + timedelta(days=20))]

    tasks = rules.asked(moments, drafts=[], more=more, now=NOW)

    assert [task.deed for task in tasks] == [Deed.RECORD, Deed.POLL, Deed.ANSWER, Deed.SCHEDULE, Deed.SIGN]


def test_asked_is_of_a_held_place_alone_while_there_is_one():
    offer = Offer(expires_at=NOW + timedelta(days=2))
    moments = [Moment(Group(), Situation.MEETS, False, meeting())]

    tasks = rules.asked(moments, drafts=[], offers=[offer], now=NOW)

    assert [task.about for task in tasks] == [offer]


def test_asked_leaves_out_what_is_the_mentors():
    moment = Moment(Group(), Situation.NO_DATE, False, unrecorded=meeting())

    assert rules.asked([moment], drafts=[], now=NOW) == []


def test_asked_wants_no_answer_to_a_meeting_that_has_begun_or_was_answered():
    begun = Meeting(starts_at=NOW, minutes=90)
    moments = [
        Moment(Group(), Situation.MEETS, False, begun),
        Moment(Group(), Situation.MEETS, False, meeting(), answered=True),
    ]

    assert rules.asked(moments, drafts=[], now=NOW) == []
