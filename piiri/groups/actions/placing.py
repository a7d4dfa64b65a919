"""Places are taken, held, given back, made and deleted."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups import queries, rules
from piiri.groups.actions.opening import hold_successors, open_where_all_agree
from piiri.groups.models import Group, Membership, PairClaim, Place
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person


class Held(NamedTuple):
    """What became of people for whom places were held."""

    memberships: list[Membership]
    refused: list[tuple[Person, GroupRefusal]]


def refuse(reason: GroupRefusal | None) -> None:
    """Raise Refused when there is a reason."""
    if reason:
        raise Refused(reason)


@transaction.atomic
def join(
    group: Group, *, person: Person, by: Person | None, now: datetime, confirmed: bool = True
) -> Membership:
    """Give `person` a place. A second call returns the first one's membership.

    Raises Refused: ENDED, IS_MENTOR, ALREADY_IN (another group of the programme), KEPT_APART, FULL.
    """
    membership = take_place(group, person=person, now=now, confirmed=confirmed)
    audit.record("place_taken", by=by, about=membership, now=now, place=group.uid)
    return membership


def take_place(group: Group, *, person: Person, now: datetime, confirmed: bool) -> Membership:
    """Membership, claims of kept-apart pairs, place: three guarded writes, all or none of them."""
    if membership := group.memberships.filter(person=person, ended_at=None).first():
        return membership
    is_mentor = group.mentorships.active().filter(person=person).exists()
    refuse(rules.why_not_join(group, is_mentor=is_mentor))
    membership = new_membership(group, person=person, now=now, confirmed=confirmed)
    claim_pairs(group, person=person, now=now)
    # One statement decides; nobody can sit between reading and writing.
    if not Place.objects.claim_free(group, membership=membership):
        raise Refused(GroupRefusal.FULL)
    return membership


def new_membership(group: Group, *, person: Person, now: datetime, confirmed: bool) -> Membership:
    """The unique key of one membership a programme decides."""
    try:
        with transaction.atomic():
            return Membership.objects.create(
                group=group,
                programme_id=group.programme_id,
                person=person,
                joined_at=now,
                confirmed_at=now if confirmed else None,
            )
    except IntegrityError:
        raise Refused(GroupRefusal.ALREADY_IN) from None


def claim_pairs(group: Group, *, person: Person, now: datetime) -> None:
    """Claim every kept-apart pair of the person in this group; the other of a pair then cannot.

    Called when the person's seat is written, and not before: see `hold_people` of pairing.
    """
    for pair in queries.pairs_of(person, programme=group.programme_id):
        # The unique key of (group, pair) decides; whoever came first keeps their claim.
        claim, _made = PairClaim.objects.get_or_create(
            group=group, pair=pair, defaults={"person": person, "claimed_at": now}
        )
        if claim.person_id != person.pk:
            raise Refused(GroupRefusal.KEPT_APART)


@transaction.atomic
def hold(group: Group, *, people: Iterable[Person], by: Person | None, now: datetime) -> Held:
    """Hold a place for each of them, as far as there is one; held memberships do not count yet.

    Says who could not be placed and why. Twice: those who are in stay in.
    """
    held = Held([], [])
    for person in people:
        try:
            with transaction.atomic():
                held.memberships.append(take_place(group, person=person, now=now, confirmed=False))
        except Refused as refusal:
            held.refused.append((person, GroupRefusal(refusal.reason)))
    audit.record("places_held", by=by, about=group, now=now, place=group.uid, people=len(held.memberships))
    return held


@transaction.atomic
def leave(membership: Membership, *, by: Person | None, now: datetime) -> None:
    """End a membership; its place is free at once. Raises Refused with NOT_IN the second time."""
    if not end_memberships(Membership.objects.filter(pk=membership.pk, ended_at=None), now=now):
        raise Refused(GroupRefusal.NOT_IN)
    membership.ended_at = now
    audit.record("place_left", by=by, about=membership, now=now, place=membership.group.uid)


def end_memberships(memberships: QuerySet[Membership], *, now: datetime) -> int:
    """Free the places, drop the claims, end the rows, wait for no yes of theirs; how many ended."""
    held = hold_successors(list(memberships.values_list("group", flat=True)))
    free_places(memberships)
    ended = memberships.update(ended_at=now)
    open_where_all_agree(held, now=now)
    return ended


def free_places(memberships: QuerySet[Membership]) -> None:
    """Give the places of these memberships back, and their claims of pairs."""
    going = list(memberships.values_list("pk", "group", "person"))
    Place.objects.filter(membership__in=[pk for pk, _group, _person in going]).update(membership=None)
    for _pk, group, person in going:
        drop_claims(group, person=person)


def drop_claims(group: int, *, person: int | None) -> None:
    """Give up the claims of a person in a group (their keys); one goes over to the other of a pair who stays.

    Both of a pair may sit there where they were kept apart later than they came in.
    """
    for claim in PairClaim.objects.filter(group=group, person=person).select_related("pair"):
        other = claim.pair.second_id if claim.pair.first_id == person else claim.pair.first_id
        if queries.sits(other, group=group):
            PairClaim.objects.filter(pk=claim.pk).update(person=other)
        else:
            claim.delete()


@transaction.atomic
def resize_places(group: Group, *, places: int, by: Person, now: datetime) -> None:
    """Make it so many places. Shrinking deletes free places only, the highest numbers first.

    Raises Refused: PLACES_BOUNDS, PLACES_TAKEN (also when somebody just took the place).
    """
    Group.objects.select_for_update().get(pk=group.pk)
    numbers = list(group.places.values_list("number", flat=True))
    free = sorted(group.places.free().values_list("number", flat=True), reverse=True)
    taken = len(numbers) - len(free)
    refuse(rules.why_not_places(places, guidance=group.guidance, taken=taken))
    fresh = [number for number in range(1, rules.MOST_PLACES + 1) if number not in numbers]
    Place.objects.bulk_create(Place(group=group, number=n) for n in fresh[: max(0, places - len(numbers))])
    surplus = free[: max(0, len(numbers) - places)]
    gone, _rows = group.places.free().filter(number__in=surplus).delete()
    if gone < len(surplus):
        raise Refused(GroupRefusal.PLACES_TAKEN)
    audit.record("places_resized", by=by, about=group, now=now, place=group.uid, places=places)
