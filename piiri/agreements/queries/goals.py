"""Goals: agreed ones, suggestions with who has said yes, and a person's own."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Exists, OuterRef, QuerySet

from piiri.agreements.models import Goal, OwnGoal, Yes
from piiri.agreements.queries.people import with_yeses
from piiri.base.prepared import PreparedRows
from piiri.groups.models import Group
from piiri.people.models import Person


def goals(group: Group) -> list[Goal]:
    """The goals all have agreed on, in their order. One query."""
    return of_group(agreed().rows(group=group.pk), group)


@lru_cache(maxsize=1)
def agreed() -> PreparedRows:
    """The query of `goals`: every look at a group's page asks it."""

    def build(*, group: int) -> QuerySet[Goal]:
        return Goal.objects.agreed().filter(group=group).order_by("place")

    return PreparedRows(Goal, build, numbers=["group"])


def of_group(rows: list[Goal], group: Group) -> list[Goal]:
    """The same rows, knowing their group: its key opens them."""
    for row in rows:
        row.group = group
    return rows


@dataclass(frozen=True)
class Suggestion:
    """A suggested goal: how many of those at the table have said yes, and whether the reader has."""

    goal: Goal
    said_yes: int
    of: int
    mine: bool
    is_by_me: bool
    changes: Goal | None


def suggestions(group: Group, person: Person) -> list[Suggestion]:
    """What waits for everybody's yes, in the order of their places. One query."""
    mine = Yes.objects.filter(goal=OuterRef("pk"), person=person)
    rows = with_yeses(Goal.objects.suggested().filter(group=group)).annotate(mine=Exists(mine))
    found = []
    for row in rows.select_related("instead_of").order_by("place"):
        of_group([row, *([row.instead_of] if row.instead_of else [])], group)
        by_me = row.suggested_by_id == person.pk
        found.append(Suggestion(row, row.said_yes, row.of, row.mine, by_me, row.instead_of))
    return found


def private_goals(person: Person, group: Group) -> list[OwnGoal]:
    """The person's own goals in a group, as they wrote them down. One query."""
    rows = list(OwnGoal.objects.filter(person=person, group=group).order_by("written_at", "pk"))
    for row in rows:
        row.person, row.group = person, group
    return rows
