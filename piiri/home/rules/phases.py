"""The four phases of a group's or a pair's year, and the steps that whoever leads it takes next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# So long before the joint closing (or the last day) a group begins to come to its end.
LAST_WEEKS = timedelta(weeks=4)
# A group that has met so often is under way, with or without a signed paper.
MET_OFTEN = 3
# Around the middle of the year a group looks at its agreement and goals again.
TUNE_BEFORE, TUNE_AFTER = timedelta(weeks=2), timedelta(weeks=5)
MOST_STEPS = 3


class Phase(StrEnum):
    PREPARING = "preparing"
    NEGOTIATING = "negotiating"
    GROWING = "growing"
    CLOSING = "closing"


PHASES = tuple(Phase)


class Step(StrEnum):
    """What whoever leads a group does next, the most needed first."""

    RECORD = "record"
    DATE = "date"
    BREAK = "break"
    AGREEMENT = "agreement"
    GOALS = "goals"
    WELCOME = "welcome"
    MIDPOINT = "midpoint"
    HARVEST = "harvest"
    CLOSING = "closing"


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of a group's year; days are local ones.

    `agreed`: all have signed. `has_goals`: agreed by all.
    `tuned_on`: when agreement or goals were last agreed. `break_ahead`: a long break is near or has begun,
    and no meeting after it is known. `newcomers`: whom nobody shows around yet. `closing_on`: of all groups.
    """

    today: date
    ends_on: date
    is_running: bool
    is_closed: bool = False
    agreed: bool = False
    has_goals: bool = False
    held: int = 0
    meetings: int = 7
    has_next: bool = False
    unrecorded: bool = False
    break_ahead: bool = False
    newcomers: int = 0
    half_on: date | None = None
    tuned_on: date | None = None
    closing_on: date | None = None
    is_pair: bool = False

    @property
    def end_begins_on(self) -> date:
        """From when on a group comes to its end."""
        return (self.closing_on or self.ends_on) - LAST_WEEKS


def phase_of(facts: Facts) -> Phase:
    """Which of the four phases a year is in.

    Preparing until it runs and its first meeting is set; negotiating until it has met and agreement and goals
    are agreed by all (or it has met three times without); closing in the last four weeks, or once all its
    meetings are held.
    """
    if facts.is_closed or (facts.is_running and ends(facts)):
        return Phase.CLOSING
    if not facts.is_running or not (facts.held or facts.has_next):
        return Phase.PREPARING
    if facts.held < MET_OFTEN and not (facts.agreed and facts.has_goals and facts.held):
        return Phase.NEGOTIATING
    return Phase.GROWING


def ends(facts: Facts) -> bool:
    """Whether a year comes to its end: by the calendar, or because all its meetings are held."""
    return facts.today >= facts.end_begins_on or (facts.held >= facts.meetings and not facts.has_next)


def states(now: Phase) -> list[tuple[Phase, str]]:
    """Every phase with its state for the page: done, now or nothing."""
    at = PHASES.index(now)
    return [(phase, "done" if n < at else "now" if n == at else "") for n, phase in enumerate(PHASES)]


def next_three(facts: Facts, *, without: Collection[Step] = ()) -> list[Step]:
    """The next three steps at most, the most needed first; some may be asked elsewhere on the page."""
    return [step for step in steps(facts) if step not in without][:MOST_STEPS]


def steps(facts: Facts) -> list[Step]:
    """All steps that are due now, the most needed first."""
    if not facts.is_running:
        return []
    at_end = ends(facts)
    due = {
        Step.RECORD: facts.unrecorded,
        Step.DATE: not facts.has_next and not (at_end and facts.held >= facts.meetings),
        Step.BREAK: facts.has_next and facts.break_ahead,
        Step.AGREEMENT: not facts.agreed and not at_end,
        Step.GOALS: not facts.has_goals and not at_end,
        Step.WELCOME: facts.newcomers > 0 and not facts.is_pair,
        Step.MIDPOINT: tunes(facts) and not at_end,
        Step.HARVEST: at_end,
        Step.CLOSING: at_end and facts.closing_on is not None and facts.today <= facts.closing_on,
    }
    return [step for step, is_due in due.items() if is_due]


def tunes(facts: Facts) -> bool:
    """Whether it is the middle of the year and nothing has been agreed anew since it came near."""
    if facts.half_on is None or not (facts.agreed and facts.has_goals):
        return False
    begins = facts.half_on - TUNE_BEFORE
    is_time = begins <= facts.today <= facts.half_on + TUNE_AFTER
    return is_time and (facts.tuned_on is None or facts.tuned_on < begins)
