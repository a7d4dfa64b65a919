from datetime import UTC, date, datetime, timedelta

import pytest

from piiri.meetings import pauses, queries
from piiri.meetings.pauses import Pause, Side
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory
from piiri.programmes.models import Break

NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
SUMMER = Pause("Summer", date(2027, 6, 15), date(2027, 8, 15))
WEEK = Pause("Winter holiday", date(2027, 2, 22), date(2027, 2, 28))


def test_edges_are_the_last_before_and_the_first_after_a_long_break():
    days = [date(2027, 4, 20), date(2027, 5, 25), date(2027, 8, 24), date(2027, 9, 21)]

    found = pauses.edges(days, [SUMMER, WEEK])

    assert {day: [edge.side for edge in sides] for day, sides in found.items()} == {
        date(2027, 5, 25): [Side.LAST_BEFORE],
        date(2027, 8, 24): [Side.FIRST_AFTER],
    }


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (SUMMER.first - pauses.NEAR - timedelta(days=1), None),
        (SUMMER.first - pauses.NEAR, Side.LAST_BEFORE),
        (SUMMER.first - timedelta(days=1), Side.LAST_BEFORE),
        (SUMMER.first, None),
        (SUMMER.last, None),
        (SUMMER.last + timedelta(days=1), Side.FIRST_AFTER),
        (SUMMER.last + pauses.NEAR, Side.FIRST_AFTER),
        (SUMMER.last + pauses.NEAR + timedelta(days=1), None),
    ],
)
def test_edges_leave_out_days_in_the_break_and_far_from_it(day, expected):
    found = pauses.edges([day], [SUMMER]).get(day, [])

    assert [edge.side for edge in found] == ([expected] if expected else [])


def test_a_break_of_ten_days_is_long_and_one_of_nine_is_not():
    first = date(2027, 2, 1)

    assert Pause("", first, first + timedelta(days=9)).is_long
    assert not Pause("", first, first + timedelta(days=8)).is_long


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (SUMMER.first - timedelta(weeks=7, days=1), None),
        (SUMMER.first - timedelta(weeks=7), SUMMER),
        (SUMMER.last, SUMMER),
        (SUMMER.last + timedelta(days=1), None),
    ],
)
def test_ahead_is_the_break_that_begins_soon_or_has_begun(today, expected):
    assert pauses.ahead([WEEK, SUMMER], today=today) == expected


def following(today, last_met, *, closed=(), until=date(2027, 12, 17), rhythm="monthly"):
    return pauses.next_day(
        today=today, last_met=last_met, until=until, weekday=1, rhythm=rhythm, closed=closed
    )


def test_next_day_is_a_turn_after_the_last_meeting():
    assert following(date(2027, 3, 3), date(2027, 3, 2)) == date(2027, 3, 30)
    assert following(date(2027, 3, 3), date(2027, 3, 2), rhythm="fortnightly") == date(2027, 3, 16)


def test_next_day_after_the_summer_is_the_first_weekday_out_of_it():
    assert following(date(2027, 8, 2), date(2027, 5, 25), closed=SUMMER.days) == date(2027, 8, 17)


def test_next_day_is_never_today_and_none_when_the_year_is_over():
    assert following(date(2027, 9, 7), date(2027, 5, 25)) == date(2027, 9, 14)
    assert following(date(2027, 12, 15), date(2027, 11, 30)) is None


def summer_of(group):
    Break.objects.create(
        programme=group.programme, title={"en": "Summer"}, starts_on=SUMMER.first, ends_on=SUMMER.last
    )


@pytest.mark.django_db
def test_beside_says_when_the_group_meets_after_the_break():
    last = MeetingFactory(starts_at=datetime(2027, 6, 1, 11, 30, tzinfo=UTC))
    summer_of(last.group)

    assert queries.beside(last) == [queries.Beside("Summer", is_before=True)]

    first = MeetingFactory(group=last.group, starts_at=datetime(2027, 8, 24, 11, 30, tzinfo=UTC))
    assert queries.beside(last) == [queries.Beside("Summer", is_before=True, again_on=date(2027, 8, 24))]
    assert queries.beside(first) == [queries.Beside("Summer", is_before=False)]

    first.state = "cancelled"
    assert queries.beside(first) == []


@pytest.mark.django_db
def test_proposed_takes_over_what_the_last_meeting_was_like():
    met = MeetingFactory(starts_at=datetime(2027, 2, 9, 12, 30, tzinfo=UTC), minutes=75, form="walk")
    breaks = queries.breaks_of(met.group.programme)

    found = queries.proposed(met.group, [met], breaks, now=datetime(2027, 2, 10, tzinfo=UTC))

    assert found == queries.NextDate(
        on=date(2027, 3, 9), at=met.local_time, minutes=75, form="walk", place="Library"
    )


@pytest.mark.django_db
def test_proposed_begins_with_the_weekly_time_and_says_nothing_without_one():
    group = RunningGroupFactory(place="Room 3")
    assert queries.proposed(group, [], [], now=NOW) is None

    group.weekday, group.local_time = 3, datetime(2027, 1, 1, 15, 0).time()  # noqa: DTZ001 - a wall clock

    found = queries.proposed(group, [], [], now=NOW)
    assert (found.on, found.minutes, found.place) == (date(2027, 1, 21), 120, "Room 3")
