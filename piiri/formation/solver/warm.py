"""A search that begins with people seated: what a small change of the question does to an answer."""
# mypy: disallow-untyped-decorators=False, disallow-untyped-defs=False, disallow-untyped-calls=False

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numba import njit

from piiri.formation.problem import Answer, Assignment, Problem
from piiri.formation.scoring import score
from piiri.formation.solver import kernels
from piiri.formation.solver.arrays import Ints, arrays
from piiri.formation.solver.pairs import pair_up
from piiri.formation.solver.search import THREADS, Search

WARM, COLD = 20.0, 3.0  # it may leave the answer it began with, and not far
ROUNDS = 20


def solve_again(problem: Problem, start: Assignment, *, work: int, seed: int = 1) -> Answer:
    """The best that `work` moves find beginning with `start`; never dearer than it.

    `start` must hold for the problem: groups that are gone or rules that are broken are the caller's to
    mend. Problem, start, `work` and `seed` decide the answer. Pairs need no start and have their optimum.
    """
    if problem.mode == "pairs":
        return replace(pair_up(problem), seed=seed)
    number = {offer.id: at for at, offer in enumerate(problem.groups)}
    seats = np.array([number.get(start.get(one.id) or "", -1) for one in problem.participants], np.int64)
    data = arrays(problem)
    run = Search(data, seed=seed)
    _seat(data, run.state, seats)
    run.total = run.cost = int(run.state.misc[kernels.TOTAL])
    run.seats[:] = seats
    with ThreadPoolExecutor(THREADS) as pool:
        for at in range(ROUNDS):
            run.round(pool, max(1, work // ROUNDS), _heat(at), _heat(at + 1))
    first, found = (_answer(problem, one, seed=seed, work=work) for one in (seats, run.seats))
    return min(first, found, key=lambda one: (bool(score(problem, one).violations), one.cost))


def _heat(at: int) -> float:
    return float(WARM * (COLD / WARM) ** (at / ROUNDS))


def _answer(problem: Problem, seats: Ints, *, seed: int, work: int) -> Answer:
    names = [offer.id for offer in problem.groups]
    ends = {p.id: names[g] if g >= 0 else None for p, g in zip(problem.participants, seats, strict=True)}
    judged = score(problem, ends)
    return Answer(ends, judged.cost, judged.parts, seed=seed, work=work)


@njit  # not kept on disk: numba's cache does not see changes in another file
def _seat(data, state, seats):
    for person in range(len(seats)):
        if seats[person] >= 0:
            kernels.join(data, state, person, seats[person])
