import random
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiri.formation.problem import (
    Mentor,
    Offer,
    Participant,
    Problem,
    ProblemError,
    mask_of,
    window_overlaps,
)
from piiri.formation.scoring import score
from piiri.formation.solver.assignment import assign, bound
from piiri.formation.solver.pairs import paid, pair_up
from piiri.formation.tests.test_solver import CALM, SLOTS, cheapest, problems


def options(draw, people, mentors, *, each, dear=1000):
    """Random options as the arrays that `assign` wants."""
    places = draw.integers(0, 4, mentors)
    row = np.sort(draw.integers(0, people, people * each))
    ptr = np.searchsorted(row, np.arange(people + 1)).astype(np.int64)
    column = draw.integers(0, mentors, len(row)).astype(np.int32)
    cost = draw.integers(-dear // 9, dear, len(row)).astype(np.int64)
    return (
        ptr,
        column,
        cost,
        places.astype(np.int64),
        draw.integers(dear // 2, 2 * dear, people).astype(np.int64),
    )


def by_looking_at_all(ptr, column, cost, places, out):
    """The optimum of the same question, row by row over all places left."""

    @cache
    def least(i, left):
        if i == len(out):
            return 0
        ways = [int(out[i]) + least(i + 1, left)]
        for e in range(ptr[i], ptr[i + 1]):
            j = column[e]
            if left[j]:
                ways.append(int(cost[e]) + least(i + 1, (*left[:j], left[j] - 1, *left[j + 1 :])))
        return min(ways)

    return least(0, tuple(places.tolist()))


def judged(one):
    taken, price = assign(*one)
    ptr, column, cost, places, out = one
    assert (np.bincount(taken[taken >= 0], minlength=len(places)) <= places).all()
    return paid(ptr, column, cost, out, taken), bound(*one, price)


@pytest.mark.parametrize("seed", range(60))
def test_assign_is_as_cheap_as_any_other_way(seed):
    draw = np.random.default_rng(seed)
    one = options(
        draw, int(draw.integers(1, 16)), int(draw.integers(1, 6)), each=4, dear=[20, 1000][seed % 2]
    )

    assert judged(one) == (by_looking_at_all(*one), by_looking_at_all(*one))


@pytest.mark.parametrize("dear", [5, 300, 2_000_000])
@pytest.mark.parametrize("mentors", [200, 600, 900])
def test_assign_proves_its_answer_by_prices(mentors, dear):
    cost, proof = judged(options(np.random.default_rng(mentors + dear), 1500, mentors, each=12, dear=dear))

    assert cost == proof


def test_assign_proves_its_answer_when_all_want_the_same_mentors():
    ptr, column, cost, places, out = options(np.random.default_rng(4), 800, 300, each=10)
    one = ptr, column, np.abs(cost) // 20 + column, places, out

    assert len(set(judged(one))) == 1


def test_assign_without_places_or_options_leaves_all_out():
    nothing = np.zeros(0, np.int64)
    one = np.array([0, 1, 1]), np.zeros(1, np.int32), np.array([5]), np.array([0]), np.array([9, 9])
    none = np.zeros(3, np.int64), np.zeros(0, np.int32), nothing, nothing, np.array([9, 9])

    assert assign(*one)[0].tolist() == assign(*none)[0].tolist() == [-1, -1]


def pairs_of(problem):
    """The same problem with one place and one mentor an offer."""
    offers = [replace(offer, lower=1, upper=1, co_mentors=()) for offer in problem.groups]
    return replace(problem, groups=offers)


@CALM
@given(problems(people=5, groups=4).map(pairs_of))
def test_pairs_are_as_cheap_as_any_and_keep_the_rules(problem):
    answer = pair_up(problem)

    assert score(problem, answer).violations == []
    assert answer.cost == score(problem, answer).cost == cheapest(problem)
    assert answer.proven_best
    assert answer.bound == answer.cost


@st.composite
def busy_mentors(draw):
    """Mentors with several pairs, identical offers and few times."""
    times = st.integers(1, 2**SLOTS - 1)
    mentors = [
        Mentor(f"m{m}", draw(times) | draw(times), max_groups=draw(st.integers(0, 3))) for m in range(2)
    ]
    offers = [
        Offer(
            f"g{g}",
            draw(st.sampled_from(["m0", "m1", None])),
            draw(st.sampled_from("tu")),
            "fi",
            "online",
            1,
            1,
        )
        for g in range(4)
    ]
    people = [
        Participant(
            f"p{i}", draw(times), ["fi"], ["online"], draw(st.sampled_from([["t"], ["u"], ["u", "t"]]))
        )
        for i in range(4)
    ]
    overlaps = draw(st.sampled_from([(), window_overlaps(range(0, SLOTS * 60, 60), minutes=120)]))
    return Problem(people, mentors, offers, slots=SLOTS, overlaps=overlaps)


@CALM
@given(busy_mentors())
def test_a_mentor_of_several_pairs_has_a_time_for_each(problem):
    answer = pair_up(problem)

    assert score(problem, answer).violations == []
    assert answer.cost == cheapest(problem)
    assert answer.proven_best


def test_clashes_are_settled_with_an_honest_bound_when_there_are_too_many_ways(monkeypatch):
    monkeypatch.setattr("piiri.formation.solver.pairs.MOST_LOOKS", 1)
    mentors = [Mentor(f"m{m}", mask_of([0, 1]), max_groups=2) for m in range(4)]
    offers = [Offer(f"g{m}{at}", f"m{m}", "t", "fi", "online", 1, 1) for m in range(4) for at in range(2)]
    people = [Participant(f"p{i}", mask_of([i % 3 == 0]), ["fi"], ["online"], ["t"]) for i in range(8)]
    problem = Problem(people, mentors, offers, slots=2)

    answer = pair_up(problem)

    assert score(problem, answer).violations == []
    assert answer.bound <= cheapest_of_eight(problem) <= answer.cost


def cheapest_of_eight(problem):
    """Three can only at the second time and five at the first: four and three pairs, one is left out."""
    one = pair_up(replace(problem, participants=[problem.participants[0]], groups=problem.groups[:1])).cost
    return 7 * one + 1000 + 3 * problem.weights.extra_group_of_mentor


def test_an_offer_with_more_places_is_no_pair():
    problem = Problem([Participant("p", 1, ["fi"], ["x"])], [], [Offer("g", None, "t", "fi", "x", 1, 2)])

    with pytest.raises(ProblemError, match=r"groups\[0\]: a pair has one place"):
        pair_up(problem)


@pytest.mark.parametrize("seed", range(40))
def test_pairs_keep_to_what_the_office_has_decided(seed):
    """Banned, closed and pinned offers, and who had which mentor before, against looking at all ways."""
    draw = random.Random(seed)
    mentors = [Mentor(f"m{at}", draw.getrandbits(6) | 1, max_groups=2) for at in range(2)]
    groups = [Offer(f"g{at}", f"m{at // 2}", draw.choice("ab"), "fi", "here", 1, 1) for at in range(4)]
    ids = [group.id for group in groups]
    people = [
        Participant(f"p{at}", draw.getrandbits(6), ["fi"], ["here"], draw.sample("ab", 2), any_theme=True)
        for at in range(3)
    ]
    decided = {
        "banned": {person.id: draw.sample(ids, 1) for person in people},
        "closed": draw.sample(ids, draw.randint(0, 1)),
        "previous": {person.id: draw.choice(ids) for person in people},
        "stability": draw.randint(0, 300),
    }
    problem = Problem(people, mentors, groups, slots=6, mode="pairs", **decided)

    found = pair_up(problem)

    ways = (dict(zip(["p0", "p1", "p2"], way, strict=True)) for way in product([*ids, None], repeat=3))
    allowed = [judged for way in ways if not (judged := score(problem, way)).violations]
    assert not score(problem, found.assignment).violations
    assert found.cost == min(one.cost for one in allowed) == found.bound


@pytest.mark.parametrize("more", [{"together": [["p0", "p1"]]}, {"opened": ["g0"]}])
def test_what_makes_no_sense_for_pairs_is_refused(more):
    people = [Participant(f"p{at}", 1, ["fi"], ["here"], any_theme=True) for at in range(2)]
    problem = Problem(people, [Mentor("m0", 1)], [Offer("g0", "m0", "", "fi", "here", 1, 1)], slots=1, **more)

    with pytest.raises(ProblemError, match=next(iter(more))):
        pair_up(problem)
