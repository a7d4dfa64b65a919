"""The week as people tick it: parts of the day that open into single hours."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Hour = tuple[int, int]  # weekday (Monday is 0) and full hour of the day

BOUNDS: tuple[tuple[str, int, int, Promise], ...] = (
    ("e", 0, 10, _("Early")),
    ("m", 10, 13, _("Midday")),
    ("a", 13, 17, _("Afternoon")),
    ("v", 17, 24, _("Evening")),
)
IN_PART: dict[str, Promise] = {
    "e": _("%(days)s early"),
    "m": _("%(days)s at midday"),
    "a": _("%(days)s in the afternoon"),
    "v": _("%(days)s in the evening"),
}


@dataclass(frozen=True)
class Part:
    """A part of the day; `start` and `end` are full hours."""

    code: str
    label: Promise
    start: int
    end: int

    @property
    def hours(self) -> range:
        return range(self.start, self.end)


@dataclass(frozen=True)
class Tile:
    """One box to tick."""

    value: str
    label: str
    ticked: bool
    some: bool = False


@dataclass(frozen=True)
class HourRow:
    label: str
    tiles: list[Tile]


@dataclass(frozen=True)
class PartRow:
    """A part of the day on all days, and the hours it opens into."""

    code: str
    label: str
    span: str
    opened: bool
    tiles: list[Tile]
    hours: list[HourRow]


def parts(day_from: int, day_to: int) -> list[Part]:
    """The parts of a day that lies between two full hours; a part outside it is left out."""
    cut = ((code, label, max(start, day_from), min(end, day_to)) for code, start, end, label in BOUNDS)
    return [Part(code, label, start, end) for code, label, start, end in cut if start < end]


def days(weekends: bool) -> range:
    return range(7 if weekends else 5)


def headings(weekends: bool) -> list[tuple[str, str]]:
    """Short and full names of the days."""
    return [(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day])) for day in days(weekends)]


def rows(
    ticked: Collection[Hour], *, of: list[Part], weekends: bool, opened: Collection[str]
) -> list[PartRow]:
    """The table: for each part one row of tiles, and one row for each of its hours."""
    return [
        PartRow(
            part.code,
            str(part.label),
            f"{part.start}–{part.end}",
            part.code in opened,
            [part_tile(part, day, ticked) for day in days(weekends)],
            [
                HourRow(f"{hour}–{hour + 1}", [hour_tile(day, hour, ticked) for day in days(weekends)])
                for hour in part.hours
            ],
        )
        for part in of
    ]


def part_tile(part: Part, day: int, ticked: Collection[Hour]) -> Tile:
    """A part of one day: ticked when all its hours are, `some` when only a few are."""
    count = sum((day, hour) in ticked for hour in part.hours)
    full = count == len(part.hours)
    words = {"day": WEEKDAYS[day], "part": str(part.label).lower()}
    said = gettext("%(day)s, %(part)s") if full or not count else gettext("%(day)s, %(part)s, some hours")
    return Tile(f"{day}{part.code}", said % words, full, some=bool(count) and not full)


def hour_tile(day: int, hour: int, ticked: Collection[Hour]) -> Tile:
    said = gettext("%(day)s, %(start)s to %(end)s") % {"day": WEEKDAYS[day], "start": hour, "end": hour + 1}
    return Tile(f"{day}-{hour}", said, (day, hour) in ticked)


def read(
    parts_now: Collection[str], parts_before: Collection[str], hours: Collection[str], *, of: list[Part]
) -> set[Hour]:
    """The hours somebody means: what changed last counts.

    A part just ticked brings all its hours, a part just unticked takes them away; where the part is as
    it was, its single hours say what holds. So the form works alike with script and without.
    """
    meant = {hour_of(value) for value in hours}
    for part in of:
        for day in range(7):
            tile, whole = f"{day}{part.code}", {(day, hour) for hour in part.hours}
            if tile in parts_now and tile not in parts_before:
                meant |= whole
            elif tile in parts_before and tile not in parts_now and whole <= meant:
                meant -= whole
    return meant


def hour_of(value: str) -> Hour:
    """ "1-14" is Tuesday from 14 to 15."""
    day, hour = value.split("-")
    return int(day), int(hour)


def runs(hours: Iterable[int]) -> list[tuple[int, int]]:
    """Hours in a row as (start, end): 13, 14, 16 become (13, 15) and (16, 17)."""
    found: list[tuple[int, int]] = []
    for hour in sorted(hours):
        if found and found[-1][1] == hour:
            found[-1] = (found[-1][0], hour + 1)
        else:
            found.append((hour, hour + 1))
    return found


def words(ticked: Iterable[Hour]) -> str:
    """Tue, Thu 13–17; Wed 14–16"""
    by_day: dict[int, list[int]] = {}
    for day, hour in sorted(ticked):
        by_day.setdefault(day, []).append(hour)
    by_span: dict[str, list[str]] = {}
    for day, hours in by_day.items():
        span = ", ".join(f"{start}–{end}" for start, end in runs(hours))
        by_span.setdefault(span, []).append(str(WEEKDAYS_ABBR[day]))
    return "; ".join(f"{', '.join(names)} {span}" for span, names in by_span.items())


def codes(ticked: Collection[Hour], *, of: list[Part], least: int) -> str:
    """Parts of the week with at least `least` hours in a row, as "1a 3a", for a group's card."""
    long_enough = [
        f"{day}{part.code}"
        for day in range(7)
        for part in of
        if any(
            end - start >= min(least, len(part.hours))
            for start, end in runs(h for d, h in ticked if d == day and h in part.hours)
        )
    ]
    return " ".join(long_enough)


def code_words(times: str) -> str:
    """ "1a 3a" → Tue, Thu in the afternoon; nothing for nothing."""
    by_part: dict[str, list[str]] = {}
    for code in times.split():
        by_part.setdefault(code[1], []).append(str(WEEKDAYS_ABBR[int(code[0])]))
    said = [str(IN_PART[part]) % {"days": ", ".join(by_part[part])} for part in IN_PART if part in by_part]
    return "; ".join(said)
