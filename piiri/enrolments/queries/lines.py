"""The waiting lists of a programme as its office sees them."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from piiri.enrolments.models import Application, Waiting
from piiri.groups.models import Group, Offer, Place
from piiri.programmes.models import Programme, Theme


@dataclass(frozen=True)
class ListOf:
    """One list: what it is for, how many wait, how many are asked now, how many places are free."""

    of: Group | Theme
    waiting: int
    asked: int = 0
    free: int = 0

    @property
    def is_theme(self) -> bool:
        return isinstance(self.of, Theme)


def lists_in(programme: Programme) -> list[ListOf]:
    """The lists in which somebody waits or is asked, themes first. Five queries for any number."""
    turns = standing_in(programme).order_by()
    by_theme = dict(turns.filter(theme__isnull=False).values_list("theme").annotate(n=Count("pk")))
    by_group = dict(turns.filter(group__isnull=False).values_list("group").annotate(n=Count("pk")))
    offers = Offer.objects.open().filter(programme=programme, instead_of=None).order_by()
    asked = dict(offers.values_list("group").annotate(n=Count("pk")))
    groups = Group.objects.filter(pk__in={*by_group, *asked}).select_related("theme")
    free = Place.objects.free().filter(group__in={*by_group, *asked}).order_by()
    counted = dict(free.values_list("group").annotate(n=Count("pk")))
    themes = Theme.objects.filter(pk__in=by_theme)
    found = [ListOf(theme, by_theme[theme.pk]) for theme in themes]
    return found + [
        ListOf(group, by_group.get(group.pk, 0), asked.get(group.pk, 0), counted.get(group.pk, 0))
        for group in groups.order_by("theme__order", "pk")
    ]


def standing_in(programme: Programme) -> QuerySet[Waiting]:
    """Everybody who waits in a list of the programme."""
    return Waiting.objects.standing().filter(
        application__programme=programme, application__state=Application.State.WAITING
    )


def line_in(programme: Programme, of: Group | Theme) -> QuerySet[Waiting]:
    """Who waits in one list, in order, with the person and until when they are asked for a place."""
    here = {"theme": of} if isinstance(of, Theme) else {"group": of}
    held = Offer.objects.open().filter(person=OuterRef("application__person"), programme=programme)
    rows = standing_in(programme).filter(**here).order_by("priority", "order", "pk")
    return (
        rows.annotate(asked_until=Subquery(held.values("expires_at")[:1]))
        .select_related("application__person", "application__unit")
        .defer("application__wish")
    )


def list_called(programme: Programme, *, uid: str) -> Group | Theme | None:
    """The group or theme of the programme whose list is asked for."""
    group = Group.objects.filter(programme=programme, uid=uid).select_related("theme").first()
    return group or Theme.objects.filter(programme=programme, uid=uid).first()
