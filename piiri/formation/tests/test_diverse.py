import gzip
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from piiri.formation import solving
from piiri.formation.problem import Hard, Mentor, Offer, Participant, Problem, mask_of, self_run_offers
from piiri.formation.scoring import common_slots, score
from piiri.formation.solver import solve
from piiri.formation.solver.diverse import diverse, worth
from piiri.formation.tests.test_problem import SHARED, needs_shared


def distances(people, seed):
    half = np.triu(np.random.default_rng(seed).integers(0, 100, (people, people)), 1)
    return (half + half.T).astype(float)


def mdgplib(name):
    """An instance of the library: distances, lower and upper sizes."""
    head, *rows = gzip.decompress((SHARED / "mdgplib" / f"{name}.txt.gz").read_bytes()).decode().splitlines()
    people, _, _, *bounds = head.split()
    distance = np.zeros((int(people), int(people)))
    for row in filter(None, rows):
        i, j, far = row.split()
        distance[int(i), int(j)] = distance[int(j), int(i)] = float(far)
    return distance, [int(one) for one in bounds[::2]], [int(one) for one in bounds[1::2]]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("lower", "upper"), [([3, 4], [3, 4]), ([1, 1, 2], [3, 4, 4]), ([0, 2], [7, 6])])
def test_diverse_finds_the_best_of_few(seed, lower, upper):
    distance = distances(7, seed)

    group, value = diverse(distance, lower, upper, work=400_000, seed=seed)

    def fits(groups):
        sizes = np.bincount(groups, minlength=len(lower))
        return (sizes >= lower).all() and (sizes <= upper).all()

    every = (np.array(groups) for groups in product(range(len(lower)), repeat=7))
    assert fits(group)
    assert value == worth(distance, group) == max(worth(distance, one) for one in every if fits(one))


def test_diverse_with_the_same_work_answers_the_same():
    asked = distances(40, 3), [4] * 7, [8] * 7

    first, again = (diverse(*asked, work=20_000, seed=5) for _ in range(2))

    assert (first[0] == again[0]).all()
    assert first[1] == again[1]
    assert (diverse(*asked, work=20_000, seed=6)[0] != first[0]).any()


def test_diverse_refuses_sizes_that_do_not_fit():
    with pytest.raises(ValueError, match="5 people do not fit groups of 6 to 8 places"):
        diverse(distances(5, 1), [3, 3], [4, 4], work=10)


@needs_shared
@pytest.mark.parametrize(
    ("name", "least"),
    [("RanReal_n120_ss_01", 46_700), ("RanInt_n120_ss_01", 47_300), ("Geo_n120_ss_01", 101_500)],
)
def test_diverse_is_near_the_best_known_of_the_library(name, least):
    assert diverse(*mdgplib(name), work=8_000_000)[1] >= least


def crowd(people=24):
    """People of four workplaces and two languages, half of them experienced, with many times in common."""
    return [
        Participant(
            f"p{i}", mask_of({slot for slot in range(12) if (slot + i) % 4}),
            ["fi", "sv"] if i % 8 == 0 else [["fi", "sv"][i % 3 == 0]],
            ["online"], ["calm"], f"school{i % 4}", experienced=i % 2 == 0,
            not_with=["p1"] if i == 2 else ["m"] if i == 5 else (),
        )
        for i in range(people)
    ]  # fmt: skip


def asked():
    offers = [Offer("g", "m", "calm", "fi", "online")]
    return Problem(crowd(), [Mentor("m", 1)], offers, slots=12, hard=Hard(2), pinned={"p0": "g"})


def test_self_run_offers_are_enough_for_each_region_and_language():
    problem = self_run_offers(asked())

    offered = [(offer.id, offer.mentor, offer.theme, offer.region) for offer in problem.groups]
    assert offered == [(f"self{at}", None, "", "online") for at in range(1, len(offered) + 1)]
    for language in ("fi", "sv"):
        speakers = sum(language in person.languages for person in problem.participants)
        assert sum(offer.language == language for offer in problem.groups) == speakers // 4


def test_self_run_groups_share_time_and_are_mixed():
    problem = self_run_offers(asked())

    answer = solve(problem, work=1500)

    assert score(problem, answer).violations == []
    assert None not in answer.assignment.values()
    assert all(len(slots) >= 2 for slots in common_slots(problem, answer).values())
    assert answer.parts["rank"] == answer.parts["mix"] == 0


def test_self_run_offers_of_the_question_are_the_ones_that_are_filled():
    groups = [Offer(f"h{at}", None, "any", "fi", "online") for at in range(4)]
    problem = replace(asked(), groups=[*asked().groups, *groups], closed=["h3"], mode="diverse")

    answer = solve(problem, work=1500)

    assert {group for group in answer.assignment.values() if group} <= {"h0", "h1", "h2"}
    assert score(self_run_offers(problem), answer).violations == []
    assert sum(group is not None for group in answer.assignment.values()) >= 12


def test_the_way_to_the_solver_finds_mixed_groups_too():
    problem = replace(asked(), groups=[], pinned={}, mode="diverse")

    found = solving.find(problem, seconds=1.0, seed=1, tell=lambda *_: True, keep=lambda _: None)

    assert set(filter(None, found.assignment.values())) <= {one.id for one in self_run_offers(problem).groups}
    assert None not in found.assignment.values()
