"""Pairs of people are suggested, kept apart, let go."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups import rules
from piiri.groups.models import KeptApart, Membership, Mentorship, PairClaim
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person
from piiri.programmes.models import Programme


@transaction.atomic
def keep_apart(
    programme: Programme, *, first: Person, second: Person, by: Person | None, now: datetime
) -> KeptApart:
    """Keep two people out of one group from now on. Why is never asked; `by` None: the house itself.

    Where both sit in one group already, the pair is kept and the office has to move one of them. Whoever
    takes a seat at this moment is waited for and seen; whoever does so next waits, and sees the pair.

    Raises Refused with SAME_PERSON.
    """
    hold_people([first.pk, second.pk])
    pair = pair_row(programme, first=first, second=second, state=KeptApart.State.KEPT, now=now)
    if pair.state != KeptApart.State.KEPT:
        KeptApart.objects.filter(pk=pair.pk).update(state=KeptApart.State.KEPT, consented_at=None)
        pair.state = KeptApart.State.KEPT
    both = {"ended_at": None, "person__in": [first, second]}
    sitting = [
        *Mentorship.objects.filter(group__programme=programme, **both).values_list("group", "person"),
        *Membership.objects.filter(programme=programme, **both).values_list("group", "person"),
    ]
    claims = [
        PairClaim(group_id=group, pair=pair, person_id=person, claimed_at=now) for group, person in sitting
    ]
    PairClaim.objects.bulk_create(claims, ignore_conflicts=True)
    audit.record("kept_apart", by=by, about=pair, now=now, place=programme.uid)
    return pair


def hold_people(keys: Iterable[Any]) -> None:
    """Let nobody of these take a seat until the transaction is over, in the order of their keys.

    A membership, an offer or a mentorship shares its person's row from the INSERT on (see the migration
    0006: their foreign keys are looked at at once), and asks for kept pairs in a later statement.
    """
    list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


@transaction.atomic
def keep_suggested_apart(programme: Programme, *, by: Person, now: datetime) -> int:
    """Keep every pair apart that is suggested and not decided; how many there were."""
    suggested = KeptApart.objects.filter(programme=programme, state=KeptApart.State.SUGGESTED)
    pairs = list(suggested.select_related("first", "second"))
    hold_people({key for pair in pairs for key in (pair.first_id, pair.second_id)})
    for pair in pairs:
        keep_apart(programme, first=pair.first, second=pair.second, by=by, now=now)
    return len(pairs)


def pair_row(programme: Programme, *, first: Person, second: Person, state: str, now: datetime) -> KeptApart:
    """The pair's row, made in `state` where there is none."""
    if first == second:
        raise Refused(GroupRefusal.SAME_PERSON)
    low, high = rules.in_order(first.pk, second.pk)
    pair, _made = KeptApart.objects.get_or_create(
        programme=programme, first_id=low, second_id=high, defaults={"state": state, "made_at": now}
    )
    return pair


@transaction.atomic
def suggest_apart(
    programme: Programme, *, pairs: Iterable[tuple[Person, Person]], by: Person | None, now: datetime
) -> int:
    """Suggest pairs to the office; how many are new. What the office has decided is not asked again."""
    keys = {rules.in_order(one.pk, other.pk) for one, other in pairs if one != other}
    before = KeptApart.objects.filter(programme=programme).count()
    KeptApart.objects.bulk_create(
        (
            KeptApart(
                programme=programme,
                first_id=low,
                second_id=high,
                state=KeptApart.State.SUGGESTED,
                made_at=now,
            )
            for low, high in sorted(keys)
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    count = KeptApart.objects.filter(programme=programme).count() - before
    audit.record("apart_suggested", by=by, about=programme, now=now, place=programme.uid, pairs=count)
    return count


@transaction.atomic
def dismiss_apart(pair: KeptApart, *, by: Person, now: datetime) -> None:
    """Let the two share a group: a suggestion is put away, a kept pair let go."""
    KeptApart.objects.filter(~Q(state=KeptApart.State.DISMISSED), pk=pair.pk).update(
        state=KeptApart.State.DISMISSED
    )
    pair.claims.all().delete()
    audit.record("apart_dismissed", by=by, about=pair, now=now, place=pair.programme.uid)


@transaction.atomic
def note_consent(pair: KeptApart, *, by: Person, now: datetime) -> None:
    """Note that both agreed to share a group all the same; the two are not kept apart any more."""
    KeptApart.objects.filter(pk=pair.pk).update(state=KeptApart.State.DISMISSED, consented_at=now)
    pair.state, pair.consented_at = KeptApart.State.DISMISSED, now
    pair.claims.all().delete()
    audit.record("consent_noted", by=by, about=pair, now=now, place=pair.programme.uid)


@transaction.atomic
def suggest_pair(
    programme: Programme, *, first: Person, second: Person, by: Person | None, now: datetime
) -> KeptApart:
    """Suggest one pair because one of the two asked for it, even where the office let them share a group.

    Where both have consented to share one, or are kept apart already, nothing changes.

    Raises Refused with SAME_PERSON.
    """
    pair = pair_row(programme, first=first, second=second, state=KeptApart.State.SUGGESTED, now=now)
    let_go = KeptApart.objects.filter(pk=pair.pk, state=KeptApart.State.DISMISSED, consented_at=None)
    if let_go.update(state=KeptApart.State.SUGGESTED):
        pair.state = KeptApart.State.SUGGESTED
    audit.record("pair_suggested", by=by, about=pair, now=now, place=programme.uid)
    return pair


@transaction.atomic
def forget_suggestion(pair: KeptApart, *, by: Person, now: datetime) -> bool:
    """Delete a pair about which the office has not decided; False where it has."""
    gone, _rows = KeptApart.objects.filter(pk=pair.pk, state=KeptApart.State.SUGGESTED).delete()
    if gone:
        audit.record("suggestion_forgotten", by=by, about=pair, now=now, place=pair.programme.uid)
    return bool(gone)
