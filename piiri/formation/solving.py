"""The one way to the solver: loaded when it is asked for, since it costs half a second and 100 MB."""

from importlib import import_module
from typing import Any

from piiri.formation.problem import Mentor, Offer, Participant, Problem

SOLVER = "piiri.formation.solver"
PEOPLE = 60  # more than the exact method takes, so that the compiled search runs


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
