"""A place taken by one press, as thousands do at once: two writes, with every guard in them."""

from datetime import datetime

from django.db.models import Exists, QuerySet

from piiri.base.errors import Refused
from piiri.groups import queries, rules
from piiri.groups.actions.placing import claim_pairs, new_membership, refuse
from piiri.groups.models import Group, KeptApart, Membership, Mentorship, Place
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person


def take_free_place(group: Group, *, person: Person, now: datetime) -> Membership:
    """Do what `join` does, in the caller's transaction, for somebody with no place in the programme so far.

    Nothing is read first: that the person mentors the group or is kept apart from somebody is asked in the
    statement that claims the place. Only where that one fails, the long way finds out why. The caller notes
    it in the audit.

    Raises Refused: ENDED, MERGING, IS_MENTOR, ALREADY_IN (also of this group), KEPT_APART, FULL.
    """
    refuse(rules.why_not_join(group, is_mentor=False))
    membership = new_membership(group, person=person, now=now, confirmed=True)
    unhindered = Place.objects.filter(
        ~Exists(leading(group, person=person)), ~Exists(kept(group, person=person))
    )
    if unhindered.claim_free(group, membership=membership):
        return membership
    refuse(GroupRefusal.IS_MENTOR if leading(group, person=person).exists() else None)
    claim_pairs(group, person=person, now=now)
    if not Place.objects.claim_free(group, membership=membership):
        raise Refused(GroupRefusal.FULL)
    return membership


def leading(group: Group, *, person: Person) -> QuerySet[Mentorship]:
    """Whether, as a row or none, the person mentors the group."""
    return Mentorship.objects.active().filter(group=group, person=person)


def kept(group: Group, *, person: Person) -> QuerySet[KeptApart]:
    """Those whom the person is kept apart from in the programme; then claims are needed."""
    return queries.pairs_of(person, programme=group.programme_id)
