import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiri.formation.problem import Participant, Problem, from_json
from piiri.formation.scoring import score
from piiri.formation.solver import solve
from piiri.formation.solver.arrays import arrays
from piiri.formation.solver.bounds import lower_bound
from piiri.formation.tests.test_problem import instance_of, needs_shared
from piiri.formation.tests.test_solver import CALM, cheapest, crowd, edited, problems


@CALM
@given(problem=problems(), passes=st.integers(1, 60))
def test_lower_bound_is_never_above_the_optimum(problem, passes):
    assert lower_bound(arrays(problem), seconds=0, passes=passes).bound <= cheapest(problem)


@CALM
@given(problem=problems())
def test_lower_bound_knows_what_the_groups_met_really_cost(problem):
    priced = lower_bound(arrays(problem), seconds=0, passes=30)

    for (group, people), cost in priced.pool.items():
        alone = {problem.participants[i].id: problem.groups[group].id for i in people}
        left_out = int(priced.data.out.sum() - priced.data.out[list(people)].sum())
        assert score_of(problem, alone) == cost + left_out + priced.wishes


def score_of(problem, assignment):
    judged = score(problem, assignment)
    assert [breach for breach in judged.violations if breach[0] != "mentor-load"] == []
    return judged.cost


def test_lower_bound_without_offers_is_what_leaving_everybody_out_costs():
    problem = Problem([Participant("a", 1, ["fi"], ["online"])], [], [], slots=1)

    assert lower_bound(arrays(problem), seconds=0, passes=30).bound == 1000


@needs_shared
def test_lower_bound_comes_close_at_a_school_and_repeats_itself():
    data = arrays(from_json(instance_of("school30-s1")))

    first, again = (lower_bound(data, seconds=0, passes=90).bound for _ in range(2))

    assert first == again
    assert 4000 <= first <= 4090  # the optimum


@CALM
@given(problem=edited(people=5, groups=3), passes=st.integers(1, 60))
def test_lower_bound_holds_for_what_the_office_holds_fast_too(problem, passes):
    assert lower_bound(arrays(problem), seconds=0, passes=passes).bound <= cheapest(problem)


def test_solve_gives_the_bound_when_asked():
    problem = crowd(50)  # there is room for 16 of them

    assert solve(problem, work=10).bound is None
    asked = solve(problem, work=6_000, bound=True)
    assert 34_000 <= asked.bound <= asked.cost < 36_000


@pytest.mark.parametrize("edit", [{"together": [["p0", "p1"]]}, {"opened": ["g1"]}])
def test_solve_proves_nothing_by_the_exact_method_about_what_that_does_not_know(edit):
    problem = crowd(8, **edit)

    assert (solve(problem, work=60).bound, solve(problem, work=60).proven_best) == (None, False)
    assert 0 < solve(problem, work=60, bound=True).bound <= cheapest(problem)


def test_lower_bound_tells_how_far_it_is_and_ends_when_it_is_told_to():
    told = []
    priced = lower_bound(arrays(crowd(50)), seconds=0, passes=90, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == priced.bound

    once = []
    lower_bound(arrays(crowd(50)), seconds=0, passes=90, progress=lambda bound: once.append(bound) or False)
    assert len(once) == 1 < len(told)
