"""The programme page: public, fast, in every state of the year."""

from datetime import datetime
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.enrolments import access, queries, rules
from piiri.enrolments.views import cards
from piiri.groups import access as group_access
from piiri.groups import queries as group_queries
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Programme

FIRST = 12
FRESH = 20  # seconds
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
    person = request.user
    row = programme_at(person, organisation_slug, programme_slug)
    now = clock.now()
    stage = rules.stage(row, now=now)
    show = Show(request, row)
    mine = access.own_open_application_of(person, row)
    enrol = reverse("enrolments:enrol", args=[organisation_slug, programme_slug])
    page = {
        "programme": row,
        "organisation": row.organisation,
        "stage": stage,
        "is_open": stage == rules.Stage.OPEN,
        "is_over": stage == rules.Stage.OVER,
        "facts": programme_queries.facts(row),
        "events": [entry for entry in programme_queries.calendar(row) if entry.kind in ("event", "answers")],
        "show": show,
        "cards": show.cards(enrol=enrol if stage == rules.Stage.OPEN else "", now=now),
        "mine": mine,
        "state": queries.state_of(mine) if mine else None,
        "enrol": enrol,
        "can_offer": group_access.can_offer_group(person, row),
    }
    return render(request, "enrolments/programme.html", page)


class Show:
    """Which groups a visit shows: filters and "all" come with the address."""

    def __init__(self, request: HttpRequest, programme: Programme) -> None:
        self.programme = programme
        self.signed_in = request.user.is_authenticated
        self.counts = group_queries.counts_on_show(programme, sensitive=self.signed_in)
        asked = request.GET.get("language", "")
        self.language = asked if asked in self.counts.languages else ""
        self.online = request.GET.get("online") == "1"
        self.all = request.GET.get("all") == "1"

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
        filtered = f"language={self.language}&" if self.language else "online=1&" if self.online else ""
        return f"?{filtered}all=1#groups"

    @property
    def filters(self) -> list[tuple[str, str, bool, str]]:
        """Chips as (address, words, on, icon); none where they would change nothing."""
        languages = [(code, LANGUAGES[code]) for code in LANGUAGES if code in self.counts.languages]
        chips = [(f"?language={code}#groups", words, self.language == code, "") for code, words in languages]
        chips = chips if len(languages) > 1 else []
        if 0 < self.counts.online < self.counts.all:
            chips.append(("?online=1#groups", "Online", self.online and not self.language, "video"))
        return chips

    def cards(self, *, enrol: str, now: datetime) -> SafeString:
        """The cards of this visit."""
        row, terms = self.programme, self.programme.rules
        shown = group_queries.cards(
            row,
            sensitive=self.signed_in,
            language=self.language,
            online=self.online and not self.language,
            first=None if self.all else FIRST,
        )
        return cards.gallery(
            shown,
            themes=group_queries.themes(row),
            terms=terms,
            numbers=wish_counts(row, now=now) if terms.numbers_shown == "wishes" else {},
            taken=group_queries.taken_counts(row) if terms.numbers_shown == "free" else {},
            enrol=enrol,
        )


def wish_counts(programme: Programme, *, now: datetime) -> dict[int, int]:
    """Wishes, counted at most every 20 seconds in a process: thousands look at the same page."""
    return _counted(programme, int(now.timestamp()) // FRESH)


@lru_cache(maxsize=64)
def _counted(programme: Programme, moment: int) -> dict[int, int]:
    """`moment` makes the count go stale."""
    return queries.wish_counts(programme)
