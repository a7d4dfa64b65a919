"""Decisions about many: what is due, for whom a decision can be made, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from piiri.base.models import free
from piiri.enrolments.models import Application, Bulk, BulkLine, Waiting, Wish
from piiri.enrolments.queries.table import ORDERS, free_places
from piiri.groups.models import Group
from piiri.programmes.models import Programme, Theme

Deed = Bulk.Deed
Outcome = BulkLine.Outcome


def bulks_to_go_on(now: datetime, limit: int) -> Sequence[Bulk]:
    """Ordered and not carried out to the end, oldest first."""
    due = Bulk.objects.filter(free(now), done_at=None, due_at__lte=now)
    return list(due.select_related("programme", "group", "ordered_by").order_by("due_at", "pk")[:limit])


def bulks_under_way(programme: Programme) -> list[Bulk]:
    """Decisions that workers still carry out."""
    return list(programme.bulks.filter(done_at=None, due_at__isnull=False).order_by("pk"))


def decidable(rows: QuerySet[Application], *, deed: str) -> QuerySet[Application]:
    """Of these those for whom the decision can be made now, in the order in which places are given."""
    fit = rows.filter(state__in=(Application.State.SENT, Application.State.WAITING))
    if deed == Deed.OFF:
        fit = rows.filter(state=Application.State.WAITING)
    if deed == Deed.WAIT:
        fit = fit.exclude(Exists(Waiting.objects.standing().filter(application=OuterRef("pk"))))
    return fit.order_by(*ORDERS["key"])


def groups_to_place_into(programme: Programme) -> list[tuple[Group, int]]:
    """Living groups with free places, and how many, in the order of their themes. Two queries."""
    free_by_group = free_places(programme).groups
    groups = Group.objects.living().filter(pk__in=free_by_group).select_related("theme")
    return [(group, free_by_group[group.pk]) for group in groups.order_by("theme__order", "theme", "pk")]


def group_wished_for(application: int, *, groups: Sequence[tuple[Group, int]]) -> str:
    """The uid of the first of these groups that the applicant (its key) wishes for, dearest first; or ""."""
    wishes = Wish.objects.filter(application=application).order_by("rank").values_list("theme", "group")
    for theme, wished in wishes:
        for group, _free in groups:
            if group.pk == wished or (theme and group.theme_id == theme and not group.by_link):
                return group.uid
    return ""


def wants_of(application: Application) -> list[Theme | Group]:
    """What somebody waits for: their wishes, or everything where they said that anything is fine."""
    wishes = application.wishes.select_related("theme", "group").order_by("rank")
    found: list[Theme | Group] = [one for wish in wishes if (one := wish.theme or wish.group)]
    if found or not application.any_theme:
        return found
    programme = application.programme
    if programme.rules.wish_for == "group":
        return list(Group.objects.living().filter(programme=programme, by_link=False))
    return list(programme.themes.all())


def applications_called(keys: Sequence[int]) -> list[Application]:
    """Applications by their keys and in their order, with their people; without the text to the group."""
    rows = Application.objects.filter(pk__in=keys).select_related("person", "unit").defer("wish")
    found = {one.pk: one for one in rows}
    return [found[key] for key in keys if key in found]


# --- what became of it ------------------------------------------------------------------------


@dataclass(frozen=True)
class BulkReport:
    """How far a decision about many is, and what became of it."""

    bulk: Bulk
    people: int = 0
    done: int = 0
    failed: int = 0
    open: int = 0
    # (sentence, number) for those who were left as they were, the most frequent reason first.
    left: list[tuple[str, int]] = field(default_factory=list)

    @property
    def decided(self) -> int:
        return self.people - self.open

    @property
    def is_over(self) -> bool:
        return self.bulk.done_at is not None or self.bulk.due_at is None


def bulk_report(bulk: Bulk) -> BulkReport:
    """Count what became of the lines; one query."""
    counts = bulk.lines.order_by().values_list("outcome", "why").annotate(n=Count("pk"))
    by_outcome = dict.fromkeys(("", *Outcome.values), 0)
    left: list[tuple[str, int]] = []
    for outcome, why, number in counts:
        by_outcome[outcome] += number
        if outcome == Outcome.LEFT:
            left.append((why_in_words(why, number), number))
    return BulkReport(
        bulk,
        people=sum(by_outcome.values()),
        done=by_outcome[Outcome.DONE],
        failed=by_outcome[Outcome.FAILED],
        open=by_outcome[""],
        left=sorted(left, key=lambda one: -one[1]),
    )


def done_in_words(bulk: Bulk, number: int) -> str:
    """For how many it was done, as a sentence."""
    n = number
    told = {
        Deed.PLACE: ngettext("%(n)s person has a place now.", "%(n)s people have a place now.", n),
        Deed.WAIT: ngettext(
            "%(n)s person stands in the waiting lists now.", "%(n)s people stand in the waiting lists now.", n
        ),
        Deed.OFF: ngettext(
            "%(n)s person does not wait in the lists any more.",
            "%(n)s people do not wait in the lists any more.",
            n,
        ),
        Deed.DECLINE: ngettext(
            "%(n)s person has been told that there is no place.",
            "%(n)s people have been told that there is no place.",
            n,
        ),
    }
    return told[Deed(bulk.deed)] % {"n": n}


def lines_left(bulk: Bulk) -> QuerySet[BulkLine]:
    """Those for whom it could not be done, with their names."""
    rows = bulk.lines.filter(outcome__in=(Outcome.LEFT, Outcome.FAILED))
    return rows.select_related("application__person").order_by("pk")


def why_in_words(code: str, number: int) -> str:
    """Why it could not be done for so many people, for the office."""
    n = number
    told = {
        "full": ngettext("%(n)s could not: the group is full.", "%(n)s could not: the group is full.", n),
        "ended": ngettext(
            "%(n)s could not: the group has ended.", "%(n)s could not: the group has ended.", n
        ),
        "already_in": ngettext(
            "%(n)s has a place in another group already.", "%(n)s have places in other groups already.", n
        ),
        "is_mentor": ngettext("%(n)s leads the group.", "%(n)s lead the group.", n),
        "kept_apart": ngettext(
            "%(n)s could not: the group does not fit. The pairs kept apart tell more.",
            "%(n)s could not: the group does not fit. The pairs kept apart tell more.",
            n,
        ),
        "decided": ngettext(
            "%(n)s had been decided about meanwhile.", "%(n)s had been decided about meanwhile.", n
        ),
        "waits": ngettext("%(n)s waits already.", "%(n)s wait already.", n),
        "not_waiting": ngettext("%(n)s does not wait any more.", "%(n)s do not wait any more.", n),
        "nothing": ngettext(
            "%(n)s wishes for nothing one could wait for.", "%(n)s wish for nothing one could wait for.", n
        ),
        "no_lists": ngettext(
            "%(n)s could not: this programme has no waiting lists.",
            "%(n)s could not: this programme has no waiting lists.",
            n,
        ),
        "not_yours": ngettext(
            "%(n)s was left: whoever ordered this does not work in this office any more.",
            "%(n)s were left: whoever ordered this does not work in this office any more.",
            n,
        ),
    }
    other = ngettext("%(n)s could not be decided about now.", "%(n)s could not be decided about now.", n)
    return told.get(code, other) % {"n": n}
