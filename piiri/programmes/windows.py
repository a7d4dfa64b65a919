"""Weekly times: a person's half hours, the windows in which a group could meet, and both in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piiri.programmes.parameters import Rules

HALF_HOURS_A_DAY = 48
HALF_HOURS = 7 * HALF_HOURS_A_DAY
NOTHING = "0" * HALF_HOURS
NO, IF_NEEDED, WORKS = 0, 1, 2
MOST_WINDOWS = 64
# Where a day is cut when it holds too many windows: far from its middle, and weekends first.
MIDDLE = 14 * 60
WEEKEND_COSTS = 90

WEEKLY: tuple[Promise, ...] = (
    _("Mondays %(times)s"),
    _("Tuesdays %(times)s"),
    _("Wednesdays %(times)s"),
    _("Thursdays %(times)s"),
    _("Fridays %(times)s"),
    _("Saturdays %(times)s"),
    _("Sundays %(times)s"),
)


class Window(NamedTuple):
    """A weekly time: Monday is 0, `start` in minutes after midnight, local wall time."""

    weekday: int
    start: int
    minutes: int

    @property
    def end(self) -> int:
        return self.start + self.minutes


@dataclass(frozen=True)
class Span:
    """Half hours in a row on one day, all at least at the level asked for; minutes after midnight."""

    weekday: int
    start: int
    end: int


def windows(rules: Rules) -> list[Window]:
    """Where a meeting of the programme can lie: at each full hour of its day, Monday first.

    At most 64, because the problem of forming groups has no more slots; of a longer week those go
    that lie farthest from two o'clock, on weekends before working days.
    """
    days = 7 if rules.weekends else 5
    last = rules.day_to * 60 - rules.meeting_minutes
    all_of_them = [
        Window(weekday, start, rules.meeting_minutes)
        for weekday in range(days)
        for start in range(rules.day_from * 60, last + 1, 60)
    ]
    return sorted(sorted(all_of_them, key=_inconvenience)[:MOST_WINDOWS])


def _inconvenience(window: Window) -> tuple[int, int]:
    from_middle = abs(window.start + window.minutes // 2 - MIDDLE)
    return from_middle + (WEEKEND_COSTS if window.weekday > 4 else 0), window.weekday


def to_bits(mask: str, windows: Sequence[Window]) -> int:
    """The windows in which every half hour is at least *if needed*, window 0 as the lowest bit.

    `mask` has one digit a half hour, Monday 00:00 first: 0 no, 1 if needed, 2 works.
    """
    bits = 0
    for number, window in enumerate(windows):
        first = window.weekday * HALF_HOURS_A_DAY + window.start // 30
        last = window.weekday * HALF_HOURS_A_DAY - (-window.end // 30)
        if last <= len(mask) and "0" not in mask[first:last]:
            bits |= 1 << number
    return bits


def common(masks: Iterable[str]) -> str:
    """What works for all: each half hour at the lowest level anybody gave it. Of nobody: nothing."""
    given = list(masks)
    return "".join(map(min, zip(*given, strict=True))) if given else NOTHING


def is_mask(mask: str) -> bool:
    """Whether the text is one digit 0, 1 or 2 for each half hour of a week."""
    return len(mask) == HALF_HOURS and not mask.strip("012")


def hours(mask: str) -> dict[tuple[int, int], int]:
    """The level of each full hour by (weekday, hour): the lower of its two half hours."""
    return {
        (weekday, hour): min(int(mask[at]), int(mask[at + 1]))
        for weekday in range(7)
        for hour in range(24)
        for at in [weekday * HALF_HOURS_A_DAY + hour * 2]
    }


def of_hours(levels: Mapping[tuple[int, int], int]) -> str:
    """The mask of full hours by (weekday, hour); what is not named is *no*."""
    return "".join(str(levels.get((weekday, hour), NO)) * 2 for weekday in range(7) for hour in range(24))


def spans(mask: str, *, least: int = IF_NEEDED) -> list[Span]:
    """Half hours in a row that are at least at `least`, day by day."""
    found: list[Span] = []
    for weekday in range(7):
        day = mask[weekday * HALF_HOURS_A_DAY : (weekday + 1) * HALF_HOURS_A_DAY]
        marks = "".join("x" if int(digit) >= least else " " for digit in day)
        at = 0
        for run in marks.split(" "):
            if run:
                found.append(Span(weekday, at * 30, (at + len(run)) * 30))
            at += len(run) + 1
    return found


def clock_face(minutes: int) -> str:
    """870 → 14.30"""
    return f"{minutes // 60}.{minutes % 60:02d}"


def words(weekday: int, start: int, end: int) -> str:
    """Tuesdays 14.30–16.00; start and end in minutes after midnight."""
    times = f"{clock_face(start)}–{clock_face(end)}"
    return str(WEEKLY[weekday]) % {"times": times}


def in_words(window: Window | Span) -> str:
    """A window or a span as people say it."""
    return words(window.weekday, window.start, window.end)
