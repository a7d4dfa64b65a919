"""What somebody wrote in the set-up of a programme, cleaned, on its way to a deed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from piiri.base.fields import Translations


@dataclass(frozen=True, kw_only=True)
class About:
    """What the first step asks: names, words, and whose staff is served (keys of organisations)."""

    title: Translations
    lead: Translations
    languages: Sequence[str]
    contact_name: str
    contact_address: str
    takes_private: bool
    takes_without_employer: bool
    employers: Collection[int]


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The days of a year; enrolment opens at midnight and closes at the end of its day, local time."""

    enrol_opens: date
    enrol_closes: date
    answers_by: date
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class ThemeText:
    """A theme as written in a form; `uid` empty is a new one."""

    title: Translations
    text: Translations
    hue: str
    sensitive: bool = False
    uid: str = ""


@dataclass(frozen=True, kw_only=True)
class PageText:
    """The programme page's own words as written in a form."""

    what: Translations
    for_me: Translations
    for_employer: Translations
    voice: Translations
    voice_by: Translations


@dataclass(frozen=True, kw_only=True)
class QuestionText:
    """A question answered on the page, as written in a form; `uid` empty is a new one."""

    question: Translations
    answer: Translations
    uid: str = ""


@dataclass(frozen=True, kw_only=True)
class BreakText:
    """Days without meetings as written in a form."""

    title: Translations
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class SessionText:
    """One session of a joint event as written in a form; `uid` empty is a new one."""

    starts_at: datetime
    minutes: int
    place: str = ""
    link: str = ""
    uid: str = ""
