"""How the year of a programme is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from piiri.programmes.models import Programme

MOST_MONTHS = 11


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
