"""What is scarce, for the office: on the board and beside a proposal the same."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from piiri.formation import scarce_sentences, scarcity
from piiri.formation.models import Run
from piiri.formation.problem import Assignment, Problem, ProblemError
from piiri.formation.queries.asked import kept_problem
from piiri.formation.queries.gathering import problem_of
from piiri.formation.scarcity import Part, Scarce
from piiri.groups import week
from piiri.programmes import windows as weekly
from piiri.programmes.models import Programme, Theme

MOST = 5  # lines of a kind
FEW_ENOUGH = 1000  # people whose question is put together for a page that is looked at

What = TypeVar("What", bound=Hashable)


@dataclass(frozen=True)
class Line:
    """One scarce thing and what is known of it in a sentence or three."""

    name: str
    text: str


@dataclass(frozen=True)
class Kind:
    """Themes, times or languages that are scarce, the scarcest first."""

    title: str
    lines: list[Line]


def scarce(programme: Programme, *, runs: Iterable[Run] = (), people: int = 0) -> list[Kind]:
    """What is scarce in the newest of the runs that are ready, or without one in what would be asked now.

    `people` wait for a place; of more than FEW_ENOUGH it is told once a first run has been asked. Kinds in
    which nothing is scarce are left out; nothing when there is nobody to place.
    """
    ready = [run for run in runs if run.state == Run.State.READY]
    if ready:
        run = max(ready, key=lambda one: (one.asked_at, one.pk))
        problem = kept_problem(run)
        return _kinds(programme, problem, run.proposal.get("assignment", {})) if problem else []
    if not 0 < people <= FEW_ENOUGH:
        return []
    try:
        return _kinds(programme, problem_of(programme), None)
    except ProblemError:
        return []


def parts_of(programme: Programme, *, slots: int) -> Mapping[Part, int]:
    """The programme's parts of the week as masks of slots; none where its week is not that long any more."""
    rules = programme.rules
    windows = [(window.weekday, window.start) for window in weekly.windows(rules)]
    bounds = [(part.code, part.start, part.end) for part in week.parts(rules.day_from, rules.day_to)]
    return scarcity.parts_of(windows, bounds) if len(windows) == slots else {}


def _kinds(programme: Programme, problem: Problem, assignment: Assignment | None) -> list[Kind]:
    found = scarcity.scarcity(problem, parts=parts_of(programme, slots=problem.slots), assignment=assignment)
    titles = {
        uid: str(title)
        for uid, title in Theme.objects.filter(programme=programme).values_list("uid", "title")
    }
    spoken = dict(settings.LANGUAGES)
    say = scarce_sentences
    kinds = [
        Kind(_("Themes"), _lines(found.themes, lambda uid: titles.get(uid, ""), say.want_it)),
        Kind(_("Weekly times"), _lines(found.times, say.when, say.can_come)),
        Kind(_("Languages"), _lines(found.languages, lambda code: str(spoken.get(code, code)), say.speak_it)),
    ]
    return [kind for kind in kinds if kind.lines]


def _lines(
    found: Iterable[Scarce[What]], name: Callable[[What], str], wanted: Callable[[int], str]
) -> list[Line]:
    named = [(name(one.what), one) for one in found if one.is_short]
    return [
        Line(said, scarce_sentences.line(wanted, wanting=one.wanting, seats=one.seats, left=one.left))
        for said, one in named
        if said
    ][:MOST]
