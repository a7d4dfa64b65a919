"""What is known of people's times before they say it: usual weeks, busy times, other meetings."""

from datetime import date, timedelta

import pytest

from piiri.groups.models import Membership
from piiri.groups.tests.factories import NOW, ProgrammeFactory
from piiri.meetings.models import Busy
from piiri.meetings.queries import heat, polls
from piiri.meetings.tests.factories import (
    JOINED,
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    SessionFactory,
    members_of,
)
from piiri.meetings.tests.test_polls import HOURS, MONDAY, ask, at, everybody, mark
from piiri.programmes.models import Availability, Break

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def group():
    return RunningGroupFactory(programme=ProgrammeFactory(parameters=HOURS))


@pytest.fixture
def poll(group):
    return ask(group)


def week(**days):
    """A usual week: days by name, half hours from-to that work."""
    mask = ["0"] * 336
    for name, (first, last) in days.items():
        start = ["mon", "tue", "wed", "thu", "fri"].index(name) * 48
        mask[start + first * 2 : start + last * 2] = "2" * ((last - first) * 2)
    return "".join(mask)


def usually(person, programme, mask, *, days_ago=0):
    updated_at = NOW - timedelta(days=days_ago)
    Availability.objects.create(person=person, programme=programme, mask=mask, updated_at=updated_at)


def test_who_has_not_answered_is_counted_by_usual_times_without_busy_ones(group, poll):
    _mentor, ann, bo, cy = everybody(group)
    elsewhere = RunningGroupFactory()
    usually(ann, group.programme, week(tue=(13, 18)))
    usually(ann, elsewhere.programme, week(mon=(13, 18)))
    usually(bo, elsewhere.programme, week(tue=(13, 16)))
    usually(bo, RunningGroupFactory().programme, week(wed=(13, 16)), days_ago=9)
    usually(cy, group.programme, week(tue=(13, 18)))
    Busy.objects.create(person=cy, starts_at=STARTS, ends_at=STARTS + timedelta(minutes=40))

    table = polls.poll_table(poll, you=cy)
    first = table.runs(90)[0]

    counts = finder_counts(table, date(2027, 2, 9))
    assert counts[13] == 3
    assert counts[14.5] == counts[15] == 2
    assert counts[15.5] == 3
    assert counts[16] == 2
    assert (first.day, len(first.silent)) == (date(2027, 2, 9), 1)
    assert table.mine.count("2") == 10 - 2


def finder_counts(table, day):
    return {
        cell.minutes / 60: cell.count
        for line in heat.lines(table, [day], best=None, all_day=True)
        for cell in line.cells
    }


def test_a_booked_meeting_of_another_group_is_never_free_whatever_was_marked(group, poll):
    ann = members_of(group)[0]
    other = RunningGroupFactory(members=0)
    place = other.places.first()
    place.membership = Membership.objects.create(
        group=other, programme=other.programme, person=ann, joined_at=JOINED, confirmed_at=JOINED
    )
    place.save()
    MeetingFactory(group=other)
    MeetingFactory(group=other, starts_at=STARTS - timedelta(hours=1), state="cancelled")

    mark(poll, ann, at(date(2027, 2, 9), 13, 18))

    counts = finder_counts(polls.poll_table(poll), date(2027, 2, 9))
    assert [counts[hour] for hour in (13, 14, 14.5, 15, 15.5, 16)] == [1, 1, 0, 0, 0, 1]


def test_the_groups_own_meetings_joint_events_and_breaks_are_not_offered(group, poll):
    MeetingFactory(group=group)
    SessionFactory(programme=group.programme, starts_at=STARTS + timedelta(days=1))
    programme = group.programme
    Break.objects.create(programme=programme, title={"en": "Fair"}, starts_on=MONDAY, ends_on=MONDAY)

    table = polls.poll_table(poll)
    offered = {(run.day, run.start) for run in table.runs(90)}

    assert not [day for day, _start in offered if day == MONDAY]
    assert [start for day, start in sorted(offered) if day == date(2027, 2, 9)] == [13 * 60, 16 * 60, 990]
    assert [start for day, start in sorted(offered) if day == date(2027, 2, 10)] == [13 * 60, 990]


def test_a_meeting_that_is_moved_does_not_stand_in_its_own_way(group):
    meeting = MeetingFactory(group=group)

    table = polls.poll_table(ask(group, moves=meeting))

    assert (date(2027, 2, 9), 14 * 60 + 30) in {(run.day, run.start) for run in table.runs(90)}
