"""A seat pauses and opens again; a group says whether it takes newcomers; a newcomer gets a buddy."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.actions.placing import refuse
from piiri.groups.models import Group, Membership, Mentorship
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person

Seat = Membership | Mentorship


@transaction.atomic
def pause_seat(seat: Seat, *, by: Person, now: datetime) -> None:
    """Close the group's content to one person at once; the place stays theirs. Twice: the first moment holds.

    Raises Refused with NOT_IN where the seat has ended.
    """
    if not type(seat).objects.active().filter(pk=seat.pk).exists():
        raise Refused(GroupRefusal.NOT_IN)
    type(seat).objects.entering().filter(pk=seat.pk).update(paused_at=now)
    seat.paused_at = seat.paused_at or now
    audit.record("seat_paused", by=by, about=seat, now=now, place=seat.group.uid)


@transaction.atomic
def open_seat(seat: Seat, *, by: Person, now: datetime) -> None:
    """Let the person in again. Raises Refused with NOT_IN where the seat has ended."""
    if not type(seat).objects.active().filter(pk=seat.pk).update(paused_at=None):
        raise Refused(GroupRefusal.NOT_IN)
    seat.paused_at = None
    audit.record("seat_opened", by=by, about=seat, now=now, place=seat.group.uid)


@transaction.atomic
def say_newcomers(group: Group, *, take: bool, by: Person, now: datetime) -> None:
    """Say for the group whether it takes newcomers while it runs. Raises Refused with NOT_NOW."""
    if not Group.objects.running().filter(pk=group.pk).update(takes_newcomers=take):
        raise Refused(GroupRefusal.NOT_NOW)
    group.takes_newcomers = take
    audit.record("newcomers_said", by=by, about=group, now=now, place=group.programme.uid, take=int(take))


@transaction.atomic
def choose_buddy(newcomer: Membership, *, buddy: Membership, by: Person, now: datetime) -> bool:
    """Let one member show another around; False when it was so already.

    Raises Refused: NOT_IN where one of them has left or sits elsewhere, SAME_PERSON.
    """
    if newcomer.pk == buddy.pk:
        raise Refused(GroupRefusal.SAME_PERSON)
    inside = Membership.objects.active().filter(group=newcomer.group_id, pk__in=(newcomer.pk, buddy.pk))
    refuse(GroupRefusal.NOT_IN if inside.count() < len((newcomer, buddy)) else None)
    changed = Membership.objects.filter(pk=newcomer.pk).exclude(buddy=buddy).update(buddy=buddy)
    if not changed:
        return False
    newcomer.buddy = buddy
    audit.record("buddy_chosen", by=by, about=newcomer, now=now, place=newcomer.group.uid, buddy=buddy.uid)
    return True


def claim_welcome(membership: Membership, *, now: datetime) -> bool:
    """Say that the group is told of somebody new; False when somebody already did. Part of a deed above."""
    return bool(Membership.objects.filter(pk=membership.pk, welcomed_at=None).update(welcomed_at=now))
