"""The programme page: public, fast, in every state of the year."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from piiri.base import clock, dates
from piiri.base.doors import door, found
from piiri.base.ring import HUES
from piiri.enrolments import access, queries, rules
from piiri.enrolments.views import cards
from piiri.groups import access as group_access
from piiri.groups import queries as group_queries
from piiri.groups.queries import Together
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Event, Programme

FIRST = 12
# When enrolment opens, thousands look at one page: what they see alike is made once in so many seconds.
PAGE_LASTS = 2
COUNTS_LAST = 20
LANGUAGES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}


def programme_at(person: Person | AnonymousUser, organisation_slug: str, programme_slug: str) -> Programme:
    """The programme at this address, or the page for things that never were."""
    visible = programme_access.visible_programmes(person).select_related("organisation")
    programme: Programme = found(
        visible.filter(organisation__slug=organisation_slug, slug=programme_slug).first()
    )
    return programme


@door("1")
@require_GET
def programme(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """What the programme is, which groups there are, and the one button that matters now."""
    person, now = request.user, clock.now()
    row = programme_at(person, organisation_slug, programme_slug)
    stage = rules.stage(row, now=now)
    mine = access.own_open_application_of(person, row)
    look = Look(
        programme=row,
        language=request.GET.get("language", ""),
        online=request.GET.get("online") == "1",
        all=request.GET.get("all") == "1",
        sensitive=person.is_authenticated,
        is_open=stage == rules.Stage.OPEN,
        spoken=get_language() or "en",
    )
    page = {
        "programme": row,
        "organisation": row.organisation,
        "stage": stage,
        "is_over": stage == rules.Stage.OVER,
        "mine": mine,
        "state": queries.state_of(mine) if mine else None,
        "enrol": look.enrol,
        "can_offer": group_access.can_offer_group(person, row),
    }
    return render(request, "enrolments/programme.html", page | seen(look, now=now))


class Look(NamedTuple):
    """What decides how the public part of the page looks; equal looks see the same."""

    programme: Programme
    language: str
    online: bool
    all: bool
    sensitive: bool
    is_open: bool
    spoken: str

    @property
    def enrol(self) -> str:
        return reverse("enrolments:enrol", args=[self.programme.organisation.slug, self.programme.slug])


def seen(look: Look, *, now: datetime) -> dict[str, Any]:
    """The public part of the page, at most two seconds old."""
    return _seen(look, int(now.timestamp()) // PAGE_LASTS)


@lru_cache(maxsize=128)
def _seen(look: Look, moment: int) -> dict[str, Any]:
    """`moment` makes it go stale."""
    programme = look.programme
    show = Show(look)
    year = [entry for entry in programme_queries.calendar(programme) if is_public(entry)]
    openings = [entry.first for entry in year if entry.event_kind == Event.Kind.OPENING]
    return {
        "is_open": look.is_open,
        "facts": programme_queries.facts(programme),
        "events": year,
        "art": art(programme.rules.places),
        "show": show,
        "filters": show.filters,
        "cards": show.cards(moment * PAGE_LASTS, begins=dates.day(openings[0]) if openings else ""),
    }


def is_public(entry: programme_queries.CalendarEntry) -> bool:
    """Whether a line of the year is for everybody: no breaks, no holidays, not what mentors do alone."""
    return entry.kind in {"enrolment", "event", "answers"} and entry.event_kind != Event.Kind.MENTORS


def art(places: int) -> list[str]:
    """A hue for each seat of the picture: the mentor's first, one free place, at most nine in all."""
    seats = 1 + min(places, 8)
    hues = [HUES[number % len(HUES)] for number in range(seats)]
    return [*hues[:2], "", *hues[3:]] if seats > 2 else [hues[0], ""]


class Show:
    """Which groups a look shows: filters and "all" come with the address."""

    def __init__(self, look: Look) -> None:
        self.programme, self.all, self.look = look.programme, look.all, look
        self.counts = group_queries.counts_on_show(look.programme, sensitive=look.sensitive)
        self.language = look.language if look.language in self.counts.languages else ""
        self.online = look.online and not self.language

    @property
    def fitting(self) -> int:
        """How many groups fit the one filter that is on."""
        if self.language:
            return self.counts.languages[self.language]
        return self.counts.online if self.online else self.counts.all

    @property
    def more(self) -> int:
        """The number for "Show all N groups"; 0 when all are shown."""
        return self.fitting if self.fitting > FIRST and not self.all else 0

    @property
    def more_address(self) -> str:
        """The same filter, and all that fits it."""
        filtered = f"language={self.language}&" if self.language else "online=1&" if self.online else ""
        return f"?{filtered}all=1#groups"

    @property
    def filters(self) -> list[tuple[str, str, bool, str]]:
        """Chips as (address, words, on, icon); none where they would change nothing."""
        languages = [(code, LANGUAGES[code]) for code in LANGUAGES if code in self.counts.languages]
        chips = [(f"?language={code}#groups", words, self.language == code, "") for code, words in languages]
        chips = chips if len(languages) > 1 else []
        if 0 < self.counts.online < self.counts.all:
            chips.append(("?online=1#groups", gettext("Online"), self.online, "video"))
        return chips

    def cards(self, second: int, *, begins: str) -> SafeString:
        """The cards of this look; `begins` is the day of the joint opening, or ""."""
        row, terms = self.programme, self.programme.rules
        wished = _counted(row, second // COUNTS_LAST) if terms.numbers_shown == "wishes" else Wished({}, {})
        taken = group_queries.taken_counts(row) if terms.numbers_shown == "free" else {}
        shown = group_queries.cards(
            row,
            sensitive=self.look.sensitive,
            language=self.language,
            online=self.online,
            first=None if self.all else FIRST,
        )
        return cards.gallery(
            shown,
            themes=group_queries.themes(row),
            terms=terms,
            numbers=cards.Numbers(wished.numbers, taken, wished.together),
            enrol=self.look.enrol if self.look.is_open else "",
            begins=begins,
        )


class Wished(NamedTuple):
    """Wishes by theme or by group, and what themes have together."""

    numbers: dict[int, int]
    together: dict[int, Together]


@lru_cache(maxsize=64)
def _counted(programme: Programme, moment: int) -> Wished:
    """Counted anew when `moment` changes."""
    return Wished(queries.wish_counts(programme), group_queries.theme_totals(programme))
