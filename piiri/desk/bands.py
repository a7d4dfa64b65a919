"""Which group needs the office, and why: three bands by need, from numbers and moments alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# A meeting without a record is worth a glance after so many days; so is a group that has not met for
# this share of what the programme calls quiet.
RECORD_WITHIN = timedelta(days=3)
GLANCE_SHARE = 0.6
NO_TIME = timedelta(0)


class Band(StrEnum):
    """Three bands by need."""

    NEED = "need"
    GLANCE = "glance"
    WELL = "well"


class Reason(StrEnum):
    """Why a group is in its band; the first that holds counts."""

    NO_MENTOR = "no_mentor"
    SUPPORT_WANTED = "support_wanted"
    TOO_FEW = "too_few"
    NEVER_MET = "never_met"
    QUIET = "quiet"
    NO_NEXT = "no_next"
    NO_RECORD = "no_record"
    NO_AGREEMENT = "no_agreement"
    NO_GOALS = "no_goals"
    A_WHILE = "a_while"
    FEW_CAME = "few_came"
    WELL = "well"


BANDS = {
    Reason.NO_MENTOR: Band.NEED,
    Reason.SUPPORT_WANTED: Band.NEED,
    Reason.TOO_FEW: Band.NEED,
    Reason.NEVER_MET: Band.NEED,
    Reason.QUIET: Band.NEED,
    Reason.NO_NEXT: Band.GLANCE,
    Reason.NO_RECORD: Band.GLANCE,
    Reason.NO_AGREEMENT: Band.GLANCE,
    Reason.NO_GOALS: Band.GLANCE,
    Reason.A_WHILE: Band.GLANCE,
    Reason.FEW_CAME: Band.GLANCE,
    Reason.WELL: Band.WELL,
}


@dataclass(frozen=True)
class Standing:
    """How a group stands, in numbers and moments; never what it talks about.

    `began_at`: the joint opening, or the group's own start where that came later. `minutes` are those of
    meetings held and of joint events over. `unrecorded_at`: the oldest meeting over and without a record.
    """

    pk: int
    mentors: int = 0
    self_run: bool = False
    taken: int = 0
    min_to_start: int = 4
    began_at: datetime | None = None
    held: int = 0
    minutes: int = 0
    last_at: datetime | None = None
    last_present: int = 0
    last_of: int = 0
    next_at: datetime | None = None
    support_wanted: bool = False
    unrecorded_at: datetime | None = None
    # Of a running group mentors hear first; of one being formed the office sees everything at once.
    running: bool = False


# What the mentor hears of first: these count once the office has been told.
FIRST_TO_MENTOR = frozenset(
    {
        Reason.TOO_FEW,
        Reason.NEVER_MET,
        Reason.QUIET,
        Reason.NO_NEXT,
        Reason.NO_AGREEMENT,
        Reason.NO_GOALS,
    }
)
# Those that a group's numbers say by themselves.
IN_NUMBERS = FIRST_TO_MENTOR - {Reason.NO_AGREEMENT, Reason.NO_GOALS}


def reason(
    group: Standing,
    *,
    first_within_days: int,
    max_gap_days: int,
    now: datetime,
    told: Collection[Reason] = IN_NUMBERS,
) -> Reason:
    """Why the group is in its band: the first reason that holds, the most pressing first.

    Both numbers are the programme's parameters of that name. `told`: of what mentors hear first, what
    the office has been told of this group.
    """
    waited = now - group.began_at if group.began_at else NO_TIME
    quiet, since = timedelta(days=max_gap_days), time_since(group, now)
    late = now - group.unrecorded_at if group.unrecorded_at else NO_TIME
    checks = [
        (Reason.NO_MENTOR, not group.mentors and not group.self_run),
        (Reason.SUPPORT_WANTED, group.support_wanted),
        (Reason.TOO_FEW, group.taken < group.min_to_start),
        (Reason.NEVER_MET, group.held == 0 and waited > timedelta(days=first_within_days)),
        (Reason.QUIET, since > quiet),
        (Reason.NO_NEXT, group.next_at is None),
        (Reason.NO_RECORD, late > RECORD_WITHIN),
        (Reason.NO_AGREEMENT, Reason.NO_AGREEMENT in told),
        (Reason.NO_GOALS, Reason.NO_GOALS in told),
        (Reason.A_WHILE, since > quiet * GLANCE_SHARE),
        (Reason.FEW_CAME, group.last_of > 2 and group.last_present * 2 <= group.last_of),
    ]
    hidden = FIRST_TO_MENTOR - frozenset(told)
    return next((each for each, holds in checks if holds and each not in hidden), Reason.WELL)


def time_since(group: Standing, now: datetime) -> timedelta:
    """How long ago the group last met; no time at all for one that never has."""
    return now - group.last_at if group.last_at else NO_TIME


def in_words(why: Reason, group: Standing, *, now: datetime) -> str:
    """The reason as a sentence about the group, never against anybody."""
    weeks = max(1, time_since(group, now).days // 7)
    came = {"here": group.last_present, "all": group.last_of}
    told = {
        Reason.NO_MENTOR: _("No mentor at the moment."),
        Reason.SUPPORT_WANTED: _("The mentor has ticked “support wanted”."),
        Reason.TOO_FEW: ngettext("%(n)s participant left.", "%(n)s participants left.", group.taken)
        % {"n": group.taken},
        Reason.NEVER_MET: _("No own meeting since the opening."),
        Reason.QUIET: ngettext("%(n)s week since they met.", "%(n)s weeks since they met.", weeks)
        % {"n": weeks},
        Reason.A_WHILE: ngettext("%(n)s week since they met.", "%(n)s weeks since they met.", weeks)
        % {"n": weeks},
        Reason.NO_NEXT: _("No next date yet."),
        Reason.NO_AGREEMENT: _("The group has no agreement yet."),
        Reason.NO_GOALS: _("The group has no goals yet."),
        Reason.NO_RECORD: _("The last meeting has no record yet."),
        Reason.FEW_CAME: _("%(here)s of %(all)s came last time.") % came,
        Reason.WELL: _("%(here)s of %(all)s came last time.") % came if group.held else _("About to begin."),
    }
    return told[why]
