"""Where forming groups stands in a programme: what is due, what was asked, what was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from piiri.base.models import free
from piiri.enrolments.models import Application
from piiri.formation.models import Publishing, Reason, Run
from piiri.groups.models import Group, KeptApart, Membership, Place
from piiri.programmes.models import Programme


def runs_to_do(now: datetime, limit: int) -> Sequence[Run]:
    """Runs that somebody asked for, oldest first; without the proposals of others."""
    due = Run.objects.filter(free(now), done_at=None, due_at__lte=now)
    return list(due.defer("proposal", "question", "best").order_by("due_at", "pk")[:limit])


def publishings_to_carry_on(now: datetime, limit: int) -> Sequence[Publishing]:
    """Publishings whose next step is due, oldest first."""
    due = Publishing.objects.filter(free(now), done_at=None, due_at__lte=now)
    return list(due.order_by("due_at", "pk")[:limit])


@dataclass(frozen=True)
class Standing:
    """How many people wait for a place, how many places wait for people, what the office has not decided."""

    people: int
    groups: int
    places: int
    undecided_pairs: int

    @property
    def can_form(self) -> bool:
        return self.people > 0 and self.groups > 0


def standing(programme: Programme) -> Standing:
    """The numbers of the moment, in three queries."""
    placed = Membership.objects.filter(programme=programme, ended_at=None, person__isnull=False)
    unplaced = Application.objects.unplaced().filter(programme=programme)
    open_places = Place.objects.free().filter(group__programme=programme, group__state__in=Group.LIVING)
    counted = open_places.aggregate(groups=Count("group", distinct=True), places=Count("pk"))
    return Standing(
        people=unplaced.exclude(person__in=placed.values("person")).count(),
        groups=counted["groups"],
        places=counted["places"],
        undecided_pairs=KeptApart.objects.filter(
            programme=programme, state=KeptApart.State.SUGGESTED
        ).count(),
    )


def letters_taken(programme: Programme) -> dict[str, bool]:
    """The letters that proposals have, and whether each is to be handed over: failed, or published."""
    done = Publishing.objects.filter(run=OuterRef("pk"), state=Publishing.State.DONE)
    rows = Run.objects.filter(programme=programme).exclude(letter="").annotate(is_done=Exists(done))
    return {
        letter: is_done or state == Run.State.FAILED
        for letter, state, is_done in rows.values_list("letter", "state", "is_done")
    }


def publishing_under_way(programme: Programme) -> Publishing | None:
    """The publishing that is not over yet: there is at most one."""
    return Publishing.objects.filter(programme=programme, state__in=Publishing.UNDER_WAY).first()


def publishing_of(run: Run) -> Publishing | None:
    """The last publishing of a run that was not taken back."""
    standing_ones = run.publishings.exclude(state=Publishing.State.UNDONE)
    return standing_ones.order_by("-asked_at").first()


def left_out(publishing: Publishing) -> QuerySet[Reason]:
    """Those whose place in the proposal could not be given, with the person."""
    rows = publishing.reasons.filter(~Q(left_out="")).select_related("application__person")
    return rows.order_by("application__person__name", "pk")


@dataclass(frozen=True)
class Figures:
    """How far a publishing is: people with a place, without one, left out; groups held of all."""

    placed: int
    without: int
    left_out: int
    groups: int
    held: int

    @property
    def percent(self) -> int:
        return 100 * self.held // self.groups if self.groups else 0


def figures(publishing: Publishing) -> Figures:
    """Counted in two queries."""
    people = publishing.reasons.aggregate(
        placed=Count("membership"),
        left_out=Count("pk", filter=~Q(left_out="")),
        all=Count("pk"),
    )
    groups = publishing.openings.aggregate(all=Count("pk"), held=Count("held_at"))
    return Figures(
        placed=people["placed"],
        without=people["all"] - people["placed"],
        left_out=people["left_out"],
        groups=groups["all"],
        held=groups["held"],
    )
