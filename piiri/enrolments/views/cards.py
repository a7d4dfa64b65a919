"""Group cards drawn once and kept: five hundred of them cost a few milliseconds."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from piiri.base import dates
from piiri.base.ring import letters
from piiri.enrolments import rules
from piiri.groups import queries as group_queries
from piiri.groups import week
from piiri.groups.models import Group
from piiri.groups.queries import Card, Together
from piiri.programmes import windows
from piiri.programmes.models import Programme
from piiri.programmes.parameters import Rules

LANGUAGES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


class Face(NamedTuple):
    """What a card looks like.

    `mode` is what its number counts: "free", "wishes" or "none". `taken` counts places, `waiting` people;
    `begins` is the day of the joint opening, `meets` that of the next meeting of a running group.
    """

    card: Card
    title: str
    about: str
    hue: str
    mode: str
    wished: int
    taken: int
    waiting: int
    minutes: int
    address: str
    language: str
    begins: str
    meets: str
    together: Together

    @property
    def free(self) -> int:
        return max(0, self.card.places - self.taken)

    @property
    def number(self) -> int | None:
        """The number in the ring; None where there is none, or too few wishes to say it."""
        if self.mode == "free":
            return self.free
        return self.wished if self.mode == "wishes" and rules.is_told(self.wished) else None

    @property
    def seats(self) -> str:
        """The seats of the glyph: wished for, free, taken, by what the programme shows."""
        card = self.card
        if self.mode == "free":
            return letters(mentors=card.mentors, taken=card.places - self.free, free=self.free)
        waiting = min(self.number or 0, card.places)
        return letters(mentors=card.mentors, waiting=waiting, free=card.places - waiting)

    @property
    def to_start(self) -> int:
        """How many more participants a group that has not begun needs to start."""
        return 0 if self.card.has_begun else max(0, self.card.min_to_start - self.taken)


@lru_cache(maxsize=20_000)
def drawn(face: Face, template: str) -> SafeString:
    """One card as HTML; equal faces are drawn once in a process."""
    card, told, wishes = face.card, face.number, face.mode == "wishes"
    context = face._asdict() | {
        "face": face,
        "title": card.title or face.title,
        "about": card.text or face.about,
        "ring": "closed" if face.mode == "free" and not face.to_start else "open",
        "full": face.mode == "free" and not face.free,
        "few": wishes and told is None,
        "more_than_places": wishes and told is not None and told > face.together.places,
        "shared": wishes and told is not None and face.together.groups > 1,
        "when": when(card, minutes=face.minutes),
        "way": Group.Form(card.form).label,
        "is_online": card.form == Group.Form.ONLINE,
        "language": LANGUAGES.get(card.language, card.language),
    }
    return mark_safe(render_to_string(template, context))  # noqa: S308


def when(card: Card, *, minutes: int) -> str:
    """Tuesdays 14.30–16.00 where the time is fixed, else the parts of a week the mentor offers."""
    if card.weekday is not None and card.local_time is not None:
        start = card.local_time.hour * 60 + card.local_time.minute
        return windows.words(card.weekday, start, start + minutes)
    return week.code_words(card.times)


class Numbers(NamedTuple):
    """What is counted: taken places by group; people in the lists of groups and of themes; wishes by theme
    or group; what themes have in all."""

    taken: Mapping[int, int]
    waiting: tuple[Mapping[int, int], Mapping[int, int]] = ({}, {})
    wishes: Mapping[int, int] = {}
    together: Mapping[int, Together] = {}


def gallery(
    cards: Iterable[Card],
    *,
    programme: Programme,
    numbers: Numbers,
    now: datetime,
    lang: str = "",
    begins: str = "",
    template: str = "enrolments/card.html",
) -> SafeString:
    """All cards one after the other; `lang` goes along with their links, "" does not."""
    slugs = [programme.organisation.slug, programme.slug]
    page, end = reverse("enrolments:programme", args=slugs), f"?lang={lang}" if lang else ""
    shared: dict[str, Any] = {
        "programme": programme,
        "terms": programme.rules,
        "themes": words_of_themes(programme),
        "numbers": numbers,
        "now": now,
        "begins": begins,
        "language": get_language() or "en",
    }
    faces = (face_of(card, address=f"{page}groups/{card.uid}/{end}", **shared) for card in cards)
    return mark_safe("".join(drawn(face, template) for face in faces))  # noqa: S308


def words_of_themes(programme: Programme) -> dict[int, tuple[str, str, str]]:
    """Title, text and hue of each theme in the reader's language. One query."""
    found = group_queries.themes(programme)
    return {key: (str(theme.title), str(theme.text), theme.hue) for key, theme in found.items()}


def face_of(
    card: Card,
    *,
    programme: Programme,
    terms: Rules,
    themes: Mapping[int, Any],
    numbers: Numbers,
    now: datetime,
    **look: Any,
) -> Face:
    """How one card looks with these numbers."""
    title, about, hue = themes.get(card.theme or 0, ("", "", "spruce"))
    by_group, alone = terms.wish_for == "group", Together(1, card.places)
    in_line, in_line_for_theme = numbers.waiting
    meets = card.next_at if card.has_begun and card.next_at and card.next_at > now else None
    return Face(
        card=card,
        title=title,
        about=about,
        hue=hue,
        mode=mode_of(card, terms),
        wished=numbers.wishes.get(card.pk if by_group else card.theme or 0, 0),
        taken=numbers.taken.get(card.pk, 0),
        waiting=in_line.get(card.pk, 0) + in_line_for_theme.get(card.theme or 0, 0),
        minutes=terms.meeting_minutes,
        meets=dates.day(meets, programme.zone) if meets else "",
        together=alone if by_group else numbers.together.get(card.theme or 0, alone),
        **look,
    )


def mode_of(card: Card, terms: Rules) -> str:
    """What a card counts: once places are given wishes say nothing any more, so the free ones are told."""
    placed = card.state != Group.State.OFFERED
    return "free" if placed and terms.numbers == "wishes" else terms.numbers
