"""The dates of a year against looking at everything; breaks and rhythms."""

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiri.meetings import fair
from piiri.meetings.fair import Option

MONDAY = date(2027, 2, 8)
PEOPLE = st.frozensets(st.integers(1, 4))


@st.composite
def years(draw):
    """Up to five rounds of up to four dates a few days apart; rounds may touch and overlap."""
    rounds = []
    for number in range(draw(st.integers(1, 5))):
        days = draw(st.lists(st.integers(0, 9), max_size=4, unique=True))
        rounds.append([Option(MONDAY + timedelta(days=number * 7 + day), draw(PEOPLE)) for day in days])
    return rounds, draw(st.integers(1, 9))


def by_looking_at_everything(rounds, gap):
    ways = [
        way
        for way in product(*rounds)
        if all((late.day - early.day).days >= gap for early, late in pairwise(way))
    ]
    return min(ways, key=lambda way: (*fair.score(way), [option.day for option in way]), default=None)


@given(years())
def test_the_fairest_dates_are_those_that_looking_at_everything_finds(year):
    rounds, gap = year
    expected = by_looking_at_everything(rounds, gap)

    found = fair.fairest(rounds, gap=gap)

    assert found == (list(expected) if expected else None)


def test_fairness_is_first_of_all_that_nobody_misses_many():
    ann, bo, cy = frozenset({1}), frozenset({2, 3}), frozenset()
    days = [MONDAY + timedelta(weeks=n) for n in range(3)]

    found = fair.fairest([[Option(day, ann), Option(day + timedelta(days=1), bo)] for day in days])

    # Three misses in all if Ann always misses; fairer are four or more that nobody has three of.
    assert fair.score(found) == (2, 4)
    assert fair.misses(found) == {1: 2, 2: 1, 3: 1}
    assert fair.fairest([[Option(days[0], cy), Option(days[0], ann)]]) == [Option(days[0], cy)]


def test_twelve_people_and_sixty_dates_are_settled_exactly():
    rounds = [
        [
            Option(MONDAY + timedelta(weeks=2 * turn, days=day), frozenset({(turn * 5 + day * 3) % 12, day}))
            for day in range(4)
        ]
        for turn in range(15)
    ]

    found = fair.fairest(rounds)

    least = sum(min(len(option.missing) for option in options) for options in rounds)
    assert len(found) == 15
    assert fair.score(found).total >= least
    assert fair.score(found).most >= -(-least // 12)


def test_every_second_tuesday_fifteen_times_minus_breaks():
    first, last = date(2026, 10, 6), date(2027, 5, 31)
    christmas = {date(2026, 12, 19) + timedelta(days=n) for n in range(23)}

    found = fair.rhythm(first, last, weekday=1, weeks=2, number=15, closed=christmas)

    assert len(found) == 15
    assert {day.weekday() for day in found} == {1}
    assert not christmas & set(found)
    # 15 December, then the first Tuesday after the break, and on from there.
    assert found[5:8] == [date(2026, 12, 15), date(2027, 1, 12), date(2027, 1, 26)]


def test_the_last_meeting_before_a_break_is_in_its_last_week_when_that_is_not_too_soon():
    closed = {date(2027, 3, 1) + timedelta(days=n) for n in range(7)}

    found = fair.rhythm(date(2027, 2, 2), date(2027, 6, 1), weekday=1, weeks=4, number=3, closed=closed)

    assert found == [date(2027, 2, 2), date(2027, 2, 23), date(2027, 3, 23)]


def test_dates_end_with_the_year_and_a_first_date_in_a_break_moves_behind_it():
    closed = {date(2027, 2, 9)}

    found = fair.rhythm(MONDAY, date(2027, 3, 1), weekday=1, weeks=2, number=9, closed=closed)

    assert found == [date(2027, 2, 16)]


@given(
    st.integers(0, 6),
    st.sampled_from([1, 2, 4]),
    st.integers(1, 15),
    st.sets(st.integers(0, 200), max_size=80),
)
def test_a_rhythm_never_meets_on_a_closed_day_nor_twice_in_a_week(weekday, weeks, number, shut):
    closed = {MONDAY + timedelta(days=n) for n in shut}

    found = fair.rhythm(
        MONDAY, MONDAY + timedelta(days=200), weekday=weekday, weeks=weeks, number=number, closed=closed
    )

    assert not closed & set(found)
    assert len(found) <= number
    assert all((late - early).days >= 7 for early, late in pairwise(found))


@pytest.mark.parametrize(("minutes", "fit"), [(120, 7), (90, 9), (105, 8), (0, 0)])
def test_the_hours_beside_the_joint_events_hold_so_many_meetings(minutes, fit):
    assert fair.most_meetings(cap=18 * 60, joint=4 * 60, minutes=minutes) == fit
