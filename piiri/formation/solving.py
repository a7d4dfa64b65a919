"""The one way to the solver: loaded when it is asked for, since it costs half a second and 100 MB."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Any

from piiri.formation.problem import Answer, Mentor, Offer, Participant, Problem

SOLVER = "piiri.formation.solver"
PEOPLE = 60  # more than the exact method takes, so that the compiled search runs
FIRST_MOVES = 50  # a person: a first look, which says how many moves the time is enough for
FEWEST_MOVES = 20_000
MEANT = 0.9  # of the time that is left; the rest is for reading, judging and a pace that was too fair

Progress = Callable[[float, int], bool]
Best = Callable[[Answer], None]


class Stopped(Exception):
    """Somebody asked the search to end."""


@dataclass(frozen=True)
class Found:
    """What a search found. `exact`: problem, seed and `answer.work` give the same again, anywhere."""

    answer: Answer
    exact: bool


def version() -> str:
    """Which solver this is: it comes with the package."""
    return metadata.version("piiri")


def find(problem: Problem, *, seconds: float, seed: int, tell: Progress, keep: Best) -> Found | None:
    """Search for about so many seconds, but by a number of moves, so that it can be done again exactly.

    A first look finds something to keep and how fast moves are here. `tell(share, cost)` answers whether to
    go on; `keep` gets what was found so far. None when it was stopped before anything was found.
    """
    solver = warm_solver()
    watch = _Watch(tell)
    work = max(FEWEST_MOVES, FIRST_MOVES * len(problem.participants))
    try:
        best = solver.solve(problem, seconds=seconds, work=work, seed=seed, progress=watch.first)
    except Stopped:
        return None
    keep(best)
    pace = max(1e-9, watch.lasted() / work)
    left = seconds - (time.monotonic() - watch.started)
    more = int(left * MEANT / pace)
    if best.proven_best or more <= work:
        return Found(best, exact=True)
    try:
        second = solver.solve(problem, seconds=left, work=more, seed=seed, progress=watch.second)
    except Stopped:
        return Found(best, exact=True)
    return Found(min(second, best, key=lambda one: one.cost), exact=True)


class _Watch:
    """How long the first look takes, and how far all of it is."""

    FIRST_SHARE = 0.05

    def __init__(self, tell: Progress) -> None:
        self.tell = tell
        self.started = time.monotonic()
        self.began: float | None = None
        self.ended = self.started

    def first(self, share: float, cost: int) -> None:
        self.ended = time.monotonic()
        self.began = self.began or self.ended
        self._say(share * self.FIRST_SHARE, cost)

    def second(self, share: float, cost: int) -> None:
        self._say(self.FIRST_SHARE + share * (1 - self.FIRST_SHARE), cost)

    def lasted(self) -> float:
        """Seconds between the first and the last sign of the first look."""
        return self.ended - (self.began or self.started)

    def _say(self, share: float, cost: int) -> None:
        if not self.tell(share, cost):
            raise Stopped


def warm_solver() -> Any:
    """The solver's module with everything compiled, so that none of a search's seconds go into compiling.

    About a minute with a new data folder, seconds later. Only a worker's child process and
    `piiri warm-solver` ask for it.
    """
    solver = import_module(SOLVER)
    solver.solve(_small_problem(), seconds=1.0, seed=1)
    return solver


def _small_problem() -> Problem:
    """Enough people and offers for every part of the search to be used once."""
    themes = ["a", "b", "c"]
    people = [
        Participant(f"p{n}", 0b11111111, languages=["fi"], regions=["here"], themes=themes, org=f"o{n % 7}")
        for n in range(PEOPLE)
    ]
    mentors = [Mentor(f"m{n}", 0b11111111, max_groups=1) for n in range(15)]
    offers = [Offer(f"g{n}", f"m{n}", themes[n % 3], "fi", "here") for n in range(15)]
    return Problem(people, mentors, offers, slots=8)
