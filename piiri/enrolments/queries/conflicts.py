"""Who named whom as somebody not to be in a group with, and whose seat waits: for the office alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from piiri.enrolments.models import Application, Conflict
from piiri.enrolments.named import Known
from piiri.groups.models import KeptApart, Leaving, Membership, Mentor, Mentorship
from piiri.groups.rules import in_order
from piiri.people.models import Person
from piiri.programmes.models import Programme


def unmatched() -> QuerySet[Conflict]:
    """Lines that no person of their programme fits yet, and that the office has not settled."""
    return Conflict.objects.filter(pair=None, group=None, settled_at=None)


def lines_to_match(programme: Programme) -> list[Conflict]:
    """Those of one programme, oldest first."""
    return list(unmatched().filter(programme=programme).select_related("person").order_by("pk"))


def programmes_with_lines() -> QuerySet[Programme]:
    """Programmes whose year goes on and in which somebody named somebody unknown so far."""
    return Programme.objects.running().filter(pk__in=unmatched().values("programme")).order_by("pk")


def everybody(programme: Programme) -> list[Known]:
    """Everybody who applied, mentors or sits in a group of the programme, with their names. Three queries."""
    applied = Application.objects.filter(programme=programme).exclude(state=Application.State.DRAFT)
    mentors = Mentor.objects.filter(programme=programme, ended_at=None)
    joined = Membership.objects.filter(programme=programme, ended_at=None, person__isnull=False)
    who = ("person", "person__email", "person__name")
    rows = [
        *applied.values_list(*who, "name_as_written"),
        *((*row, "") for row in mentors.values_list(*who)),
        *((*row, "") for row in joined.values_list(*who)),
    ]
    found: dict[int, Known] = {}
    for key, email, name, written in rows:
        before = found.get(key)
        names = (*(before.names if before else ()), name, written)
        found[key] = Known(key, email, names)
    return list(found.values())


def pair_of(programme: Programme, *, people: tuple[int, int]) -> KeptApart | None:
    """The kept-apart pair of two people (their keys), whatever its state."""
    low, high = in_order(*people)
    return KeptApart.objects.filter(programme=programme, first=low, second=high).first()


def is_shared(conflict: Conflict) -> bool:
    """Whether somebody else's line leads to the same pair."""
    return Conflict.objects.filter(pair=conflict.pair_id).exclude(pk=conflict.pk).exists()


def named_count(person: Person, *, programme: Programme) -> int:
    """How many people the person has named; what became of it is not told."""
    return Conflict.objects.filter(person=person, programme=programme, group=None).count()


# --- the office's list --------------------------------------------------------------------------


@dataclass(frozen=True)
class Stopped:
    """Somebody whose seat in a running group waits, and the other of the pair."""

    conflict: Conflict
    other: Person
    seat: Membership | Mentorship

    @property
    def leads(self) -> bool:
        return isinstance(self.seat, Mentorship)


def stopped(programme: Programme) -> list[Stopped]:
    """Whose access to their group is paused until the office solves it, the longest first. Three queries."""
    rows = Conflict.objects.filter(
        programme=programme, group__isnull=False, pair__isnull=False, settled_at=None
    ).select_related("person", "group__theme", "group__programme", "pair__first", "pair__second")
    conflicts = list(rows.order_by("declared_at", "pk"))
    if not conflicts:
        return []
    seats = paused_seats({conflict.group_id for conflict in conflicts if conflict.group_id})
    return [
        Stopped(one, other_of(one), seat)
        for one in conflicts
        if (seat := seats.get((one.group_id or 0, one.person_id)))
    ]


def paused_seats(groups: Iterable[int]) -> dict[tuple[int, int], Membership | Mentorship]:
    """Paused seats of these groups by group and person (their keys)."""
    keys = list(groups)
    paused = Q(group__in=keys, paused_at__isnull=False, person__isnull=False)
    rows = [*Membership.objects.active().filter(paused), *Mentorship.objects.active().filter(paused)]
    return {(row.group_id, row.person_id or 0): row for row in rows}


def other_of(conflict: Conflict) -> Person:
    """The other of the pair a conflict led to."""
    pair = conflict.pair
    assert pair
    return pair.second if pair.first_id == conflict.person_id else pair.first


def stopped_count(programme: Programme) -> int:
    """How many wait for the office to let them into their group again, or elsewhere. One query."""
    paused = {"group": OuterRef("group"), "person": OuterRef("person"), "paused_at__isnull": False}
    sits = Exists(Membership.objects.active().filter(**paused)) | Exists(
        Mentorship.objects.active().filter(**paused)
    )
    return Conflict.objects.filter(sits, programme=programme, settled_at=None).count()


# --- why people left ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Reasons:
    """How many left running groups, and the reasons that enough of them gave."""

    people: int
    rows: list[tuple[str, int]]

    @property
    def rest(self) -> int:
        return self.people - sum(number for _reason, number in self.rows)


def reasons_for_leaving(programme: Programme, *, least: int) -> Reasons | None:
    """Reasons that at least so many gave, the most frequent first; None while fewer people have left.

    One query.
    """
    counted = Leaving.objects.filter(programme=programme).values_list("reason").annotate(n=Count("pk"))
    numbers = sorted(counted, key=lambda row: (-row[1], row[0]))
    people = sum(number for _reason, number in numbers)
    if people < least:
        return None
    words = dict(Leaving.Reason.choices)
    return Reasons(people, [(str(words[reason]), number) for reason, number in numbers if number >= least])
