"""The first page: what Piiri is for whoever is not signed in, what comes next for whoever is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.contrib.auth.decorators import login_required
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
from piiri.groups.models import Group, Offer
from piiri.home import queries, rules
from piiri.home.queries import Agreed, Hours, MyGroup
from piiri.home.rules import Deed, Situation, Step
from piiri.home.views import course, steps, words
from piiri.home.views.course import Course
from piiri.people.models import Person
from piiri.programmes.models import Programme

ZONE = "Europe/Helsinki"
# An application that waits for nothing.
SETTLED = (Application.State.PLACED, Application.State.DRAFT, Application.State.DECLINED)
# What a person is asked to do that is a step of their group too.
ASKED_AS = {Deed.RECORD: Step.RECORD, Deed.SCHEDULE: Step.DATE}


@dataclass(frozen=True)
class Card:
    """One group on one's own page: its next meeting, or `quiet` words instead."""

    mine: MyGroup
    situation: Situation
    hours: Hours
    agreed: Agreed
    in_days: str = ""
    quiet: words.Quiet | None = None
    rests_until: date | None = None

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
            rests_until=self.rests_until,
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
    seen = Seen.of(person, now=now)
    cards, tasks = seen.cards, seen.tasks
    leads = any(card.mine.leads for card in cards)
    front = None if cards or seen.waiting or seen.offers else queries.front(now=now)
    page = {
        "greeting": greeting(person, cards[0].mine.programme.zone if cards else ZONE, now=now),
        "now": now,
        "cards": cards,
        "first": cards[0] if cards else None,
        "waiting": seen.waiting,
        "without": reasons_without([one.application for one in seen.still if is_waiting(one.application)]),
        "tasks": tasks_in_words(tasks[: rules.MOST_TASKS]),
        "more_tasks": max(0, len(tasks) - rules.MOST_TASKS),
        "next_steps": next_steps(cards, asked=tasks, now=now),
        "asked_first": bool(seen.offers or (tasks and cards and cards[0].quiet)),
        "coming_up": queries.coming_up(seen.programmes, now=now, for_mentor=leads),
        "front": front,
        "nav": "home",
    }
    return render(request, "home/home.html", page)


@door("153")
@login_required
@require_safe
def asks(request: HttpRequest) -> HttpResponse:
    """Everything that is asked of the person now."""
    seen = Seen.of(cast("Person", request.user), now=clock.now())
    page = {"tasks": tasks_in_words(seen.tasks), "nav": "home"}
    return render(request, "home/asks.html", page)


@dataclass(frozen=True)
class Seen:
    """What one's own page is made of."""

    cards: list[Card]
    programmes: list[Programme]
    # Applications that have not led to a group yet, and the words of these and of groups that are paused.
    still: list[MyState]
    waiting: list[words.Quiet]
    offers: Sequence[Offer]
    tasks: list[rules.Task]

    @classmethod
    def of(cls, person: Person, *, now: datetime) -> "Seen":
        mine, paused = queries.my_groups(person, now=now)
        programmes = list({one.group.programme_id: one.programme for one in mine}.values())
        states = enrolment_queries.my_states(person)
        hours = queries.hours_of(person, programmes=programmes) if programmes else {}
        agreed = queries.agreed_in([one.group.pk for one in mine if one.works], you=person)
        cards = cards_of(mine, hours, agreed, now=now)
        offers = offers_to(person, mine, paused, states, now=now)
        # Who is asked for a place now is not told to wait.
        placed = [
            *programmes,
            *(group.programme for group in paused),
            *(one.group.programme for one in offers),
        ]
        still = [one for one in states if is_open(one.application, placed)]
        waiting = [words.paused(group) for group in paused]
        waiting += [words.applied(one, today=now.date()) for one in still]
        tasks = tasks_of(person, cards, states, offers, now=now)
        return cls(cards, programmes, still, waiting, offers, tasks)


def offers_to(
    person: Person,
    mine: Sequence[MyGroup],
    paused: Sequence[Group],
    states: Sequence[MyState],
    *,
    now: datetime,
) -> Sequence[Offer]:
    """Places held for the person. Not asked for whoever waits for none: in running groups only."""
    settled = all(one.group.state == Group.State.RUNNING for one in mine) and bool(mine) and not paused
    placed = all(one.application.state in SETTLED for one in states)
    return [] if settled and placed else enrolment_queries.offers_open_to(person, now=now)


def greeting(person: Person, zone: str, *, now: datetime) -> str:
    """Good morning, with the first name once it is known."""
    named, nameless = rules.greeting(cast("datetime", dates.local(now, zone)).time())
    name = queries.you_first(person)
    return str(named) % {"name": name} if name else str(nameless)


def cards_of(
    mine: Sequence[MyGroup], hours: dict[int, Hours], agreed: dict[int, Agreed], *, now: datetime
) -> list[Card]:
    """The groups as cards. Breaks are looked up only where a group has no meeting ahead."""
    today = max((now.astimezone(one.programme.tz).date() for one in mine), default=now.date())
    return [
        card_of(one, hours[one.programme.pk], agreed.get(one.group.pk, Agreed()), today=today) for one in mine
    ]


def card_of(mine: MyGroup, hours: Hours, agreed: Agreed, *, today: date) -> Card:
    """One group as a card."""
    resting = None if mine.meeting else queries.resting(mine.programme, today=today)
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
    quiet = words.quiet(mine, situation, resting=resting, today=today)
    rests_until = resting.ends_on if resting and situation == Situation.RESTS else None
    return Card(mine, situation, hours, agreed, in_days, quiet, rests_until)


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
    person: Person,
    cards: Sequence[Card],
    states: Iterable[MyState],
    offers: Sequence[Offer],
    *,
    now: datetime,
) -> list[rules.Task]:
    """All that is asked of the person now, what is due first first."""
    drafts = [
        state.application
        for state in states
        if state.application.state == Application.State.DRAFT
        and not enrolment_rules.why_not_apply(state.application.programme, now=now)
    ]
    working = [card for card in cards if card.mine.works]
    polls = queries.polls_waiting(person, groups=[card.mine.group for card in working], now=now)
    more = [rules.Task(Deed.POLL, poll, poll.answer_by) for poll in polls]
    for card in working:
        more += agreements_asked(card, person)
    moments = [card.moment for card in cards]
    return rules.asked(moments, drafts=drafts, offers=offers, more=more, now=now)


def agreements_asked(card: Card, person: Person) -> list[rules.Task]:
    """A version to sign, and a suggested goal to say yes to: one task each, however many goals wait."""
    agreed, group, found = card.agreed, card.mine.group, []
    if agreed.number and agreed.since and person.pk not in agreed.signed:
        found.append(rules.Task(Deed.SIGN, group, agreed.since + rules.SOON))
    if agreed.waiting:
        found.append(rules.Task(Deed.GOAL, group, min(agreed.waiting) + rules.SOON))
    return found


def tasks_in_words(tasks: Iterable[rules.Task]) -> list[dict[str, str]]:
    """Tasks for the page; the first one is the one to begin with."""
    return [words.in_words(task) | {"state": "" if place else "now"} for place, task in enumerate(tasks)]


def next_steps(
    cards: Iterable[Card], *, asked: Sequence[rules.Task], now: datetime
) -> list[dict[str, object]]:
    """The next steps of each group that the person leads now; not what is asked of them already."""
    elsewhere = {ASKED_AS[task.deed] for task in asked if task.deed in ASKED_AS}
    found: list[dict[str, object]] = []
    for card in cards:
        if card.mine.leads_now and (todo := steps.next_three(course_of(card, now=now), without=elsewhere)):
            for step in todo if asked or found else ():
                step["state"] = ""
            found.append({"group": card.mine.group, "steps": todo})
    return found


def course_of(card: Card, *, now: datetime) -> Course:
    """A card's group as the rules of phases and steps need it."""
    mine, common = card.mine, queries.common(card.mine.programme)
    last = card.agreed.last_at
    agreed = course.Agreed(
        signed=card.agreed.is_complete(mine.chairs),
        goals=bool(card.agreed.goals),
        on=last.astimezone(mine.programme.tz).date() if last else None,
    )
    return Course(
        mine.group, mine.meetings, common.sessions, queries.pauses_of(common), now=now, agreed=agreed
    )
