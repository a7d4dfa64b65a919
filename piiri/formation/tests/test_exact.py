import numpy as np
import pytest

from piiri.formation.problem import Mentor, Offer, Participant, Problem, from_json
from piiri.formation.solver.arrays import arrays
from piiri.formation.solver.exact import solve_exactly
from piiri.formation.tests.test_problem import instance_of, needs_shared


def nobody(data):
    return np.full(len(data.avail), -1, np.int32)


@needs_shared
@pytest.mark.parametrize(("name", "optimum"), [("school30-s1", 4090), ("school30-s2", 3535)])
def test_solve_exactly_proves_the_known_optimum_of_a_school_from_nothing(name, optimum):
    data = arrays(from_json(instance_of(name)))

    found = solve_exactly(data, start=nobody(data), seconds=0, nodes=10_000)

    assert (found.bound, found.proven_best) == (optimum, True)


def test_solve_exactly_never_gives_a_mentor_two_groups_at_one_time():
    people = [Participant(f"p{i}", 0b1, ["fi"], ["online"], [theme]) for i, theme in enumerate("tu")]
    offers = [Offer(f"g{theme}", "m", theme, "fi", "online", 1, 1) for theme in "tu"]
    data = arrays(Problem(people, [Mentor("m", 0b11, max_groups=2)], offers, slots=2))

    found = solve_exactly(data, start=nobody(data), seconds=0, nodes=100)

    assert sorted(found.seats) in ([-1, 0], [-1, 1])
    assert found.proven_best
