"""Finds what breaks do to a group's dates: the last before one, the first after it, the next by rhythm."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from piiri.meetings import fair

# A holiday of a week does not break a rhythm; a break of so many days does.
LONG_DAYS = 10
# A meeting further from a break than this has little to do with it.
NEAR = timedelta(weeks=7)
WEEKS = {"fortnightly": 2, "monthly": 4, "group": 4}


class Pause(NamedTuple):
    """A break; both days are included."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> set[date]:
        """Every day of it."""
        return {self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)}

    @property
    def is_long(self) -> bool:
        """Whether a group loses its rhythm over it."""
        return (self.last - self.first).days + 1 >= LONG_DAYS


class Side(StrEnum):
    """On which side of a break a meeting is."""

    LAST_BEFORE = "last_before"
    FIRST_AFTER = "first_after"


class Edge(NamedTuple):
    """A meeting's day beside a long break."""

    side: Side
    pause: Pause


def edges(days: Iterable[date], pauses: Iterable[Pause]) -> dict[date, list[Edge]]:
    """Which of a group's days are the last before a long break or the first after it, as far as known.

    Days in a break are on neither side. A day may be beside two breaks.
    """
    known = sorted(set(days))
    found: dict[date, list[Edge]] = {}
    for pause in pauses:
        if not pause.is_long:
            continue
        before = max((day for day in known if pause.first - NEAR <= day < pause.first), default=None)
        after = min((day for day in known if pause.last < day <= pause.last + NEAR), default=None)
        if before:
            found.setdefault(before, []).append(Edge(Side.LAST_BEFORE, pause))
        if after:
            found.setdefault(after, []).append(Edge(Side.FIRST_AFTER, pause))
    return found


def ahead(pauses: Iterable[Pause], *, today: date, within: timedelta = NEAR) -> Pause | None:
    """The long break that has begun or begins within some weeks; the nearest of several."""
    near = [
        pause for pause in pauses if pause.is_long and pause.last >= today and pause.first <= today + within
    ]
    return min(near, key=lambda pause: pause.first, default=None)


def next_day(
    *, today: date, last_met: date | None, until: date, weekday: int, rhythm: str, closed: Collection[date]
) -> date | None:
    """The next day by a group's rhythm: its weekday, a turn after it last met, from tomorrow on.

    Never a closed day. `rhythm` is the programme's. None when the year is over before.
    """
    weeks = WEEKS[rhythm]
    first = today + timedelta(days=1)
    if last_met and last_met + timedelta(weeks=weeks) > first:
        first = last_met + timedelta(weeks=weeks) - timedelta(days=3)
    found = fair.rhythm(first, until, weekday=weekday, weeks=weeks, number=1, closed=closed)
    return found[0] if found else None
