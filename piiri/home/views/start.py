"""The first page: what Piiri is for whoever is not signed in, what comes next for whoever is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from piiri.base import clock, dates
from piiri.base.doors import door
from piiri.enrolments import queries as enrolment_queries
from piiri.enrolments import rules as enrolment_rules
from piiri.enrolments.models import Application
from piiri.enrolments.queries import MyState
from piiri.formation.queries.explaining import reasons_without
from piiri.groups.models import Offer
from piiri.home import queries, rules
from piiri.home.queries import Hours, MyGroup
from piiri.home.rules import Situation
from piiri.home.views import words
from piiri.people.models import Person
from piiri.programmes.models import Break, Programme

ZONE = "Europe/Helsinki"


@dataclass(frozen=True)
class Card:
    """One group on one's own page: its next meeting, or `quiet` words instead."""

    mine: MyGroup
    situation: Situation
    hours: Hours
    in_days: str = ""
    quiet: words.Quiet | None = None

    @property
    def moment(self) -> rules.Moment:
        """What the rules need to know of it."""
        me = self.mine.me
        return rules.Moment(
            self.mine.group,
            self.situation,
            self.mine.runs_meetings,
            self.mine.meeting,
            answered=me is None or me.coming is not None,
            unrecorded=self.mine.unrecorded,
        )


@door("94")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The front page."""
    if not request.user.is_authenticated:
        return render(request, "home/front.html", {"front": queries.front(now=clock.now())})
    return home(request, request.user, now=clock.now())


def home(request: HttpRequest, person: Person, *, now: datetime) -> HttpResponse:
    """One's own page."""
    mine = queries.my_groups(person, now=now)
    programmes = list({one.group.programme_id: one.programme for one in mine}.values())
    states = enrolment_queries.my_states(person)
    hours = queries.hours_of(person, programmes=programmes) if programmes else {}
    cards = cards_of(mine, hours, now=now)
    paused = queries.paused_groups(person)
    offers = enrolment_queries.offers_open_to(person, now=now)
    # Who is asked for a place now is not told to wait.
    placed = [*programmes, *(group.programme for group in paused), *(one.group.programme for one in offers)]
    waiting = [words.paused(group) for group in paused]
    still = [one for one in states if is_open(one.application, placed)]
    waiting += [words.applied(one, today=now.date()) for one in still]
    leads = any(one.leads for one in mine)
    tasks = tasks_of(cards, states, offers, now=now)
    page = {
        "greeting": greeting(person, mine[0].programme.zone if mine else ZONE, now=now),
        "now": now,
        "cards": cards,
        "first": cards[0] if cards else None,
        "waiting": waiting,
        "without": reasons_without([one.application for one in still if is_waiting(one.application)]),
        "tasks": tasks,
        "asked_first": bool(offers or (tasks and cards and cards[0].quiet)),
        "coming_up": queries.coming_up(programmes, now=now, for_mentor=leads) if programmes else [],
        "front": None if cards or waiting or offers else queries.front(now=now),
        "nav": "home",
    }
    return render(request, "home/home.html", page)


def greeting(person: Person, zone: str, *, now: datetime) -> str:
    """Good morning, with the first name once it is known."""
    named, nameless = rules.greeting(cast("datetime", dates.local(now, zone)).time())
    name = queries.you_first(person)
    return str(named) % {"name": name} if name else str(nameless)


def cards_of(mine: Sequence[MyGroup], hours: dict[int, Hours], *, now: datetime) -> list[Card]:
    """The groups as cards. Breaks are looked up only where a group has no meeting ahead."""
    idle = [one.programme for one in mine if not one.meeting]
    today = max((now.astimezone(one.programme.tz).date() for one in mine), default=now.date())
    breaks = queries.resting(idle, today=today) if idle else {}
    return [
        card_of(one, hours[one.programme.pk], resting=breaks.get(one.programme.pk), today=today)
        for one in mine
    ]


def card_of(mine: MyGroup, hours: Hours, *, resting: Break | None, today: date) -> Card:
    """One group as a card."""
    situation = rules.situation(
        mine.group,
        mine.programme,
        taken=mine.taken,
        meets=mine.meeting is not None,
        today=today,
        resting=resting,
    )
    meets = mine.meeting if situation == Situation.MEETS else None
    in_days = days_away((meets.local_date - today).days) if meets else ""
    return Card(mine, situation, hours, in_days, words.quiet(mine, situation, resting=resting))


def days_away(days: int) -> str:
    """How far away a day is; nothing for one that has begun before midnight."""
    near = {0: _("Today"), 1: _("Tomorrow")}
    if days < 0:
        return ""
    return near.get(days) or ngettext("In %(n)s day", "In %(n)s days", days) % {"n": days}


def is_open(application: Application, programmes: Iterable[Programme]) -> bool:
    """Whether the page still speaks of the application: it has not led to a group, and its year goes on."""
    placed = application.programme_id in {programme.pk for programme in programmes}
    return not placed and application.programme.state == Programme.State.PUBLISHED


def is_waiting(application: Application) -> bool:
    """Whether the groups were formed and this one has none."""
    return application.state == Application.State.WAITING


def tasks_of(
    cards: Sequence[Card], states: Iterable[MyState], offers: Sequence[Offer], *, now: datetime
) -> list[dict[str, str]]:
    """What is asked of the person now; the first one is the one to begin with."""
    drafts = [
        state.application
        for state in states
        if state.application.state == Application.State.DRAFT
        and not enrolment_rules.why_not_apply(state.application.programme, now=now)
    ]
    tasks = rules.asked([card.moment for card in cards], drafts=drafts, offers=offers, now=now)
    return [words.in_words(task) | {"state": "" if place else "now"} for place, task in enumerate(tasks)]
