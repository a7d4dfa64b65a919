"""Reads "ma 15–17, to klo 14.00–16.00" and its like in three languages as half hours of a week."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.dates import WEEKDAYS_ABBR

from piiri.enrolments import times_words as words

HALF = 30
DAY = 48  # half hours
WEEK = 7 * DAY
NO, IF_NEEDED, WORKS = "0", "1", "2"
NEVER = NO * WEEK
FROM_HOUR, TO_HOUR = 7, 21
ENOUGH = 2  # possible starts below which a person can hardly be placed

Span = tuple[int, int]  # half hours of a day, the end not included
WHOLE_DAY: Span = (FROM_HOUR * 2, TO_HOUR * 2)


@dataclass(frozen=True, slots=True)
class Times:
    """What was read from one answer about times.

    `mask`: 336 digits, Monday 00:00 first, one a half hour: '2' works, '1' if needed, '0' no.
    `starts`: how many possible starts of a meeting the words give.
    `understood` and `not_understood`: pieces of the text, in its order.
    """

    mask: str
    starts: int
    understood: tuple[str, ...]
    not_understood: tuple[str, ...]


def starts(mask: str, minutes: int, from_hour: int = FROM_HOUR, to_hour: int = TO_HOUR) -> int:
    """How many half hours of the week a meeting of `minutes` can start at, "if needed" counted in.

    A meeting neither starts before `from_hour` nor ends after `to_hour`.
    """
    length = -(-minutes // HALF)
    days = (mask[day + from_hour * 2 : day + to_hour * 2] for day in range(0, WEEK, DAY))
    return sum(max(0, len(free) - length + 1) for day in days for free in day.split(NO) if free)


@lru_cache(maxsize=50_000)
def read(text: str, minutes: int = 120) -> Times:
    """Read an answer about times; never raises, and what it does not know stands in `not_understood`.

    Only what was said is read: no time is ever added to it.
    """
    if PLAIN.fullmatch(text):
        return together([read_slowly(piece, minutes) for piece in STOPS.split(text)], minutes)
    return read_slowly(text, minutes)


# Most people write "ma 15–17; to 14–16": such pieces mean the same alone, and there are only so many of them.
PIECE = r"\s*(?:ma|ti|ke|to|pe|la|su)\s+(?:klo\s+)?\d{1,2}(?:[.:]\d\d)?\s*[-–]\s*\d{1,2}(?:[.:]\d\d)?\s*"
PLAIN = re.compile(rf"{PIECE}(?:[;,\n]{PIECE})+", re.IGNORECASE)
STOPS = re.compile(r"[;,\n]")


def together(pieces: list[Times], minutes: int) -> Times:
    """What was read from several pieces, as one answer."""
    mask = "".join(map(max, zip(*(piece.mask for piece in pieces), strict=True)))
    return Times(
        mask=mask,
        starts=starts(mask, minutes),
        understood=tuple(said for piece in pieces for said in piece.understood),
        not_understood=tuple(said for piece in pieces for said in piece.not_understood),
    )


@lru_cache(maxsize=10_000)
def read_slowly(text: str, minutes: int) -> Times:
    """Read word by word what is said in any way."""
    reader = Reader(minutes=minutes)
    for kind, value, piece in tokens(text[:2000]):
        reader.take(kind, value, piece)
    mask = reader.mask()
    return Times(
        mask=mask,
        starts=starts(mask, minutes),
        understood=tuple(reader.understood),
        not_understood=tuple(reader.unknown),
    )


def spans(mask: str) -> list[tuple[int, int, int, str]]:
    """The stretches of equal half hours: (weekday 0–6, first half hour, end not included, level), no '0'."""
    found: list[tuple[int, int, int, str]] = []
    for day in range(7):
        halves = mask[day * DAY : (day + 1) * DAY]
        found += [(day, one.start(), one.end(), one[0][0]) for one in re.finditer("1+|2+", halves)]
    return found


def code(mask: str) -> str:
    """The week's stretches in a few letters, for `say`."""
    return ";".join(f"{day},{start},{end},{level}" for day, start, end, level in spans(mask))


def say(coded: str) -> str:
    """What `describe` says of the mask behind a `code`."""
    parts = (part.split(",") for part in coded.split(";") if part)
    return in_words((int(day), int(start), int(end), level) for day, start, end, level in parts)


def describe(mask: str) -> str:
    """The week in short, in the reader's language: "Mon 15–17, Tue 16–18 (18–19)"; brackets: if needed."""
    return in_words(spans(mask))


def in_words(stretches: Iterable[tuple[int, int, int, str]]) -> str:
    parts: list[str] = []
    day_before = -1
    for day, start, end, level in stretches:
        hours = f"{clock(start)}–{clock(end)}"
        hours = f"({hours})" if level == IF_NEEDED else hours
        if day == day_before:
            parts[-1] += f" {hours}"
        else:
            parts.append(f"{WEEKDAYS_ABBR[day]} {hours}")
        day_before = day
    return ", ".join(parts)


def clock(half: int) -> str:
    return f"{half // 2}.30" if half % 2 else str(half // 2)


# ---- from text to tokens


def tokens(text: str) -> Iterable[tuple[str, object, str]]:
    """Kind, value and the piece of text, left to right; what no word matches comes as "unknown", joined."""
    folded = words.fold(text)
    tables = words.tables(folded)
    position = unknown = 0
    while position < len(folded):
        for kind, pattern, value in tables[words.sort_of(folded[position])]:
            if match := pattern.match(folded, position):
                if unknown < position:
                    yield "unknown", None, folded[unknown:position]
                yield kind, value(match), match[0]
                position = unknown = match.end()
                break
        else:
            position = words.end_of_word(folded, position)
    if unknown < len(folded):
        yield "unknown", None, folded[unknown:]


@dataclass
class Reader:
    """Gathers days and hours word by word and writes them into the week when they belong together."""

    minutes: int
    days: list[int] = field(default_factory=list)
    hours: list[Span] = field(default_factory=list)
    last_days: list[int] = field(default_factory=list)
    hours_first: bool = False
    level: str = WORKS
    excluding: bool = False
    doubtful: bool = False  # something with a number in it was not understood
    written: list[tuple[list[int], list[Span], str]] = field(default_factory=list)
    understood: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def take(self, kind: str, value: object, piece: str) -> None:
        if kind in {"hours", "start"} and value is None:
            kind = "unknown"
        if kind not in {"comma", "stop", "unknown"}:
            self.pieces.append(piece)
        getattr(self, f"take_{kind}")(value, piece)

    def take_days(self, value: list[int], _piece: str) -> None:
        if self.excluding:
            self.days = [day for day in self.days if day not in value]
            return
        if self.hours and self.days and not self.hours_first:
            self.write(keep=1)
        self.hours_first = self.hours_first or bool(self.hours and not self.days)
        self.days += value

    def take_rest(self, _value: object, _piece: str) -> None:
        """ "Other days": those not named so far, from Monday to Friday."""
        self.write(keep=1)
        named = {day for days, _hours, _level in self.written for day in days}
        self.level = WORKS
        self.take_days([day for day in range(5) if day not in named], "")

    def take_hours(self, value: list[Span], _piece: str) -> None:
        self.excluding = False
        if self.hours_first and self.days:
            self.write(keep=1)
        self.hours += value

    def take_start(self, value: int, _piece: str) -> None:
        """A bare time is when a meeting may start."""
        self.take_hours([(value, min(value + -(-self.minutes // HALF), DAY))], "")

    def take_always(self, _value: object, _piece: str) -> None:
        if self.days:
            self.take_hours([WHOLE_DAY], "")
            return
        self.written += [([0, 1, 2, 3, 4], [WHOLE_DAY], self.level), ([5, 6], [WHOLE_DAY], IF_NEEDED)]
        self.note(0, self.understood)

    def take_if_needed(self, _value: object, _piece: str) -> None:
        self.level = IF_NEEDED

    def take_no(self, _value: object, _piece: str) -> None:
        if not self.days or self.hours:
            self.write(keep=1)
        self.level = NO

    def take_downgrade(self, _value: object, _piece: str) -> None:
        """ "(if needed)" speaks of what stands before it."""
        if self.days or self.hours or not self.written:
            self.level = IF_NEEDED
        else:
            days, hours, level = self.written[-1]
            self.written[-1] = (days, hours, min(level, IF_NEEDED))

    def take_except(self, _value: object, piece: str) -> None:
        """ "Weekdays except Friday": the days that follow leave the days that stand before."""
        if self.days:
            self.excluding = True
        else:
            self.take_no(None, piece)

    def take_but(self, _value: object, _piece: str) -> None:
        self.write(keep=1)

    def take_comma(self, value: object, _piece: str) -> None:
        """Ends what is complete. After "not Monday", more hours to come mean that what follows is a yes."""
        complete = self.days and self.hours and not self.hours_first
        if complete or self.doubtful or (self.level == NO and self.days and value):
            self.write()

    def take_stop(self, _value: object, _piece: str) -> None:
        if self.hours or self.doubtful or self.level == NO:
            self.write()

    def take_filler(self, _value: object, _piece: str) -> None:
        """Words that change nothing: "and", "at", "from"."""

    def take_unknown(self, _value: object, piece: str) -> None:
        if text := piece.strip(" -.:"):
            self.unknown.append(text)
            self.doubtful = self.doubtful or any(letter.isdigit() for letter in text)

    def write(self, keep: int = 0) -> None:
        """Put days and hours down; `keep`: the last piece belongs to what comes next."""
        days = self.days or (self.last_days if self.hours else [])
        if self.doubtful and not (self.days and self.hours):
            self.note(keep, self.unknown)
        elif days or self.hours:
            self.written.append((days or [0, 1, 2, 3, 4], self.hours or [WHOLE_DAY], self.level))
            self.last_days = days
            self.note(keep, self.understood)
            self.level = WORKS
        self.days, self.hours = [], []
        self.hours_first = self.excluding = self.doubtful = False

    def note(self, keep: int, where: list[str]) -> None:
        """Move the pieces heard so far, but for the last `keep`, to the understood or the unknown."""
        cut = len(self.pieces) - keep
        if said := " ".join(" ".join(self.pieces[:cut]).split()):
            where.append(said)
        self.pieces = self.pieces[cut:]

    def mask(self) -> str:
        """The week; a no wins over a yes, and nothing but noes means every other working hour."""
        self.write()
        halves = list(NEVER)
        wanted = [one for one in self.written if one[2] != NO]
        refused = [one for one in self.written if one[2] == NO]
        if refused and not wanted:
            wanted = [([0, 1, 2, 3, 4], [WHOLE_DAY], WORKS)]
        for days, hours, level in wanted + refused:
            for day in days:
                for start, end in hours:
                    for at in range(day * DAY + start, day * DAY + end):
                        halves[at] = NO if level == NO else max(halves[at], level)
        return "".join(halves)
