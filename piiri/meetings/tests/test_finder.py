"""Finding a time against looking at everything; what clocks and breaks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiri.meetings import finder
from piiri.meetings.finder import Frame, Voice

MONDAY = date(2027, 2, 8)
HELSINKI = ZoneInfo("Europe/Helsinki")


def marks(frame, **spans):
    """A line of marks; the last letter of a name is the digit of its half hours."""
    line = ["0"] * frame.size
    for digit, halves in spans.items():
        for number in halves:
            line[number] = digit[-1]
    return "".join(line)


def at(frame, day, *hours):
    """Half hours from hour to hour of a day."""
    return range(frame.number(day, int(hours[0] * 60)), frame.number(day, int(hours[1] * 60)))


# --- one meeting ------------------------------------------------------------------------------


def test_the_best_run_is_where_fewest_cannot_then_fewest_if_needed_then_the_earliest():
    frame = Frame(MONDAY, MONDAY + timedelta(days=4), day_from=13, day_to=18)
    tuesday, thursday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    ann = marks(frame, d2=[*at(frame, tuesday, 14.5, 16), *at(frame, thursday, 14, 17)])
    bo = marks(frame, d2=at(frame, tuesday, 14.5, 16), d1=at(frame, thursday, 14, 16))

    best = finder.runs(frame, [Voice(1, ann), Voice(2, bo), Voice(3, None, answered=False)], minutes=90)[:3]

    assert [(run.day, run.start, run.cannot, run.if_needed, run.silent) for run in best] == [
        (tuesday, 14 * 60 + 30, (), (), (3,)),
        (thursday, 14 * 60, (), (2,), (3,)),
        (thursday, 14 * 60 + 30, (), (2,), (3,)),
    ]
    assert [run.start for run in finder.apart(best, most=3)] == [14 * 60 + 30, 14 * 60]


@given(
    st.lists(st.none() | st.text("012", min_size=3 * 48, max_size=3 * 48), max_size=5),
    st.sampled_from([30, 45, 60, 90, 240]),
    st.sets(st.integers(0, 2)),
    st.sets(st.integers(0, 3 * 48 - 1), max_size=20),
)
def test_runs_are_all_that_looking_at_every_half_hour_finds(lines, minutes, closed, taken):
    frame = Frame(
        MONDAY,
        MONDAY + timedelta(days=2),
        day_from=8,
        day_to=16,
        closed={MONDAY + timedelta(days=n) for n in closed},
        taken=taken,
    )
    voices = [Voice(number, line) for number, line in enumerate(lines)]
    expected = []
    for number in range(3 * 48):
        day, start = number // 48, number % 48 * 30
        halves = [n for n in range(3 * 48) if n * 30 < number * 30 + minutes and n >= number]
        if day in closed or start < 8 * 60 or start + minutes > 16 * 60 or taken & set(halves):
            continue
        least = [min((line[n] for n in halves), default="") if line else None for line in lines]
        expected.append((least.count("0"), least.count("1"), day, start))

    found = finder.runs(frame, voices, minutes=minutes)

    assert [(len(run.cannot), len(run.if_needed), (run.day - MONDAY).days, run.start) for run in found] == (
        sorted(expected)
    )


def test_weekends_and_breaks_are_left_out_unless_the_programme_meets_at_weekends():
    week = MONDAY, MONDAY + timedelta(days=6)

    assert len(Frame(*week).days) == 5
    assert len(Frame(*week, weekends=True).days) == 7
    assert len(Frame(*week, closed={MONDAY}).days) == 4


def test_a_usual_week_is_laid_over_days_that_begin_anywhere():
    frame = Frame(MONDAY + timedelta(days=2), MONDAY + timedelta(days=9))
    mask = "".join(str(day % 3) * 48 for day in range(7))

    laid = finder.of_week(mask, frame)

    assert [laid[day * 48] for day in range(8)] == [str(day % 3) for day in (2, 3, 4, 5, 6, 0, 1, 2)]
    assert len(laid) == frame.size


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        # The clocks go forward on 28 March 2027 at three, back on 31 October at four.
        (datetime(2027, 3, 28, 6, 0, tzinfo=UTC), datetime(2027, 3, 28, 7, 10, tzinfo=UTC), (9, 10.5)),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC), (2.5, 4.5)),
        (datetime(2027, 10, 31, 7, 0, tzinfo=UTC), datetime(2027, 10, 31, 8, 0, tzinfo=UTC), (9, 10)),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 10, tzinfo=UTC), (3, 3.5)),
        (datetime(2027, 10, 30, 20, 0, tzinfo=UTC), datetime(2027, 10, 31, 22, 0, tzinfo=UTC), (0, 24)),
    ],
)
def test_busy_moments_block_the_wall_clock_also_on_days_when_it_jumps(begin, end, hours):
    day = begin.astimezone(HELSINKI).date() if hours != (0, 24) else end.date()
    frame = Frame(day, day)

    found = finder.blocked([(begin, end)], frame, zone=HELSINKI)

    assert found >= set(at(frame, day, *hours))
    assert found - set(at(frame, day, *hours)) <= set(at(frame, day, 3, 4))


def test_half_hours_that_are_blocked_are_no():
    assert finder.without("2121", {1, 3}) == "2020"


def test_counts_are_of_those_who_can_or_could():
    frame = Frame(MONDAY, MONDAY)
    voices = [Voice(1, "1" * 48), Voice(2, "2" * 47 + "0"), Voice(3, None)]

    assert finder.counts(frame, voices) == [2] * 47 + [1]
