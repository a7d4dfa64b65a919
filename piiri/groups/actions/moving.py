"""A group moves on: it forms, starts, is postponed, merged, called off, closed."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups import queries, rules
from piiri.groups.actions.offers import end_offer
from piiri.groups.actions.placing import end_memberships, refuse
from piiri.groups.models import Group, Offer
from piiri.groups.queries import Left
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person

State = Group.State


def move(group: Group, *, to: str, by: Person | None, now: datetime, seen: str = "", **changes: Any) -> None:
    """One arrow of the group's states: a conditional UPDATE that must change one row.

    `seen`: only from the state that the person who decides has seen.
    """
    before = [state for state in rules.ARROWS[to] if seen in ("", state)]
    rows = Group.objects.filter(pk=group.pk, state__in=before)
    if to == State.RUNNING:
        rows = rows.filter(merged_into=None)
    if not rows.update(state=to, **changes):
        raise Refused(GroupRefusal.NOT_NOW)
    group.state = to
    audit.record(f"group_{to}", by=by, about=group, now=now, place=group.programme.uid)


@transaction.atomic
def form_group(group: Group, *, by: Person | None, now: datetime) -> None:
    """Say that people are being placed in it. Raises Refused with NOT_NOW."""
    move(group, to=State.FORMING, by=by, now=now)


@transaction.atomic
def start_group(group: Group, *, by: Person | None, now: datetime) -> None:
    """Let the group's year begin. Raises Refused with NOT_NOW, also while its members are asked to move."""
    move(group, to=State.RUNNING, by=by, now=now, started_at=now)


@transaction.atomic
def close_group(group: Group, *, by: Person | None, now: datetime) -> None:
    """End a running group; memberships and mentorships stay as they were. Raises Refused with NOT_NOW."""
    move(group, to=State.CLOSED, by=by, now=now, ended_at=now)
    for offer in group.offers.open():
        end_offer(offer, to=Offer.State.WITHDRAWN, by=by, now=now)


@transaction.atomic
def decide_later(group: Group, *, on: date, by: Person, now: datetime) -> None:
    """Set the group's own day of decision. Raises Refused with NOT_NOW when it is decided already."""
    deciding = Group.objects.filter(pk=group.pk, state__in=rules.DECIDING, merged_into=None)
    if not deciding.update(decide_on=on):
        raise Refused(GroupRefusal.NOT_NOW)
    group.decide_on = on
    audit.record("group_postponed", by=by, about=group, now=now, place=group.programme.uid)


@transaction.atomic
def cancel_group(group: Group, *, by: Person, now: datetime, seen: str = "") -> Left:
    """Call the group off: everybody's place ends, and they may join another. Returns whom that leaves.

    `seen`: only from the state that was seen; so of *start* and *cancel* pressed at once only one happens.
    Raises Refused with NOT_NOW.
    """
    move(group, to=State.CANCELLED, by=by, now=now, seen=seen, ended_at=now, merged_into=None)
    return empty(group, by=by, now=now)


@transaction.atomic
def empty_ended(group: Group, *, by: Person | None, now: datetime) -> Left:
    """End what was taken in a group at the very moment it was called off or merged; whom that leaves.

    On PostgreSQL a statement that takes a place may have begun before the end was there to be seen, and
    find the place after it. Raises Refused with NOT_NOW for a group that has not ended so.
    """
    if not Group.objects.filter(pk=group.pk, state__in=Group.EMPTIED).exists():
        raise Refused(GroupRefusal.NOT_NOW)
    left = empty(group, by=by, now=now)
    audit.record("group_emptied", by=by, about=group, now=now, place=group.uid, people=len(left.members))
    return left


def empty(group: Group, *, by: Person | None, now: datetime) -> Left:
    """End every offer, place and mentorship of a group that has just ended.

    Offers are held before places, as whoever accepts one does. Holding the places waits for those who
    are just taking one: they are found by the reads that follow. Who comes even later: see empty_ended.
    """
    offers = Offer.objects.open().filter(Q(group=group) | Q(instead_of__group=group)).order_by("pk")
    hold_rows(offers)
    hold_rows(group.places.order_by("pk"))
    left = queries.left_by(group)
    end_memberships(group.memberships.filter(ended_at=None), now=now)
    for offer in offers.select_related("group"):
        end_offer(offer, to=Offer.State.WITHDRAWN, by=by, now=now)
    group.mentorships.active().update(ended_at=now)
    return left


def hold_rows(rows: QuerySet[Any]) -> None:
    """Hold these rows, in their order, until the transaction is over."""
    list(rows.select_for_update(of=("self",)).values_list("pk"))


# --- merging ----------------------------------------------------------------------------------


@transaction.atomic
def propose_merge(group: Group, *, into: Group, by: Person, now: datetime) -> None:
    """Write down that the members are asked to move; nobody joins the group meanwhile.

    Raises Refused: NOT_NOW (either has moved on), NO_MERGE (not these two).
    """
    # Both rows are held, the older first: two who merge A into B and B into A wait for each other.
    keys = [group.pk, into.pk]
    held = Group.objects.select_for_update().filter(pk__in=keys).order_by("pk").in_bulk()
    is_target = Group.objects.filter(merged_into=group, state__in=rules.DECIDING).exists()
    refuse(rules.why_not_merge(held[group.pk], into=held[into.pk], is_target=is_target))
    Group.objects.filter(pk=group.pk).update(merged_into=into)
    group.merged_into = into
    audit.record("merge_proposed", by=by, about=group, now=now, place=group.programme.uid, into=into.uid)


@transaction.atomic
def stop_merge(group: Group, *, by: Person | None, now: datetime) -> list[Offer]:
    """Ask no more: whoever has said yes has moved, the others stay. Returns the offers taken back.

    Raises Refused with NOT_NOW.
    """
    rows = Group.objects.filter(pk=group.pk, state__in=rules.DECIDING, merged_into__isnull=False)
    if not rows.update(merged_into=None):
        raise Refused(GroupRefusal.NOT_NOW)
    group.merged_into = None
    asked = Offer.objects.open().filter(instead_of__group=group).select_related("person", "group")
    taken_back = [one for one in asked if end_offer(one, to=Offer.State.WITHDRAWN, by=by, now=now)]
    audit.record("merge_stopped", by=by, about=group, now=now, place=group.programme.uid)
    return taken_back


@transaction.atomic
def merge_group(group: Group, *, into: Group, by: Person | None, now: datetime) -> Left:
    """End a group whose members were asked to move; returns who is left without a place.

    Raises Refused with NOT_NOW: ended already, or not asked to move there.
    """
    rows = Group.objects.filter(pk=group.pk, merged_into=into, state__in=rules.ARROWS[State.MERGED])
    if not rows.update(state=State.MERGED, ended_at=now):
        raise Refused(GroupRefusal.NOT_NOW)
    group.state = State.MERGED
    audit.record("group_merged", by=by, about=group, now=now, place=group.programme.uid, into=into.uid)
    return empty(group, by=by, now=now)
