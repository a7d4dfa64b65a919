"""Which signs hold, when nobody is written to, what a Monday names."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from piiri.desk import bands, rules, signs
from piiri.desk.bands import Reason, Standing
from piiri.desk.signs import Facts, Limits, Sign

TZ = ZoneInfo("Europe/Helsinki")
TODAY = date(2027, 2, 15)
NOW = datetime(2027, 2, 15, 8, tzinfo=UTC)
LIMITS = Limits(
    max_gap_days=60, first_within_days=28, agreement_by_meeting=2, ends_on=date(2027, 6, 1), breaks=()
)


def days_ago(days):
    return NOW - timedelta(days=days)


def facts(*, agreed=True, goals=True, **values):
    told = {
        "pk": 1,
        "mentors": 1,
        "taken": 5,
        "began_at": days_ago(100),
        "held": 3,
        "last_at": days_ago(5),
        "next_at": days_ago(-5),
        "running": True,
    }
    return Facts(Standing(**told | values), agreed, goals)


def found(one, *, today=TODAY, **limits):
    return signs.signs_of(one, Limits(**vars(LIMITS) | limits), today=today, tz=TZ)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (facts(), []),
        (facts(next_at=None), []),
        (facts(next_at=None, last_at=days_ago(7)), []),
        (facts(next_at=None, last_at=days_ago(8)), [Sign.NO_NEXT]),
        (facts(last_at=days_ago(60)), []),
        (facts(last_at=days_ago(61)), [Sign.GAP]),
        (facts(held=0, last_at=None, began_at=days_ago(28)), []),
        (facts(held=0, last_at=None, began_at=days_ago(29)), [Sign.GAP]),
        (facts(held=0, last_at=None, began_at=None, next_at=None), []),
        (facts(taken=4), []),
        (facts(taken=3), [Sign.TOO_FEW]),
        (facts(held=1, agreed=False, goals=False), []),
        (facts(held=2, agreed=False, goals=False), [Sign.NO_AGREEMENT, Sign.NO_GOALS]),
        (facts(held=2, agreed=False), [Sign.NO_AGREEMENT]),
    ],
)
def test_a_sign_holds_beyond_its_limit_only(one, expected):
    assert found(one) == expected


def test_near_the_end_of_the_year_nobody_asks_for_another_date_or_for_people():
    worst = facts(next_at=None, last_at=days_ago(90), taken=1, agreed=False)
    ends_on = TODAY + timedelta(days=30)

    assert found(worst, ends_on=ends_on) == [Sign.NO_NEXT, Sign.GAP, Sign.TOO_FEW, Sign.NO_AGREEMENT]
    assert found(worst, ends_on=ends_on - timedelta(days=1)) == [Sign.NO_AGREEMENT]


def test_days_in_breaks_do_not_count():
    christmas = (date(2026, 12, 19), date(2027, 1, 10))
    quiet = facts(last_at=days_ago(70))

    assert found(quiet) == [Sign.GAP]
    assert found(quiet, breaks=(christmas,)) == []
    assert signs.days_apart(date(2026, 12, 25), date(2027, 1, 12), [christmas]) == 2
    assert signs.days_apart(date(2026, 12, 10), date(2026, 12, 22), [christmas]) == 8
    assert signs.days_apart(date(2027, 2, 1), date(2027, 2, 9), [christmas]) == 8


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (datetime(2027, 2, 15, 7, 59, tzinfo=TZ), True),
        (datetime(2027, 2, 15, 8, 0, tzinfo=TZ), False),
        (datetime(2027, 2, 15, 19, 59, tzinfo=TZ), False),
        (datetime(2027, 2, 15, 20, 0, tzinfo=TZ), True),
        (datetime(2027, 2, 20, 12, 0, tzinfo=TZ), True),
        (datetime(2027, 2, 21, 12, 0, tzinfo=TZ), True),
        # After the clocks were moved forward too.
        (datetime(2027, 3, 29, 5, 0, tzinfo=UTC), False),
        (datetime(2027, 3, 26, 5, 0, tzinfo=UTC), True),
    ],
)
def test_quiet_hours_are_those_of_the_programme(at, quiet):
    assert signs.is_quiet(at, tz=TZ) is quiet


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        (datetime(2027, 2, 15, 7, 59, tzinfo=TZ), None),
        (datetime(2027, 2, 15, 8, 0, tzinfo=TZ), TODAY),
        (datetime(2027, 2, 15, 20, 0, tzinfo=TZ), None),
        (datetime(2027, 2, 16, 9, 0, tzinfo=TZ), None),
    ],
)
def test_mondays_begin_at_eight(at, monday):
    assert signs.monday_of(at, tz=TZ) == monday


def test_of_a_running_group_the_office_counts_what_it_has_been_told():
    quiet = facts(last_at=days_ago(90), next_at=None, taken=1).standing
    limits = {"first_within_days": 28, "max_gap_days": 60, "now": NOW}

    assert bands.reason(quiet, **limits) == Reason.TOO_FEW
    assert bands.reason(quiet, **limits, told=()) == Reason.A_WHILE
    assert bands.reason(quiet, **limits, told={Reason.QUIET}) == Reason.QUIET
    assert bands.reason(facts().standing, **limits, told={Reason.NO_GOALS}) == Reason.NO_GOALS
    assert bands.reason(facts(mentors=0).standing, **limits, told=()) == Reason.NO_MENTOR


def test_every_reason_a_mentor_hears_first_has_its_sign():
    assert set(signs.REASONS) == bands.FIRST_TO_MENTOR
    assert set(signs.REASONS.values()) == set(Sign)


def test_a_monday_names_three_things_at_most_the_most_pressing_first():
    many = {str(reason): 1 for reason in Reason} | {Reason.QUIET: 4}

    assert rules.three_actions({}, stopped=0) == []
    assert rules.three_actions({Reason.WELL: 9}, stopped=0) == []
    assert rules.three_actions(many, stopped=2) == [("support", 1), ("no_mentor", 1), ("stopped", 2)]
    assert rules.three_actions({Reason.NEVER_MET: 1, Reason.QUIET: 4}, stopped=0) == [("quiet", 5)]
