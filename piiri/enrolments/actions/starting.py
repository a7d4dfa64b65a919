"""The office decides which groups start: start, another day, no start; and later the end."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import queries, rules
from piiri.enrolments.actions.deciding import place_application
from piiri.enrolments.actions.waiting import held, wait
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.queries import Parcel
from piiri.groups import actions as group_actions
from piiri.groups import rules as group_rules
from piiri.groups.models import Group, Offer
from piiri.mail import actions as mail
from piiri.people.models import Person
from piiri.programmes.models import Programme

State = Application.State


def post_all(parcels: Iterable[Parcel], *, now: datetime) -> int:
    """Post these mails as they were shown, those with equal words in one statement; how many there were."""
    posted = 0
    for (kind, words), same in groupby(parcels, key=lambda one: (one.kind, one.words)):
        letters = [mail.Letter(one.to, one.about or one.group, one.link) for one in same]
        posted += mail.post_many(kind, letters=letters, now=now, **words)
    return posted


def hold_people(group: Group) -> None:
    """Hold the applications of all in the group or asked into it, as every deed about offers does first.

    By one statement, in the order of their keys: of two groups one's members may be asked into the other.
    """
    sitting = group.memberships.filter(ended_at=None).values("person")
    asked = Offer.objects.open().filter(group=group).values("person")
    rows = Application.objects.select_for_update(of=("self",)).filter(programme=group.programme_id)
    here = Q(person__in=sitting) | Q(person__in=asked)
    list(rows.filter(here).order_by("pk").values_list("pk"))


# --- starting ---------------------------------------------------------------------------------


@transaction.atomic
def start_groups(programme: Programme, *, groups: Sequence[Group], by: Person, now: datetime) -> list[Group]:
    """Let the year of these groups begin, and tell participants and mentors when to come.

    Of several those are left out that cannot start any more; returns those that started. Cannot be undone.

    Raises Refused when none can: NOT_YET, TOO_FEW, NO_MENTOR, NOT_NOW.
    """
    started, refusal = list[queries.Start](), None
    for group in sorted(groups, key=lambda one: one.pk):
        group.programme = programme
        try:
            with transaction.atomic():
                started.append(start(group, by=by, now=now))
        except Refused as refused:
            refusal = refused
    if refusal and not started:
        raise refusal
    post_all(queries.start_letters(programme, found=started, now=now), now=now)
    audit.record("groups_started", by=by, about=programme, now=now, place=programme.uid, groups=len(started))
    return [one.group for one in started]


def start(group: Group, *, by: Person, now: datetime) -> queries.Start:
    """Start one group as it stands at this moment."""
    if early := rules.why_not_decide(group, programme=group.programme, now=now):
        raise Refused(early)
    found = queries.start_of(group)
    if reason := group_rules.why_not_start(group, taken=found.taken, mentors=found.mentors):
        raise Refused(reason)
    group_actions.start_group(group, by=by, now=now)
    return found


@transaction.atomic
def postpone_group(group: Group, *, on: date, by: Person, now: datetime) -> int:
    """Decide on another day. A later one is told to participants and mentors; how many mails that were.

    Raises Refused: NO_DAY, NOT_NOW.
    """
    programme = group.programme
    if reason := rules.why_not_set_day(on, programme=programme, now=now):
        raise Refused(reason)
    before = group.decide_on or programme.answers_by
    group_actions.decide_later(group, on=on, by=by, now=now)
    if on <= before:
        return 0
    return post_all(queries.postpone_letters(queries.start_of(group), on=on, programme=programme), now=now)


# --- ending -----------------------------------------------------------------------------------


@transaction.atomic
def call_off(group: Group, *, why: str, seen: str, by: Person, now: datetime) -> int:
    """Call the group off as it was seen, tell everybody why, and let its people wait; how many mails.

    `why` may stay empty where too few came. Offers into the group are taken back, its list ends.

    Raises Refused: WHY, NOT_NOW (it is not any more what was seen).
    """
    programme = group.programme
    hold_people(group)
    found = queries.start_of(group)
    if not why and rules.must_say_why(found.situation):
        raise Refused(rules.StartRefusal.WHY)
    left = group_actions.cancel_group(group, by=by, now=now, seen=seen)
    # To those who were in it at the very end, also whoever came while this was decided.
    parcels = queries.end_letters(found, why=why, programme=programme, left=left)
    turns = Waiting.objects.standing().filter(group=group)
    turns.update(end=Waiting.End.OVER, ended_at=now)
    send_back(group, people=left.members, by=by, now=now)
    return post_all(parcels, now=now)


def send_back(group: Group, *, people: Sequence[Person], by: Person | None, now: datetime) -> None:
    """Let those whose group ended wait again: for what they wished for, else for the group's theme."""
    programme = group.programme
    placed = Application.objects.filter(programme=programme, person__in=people, state=State.PLACED)
    for application in placed.select_related("person").order_by("pk"):
        application.programme = programme
        Application.objects.filter(pk=application.pk).update(state=State.WAITING, decided_at=now)
        application.state, application.decided_at = State.WAITING, now
        if programme.rules.waiting_list:
            wants = queries.lists_wished_for(application) or [one for one in [group.theme] if one]
            wait(application, wants=wants, by=by, now=now)


@transaction.atomic
def close_groups(programme: Programme, *, groups: Sequence[Group], by: Person, now: datetime) -> list[Group]:
    """End running groups; nobody is written to, and memberships stay as they were. Returns those closed.

    Raises Refused with NOT_NOW when none runs any more.
    """
    closed, refusal = list[Group](), None
    for group in sorted(groups, key=lambda one: one.pk):
        group.programme = programme
        try:
            with transaction.atomic():
                group_actions.close_group(group, by=by, now=now)
        except Refused as refused:
            refusal = refused
        else:
            closed.append(group)
    if refusal and not closed:
        raise refusal
    audit.record("groups_closed", by=by, about=programme, now=now, place=programme.uid, groups=len(closed))
    return closed


# --- what else there is -----------------------------------------------------------------------


@transaction.atomic
def come_instead(application: Application, *, group: Group, by: Person, now: datetime) -> bool:
    """Take a place in another group at once, or a turn in its list; whether it is a place.

    For somebody whose own group did not start, and who waits. A free place for which others wait is theirs.

    Raises Refused: NOT_WAITING, NO_LISTS, ENDED, MERGING, ALREADY_IN, KEPT_APART.
    """
    row = held(application)
    if row.state != State.WAITING:
        raise Refused(rules.ListRefusal.NOT_WAITING)
    if not queries.turns_for(group).exclude(application=row).exists():
        try:
            place_application(row, group=group, by=by, now=now)
        except Refused as refusal:
            if refusal.reason != group_rules.GroupRefusal.FULL:
                raise
        else:
            return True
    wait(row, wants=[group], by=by, now=now)
    return False
