"""A search that begins with people seated: never dearer than its start, and the same every time."""

from collections import Counter
from dataclasses import replace

import pytest

from piiri.formation.problem import Mentor, Offer
from piiri.formation.scoring import score
from piiri.formation.solver import solve
from piiri.formation.solver.warm import solve_again
from piiri.formation.tests.crowds import anything, crowd


def test_solve_again_goes_on_from_where_it_stands():
    problem = crowd(120)
    start = solve(problem, work=100)

    found = solve_again(problem, start.assignment, work=600, seed=3)

    assert score(problem, found).violations == []
    assert found.cost == score(problem, found).cost < start.cost
    assert solve_again(problem, start.assignment, work=600, seed=3) == found
    assert solve_again(problem, start.assignment, work=600, seed=4) != found


def test_solve_again_fills_a_group_that_was_not_there_before():
    whole = crowd(120)
    problem = replace(whole, groups=whole.groups[:8])
    start = solve(problem, work=600)
    left = [one for one in problem.participants if start.assignment[one.id] is None]
    (wished, _), *_ = Counter(theme for one in left for theme in one.themes).most_common()
    offer = Offer("new", "new", wished, "fi", "online")
    more = replace(problem, mentors=[*problem.mentors, Mentor("new", 0xFFF)], groups=[*problem.groups, offer])

    found = solve_again(more, start.assignment, work=600)

    assert score(more, found).violations == []
    assert "new" in found.assignment.values()
    assert list(found.assignment.values()).count(None) < len(left)


@pytest.mark.parametrize("seed", range(40))
def test_solve_again_never_makes_an_answer_dearer_or_breaks_a_rule(seed):
    problem = anything(seed)
    start = solve(problem, work=20)

    found = solve_again(problem, start.assignment, work=100)

    assert found.cost <= start.cost
    assert {rule for rule, *_ in score(problem, found).violations} <= {"opened"}


def test_solve_again_pairs_people_anew():
    problem = crowd(20)
    offers = [replace(one, lower=1, upper=1) for one in problem.groups]
    pairs = replace(problem, groups=offers, mode="pairs")
    nobody = dict.fromkeys((one.id for one in pairs.participants), None)

    assert solve_again(pairs, nobody, work=1, seed=1) == solve(pairs, seed=1)
