"""Line managers and those who named them are suggested to the office as pairs to keep apart."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from piiri.enrolments import queries
from piiri.enrolments.gathering import Pair
from piiri.groups import actions as group_actions
from piiri.people.models import Person
from piiri.programmes.models import Programme


@transaction.atomic
def suggest_pairs(programme: Programme, *, pairs: Sequence[Pair], by: Person | None, now: datetime) -> int:
    """Suggest these pairs; how many are new. What the office has decided is not asked again."""
    emails = {email for pair in pairs for email in (pair.one.email, pair.other.email)}
    found: dict[str, Person] = {}
    for chunk in queries.in_chunks(sorted(emails)):
        found |= Person.objects.filter(email__in=chunk).in_bulk(field_name="email")
    if not pairs:
        return 0
    return group_actions.suggest_apart(
        programme,
        pairs=[(found[pair.one.email], found[pair.other.email]) for pair in pairs],
        by=by,
        now=now,
    )
