"""The page of a poll: a week as a heat table, the best times in words, who can at one time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piiri.base import dates
from piiri.meetings import finder
from piiri.meetings.finder import Run
from piiri.meetings.queries.polls import Sitter, Table

PRESSED = {"0": "false", "1": "mixed", "2": "true"}
AROUND = 2  # half hours shown before and after those in which somebody can


@dataclass(frozen=True)
class Cell:
    """One half hour of the table. `best`: start, mid or end of the best time; `open`: no meeting is then."""

    number: int
    day: date
    minutes: int
    count: int
    level: int
    mark: str
    # What is said of it, with # for the number of people.
    pattern: str
    best: str = ""
    open: bool = True

    @property
    def pressed(self) -> str:
        return PRESSED[self.mark]

    @property
    def label(self) -> str:
        """Tuesday 14.30, 6 of 8 can"""
        return self.pattern.replace("#", str(self.count))

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""
        return f"{self.label}, {mark_words()[int(self.mark)]}"

    @property
    def others(self) -> int:
        """How many can besides oneself."""
        return self.count - (self.mark > "0")

    @property
    def clock(self) -> str:
        return clock_face(self.minutes)


class Line(NamedTuple):
    """A row of the table: the time it begins at and its cells, day by day."""

    clock: str
    is_hour: bool
    cells: list[Cell]


class Choice(NamedTuple):
    """A time in the list of the best: in words, as a circle, and what one posts to book it."""

    day: str
    hours: str
    note: str
    seats: str
    label: str
    on: str
    at: str


def mark_words() -> tuple[str, str, str]:
    """One's own mark in words, by its digit."""
    return _("you: not marked"), _("you: if needed"), _("you: works")


def clock_face(minutes: int) -> str:
    """870 → 14.30"""
    return f"{minutes // 60}.{minutes % 60:02d}"


def weeks(table: Table) -> list[list[date]]:
    """The days on which the group may meet, week by week."""
    found: dict[tuple[int, int], list[date]] = {}
    for day in table.frame.days:
        found.setdefault(day.isocalendar()[:2], []).append(day)
    return list(found.values())


def lines(table: Table, days: list[date], *, best: Run | None, all_day: bool = False) -> list[Line]:
    """The heat table of one week: for each half hour how many could meet, and one's own mark."""
    counts, mine, everybody = finder.counts(table.frame, table.voices), table.mine, len(table.sitters)
    starts = table.frame.starts() if all_day else shown(table, counts)
    marked = {} if best is None else marks_of(table, best)
    return [
        Line(
            clock_face(start),
            start % 60 == 0,
            [
                cell(table, day, start, counts=counts, mark=mine, everybody=everybody, marked=marked)
                for day in days
            ],
        )
        for start in starts
    ]


def columns(lines: list[Line], days: list[date]) -> list[tuple[date, list[Cell]]]:
    """The same cells day by day, without those in which the group meets already."""
    return [(day, [line.cells[at] for line in lines if line.cells[at].open]) for at, day in enumerate(days)]


def shown(table: Table, counts: list[int]) -> list[int]:
    """The half hours of the day in which on some day half of the most can, and an hour around them."""
    starts = table.frame.starts()
    most = [
        max((counts[table.frame.number(day, at)] for day in table.frame.days), default=0) for at in starts
    ]
    useful = [number for number, count in enumerate(most) if count and 2 * count >= max(most)]
    return starts[max(0, useful[0] - AROUND) : useful[-1] + AROUND + 1] if useful else starts


def marks_of(table: Table, run: Run) -> dict[int, str]:
    """Where the frame round the best time begins and ends."""
    numbers = finder.halves(table.frame, day=run.day, start=run.start, minutes=run.minutes)
    inside = dict.fromkeys(numbers, "mid")
    return inside | {numbers[-1]: "end"} | {numbers[0]: "start"}


def cell(
    table: Table,
    day: date,
    start: int,
    *,
    counts: list[int],
    mark: str,
    everybody: int,
    marked: dict[int, str],
) -> Cell:
    """One half hour, with what a screen reader says of it before one's own mark."""
    number = table.frame.number(day, start)
    count = counts[number]
    words = {"day": date_format(day, "l"), "time": clock_face(start), "n": "#", "all": everybody}
    return Cell(
        number=number,
        day=day,
        minutes=start,
        count=count,
        level=-(-7 * count // everybody) if everybody else 0,
        mark=mark[number],
        pattern=_("%(day)s %(time)s, %(n)s of %(all)s can") % words,
        best=marked.get(number, ""),
        open=number not in table.frame.taken,
    )


def long_day(day: date) -> str:
    """Tuesday 9 February, in a week that is near: without the year."""
    return " ".join([date_format(day, "l"), *dates.day(day).split()[1:]])


def best(table: Table, *, minutes: int, now: datetime, most: int = 3) -> list[Run]:
    """The best times to come that do not overlap; `now` is in the programme's zone."""
    here = (now.date(), now.hour * 60 + now.minute)
    coming = (run for run in table.runs(minutes) if (run.day, run.start) > here)
    return finder.apart(coming, most=most)


def choice(table: Table, run: Run) -> Choice:
    """A time as the list shows it."""
    label = _("%(n)s of %(all)s can") % {"n": table.can(run), "all": len(table.sitters)}
    start = (datetime.combine(run.day, time()) + timedelta(minutes=run.start)).time()
    return Choice(
        day=long_day(run.day),
        hours=f"{clock_face(run.start)}–{clock_face(run.end)}",
        note=in_words(table, run),
        seats=table.seats(run),
        label=label,
        on=run.day.isoformat(),
        at=f"{start:%H:%M}",
    )


def in_words(table: Table, run: Run) -> str:
    """For whom a time is not simply fine: who cannot, who only if needed, who has not answered."""
    by_key = {sitter.key: sitter for sitter in table.sitters}

    def people(keys: tuple[int, ...]) -> list[Sitter]:
        return [by_key[key] for key in keys if key in by_key]

    told = {*run.cannot, *run.if_needed}
    silent = [each for each in table.sitters if not each.answered and each.key not in told]
    said = [*cannot(people(run.cannot)), *if_needed(people(run.if_needed)), *not_answered(silent)]
    return "; ".join(said) or _("works for everybody")


def others(people: list[Sitter]) -> list[str]:
    """First names of all but oneself."""
    return [each.call for each in people if not each.you]


def cannot(people: list[Sitter]) -> list[str]:
    """Oneself, then the others, as one sentence each."""
    names = others(people)
    said = [_("you can’t")] if len(names) < len(people) else []
    if names:
        words = {"names": listed(names)}
        said.append(ngettext("%(names)s can’t", "%(names)s can’t", len(names)) % words)
    return said


def if_needed(people: list[Sitter]) -> list[str]:
    """The same of those for whom it works only if it must."""
    names = others(people)
    said = [_("for you if needed")] if len(names) < len(people) else []
    return said + ([_("if needed: %(names)s") % {"names": listed(names)}] if names else [])


def not_answered(people: list[Sitter]) -> list[str]:
    """The same of those who have said nothing yet."""
    names = others(people)
    said = [_("you have not answered")] if len(names) < len(people) else []
    if names:
        words = {"names": listed(names)}
        said.append(ngettext("%(names)s has not answered", "%(names)s have not answered", len(names)) % words)
    return said


def listed(names: list[str]) -> str:
    """Ann; Ann and Bo; Ann, Bo and Cy."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
