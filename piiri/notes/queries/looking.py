"""Who sits in a group, who has looked, and whether there is something new."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from piiri.base.prepared import Prepared
from piiri.groups.models import Group, Membership, Mentorship
from piiri.notes.models import Line, Look
from piiri.people.models import Person

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def news(person: Person, group: Group) -> bool:
    """Whether somebody else wrote in the group since the person looked. One query, no count."""
    return has_news(group, person.pk)


def has_news(group: Group, person: int) -> bool:
    """The same, for the key of a person."""
    return written_since().first(group=group.pk, person=person) is not None


@lru_cache(maxsize=1)
def written_since() -> Prepared:
    """The query of `has_news`: every look at a group's page asks it."""

    def build(*, group: int, person: int) -> Any:
        looked = Look.objects.filter(group=OuterRef("group"), person=person).values("looked_at")[:1]
        since = Coalesce(Subquery(looked), Value(NEVER), output_field=DateTimeField())
        fresh = Line.objects.filter(group=group, written_at__gt=since).exclude(author=person)
        return fresh.order_by().values("pk")[:1]

    return Prepared(build, numbers=["group", "person"])


def seats_of(group: Group) -> set[int]:
    """Keys of everybody who sits in the group now, paused or not: all of them decide what leaves it."""
    joined = Membership.objects.active().filter(group=group, person__isnull=False)
    leading = Mentorship.objects.active().filter(group=group, person__isnull=False)
    return set(joined.values_list("person", flat=True).union(leading.values_list("person", flat=True)))


def readers_of(group: Group) -> set[int]:
    """Keys of those to whom the group's content opens now."""
    joined = Membership.objects.entering().filter(group=group, person__isnull=False)
    leading = Mentorship.objects.entering().filter(group=group, person__isnull=False)
    return set(joined.values_list("person", flat=True).union(leading.values_list("person", flat=True)))


def proposed_where_somebody_left(*, since: datetime) -> QuerySet[Line]:
    """Lines that wait for words in groups whose people have changed: perhaps all who are left agree."""
    joined = Membership.objects.filter(ended_at__gte=since).values("group")
    led = Mentorship.objects.filter(ended_at__gte=since).values("group")
    return Line.objects.proposed().filter(Q(group__in=joined) | Q(group__in=led))


def looks_due(now: datetime, limit: int) -> QuerySet[Look]:
    """Looks whose mail is due, oldest first."""
    due = Look.objects.due(now).select_related("group__programme", "person")
    return due.order_by("due_at", "pk")[:limit]


def is_mailed(person: Person, group: Group) -> bool:
    """Whether the person gets a mail about something new in the group: yes, until they say no."""
    return not Look.objects.filter(person=person, group=group, wants_mail=False).exists()
