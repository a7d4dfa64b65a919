from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from piiri.desk import bands
from piiri.desk.bands import BANDS, Band, Reason, Standing

NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LIMITS = {"first_within_days": 28, "max_gap_days": 60}
GOOD = Standing(
    pk=1,
    mentors=1,
    taken=6,
    began_at=NOW - 60 * DAY,
    held=3,
    minutes=450,
    last_at=NOW - 10 * DAY,
    last_present=5,
    last_of=6,
    next_at=NOW + 5 * DAY,
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Reason.WELL),
        ({"mentors": 0}, Reason.NO_MENTOR),
        ({"mentors": 0, "self_run": True}, Reason.WELL),
        ({"support_wanted": True}, Reason.SUPPORT_WANTED),
        ({"taken": 3}, Reason.TOO_FEW),
        ({"taken": 4}, Reason.WELL),
        ({"held": 0, "last_at": None, "began_at": NOW - 29 * DAY}, Reason.NEVER_MET),
        ({"held": 0, "last_at": None, "last_of": 0, "began_at": NOW - 28 * DAY}, Reason.WELL),
        ({"last_at": NOW - 61 * DAY}, Reason.QUIET),
        ({"last_at": NOW - 60 * DAY}, Reason.A_WHILE),
        ({"last_at": NOW - 37 * DAY}, Reason.A_WHILE),
        ({"last_at": NOW - 36 * DAY}, Reason.WELL),
        ({"next_at": None}, Reason.NO_NEXT),
        ({"unrecorded_at": NOW - 4 * DAY}, Reason.NO_RECORD),
        ({"unrecorded_at": NOW - 3 * DAY}, Reason.WELL),
        ({"last_present": 3}, Reason.FEW_CAME),
        ({"last_present": 4}, Reason.WELL),
        ({"mentors": 0, "support_wanted": True, "next_at": None}, Reason.NO_MENTOR),
    ],
)
def test_reason_is_the_first_that_holds(change, expected):
    assert bands.reason(replace(GOOD, **change), **LIMITS, now=NOW) == expected


def test_reason_follows_the_programmes_parameters():
    met = replace(GOOD, last_at=NOW - 40 * DAY)

    assert bands.reason(met, first_within_days=28, max_gap_days=30, now=NOW) == Reason.QUIET
    assert bands.reason(met, first_within_days=28, max_gap_days=120, now=NOW) == Reason.WELL


def test_every_reason_has_a_band_and_words():
    for reason in Reason:
        assert isinstance(BANDS[reason], Band)
        assert bands.in_words(reason, GOOD, now=NOW).endswith(".")
