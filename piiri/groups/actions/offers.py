"""Places are offered to one person, accepted, declined, taken back; nobody else gets them meanwhile."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups import rules
from piiri.groups.actions.placing import claim_pairs, end_memberships, new_membership, refuse
from piiri.groups.models import Group, Membership, Offer, PairClaim, Place
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person

State = Offer.State


@transaction.atomic
def offer_place(
    group: Group,
    *,
    person: Person,
    by: Person | None,
    now: datetime,
    hours: int,
    instead_of: Membership | None = None,
    together: str = "",
) -> Offer:
    """Hold a free place of the group for `person`, for so many hours.

    `instead_of` is the membership that ends when they accept; without it nobody with a place is asked.

    Raises Refused: ENDED, IS_MENTOR, ALREADY_IN, ASKED (another offer stands), KEPT_APART, FULL.
    """
    is_mentor = group.mentorships.active().filter(person=person).exists()
    refuse(rules.why_not_join(group, is_mentor=is_mentor))
    sitting = Membership.objects.filter(programme=group.programme_id, person=person, ended_at=None)
    if (sitting.exclude(pk=instead_of.pk) if instead_of else sitting).exists():
        raise Refused(GroupRefusal.ALREADY_IN)
    until = now + timedelta(hours=hours)
    try:
        with transaction.atomic():
            offer = Offer.objects.create(
                group=group,
                programme_id=group.programme_id,
                person=person,
                instead_of=instead_of,
                together=together,
                made_at=now,
                expires_at=until,
                due_at=until,
            )
    except IntegrityError:
        raise Refused(GroupRefusal.ASKED) from None
    claim_pairs(group, person=person, now=now)
    if not Place.objects.claim_free(group, offer=offer):
        raise Refused(GroupRefusal.FULL)
    audit.record("place_offered", by=by, about=offer, now=now, place=group.uid)
    return offer


@transaction.atomic
def accept_offer(offer: Offer, *, by: Person | None, now: datetime) -> Membership:
    """Turn the held place into a membership. Twice: the first one's membership.

    The moment is compared in the statement that claims the offer, so a lapsed one cannot be accepted
    however late the worker is. Raises Refused: TOO_LATE, ALREADY_IN, ENDED, IS_MENTOR, KEPT_APART.
    """
    group, person = offer.group, offer.person
    if person is None:
        raise Refused(GroupRefusal.TOO_LATE)
    if not Offer.objects.standing(now).filter(pk=offer.pk).update(state=State.ACCEPTED, answered_at=now):
        mine = Membership.objects.filter(group=group, person=person, ended_at=None)
        if accepted := mine.filter(held_place__group=group).first():
            return accepted
        raise Refused(GroupRefusal.TOO_LATE)
    Offer.objects.filter(pk=offer.pk).update(done_at=now)
    is_mentor = group.mentorships.active().filter(person=person).exists()
    refuse(rules.why_not_join(group, is_mentor=is_mentor))
    before = Membership.objects.filter(offers=offer, ended_at=None)
    if offer.instead_of_id and not end_memberships(before, now=now):
        raise Refused(GroupRefusal.TOO_LATE)  # they have left meanwhile, and move nowhere
    membership = new_membership(group, person=person, now=now, confirmed=True)
    claim_pairs(group, person=person, now=now)
    if Place.objects.filter(offer=offer).update(offer=None, membership=membership) != 1:
        raise Refused(GroupRefusal.TOO_LATE)
    audit.record("offer_accepted", by=by, about=offer, now=now, place=group.uid)
    return membership


@transaction.atomic
def end_offer(offer: Offer, *, to: str, by: Person | None, now: datetime) -> bool:
    """Decline an open offer, let it lapse or take it back: its place is free at once.

    `to` is one of DECLINED, LAPSED, WITHDRAWN. False when it was answered before.
    """
    open_still = Offer.objects.open().filter(pk=offer.pk)
    if not open_still.update(state=to, answered_at=now, done_at=now):
        return False
    offer.state, offer.answered_at = to, now
    Place.objects.filter(offer=offer).update(offer=None)
    PairClaim.objects.filter(group=offer.group_id, person=offer.person_id).delete()
    audit.record(f"offer_{to}", by=by, about=offer, now=now, place=offer.group.uid)
    return True
