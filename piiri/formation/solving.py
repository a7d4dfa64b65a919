"""The one way to the solver: loaded when it is asked for, since it costs half a second and 100 MB."""

import time
from collections.abc import Callable
from importlib import import_module, metadata
from typing import Any

from piiri.formation.problem import Answer, Mentor, Offer, Participant, Problem

SOLVER = "piiri.formation.solver"
PEOPLE = 60  # more than the exact method takes, so that the compiled search runs
FEWEST_MOVES = 1_000  # of the first round, or one for each person
LONGER = 4  # times as many moves in the next round
MEANT = 0.9  # of the time that is left; the rest is for reading, judging and a pace that was too fair

Progress = Callable[[float, int], bool]
Best = Callable[[Answer], None]


class Stopped(Exception):
    """Somebody asked the search to end: what was found before counts."""


def version() -> str:
    """Which solver this is: it comes with the package."""
    return metadata.version("piiri")


def find(problem: Problem, *, seconds: float, seed: int, tell: Progress, keep: Best) -> Answer | None:
    """Search for about so many seconds, but by a number of moves, so that it can be done again exactly.

    Rounds of growing length: each says how fast moves are here, and leaves something that can be kept; the
    last has about three quarters of the time. `tell(share, cost)` answers whether to go on; `keep` gets the
    best so far. None when it was stopped before anything was found.
    """
    solver, watch = warm_solver(), _Watch(tell, seconds)
    best: Answer | None = None
    work = max(FEWEST_MOVES, len(problem.participants))
    while work:
        try:
            found = solver.solve(problem, seconds=watch.left(), work=work, seed=seed, progress=watch.begin())
        except Stopped:
            break
        best = min(best or found, found, key=lambda one: one.cost)
        keep(best)
        only_one = best.proven_best or problem.mode == "pairs"
        work = 0 if only_one else _next_round(work, most=int(watch.moves_left(work)))
    return best


def again(problem: Problem, start: Answer, *, work: int, seed: int) -> Answer:
    """The best that so many moves find from an answer of the same problem, or of one with less in it."""
    found: Answer = import_module(f"{SOLVER}.warm").solve_again(
        problem, start.assignment, work=work, seed=seed
    )
    return found


def _next_round(work: int, *, most: int) -> int:
    """The moves of the next round, at `most` so many; 0 when no longer one has time."""
    if most <= work:
        return 0
    return most if most < LONGER * LONGER * work else LONGER * work


class _Watch:
    """How long all of it lasts, how fast a round is, and whether it shall end."""

    def __init__(self, tell: Progress, seconds: float) -> None:
        self.tell, self.seconds = tell, seconds
        self.started = time.monotonic()
        self.first = self.last = self.started

    def left(self) -> float:
        return max(0.1, self.seconds - (time.monotonic() - self.started))

    def begin(self) -> Callable[[float, int], None]:
        """The progress of one round, which ends all of them when `tell` says so."""
        fresh = True

        def progress(_share: float, cost: int) -> None:
            nonlocal fresh
            self.last = time.monotonic()
            self.first = self.last if fresh else self.first
            fresh = False
            if not self.tell(min(0.99, (self.last - self.started) / self.seconds), cost):
                raise Stopped

        return progress

    def moves_left(self, work: int) -> float:
        """How many moves the time is enough for, at the pace between the first and last sign of a round."""
        return self.left() * MEANT * work / max(1e-6, self.last - self.first)


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
