"""Presets of a programme year, read from presets.toml, and the dates they mean in a given year."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from piiri.base.fields import Translations
from piiri.programmes.parameters import Rules

FILE = Path(__file__).with_suffix(".toml")
WORDS = FILE.with_name("words.toml")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HUES = ("spruce", "lake", "clay", "heather", "fjord", "moss")


@dataclass(frozen=True)
class ThemeIdea:
    """A theme a preset suggests."""

    title: Translations
    text: Translations
    hue: str
    sensitive: bool


@dataclass(frozen=True)
class BreakIdea:
    title: Translations
    first: str
    last: str


@dataclass(frozen=True)
class EventIdea:
    """A joint event; `minutes` None is as long as the programme's joint events are."""

    kind: str
    on: str
    at: time
    minutes: int | None
    sessions: int


@dataclass(frozen=True)
class PageIdea:
    """What the programme's page says at first. Nobody has been there yet, so there is no voice."""

    what: Translations
    for_me: Translations
    for_employer: Translations
    questions: tuple[tuple[Translations, Translations], ...]


@dataclass(frozen=True)
class Preset:
    """What a new programme begins with."""

    code: str
    name: Translations
    text: Translations
    slug: str
    languages: tuple[str, ...]
    takes_private: bool
    title: Translations
    lead: Translations
    page: PageIdea
    parameters: Mapping[str, Any]
    year: Mapping[str, str]
    themes: tuple[ThemeIdea, ...]
    breaks: tuple[BreakIdea, ...]
    events: tuple[EventIdea, ...]

    @property
    def rules(self) -> Rules:
        return Rules.of(self.parameters)


@dataclass(frozen=True)
class YearPlan:
    """The dates of a preset in one year. Breaks and events go with those of the preset."""

    enrol_opens: date
    enrol_closes: date
    answers_by: date
    starts: date
    ends: date
    breaks: tuple[tuple[BreakIdea, date, date], ...]
    events: tuple[tuple[EventIdea, date], ...]

    @property
    def years(self) -> str:
        return years(self.enrol_opens, self.ends)


def years(first: date, last: date) -> str:
    """2027–28 for a year that crosses the new year, else 2027."""
    return str(first.year) if first.year == last.year else f"{first.year}–{last.year % 100:02d}"


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """All presets, in the order of the file."""
    return tuple(_preset(raw) for raw in tomllib.loads(FILE.read_text())["preset"])


@lru_cache(maxsize=1)
def common() -> dict[str, Any]:
    """The words of the page that presets share."""
    return tomllib.loads(WORDS.read_text())


def preset(code: str) -> Preset:
    """The preset of this code; KeyError when there is none."""
    return {each.code: each for each in presets()}[code]


def _preset(raw: dict[str, Any]) -> Preset:
    return Preset(
        code=raw["code"],
        name=Translations(raw["name"]),
        text=Translations(raw["text"]),
        slug=raw["slug"],
        languages=tuple(raw["languages"]),
        takes_private=raw.get("takes_private", False),
        title=Translations(raw["title"]),
        lead=Translations(raw["lead"]),
        page=_page(common() | raw),
        parameters=raw.get("parameters", {}),
        year=raw["year"],
        themes=tuple(_themes(raw.get("theme", []))),
        breaks=tuple(
            BreakIdea(Translations(each["title"]), each["from"], each.get("to", each["from"]))
            for each in raw.get("break", [])
        ),
        events=tuple(_event(each) for each in raw.get("event", [])),
    )


def _page(raw: dict[str, Any]) -> PageIdea:
    return PageIdea(
        what=Translations(raw["what"]),
        for_me=Translations(raw["for_me"]),
        for_employer=Translations(raw["for_employer"]),
        questions=tuple(
            (Translations(each["question"]), Translations(each["answer"])) for each in raw["question"]
        ),
    )


def _themes(raw: Iterable[dict[str, Any]]) -> Iterable[ThemeIdea]:
    for number, each in enumerate(raw):
        yield ThemeIdea(
            title=Translations(each["title"]),
            text=Translations(each.get("text", {})),
            hue=HUES[number % len(HUES)],
            sensitive=each.get("sensitive", False),
        )


def _event(raw: dict[str, Any]) -> EventIdea:
    return EventIdea(
        kind=raw["kind"],
        on=raw["on"],
        at=time.fromisoformat(raw["at"]),
        minutes=raw.get("minutes"),
        sessions=raw.get("sessions", 1),
    )


def year_plan(idea: Preset, year: int) -> YearPlan:
    """The dates of a preset whose enrolment opens in `year`."""
    turn = int(idea.year["enrol_opens"][:2])

    def on(text: str) -> date:
        return day_of(text, year=year, turn=turn)

    return YearPlan(
        enrol_opens=on(idea.year["enrol_opens"]),
        enrol_closes=on(idea.year["enrol_closes"]),
        answers_by=on(idea.year["answers_by"]),
        starts=on(idea.year["starts"]),
        ends=last_day_of(idea.year["ends"], year=year, turn=turn, after=on(idea.year["starts"])),
        breaks=tuple((each, on(each.first), _end_of(each, year=year, turn=turn)) for each in idea.breaks),
        events=tuple((each, _event_day(idea, each, year=year, turn=turn)) for each in idea.events),
    )


def _event_day(idea: Preset, event: EventIdea, *, year: int, turn: int) -> date:
    starts = day_of(idea.year["starts"], year=year, turn=turn)
    day = day_of(event.on, year=year, turn=turn)
    return day if day >= starts else day_of(event.on, year=year + 1, turn=1)


def _end_of(each: BreakIdea, *, year: int, turn: int) -> date:
    first = day_of(each.first, year=year, turn=turn)
    if each.last.startswith("week"):
        return first + timedelta(days=6)
    return last_day_of(each.last, year=year, turn=turn, after=first)


def last_day_of(text: str, *, year: int, turn: int, after: date) -> date:
    """The day meant by `text`, in the next year where it would lie before `after`."""
    day = day_of(text, year=year, turn=turn)
    return day if day >= after else day_of(text, year=year + 1, turn=1)


def day_of(text: str, *, year: int, turn: int) -> date:
    """The day of "09-18", "09-18 fri" or "week 42"; months before `turn` lie in the next year."""
    if text.startswith("week "):
        week = int(text.removeprefix("week "))
        day = date.fromisocalendar(year, week, 1)
        return date.fromisocalendar(year + 1, week, 1) if day.month < turn else day
    numbers, _space, weekday = text.partition(" ")
    month, number = (int(part) for part in numbers.split("-"))
    day = date(year + (month < turn), month, number)
    return nearest(day, WEEKDAYS.index(weekday)) if weekday else day


def nearest(day: date, weekday: int) -> date:
    """The day of this weekday that is at most three days away; Monday is 0."""
    return day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)


def a_year_later(day: date) -> date:
    """The same weekday nearest to the same date a year later."""
    return nearest(_same_date_next_year(day), day.weekday())


def _same_date_next_year(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def break_a_year_later(first: date, last: date) -> tuple[date, date]:
    """Whole weeks of holiday move to the same week of the year, other breaks keep their dates."""
    if first.weekday() == 0 and last.weekday() == 6:
        week = min(first.isocalendar().week, 52)
        monday = date.fromisocalendar(first.isocalendar().year + 1, week, 1)
        return monday, monday + (last - first)
    return _same_date_next_year(first), _same_date_next_year(last)
