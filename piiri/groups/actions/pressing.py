"""A place taken by one press, as thousands do at once: two writes, with every guard in them."""

from datetime import datetime

from django.db.models import Exists, QuerySet

from piiri.base.errors import Refused
from piiri.base.prepared import PreparedInsert, PreparedUpdate
from piiri.groups import queries, rules
from piiri.groups.actions.placing import claim_pairs, refuse
from piiri.groups.models import Group, Membership, Mentorship, Place
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person


def take_free_place(group: Group, *, person: Person, now: datetime) -> Membership:
    """Do what `join` does, in the caller's transaction, for somebody with no place in the programme so far.

    Nothing is read first: that the person mentors the group or is kept apart from somebody is asked in the
    statement that claims the place. Only where that one fails, the long way finds out why. The caller notes
    it in the audit.

    Raises Refused: ENDED, MERGING, IS_MENTOR, KEPT_APART, FULL; and IntegrityError, which ends the caller's
    transaction, for somebody with a place in the programme.
    """
    refuse(rules.why_not_join(group, is_mentor=False))
    membership = Membership(
        group=group, programme_id=group.programme_id, person=person, joined_at=now, confirmed_at=now
    )
    INSERT.run(membership)
    claim = {"group": group.pk, "programme": group.programme_id, "person": person.pk}
    if CLAIM.run(**claim, membership=membership.pk):
        return membership
    refuse(GroupRefusal.IS_MENTOR if leading(group, person=person).exists() else None)
    claim_pairs(group, person=person, now=now)
    if not Place.objects.claim_free(group, membership=membership):
        raise Refused(GroupRefusal.FULL)
    return membership


def leading(group: Group, *, person: Person) -> QuerySet[Mentorship]:
    """Whether, as a row or none, the person mentors the group."""
    return Mentorship.objects.active().filter(group=group, person=person)


def unhindered(*, group: int, programme: int, person: int) -> QuerySet[Place]:
    """The place to claim, if the person neither mentors the group nor is kept apart from anybody."""
    at, who = Group(pk=group), Person(pk=person)
    kept = queries.pairs_of(who, programme=programme)
    return Place.objects.filter(~Exists(leading(at, person=who)), ~Exists(kept)).first_free(at)


INSERT = PreparedInsert(Membership)
CLAIM = PreparedUpdate(unhindered, numbers=["group", "programme", "person"], set_to=["membership"])
