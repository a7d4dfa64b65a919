from datetime import date, timedelta

import pytest

from piiri.home.rules import Facts, Phase, Step, next_three, phase_of, states, steps

ENDS = date(2027, 6, 1)
CLOSING = date(2027, 5, 20)
DAY = timedelta(days=1)
# The first day of the last four weeks before the joint closing.
END_BEGINS = date(2027, 4, 22)
HALF = date(2027, 1, 29)


def facts(**more):
    return Facts(
        **{"today": date(2027, 2, 1), "ends_on": ENDS, "is_running": True, "closing_on": CLOSING} | more
    )


def under_way(**more):
    return facts(**{"agreed": True, "has_goals": True, "held": 3, "has_next": True} | more)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (facts(is_running=False), Phase.PREPARING),
        (facts(is_running=False, has_next=True), Phase.PREPARING),
        (facts(), Phase.PREPARING),
        (facts(has_next=True), Phase.NEGOTIATING),
        (facts(has_next=True, agreed=True, has_goals=True), Phase.NEGOTIATING),
        (facts(held=1), Phase.NEGOTIATING),
        (facts(held=1, agreed=True), Phase.NEGOTIATING),
        (facts(held=1, agreed=True, has_goals=True), Phase.GROWING),
        (facts(held=2), Phase.NEGOTIATING),
        (facts(held=3), Phase.GROWING),
        (under_way(today=END_BEGINS - DAY), Phase.GROWING),
        (under_way(today=END_BEGINS), Phase.CLOSING),
        (under_way(today=date(2027, 5, 3), closing_on=None), Phase.GROWING),
        (under_way(today=date(2027, 5, 4), closing_on=None), Phase.CLOSING),
        (facts(today=END_BEGINS), Phase.CLOSING),
        (under_way(held=7), Phase.GROWING),
        (under_way(held=7, has_next=False), Phase.CLOSING),
        (under_way(held=6, has_next=False), Phase.GROWING),
        (facts(is_running=False, is_closed=True), Phase.CLOSING),
    ],
)
def test_phase_of(given, expected):
    assert phase_of(given) == expected


def test_states_are_done_before_now_and_nothing_after():
    assert [state for _phase, state in states(Phase.GROWING)] == ["done", "done", "now", ""]
    assert [state for _phase, state in states(Phase.PREPARING)] == ["now", "", "", ""]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (facts(), [Step.DATE, Step.AGREEMENT, Step.GOALS]),
        (facts(has_next=True), [Step.AGREEMENT, Step.GOALS]),
        (under_way(), []),
        (under_way(unrecorded=True, has_next=False), [Step.RECORD, Step.DATE]),
        (under_way(break_ahead=True), [Step.BREAK]),
        (under_way(break_ahead=True, has_next=False), [Step.DATE]),
        (under_way(newcomers=1), [Step.WELCOME]),
        (under_way(newcomers=1, is_pair=True), []),
        (under_way(today=END_BEGINS), [Step.HARVEST, Step.CLOSING]),
        (under_way(today=CLOSING), [Step.HARVEST, Step.CLOSING]),
        (under_way(today=CLOSING + DAY), [Step.HARVEST]),
        (under_way(held=7, has_next=False, today=END_BEGINS), [Step.HARVEST, Step.CLOSING]),
        (under_way(held=4, has_next=False, today=END_BEGINS), [Step.DATE, Step.HARVEST, Step.CLOSING]),
        (facts(is_running=False, is_closed=True), []),
    ],
)
def test_steps_come_in_the_order_of_need(given, expected):
    assert steps(given) == expected


def test_next_three_are_three_at_most():
    assert next_three(facts(unrecorded=True, newcomers=2)) == [Step.RECORD, Step.DATE, Step.AGREEMENT]


def test_next_three_leave_out_what_is_asked_elsewhere():
    found = next_three(facts(unrecorded=True, newcomers=2), without={Step.RECORD})

    assert found == [Step.DATE, Step.AGREEMENT, Step.GOALS]


@pytest.mark.parametrize(
    ("today", "tuned_on", "is_due"),
    [
        (HALF - timedelta(weeks=2) - DAY, None, False),
        (HALF - timedelta(weeks=2), None, True),
        (HALF + timedelta(weeks=5), date(2026, 10, 20), True),
        (HALF + timedelta(weeks=5) + DAY, None, False),
        (HALF, HALF - timedelta(weeks=2) - DAY, True),
        (HALF, HALF - timedelta(weeks=2), False),
    ],
)
def test_the_midpoint_asks_to_tune_what_was_agreed(today, tuned_on, is_due):
    given = under_way(today=today, half_on=HALF, tuned_on=tuned_on)

    assert steps(given) == ([Step.MIDPOINT] if is_due else [])


def test_what_was_never_agreed_is_not_tuned():
    assert Step.MIDPOINT not in steps(under_way(today=HALF, half_on=HALF, has_goals=False))
