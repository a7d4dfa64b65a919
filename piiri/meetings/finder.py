"""Finds a time: the best runs of half hours within some days.

Half hours are counted from 00:00 of the first day, local wall time, 48 a day, whatever the clocks do.
A line of marks holds one digit a half hour: 0 no · 1 if needed · 2 works.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

HALF, A_DAY = 30, 48
NO, IF_NEEDED, WORKS = "0", "1", "2"


@dataclass(frozen=True)
class Frame:
    """The days one looks at, and what of them counts. Hours as in the programme; `closed` days are left out.

    `taken` are half hours in which the group meets already.
    """

    first: date
    last: date
    day_from: int = 7
    day_to: int = 21
    weekends: bool = False
    closed: Collection[date] = ()
    taken: Collection[int] = ()

    @property
    def size(self) -> int:
        """How many half hours the days have."""
        return ((self.last - self.first).days + 1) * A_DAY

    @property
    def days(self) -> list[date]:
        """The days on which the group may meet."""
        every = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return [day for day in every if (self.weekends or day.weekday() < 5) and day not in self.closed]

    def number(self, day: date, minutes: int = 0) -> int:
        """The half hour that begins `minutes` after midnight of a day."""
        return (day - self.first).days * A_DAY + minutes // HALF

    def starts(self, minutes: int = HALF) -> list[int]:
        """Minutes after midnight at which a meeting of this length can begin, on any of the days."""
        return list(range(self.day_from * 60, self.day_to * 60 - minutes + 1, HALF))


@dataclass(frozen=True)
class Voice:
    """What is known of one person's half hours (None: nothing), and whether they answered."""

    key: int
    marks: str | None
    answered: bool = True


@dataclass(frozen=True)
class Run:
    """A span in which the group could meet, with the keys of those for whom it is not simply fine.

    `silent` have not answered and nothing is known of them; whoever has only not answered is counted by
    what they usually can.
    """

    day: date
    start: int
    minutes: int
    cannot: tuple[int, ...] = ()
    if_needed: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        return self.start + self.minutes

    @property
    def rank(self) -> tuple[int, int, date, int]:
        """Fewest who cannot, fewest only if needed, earliest."""
        return len(self.cannot), len(self.if_needed), self.day, self.start

    def overlaps(self, other: "Run") -> bool:
        return self.day == other.day and self.start < other.end and other.start < self.end


# --- one meeting ------------------------------------------------------------------------------


def runs(frame: Frame, voices: Sequence[Voice], *, minutes: int) -> list[Run]:
    """Every span of the meeting's length within the frame that is not taken, best first."""
    found = [
        run_at(frame, voices, day=day, start=start, minutes=minutes)
        for day in frame.days
        for start in frame.starts(minutes)
        if not any(number in frame.taken for number in halves(frame, day=day, start=start, minutes=minutes))
    ]
    return sorted(found, key=lambda run: run.rank)


def halves(frame: Frame, *, day: date, start: int, minutes: int) -> range:
    """The half hours that a meeting touches."""
    first = frame.number(day, start)
    return range(first, frame.number(day) - (-(start + minutes) // HALF))


def run_at(frame: Frame, voices: Sequence[Voice], *, day: date, start: int, minutes: int) -> Run:
    """Who cannot, or only if needed, at this very time. Half hours outside the frame are *no*."""
    numbers = halves(frame, day=day, start=start, minutes=minutes)
    found: dict[str, list[int]] = {NO: [], IF_NEEDED: [], WORKS: [], "": []}
    for voice in voices:
        found[level(voice.marks, numbers)].append(voice.key)
    return Run(day, start, minutes, tuple(found[NO]), tuple(found[IF_NEEDED]), tuple(found[""]))


def level(marks: str | None, numbers: range) -> str:
    """The lowest digit of these half hours; "" where nothing is known."""
    if marks is None:
        return ""
    said = marks[numbers.start : numbers.stop]
    return min(said) if len(said) == len(numbers) else NO


def apart(runs: Iterable[Run], *, most: int) -> list[Run]:
    """The first of them that do not overlap: a list of choices, not one choice many times."""
    found: list[Run] = []
    for run in runs:
        if len(found) == most:
            break
        if not any(run.overlaps(other) for other in found):
            found.append(run)
    return found


def counts(frame: Frame, voices: Iterable[Voice]) -> list[int]:
    """For each half hour how many could meet in it."""
    known = [voice.marks for voice in voices if voice.marks is not None]
    return [sum(marks[number : number + 1] > NO for marks in known) for number in range(frame.size)]


# --- what is known of a person ----------------------------------------------------------------


def of_week(mask: str, frame: Frame) -> str:
    """A usual week (Monday 00:00 first) laid over the days of the frame."""
    weekday = frame.first.weekday()
    days = frame.size // A_DAY
    return "".join(mask[(weekday + n) % 7 * A_DAY :][:A_DAY] for n in range(days))


def blocked(spans: Iterable[tuple[datetime, datetime]], frame: Frame, *, zone: ZoneInfo) -> set[int]:
    """The half hours of the frame that these spans (moments) touch.

    Where the clocks go back within a span, what comes twice is blocked once; nothing is left open.
    """
    found: set[int] = set()
    for begin, end in spans:
        first, last = wall(begin, frame, zone=zone), wall(end, frame, zone=zone)
        low, high = min(first, last), max(first, last)
        start, stop = low // HALF, -(-max(high, low + 1) // HALF)
        found.update(range(max(start, 0), min(stop, frame.size)))
    return found


def wall(moment: datetime, frame: Frame, *, zone: ZoneInfo) -> int:
    """Minutes on the wall clock since the frame's first midnight; a begun minute counts."""
    local = moment.astimezone(zone)
    minutes = (local.date() - frame.first).days * 24 * 60 + local.hour * 60 + local.minute
    return minutes + (1 if local.second or local.microsecond else 0)


def without(marks: str, numbers: Collection[int]) -> str:
    """The marks with *no* at these half hours."""
    return "".join(NO if at in numbers else mark for at, mark in enumerate(marks)) if numbers else marks
