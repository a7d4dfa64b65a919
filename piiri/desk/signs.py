"""Signs that a group could need a hand: about meetings and what is agreed, never about people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.desk.bands import Reason, Standing

# A group without a next date is left in peace for so long after its last meeting.
GRACE_DAYS = 7
# In the last weeks of the year nobody asks for another date or for more people.
LAST_DAYS = 30
# The mentor hears first; the office after so many days more. One mail a group within as many.
OFFICE_AFTER = timedelta(days=7)
SILENT_FOR = timedelta(days=30)
# Nudges go out on working days between these hours of the programme's zone.
OPENS, CLOSES = time(8), time(20)
MONDAY_AT = time(8)


class Sign(TextChoices):
    NO_NEXT = "no_next", _("The group has no next date yet.")
    GAP = "gap", _("The group has not met for a while.")
    TOO_FEW = "too_few", _("Few participants are left in the group.")
    NO_AGREEMENT = "no_agreement", _("The group has no agreement yet.")
    NO_GOALS = "no_goals", _("The group has no goals yet.")


# What the office's bands say of a sign once the office is told.
REASONS = {
    Reason.NEVER_MET: Sign.GAP,
    Reason.QUIET: Sign.GAP,
    Reason.TOO_FEW: Sign.TOO_FEW,
    Reason.NO_NEXT: Sign.NO_NEXT,
    Reason.NO_AGREEMENT: Sign.NO_AGREEMENT,
    Reason.NO_GOALS: Sign.NO_GOALS,
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The programme's parameters of these names, its last day, and its breaks as (first, last) day."""

    max_gap_days: int
    first_within_days: int
    agreement_by_meeting: int
    ends_on: date
    breaks: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Facts:
    """How a running group stands, and whether it has an agreement in force and a goal."""

    standing: Standing
    agreed: bool = False
    goals: bool = False


def signs_of(facts: Facts, limits: Limits, *, today: date, tz: ZoneInfo) -> list[Sign]:
    """The signs that hold for a group on a local day. Days in breaks do not count."""
    group = facts.standing
    last = group.last_at or group.began_at
    since = days_apart(last.astimezone(tz).date(), today, limits.breaks) if last else 0
    most = limits.max_gap_days if group.held else limits.first_within_days
    ends_soon = today > limits.ends_on - timedelta(days=LAST_DAYS)
    has_met_enough = group.held >= limits.agreement_by_meeting
    holds = {
        Sign.NO_NEXT: group.next_at is None and since > GRACE_DAYS and not ends_soon,
        Sign.GAP: since > most and not ends_soon,
        Sign.TOO_FEW: group.taken < group.min_to_start and not ends_soon,
        Sign.NO_AGREEMENT: has_met_enough and not facts.agreed,
        Sign.NO_GOALS: has_met_enough and not facts.goals,
    }
    return [sign for sign in Sign if holds[sign]]


def days_apart(first: date, last: date, breaks: Iterable[tuple[date, date]]) -> int:
    """Days from one day to another without those of breaks; breaks do not overlap."""
    resting = sum(
        max(0, (min(end, last) - max(start, first + timedelta(days=1))).days + 1) for start, end in breaks
    )
    return max(0, (last - first).days - resting)


def is_quiet(now: datetime, *, tz: ZoneInfo) -> bool:
    """Whether nobody is written to of their own accord: evenings, nights and weekends."""
    local = now.astimezone(tz)
    return local.weekday() > 4 or not OPENS <= local.time() < CLOSES


def monday_of(now: datetime, *, tz: ZoneInfo) -> date | None:
    """The local Monday that has begun for the office, from eight until the evening; None else."""
    local = now.astimezone(tz)
    is_time = local.weekday() == 0 and MONDAY_AT <= local.time() < CLOSES
    return local.date() if is_time else None
