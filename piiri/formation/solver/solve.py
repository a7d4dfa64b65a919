"""The one question the solver answers: who sits in which group."""

import time
from dataclasses import replace

from piiri.formation.problem import Answer, Problem, self_run_offers
from piiri.formation.scoring import Score, score
from piiri.formation.solver.arrays import Ints, arrays
from piiri.formation.solver.bounds import lower_bound
from piiri.formation.solver.exact import solve_exactly
from piiri.formation.solver.pairs import pair_up
from piiri.formation.solver.search import Progress, search

EXACT_PEOPLE = 40
FIRST_LOOK = 0.15  # the share of the time in which the search finds the exact method a start
MOVES_PER_NODE = 20
BOUND_SHARE = 0.6  # of the time goes to the bound when it is asked for
MOVES_PER_PASS = 100


def solve(
    problem: Problem,
    *,
    seconds: float = 10.0,
    work: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    bound: bool = False,
) -> Answer:
    """Propose who sits where at low cost; always an answer without violations, at worst nobody placed.

    `seconds` of wall-clock time, translation of the problem included, compilation of the first call not.
    With `work` (moves to try) the clock is not looked at and problem, `work` and `seed` decide the answer.
    Up to EXACT_PEOPLE people HiGHS then looks for the proven optimum: `proven_best`, and `bound` in any case.
    With more people, `bound` asks for a proven lower bound and spends BOUND_SHARE of the time on it.
    `progress(share, cost)` is told the share of the search done, 0 to 1, and the best cost so far; when it
    answers False, the search ends at once with that. Pairs are an assignment problem and have a method of
    their own, which needs none of these. In mode "diverse" the groups are those of `self_run_offers`.
    Source: "Group formation" notes, section 4; the cost is that of the mgf-1 benchmark.
    """
    if problem.mode == "pairs":
        return replace(pair_up(problem), seed=seed)
    if problem.mode == "diverse":
        problem = self_run_offers(problem)
    started = time.monotonic()
    data = arrays(problem)
    exact = len(problem.participants) <= EXACT_PEOPLE and len(problem.groups) > 0
    # The exact method knows nothing of these yet: what it proves would be about another question.
    exact = exact and not problem.together and not problem.opened
    left = seconds - (time.monotonic() - started)
    look = left * (FIRST_LOOK if exact else 1 - BOUND_SHARE if bound else 1)
    told: list[bool | None] = []

    def tell(share: float, cost: int) -> bool | None:
        told[:] = [progress(share, cost) if progress is not None else None]
        return told[0]

    seats, done = search(data, seconds=look, work=work, seed=seed, progress=tell)
    answer = _answer(problem, seats, seed=seed, work=done)
    left = seconds - (time.monotonic() - started)
    if told == [False] or not (exact or bound):
        return answer
    if not exact:
        passes = None if work is None else max(1, work // MOVES_PER_PASS)
        proven = lower_bound(data, seconds=left, passes=passes).bound
        return replace(answer, bound=proven, proven_best=answer.cost <= proven)
    nodes = None if work is None else max(1, work // MOVES_PER_NODE)
    found = solve_exactly(data, start=seats, seconds=left, nodes=nodes)
    better = answer if found.seats is None else _answer(problem, found.seats, seed=seed, work=done)
    best = min(answer, better, key=lambda one: one.cost)
    return Answer(best.assignment, best.cost, best.parts, found.bound, found.proven_best, seed, done)


def _answer(problem: Problem, seats: Ints, *, seed: int, work: int) -> Answer:
    """The seats as an answer; should they break a rule, the groups concerned are emptied.

    A group that must open may stay closed: there may be nobody for it.
    """
    names = [offer.id for offer in problem.groups]
    assignment = {
        p.id: names[g] if g >= 0 else None for p, g in zip(problem.participants, seats, strict=True)
    }
    judged = score(problem, assignment)
    while {rule for rule, *_ in judged.violations} - {"opened"}:
        assignment, judged = _emptied(problem, assignment, judged)
    return Answer(assignment, judged.cost, judged.parts, seed=seed, work=work)


def _emptied(
    problem: Problem, assignment: dict[str, str | None], judged: Score
) -> tuple[dict[str, str | None], Score]:
    named = {part for breach in judged.violations for part in breach}
    guilty = {
        offer.id for offer in problem.groups if offer.id in named or not named.isdisjoint(offer.mentors)
    }
    emptied = {person: None if group in guilty else group for person, group in assignment.items()}
    return emptied, score(problem, emptied)
