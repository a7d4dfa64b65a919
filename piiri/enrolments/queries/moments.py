"""Invariants about moments: what never goes backwards, what happens within a minute, what leaves a trace."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from piiri.audit.models import Entry
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.queries.lists import companion_of, groups_to_fill, turns_for
from piiri.groups.models import Group, Membership, Offer
from piiri.mail.models import Message

State = Application.State
Found = tuple[str, str, QuerySet[Any]]

A_MINUTE = timedelta(seconds=60)
# Mails are deleted after a year; what is older is not judged by them.
MAILS_KEPT = timedelta(days=300)
PLACE_MAILS = ("enrolments/email/place", "enrolments/email/received", "formation/email/placed")
LATEST_HOLD = timedelta(hours=1)


def broken(now: datetime) -> Iterator[Found]:
    """What does not hold, as queries that should find nothing."""
    yield from in_time(now)
    yield from in_their_state()
    yield from at_once(now)
    yield from in_order()
    yield from on_record(now)


def in_time(now: datetime) -> Iterator[Found]:
    """I4: times never go backwards."""
    offers, members = Offer.objects.all(), Membership.objects.all()
    yield "I4", "decided_before_sent", Application.objects.filter(decided_at__lt=F("sent_at"))
    yield "I4", "sent_in_the_future", Application.objects.filter(sent_at__gt=now + A_MINUTE)
    yield "I4", "ended_before_started", Group.objects.filter(ended_at__lt=F("started_at"))
    yield "I4", "left_before_joined", members.filter(ended_at__lt=F("joined_at"))
    yield "I4", "confirmed_before_joined", members.filter(confirmed_at__lt=F("joined_at"))
    yield "I4", "answered_before_made", offers.filter(answered_at__lt=F("made_at"))
    late = offers.filter(state=Offer.State.ACCEPTED, answered_at__gte=F("expires_at"))
    yield "I4", "accepted_too_late", late
    yield "I4", "ended_before_begun", Waiting.objects.filter(ended_at__lt=F("since_at"))


def in_their_state() -> Iterator[Found]:
    """I4: states carry the moments that belong to them."""
    ended = (State.PLACED, State.DECLINED, State.WITHDRAWN)
    groups, states = Group.objects.all(), Group.State
    yield "I4", "undecided", Application.objects.filter(state__in=ended, decided_at=None)
    yield "I4", "running_never_started", groups.filter(state=states.RUNNING, started_at=None)
    yield "I4", "over_never_ended", groups.exclude(state__in=Group.LIVING).filter(ended_at=None)
    yield "I4", "living_and_ended", groups.living().filter(ended_at__isnull=False)
    yield "I4", "merged_into_none", groups.filter(state=states.MERGED, merged_into=None)


def at_once(now: datetime) -> Iterator[Found]:
    """I5: within a minute a free place is offered, one held too long is free, the placed wait no more."""
    minute_ago = now - A_MINUTE
    free = [group.pk for group in groups_to_fill(now) if is_forgotten(group, now=now)]
    yield "I5", "free_place_not_offered", Group.objects.filter(pk__in=free)
    yield "I5", "held_too_long", Offer.objects.open().filter(expires_at__lt=minute_ago)
    same = {"programme": OuterRef("programme"), "person": OuterRef("person")}
    inside = Membership.objects.active().filter(**same, confirmed_at__lt=minute_ago)
    unplaced = (State.SENT, State.WAITING)
    yield "I5", "waits_with_a_place", Application.objects.filter(Exists(inside), state__in=unplaced)
    yield (
        "I5",
        "turn_of_who_waits_not",
        Waiting.objects.standing()
        .exclude(application__state=State.WAITING)
        .filter(application__decided_at__lt=minute_ago),
    )


def is_forgotten(group: Group, *, now: datetime) -> bool:
    """Whether somebody could have been asked for a free place of the group for more than a minute.

    Nothing may have happened in the group or to the person meanwhile that made it possible only now.
    """
    last = Entry.objects.filter(place=group.uid).aggregate(at=Max("at"))["at"]
    if last and last > now - A_MINUTE:
        return False
    free = group.places.free().count()
    for turn in turns_for(group):
        moments = Offer.objects.filter(person=turn.application.person_id, programme=group.programme_id)
        answered = moments.aggregate(at=Max("answered_at"))["at"]
        if max(turn.since_at, answered or turn.since_at) > now - A_MINUTE:
            continue
        if free > 1 or companion_of(turn, group=group) is None:
            return True
    return False


def in_order() -> Iterator[Found]:
    """I6: a list keeps the order of its applications, but for who was moved with a reason."""
    turns = Waiting.objects.standing()
    moved = Q(moved_at__isnull=False)
    kept = Q(priority=F("application__priority"), order=F("application__order"))
    yield "I6", "out_of_order", turns.exclude(moved | kept)
    yield "I6", "moved_without_a_reason", turns.filter(moved, moved_why="")


def on_record(now: datetime) -> Iterator[Found]:
    """I12: whatever ended left an audit row of its moment, and its mail; judged since the trail begins."""
    since = Entry.objects.aggregate(at=Min("at"))["at"]
    if since is None:
        return
    yield from on_trail(since)
    yield from mailed(since, now)


def on_trail(since: datetime) -> Iterator[Found]:
    """Offers one row each for their making and their end; places and applications one of their moment."""
    offers = Offer.objects.filter(made_at__gt=since)
    made = Entry.objects.filter(about=OuterRef("uid"), deed="place_offered")
    yield "I12", "offer_without_a_row", offers.filter(~Exists(made))
    for state in (Offer.State.ACCEPTED, Offer.State.DECLINED, Offer.State.LAPSED, Offer.State.WITHDRAWN):
        ended = Entry.objects.filter(about=OuterRef("uid"), deed=f"offer_{state}")
        yield "I12", f"{state}_without_a_row", offers.filter(~Exists(ended), state=state)
    left = Membership.objects.filter(ended_at__gt=since)
    yield "I12", "left_without_a_row", left.filter(~Exists(Entry.objects.filter(at=OuterRef("ended_at"))))
    decided = Application.objects.filter(
        decided_at__gt=since, state__in=(State.PLACED, State.DECLINED, State.WITHDRAWN)
    )
    then = Entry.objects.filter(at=OuterRef("decided_at"))
    yield "I12", "decided_without_a_row", decided.filter(~Exists(then))


def mailed(since: datetime, now: datetime) -> Iterator[Found]:
    """Each offer has one mail; who got a place has one about it, once it cannot be taken back any more."""
    since = max(since, now - MAILS_KEPT)
    offers = Offer.objects.filter(made_at__gt=since, instead_of=None)
    sent = Message.objects.filter(kind="enrolments/email/offer")
    yield "I12", "offer_without_a_mail", offers.filter(~Exists(sent.filter(about_uid=OuterRef("uid"))))
    twice = sent.order_by().values("about_uid").annotate(n=Count("pk")).filter(n__gt=1)
    yield "I12", "offer_mailed_twice", offers.filter(uid__in=twice.values("about_uid"))
    placed = Application.objects.filter(decided_at__gt=since, state=State.PLACED)
    told = Message.objects.filter(
        kind__in=PLACE_MAILS, person_uid=OuterRef("person__uid"), posted_at__gte=OuterRef("decided_at")
    )
    late = [
        application.pk
        for application in placed.filter(~Exists(told)).select_related("programme")
        if application.decided_at and application.decided_at + hold(application) < now
    ]
    yield "I12", "placed_without_a_mail", Application.objects.filter(pk__in=late)


def hold(application: Application) -> timedelta:
    """How long a mail about a place may wait."""
    rules = application.programme.rules
    return timedelta(hours=0 if rules.enrol_way == "place" else rules.hold_hours) + LATEST_HOLD
