"""The board of proposals: up to three side by side, the earlier ones, and whom a step reached."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piiri.formation import moves, weighing
from piiri.formation.models import Run, Step
from piiri.formation.queries.asked import asked_of
from piiri.formation.queries.options import Numbers, numbers
from piiri.programmes.models import Programme

EARLIER = 10

ABOUT: dict[str, Promise] = {
    "first_wishes": _("Most people get their dearest theme"),
    "new_faces": _("Widest mix of workplaces"),
    "times_to_spare": _("More times to choose from"),
}


@dataclass(frozen=True)
class Beside:
    """A proposal on its card; `numbers` are there once it is ready."""

    run: Run
    name: Promise
    about: Promise
    numbers: Numbers | None


@dataclass(frozen=True)
class Reached:
    """Whom and which groups some steps changed."""

    people: Collection[str]
    groups: Collection[str]


def side_by_side(programme: Programme) -> list[Beside]:
    """The proposals that have a letter, in its order; one query, and two for each that is ready."""
    rows = Run.objects.filter(programme=programme).exclude(letter="").defer("question", "best")
    return [card(run) for run in rows.order_by("letter")]


def card(run: Run) -> Beside:
    """One of them."""
    told = weighing.complete(run.weights)
    most = [name for name, value in told.items() if value == max(told.values())]
    is_one = len(most) == 1 and told[most[0]] > weighing.USUAL
    return Beside(
        run=run,
        name=weighing.name_of(run.weights),
        about=ABOUT[most[0]] if is_one else _("Dear themes and mixed workplaces"),
        numbers=numbers(run) if run.state == Run.State.READY else None,
    )


def earlier(programme: Programme) -> list[Run]:
    """The newest of those that were set aside or replaced, without their proposals."""
    rows = Run.objects.filter(programme=programme, letter="").defer("proposal", "question", "best")
    return list(rows.order_by("-asked_at", "-pk")[:EARLIER])


def reached(run: Run, *, steps: Collection[int]) -> Reached:
    """Whom these steps moved or locked, and every group whose card they change."""
    people, groups = set(), set()
    assignment = run.proposal.get("assignment", {})
    for step in Step.objects.filter(run=run, number__in=steps):
        for one, was, to in step.moves:
            people.add(one)
            groups |= {was, to}
        groups |= {assignment.get(one) for one, _was, _is in step.locks}
    named = {one for one in groups if one}
    opened = {one for one in assignment.values() if one}
    return Reached(people, named | set(moves.linked(asked_of(run), named, opened)))
