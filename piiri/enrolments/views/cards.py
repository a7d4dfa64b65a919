"""Group cards drawn once and kept: five hundred of them cost a few milliseconds."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from piiri.base.ring import letters
from piiri.enrolments import rules
from piiri.groups import week
from piiri.groups.models import Group
from piiri.groups.queries import Card, Together
from piiri.programmes import windows
from piiri.programmes.models import Theme
from piiri.programmes.parameters import Rules

LANGUAGES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


class Face(NamedTuple):
    """What a card looks like; `number` is None where none is shown at all, `enrol` and `begins` may be ""."""

    card: Card
    title: str
    about: str
    hue: str
    mode: str
    number: int | None
    minutes: int
    enrol: str
    language: str
    wish: str
    begins: str
    together: Together


@lru_cache(maxsize=20_000)
def drawn(face: Face) -> SafeString:
    """One card as HTML; equal faces are drawn once in a process."""
    card, mode, wished = face.card, face.mode, face.number or 0
    has_number = face.number is not None and (mode == "free" or rules.is_told(wished))
    number = face.number if has_number else None
    context = face._asdict() | {
        "title": card.title or face.title,
        "about": card.text or face.about,
        "number": number,
        "few": mode == "wishes" and not has_number,
        "more_than_places": mode == "wishes" and has_number and wished > face.together.places,
        "shared": mode == "wishes" and has_number and face.together.groups > 1,
        "seats": seats(card, mode=mode, number=number),
        "when": when(card, minutes=face.minutes),
        "way": Group.Form(card.form).label,
        "is_online": card.form == Group.Form.ONLINE,
        "language": LANGUAGES.get(card.language, card.language),
    }
    return mark_safe(render_to_string("enrolments/card.html", context))  # noqa: S308


def seats(card: Card, *, mode: str, number: int | None) -> str:
    """The seats of the glyph: wished for, free, taken, by what the programme shows."""
    if number is None:
        return letters(mentors=card.mentors, free=card.places)
    shown = min(number, card.places)
    if mode == "free":
        return letters(mentors=card.mentors, taken=card.places - shown, free=shown)
    return letters(mentors=card.mentors, waiting=shown, free=card.places - shown)


def when(card: Card, *, minutes: int) -> str:
    """Tuesdays 14.30–16.00 where the time is fixed, else the parts of a week the mentor offers."""
    if card.weekday is not None and card.local_time is not None:
        start = card.local_time.hour * 60 + card.local_time.minute
        return windows.words(card.weekday, start, start + minutes)
    return week.code_words(card.times)


class Numbers(NamedTuple):
    """What is counted: wishes by theme or group, taken places by group, what themes have in all."""

    wishes: Mapping[int, int]
    taken: Mapping[int, int]
    together: Mapping[int, Together]


def gallery(
    cards: Iterable[Card],
    *,
    themes: Mapping[int, Theme],
    terms: Rules,
    numbers: Numbers,
    enrol: str,
    begins: str,
) -> SafeString:
    """All cards one after the other.

    `enrol` is the address of the form, or "" while it is not open; `begins` the day of the joint opening.
    """
    language = get_language() or "en"
    words = {key: (str(theme.title), str(theme.text), theme.hue, theme.uid) for key, theme in themes.items()}
    by_group = terms.wish_for == "group"
    html = []
    for card in cards:
        title, about, hue, theme = words.get(card.theme or 0, ("", "", "spruce", ""))
        alone = Together(1, card.places)
        face = Face(
            card=card,
            title=title,
            about=about,
            hue=hue,
            mode=terms.numbers_shown,
            number=number_on(card, terms=terms, numbers=numbers),
            minutes=terms.meeting_minutes,
            enrol=enrol,
            language=language,
            wish=card.uid if by_group else theme,
            begins=begins,
            together=alone if by_group else numbers.together.get(card.theme or 0, alone),
        )
        html.append(drawn(face))
    return mark_safe("".join(html))  # noqa: S308


def number_on(card: Card, *, terms: Rules, numbers: Numbers) -> int | None:
    """Free places, or wishes for the group or its theme; None where the programme shows no numbers."""
    if terms.numbers_shown == "free":
        return card.places - numbers.taken.get(card.pk, 0)
    if terms.numbers_shown == "wishes":
        return numbers.wishes.get(card.pk if terms.wish_for == "group" else card.theme or 0, 0)
    return None
