"""What the programme page and its little sister say: nothing in it depends on who looks."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language

from piiri.base import dates
from piiri.base.ring import HUES
from piiri.base.templatetags.ui import LANGUAGE_NAMES
from piiri.enrolments import linked_data, queries, rules
from piiri.enrolments.rules import Stage
from piiri.enrolments.views import cards
from piiri.enrolments.views.look import A_PAGE, Look, Show
from piiri.groups import queries as group_queries
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Event, Programme
from piiri.programmes.queries import CalendarEntry

DESCRIPTION = 155  # letters that search engines show


class Page:
    """A programme as everybody sees it at one moment. Http404 for a part of the list that is not there."""

    def __init__(self, programme: Programme, look: Look, *, now: datetime) -> None:
        self.programme, self.now = programme, now
        self.terms, self.language = programme.rules, get_language() or "en"
        self.stage = rules.stage(programme, now=now)
        self.counts = group_queries.counts_on_show(programme, sensitive=False)
        there = not look.language or look.language in self.counts.languages
        self.look = look if there else look._replace(language="")
        self.show = Show(self.look, self.counts)
        if look.page > self.show.pages:
            raise Http404

    # --- addresses ----------------------------------------------------------------------------

    def address(self, name: str = "programme", *, lang: str = "") -> str:
        """One of the programme's pages; a language named in the address goes along."""
        slugs = [self.programme.organisation.slug, self.programme.slug]
        lang = lang or self.look.lang
        return reverse(f"enrolments:{name}", args=slugs) + (f"?lang={lang}" if lang else "")

    def canonical(self, look: Look) -> str:
        """The whole address by which search engines know a look: without filters."""
        plain = look._replace(language="", online=False).query
        slugs = [self.programme.organisation.slug, self.programme.slug]
        path = reverse("enrolments:programme", args=slugs)
        return settings.ORIGIN + path + (f"?{plain}" if plain else "")

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """The same page in each language, and the one that speaks the reader's."""
        found = [
            (code, self.canonical(self.look._replace(lang=code))) for code, _short, _said in LANGUAGE_NAMES
        ]
        return [*found, ("x-default", self.canonical(self.look._replace(lang="")))]

    @property
    def languages(self) -> list[tuple[str, str, str, str, bool]]:
        """The switch: links that show the page in another language and change nothing."""
        return [
            (f"?{self.look._replace(lang=code).query}", code, short, said, code == self.language)
            for code, short, said in LANGUAGE_NAMES
        ]

    # --- the groups ---------------------------------------------------------------------------

    @cached_property
    def year(self) -> list[CalendarEntry]:
        """The lines of the year that are for everybody."""
        return [entry for entry in programme_queries.calendar(self.programme) if is_public(entry)]

    @cached_property
    def has_free(self) -> int:
        """Free places in all groups, whether or not the cards count them."""
        return group_queries.free_count(self.programme)

    @property
    def free(self) -> int:
        """Free places in all groups; 0 where the cards do not count them. The same queries either way."""
        free = self.has_free
        return free if self.terms.numbers == "free" else 0

    def gallery(self, *, template: str) -> SafeString:
        """The cards of this look."""
        shown = group_queries.cards(
            self.programme,
            sensitive=False,
            language=self.look.language,
            online=self.look.online,
            skip=self.look.skip,
            most=A_PAGE,
        )
        return cards.gallery(
            shown,
            programme=self.programme,
            numbers=numbers_of(self.programme, [card.pk for card in shown]),
            now=self.now,
            lang=self.look.lang,
            begins=begins_on(self.year, today=self.now.astimezone(self.programme.tz).date()),
            template=template,
        )

    # --- the pages ----------------------------------------------------------------------------

    def groups(self, *, template: str) -> dict[str, Any]:
        """What both pages say of the groups."""
        return {
            "programme": self.programme,
            "organisation": self.programme.organisation,
            "stage": self.stage,
            "is_open": self.stage == Stage.OPEN,
            "is_over": self.stage == Stage.OVER,
            "here": self.address(),
            "enrol": self.address("enrol"),
            "show": self.show,
            "cards": self.gallery(template=template),
            "free": self.free,
            "counts_wishes": self.terms.numbers == "wishes" and self.stage == Stage.OPEN,
        }

    def little(self) -> dict[str, Any]:
        return self.groups(template="enrolments/embed_line.html")

    def whole(self) -> dict[str, Any]:
        programme, facts = self.programme, programme_queries.facts(self.programme)
        questions = list(programme_queries.questions(programme))
        return self.groups(template="enrolments/card.html") | {
            "mine": self.address("mine", lang=self.language),
            "languages": self.languages,
            "facts": facts,
            "events": self.year,
            "art": art(self.terms.places),
            "way": queries.way_in_words(programme) if self.stage in (Stage.BEFORE, Stage.OPEN) else [],
            "running": group_queries.running_count(programme),
            "hidden": group_queries.counts_on_show(programme, sensitive=True).all,
            "questions": questions,
            "canonical": self.canonical(self.look),
            "alternates": self.alternates,
            "description": self.description,
            "linked_data": self.linked_data(questions),
        }

    @property
    def description(self) -> str:
        words = str(self.programme.lead) or str(self.programme.what) or str(self.programme.title)
        return Truncator(" ".join(words.split())).chars(DESCRIPTION)

    def linked_data(self, questions: list[Any]) -> SafeString:
        """For search engines."""
        programme = self.programme
        full = self.terms.enrol_way == "place" and self.stage == Stage.OPEN and not self.has_free
        told = linked_data.Told(
            name=str(programme.title),
            description=self.description,
            address=self.canonical(self.look._replace(page=1)),
            organiser=str(programme.organisation.name),
            languages=programme.languages,
            starts_on=programme.starts_on,
            ends_on=programme.ends_on,
            enrol_opens_at=programme.enrol_opens_at,
            enrol_closes_at=programme.enrol_closes_at,
            hours=self.terms.cap_hours,
            stands="full" if full else self.stage.value,
        )
        happenings = [
            linked_data.Happening(entry.title, entry.starts_at, entry.ends_at, entry.place)
            for entry in self.year
            if entry.kind == "event" and entry.starts_at and entry.ends_at
        ]
        asked = [(str(each.question), str(each.answer)) for each in questions]
        # Every character that could end the element is escaped there.
        return mark_safe(linked_data.script(told, happenings=happenings, asked=asked))  # noqa: S308


def numbers_of(programme: Programme, shown: list[int]) -> cards.Numbers:
    """What the cards of these groups (their keys) count: two queries, four where wishes are told."""
    wishes = programme.rules.numbers == "wishes"
    return cards.Numbers(
        taken=group_queries.taken_counts(only=shown),
        waiting=queries.list_lengths(programme),
        wishes=queries.wish_counts(programme) if wishes else {},
        together=group_queries.theme_totals(programme) if wishes else {},
    )


def begins_on(year: list[CalendarEntry], *, today: date) -> str:
    """The day of the joint opening in words, as long as it is to come."""
    openings = [entry.first for entry in year if entry.event_kind == Event.Kind.OPENING]
    return dates.day(openings[0]) if openings and openings[0] >= today else ""


def is_public(entry: CalendarEntry) -> bool:
    """Whether a line of the year is for everybody: no breaks, no holidays, not what mentors do alone."""
    return entry.kind in {"enrolment", "event", "answers"} and entry.event_kind != Event.Kind.MENTORS


def art(places: int) -> list[str]:
    """A hue for each seat of the picture: the mentor's first, one free place, at most nine in all."""
    seats = 1 + min(places, 8)
    hues = [HUES[number % len(HUES)] for number in range(seats)]
    return [*hues[:2], "", *hues[3:]] if seats > 2 else [hues[0], ""]
