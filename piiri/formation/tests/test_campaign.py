"""Many random questions: never a rule broken, never a proof that looking at everything disproves."""

import os
from itertools import combinations

from piiri.formation.problem import Problem
from piiri.formation.scoring import score
from piiri.formation.solver import solve
from piiri.formation.tests.crowds import anything

LONG = bool(os.environ.get("PIIRI_LONG"))
QUESTIONS, EVERYTHING = (10_000, 1_000) if LONG else (1_000, 60)
WORK = 60


def rules(found):
    """The rules that are broken; a group that must open has nobody to open it, now and then."""
    return {breach[0] for breach in found.violations} - {"opened"}


def cheapest(problem: Problem) -> int:
    """The lowest cost there is: all sets of people that could be a group, in all ways to have them."""
    names = [person.id for person in problem.participants]
    sets = {
        offer.id: [
            set(members)
            for size in range(offer.lower, offer.upper + 1)
            for members in combinations(names, size)
            if not rules(score(problem, dict.fromkeys(members, offer.id))) - {"together"}
        ]
        for offer in problem.groups
    }

    def least(offers, seats):
        if not offers:
            found = score(problem, seats)
            return found.cost if not rules(found) else None
        ways = [set(), *(members for members in sets[offers[0]] if members.isdisjoint(seats))]
        costs = [least(offers[1:], seats | dict.fromkeys(members, offers[0])) for members in ways]
        return min((cost for cost in costs if cost is not None), default=None)

    return least([offer.id for offer in problem.groups], {})


def test_no_random_question_gets_groups_that_break_a_rule():
    for seed in range(QUESTIONS):
        problem = anything(seed, most=16)
        answer = solve(problem, work=WORK, seed=seed)
        found = score(problem, answer)

        assert (seed, rules(found)) == (seed, set())
        assert (seed, answer.cost, answer.parts) == (seed, found.cost, found.parts)
        assert answer.bound is None or answer.bound <= answer.cost, seed


def test_looking_at_everything_finds_nothing_better_than_what_is_called_the_best():
    proved = 0
    for seed in range(EVERYTHING):
        problem = anything(seed, most=10 if seed % 6 == 0 else 7)
        answer = solve(problem, work=WORK, seed=seed)
        best = cheapest(problem)

        assert answer.cost >= best, seed
        assert answer.bound is None or answer.bound <= best, seed
        assert not answer.proven_best or answer.cost == best, seed
        proved += answer.proven_best

    assert proved > EVERYTHING // 2
