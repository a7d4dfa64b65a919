"""How the year of a programme is drawn; by when a talk is answered; what a Monday's mail says."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from piiri.desk.bands import Reason
from piiri.programmes.models import Programme

MOST_MONTHS = 11
REMINDED, PROMISED = time(8), time(16)
SATURDAY = 5


class SupportRefusal(TextChoices):
    EMPTY = "empty", gettext_lazy("Write something first.")
    NO_CONTACT = "no_contact", gettext_lazy("This contact person has changed. Choose again.")


class NudgeRefusal(TextChoices):
    ENDED = "ended", gettext_lazy("This has been settled meanwhile.")


# What a Monday's mail names, the most pressing first: each with the reasons of the overview it sums up.
ACTIONS = {
    "support": (Reason.SUPPORT_WANTED,),
    "no_mentor": (Reason.NO_MENTOR,),
    "stopped": (),
    "few": (Reason.TOO_FEW,),
    "quiet": (Reason.NEVER_MET, Reason.QUIET),
    "no_next": (Reason.NO_NEXT,),
    "agreement": (Reason.NO_AGREEMENT, Reason.NO_GOALS),
}
MOST_ACTIONS = 3


def three_actions(reasons: Mapping[str, int], *, stopped: int) -> list[tuple[str, int]]:
    """What the office is asked to do this week: at most three, each with how many it is about."""
    counts = {code: sum(reasons.get(reason, 0) for reason in held) for code, held in ACTIONS.items()}
    counts["stopped"] = stopped
    return [(code, number) for code, number in counts.items() if number][:MOST_ACTIONS]


@dataclass(frozen=True)
class Month:
    """One month of the year's strip. `state`: done, now, rest or nothing."""

    first: date
    state: str = ""
    note: str | Promise = ""


def months(programme: Programme, *, today: date, marks: Iterable[tuple[date, str | Promise]]) -> list[Month]:
    """The months of a programme, at most eleven, each with the first mark that falls into it."""
    first = min(programme.starts_on, programme.enrol_opens_at.astimezone(programme.tz).date()).replace(day=1)
    starts = [first]
    while starts[-1] < programme.ends_on.replace(day=1):
        starts.append(following(starts[-1]))
    if len(starts) > MOST_MONTHS:
        starts = starts[-MOST_MONTHS:]
    notes: dict[date, str | Promise] = {}
    for day, note in marks:
        notes.setdefault(max(day.replace(day=1), starts[0]), note)
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


def promise(
    now: datetime, *, days: int, zone: ZoneInfo, closed: Container[date]
) -> tuple[datetime, datetime]:
    """When the contact is reminded, and by when they have promised an answer: on the same working day.

    `days` working days after today: no weekend and no day of `closed` counts.
    """
    day = now.astimezone(zone).date()
    for _ in range(days):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY or day in closed:
            day += timedelta(days=1)
    return datetime.combine(day, REMINDED, zone), datetime.combine(day, PROMISED, zone)
