"""Which group needs the office, and why; where a programme stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from piiri.programmes.models import Programme
from piiri.programmes.parameters import Rules

# A meeting without a record is worth a glance after so many days; so is a group that has not met for
# this share of what the programme calls quiet.
RECORD_WITHIN = timedelta(days=3)
GLANCE_SHARE = 0.6
MOST_MONTHS = 11


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


def reason(group: Standing, rules: Rules, *, now: datetime) -> Reason:
    """Why the group is in its band: the first reason that holds, the most pressing first.

    Source: the programme's parameters `first_within_days` and `max_gap_days`.
    """
    for each, holds in CHECKS:
        if holds(group, rules, now):
            return each
    return Reason.WELL


def _never_met(group: Standing, rules: Rules, now: datetime) -> bool:
    waited = now - group.began_at if group.began_at else timedelta(0)
    return group.held == 0 and waited > timedelta(days=rules.first_within_days)


def _since(group: Standing, now: datetime) -> timedelta:
    return now - group.last_at if group.last_at else timedelta(0)


CHECKS = [
    (Reason.NO_MENTOR, lambda group, rules, now: not group.mentors and not group.self_run),
    (Reason.SUPPORT_WANTED, lambda group, rules, now: group.support_wanted),
    (Reason.TOO_FEW, lambda group, rules, now: group.taken < group.min_to_start),
    (Reason.NEVER_MET, _never_met),
    (Reason.QUIET, lambda group, rules, now: _since(group, now) > timedelta(days=rules.max_gap_days)),
    (Reason.NO_NEXT, lambda group, rules, now: group.next_at is None),
    (
        Reason.NO_RECORD,
        lambda group, rules, now: group.unrecorded_at and now - group.unrecorded_at > RECORD_WITHIN,
    ),
    (
        Reason.A_WHILE,
        lambda group, rules, now: _since(group, now) > timedelta(days=rules.max_gap_days * GLANCE_SHARE),
    ),
    (
        Reason.FEW_CAME,
        lambda group, rules, now: (
            group.held > 0 and group.last_of > 2 and group.last_present * 2 <= group.last_of
        ),
    ),
]


def in_words(why: Reason, group: Standing, *, now: datetime) -> str:
    """The reason as a sentence about the group, never against anybody."""
    weeks = max(1, _since(group, now).days // 7)
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
        Reason.NO_RECORD: _("The last meeting has no record yet."),
        Reason.FEW_CAME: _("%(here)s of %(all)s came last time.") % came,
        Reason.WELL: _("%(here)s of %(all)s came last time.") % came if group.held else _("About to begin."),
    }
    return told[why]


@dataclass(frozen=True)
class Month:
    """One month of the year's strip. `state`: done, now, rest or nothing."""

    first: date
    state: str = ""
    note: str | Promise = ""


def months(programme: Programme, *, today: date, marks: Iterable[tuple[date, str | Promise]]) -> list[Month]:
    """The months of a programme, at most eleven, each with the first of the marks that falls into it."""
    first = min(programme.starts_on, programme.enrol_opens_at.astimezone(programme.tz).date()).replace(day=1)
    starts = [first]
    while starts[-1] < programme.ends_on.replace(day=1):
        starts.append(following(starts[-1]))
    if len(starts) > MOST_MONTHS:
        starts = starts[-MOST_MONTHS:]
    notes: dict[date, str | Promise] = {}
    for day, note in sorted(marks, key=lambda mark: mark[0]):
        notes.setdefault(day.replace(day=1), note)
    strip = [month_of(start, end, today, notes) for start, end in pairwise([*starts, following(starts[-1])])]
    rest = following(starts[-1])
    if len(strip) < MOST_MONTHS:
        strip.append(Month(rest, "now" if today >= rest else "rest", gettext_lazy("After the year")))
    return strip


def month_of(start: date, end: date, today: date, notes: dict[date, str | Promise]) -> Month:
    """One month: over, now or to come, with what falls into it."""
    state = "now" if start <= today < end else "done" if end <= today else ""
    return Month(start, state, notes.get(start, ""))


def following(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
