"""One mentor, one person: the best pairs, with the hard rules and the costs of any other problem."""
# mypy: disallow-untyped-decorators=False, disallow-untyped-defs=False, disallow-untyped-calls=False

import heapq
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from piiri.formation.problem import Answer, Problem, ProblemError, slots_of
from piiri.formation.scoring import score
from piiri.formation.solver.arrays import Data, arrays
from piiri.formation.solver.assignment import Ints, Longs, assign

FORBIDDEN = (1 << 31) - 1
MOST_EDGES = 5_000_000  # how many options are looked at again before clashes are settled greedily
MOST_LOOKS = 500
# Places in Data.weights, here as well since numba's cache does not see changes in another file.
MENTOR_ORG, SLOTS_TARGET, SLOT_MISSING, K = 1, 4, 5, 11


class Options(NamedTuple):
    """Who may be paired with whom. A column holds the offers that differ in nothing: mentor and class.

    Behind the people stand rows for the mentors' limits. A mentor who offers more than they take has rows
    that must sit on the surplus; what a second pair and each further one costs extra is saved by rows that
    would like to sit there, too.
    """

    ptr: Longs
    column: Ints
    cost: Longs
    places: Longs
    out: Longs
    mentor: Ints  # of each column; -1: none


def pair_up(problem: Problem) -> Answer:
    """The best pairs with their cost, as `solve` answers; the same problem gives the same pairs.

    Every offer must have one place and at most one mentor, else ProblemError.

    `proven_best` unless mentors with several pairs cannot meet them at different times in so many ways that
    looking at all would take too long; `bound` holds in any case. `work` counts the assignments solved.
    """
    for at, offer in enumerate(problem.groups):
        if offer.upper != 1 or len(offer.mentors) > 1:
            raise ProblemError(f"groups[{at}]", "a pair has one place and at most one mentor.")
    for name in ("together", "opened"):
        if getattr(problem, name):
            raise ProblemError(name, "cannot be asked for where everybody gets a mentor of their own.")
    data = arrays(problem)
    options, offers = _options(data, problem)
    taken, bound, looks = _without_clashes(problem, data, options)
    assignment = _named(problem, taken, offers)
    judged = score(problem, assignment)
    bound += problem.weights.friend_apart * sum(
        person.wants_with is not None for person in problem.participants
    )
    return Answer(assignment, judged.cost, judged.parts, bound, bound == judged.cost, work=looks)


def _named(problem: Problem, taken: Ints, offers: Sequence[Sequence[int]]) -> dict[str, str | None]:
    left = [list(reversed(row)) for row in offers]
    return {
        person.id: problem.groups[left[at].pop()].id if at >= 0 else None
        for person, at in zip(problem.participants, taken.tolist(), strict=False)
    }


def _options(data: Data, problem: Problem) -> tuple[Options, list[list[int]]]:
    columns: dict[tuple[int, int], list[int]] = {}
    for g, at in enumerate(data.class_of.tolist()):
        whose = int(data.gm[data.gm_ptr[g]]) if data.gm_ptr[g + 1] > data.gm_ptr[g] else -1
        columns.setdefault((at, whose), []).append(g)
    order = sorted(columns)
    offers = [columns[key] for key in order]
    mentor = np.array([key[1] for key in order], np.int32)
    most = [
        len(row) if m < 0 else min(len(row), int(data.most[m])) for row, m in zip(offers, mentor, strict=True)
    ]
    begins = np.searchsorted([key[0] for key in order], np.arange(len(data.offer_ptr))).astype(np.int64)
    group = np.array([row[0] for row in offers], np.int32)
    ptr, column, cost = _edges(data, begins, group, mentor, _each(problem))
    rows, out = _limits(data, mentor, most, problem.weights.extra_group_of_mentor)
    ends = ptr[-1] + np.cumsum([len(row) for row in rows], dtype=np.int64)
    return (
        Options(
            ptr=np.concatenate([ptr, ends]),
            column=np.concatenate([column, np.array([j for row in rows for j in row], np.int32)]),
            cost=np.concatenate([cost, np.zeros(sum(map(len, rows)), np.int64)]),
            places=np.array(most, np.int64),
            out=np.concatenate([data.out, np.array(out, np.int64)]),
            mentor=mentor,
        ),
        offers,
    )


def _each(problem: Problem) -> int:
    """What every pair costs, whoever it is: it is open, of size one, and lacks experienced and new people."""
    weights = problem.weights
    missing = max(0, weights.mix_min - 1) + weights.mix_min
    return (
        weights.open_group + weights.size_dev * abs(1 - weights.size_target) + weights.mix_missing * missing
    )


def _limits(data: Data, mentor: Ints, most: list[int], extra: int) -> tuple[list[list[int]], list[int]]:
    of: dict[int, list[int]] = {}
    for at, m in enumerate(mentor.tolist()):
        if m >= 0 and most[at]:
            of.setdefault(m, []).append(at)
    rows, out = [], []
    must = int(data.out.max()) + extra + 1  # no place is worth more than that
    for m, columns in of.items():
        offered = sum(most[at] for at in columns)
        taken = min(offered, int(data.most[m]))
        costs = [must] * (offered - taken) + [extra] * (taken - 1 if extra else 0)
        rows += [columns] * len(costs)
        out += costs
    return rows, out


@njit(cache=True)
def _edges(d, begins, group, mentor, each):
    """The options of every person with their costs, as CSR."""
    people = len(d.avail)
    target, missing = d.weights[SLOTS_TARGET], d.weights[SLOT_MISSING]
    same, least = d.weights[MENTOR_ORG], d.weights[K]
    ptr = np.zeros(people + 1, np.int64)
    column, cost = np.zeros(0, np.int32), np.zeros(0, np.int64)
    for fill in range(2):
        n = 0
        for i in range(people):
            for w in range(d.wish_ptr[i], d.wish_ptr[i + 1]):
                for at in range(begins[d.wish_class[w]], begins[d.wish_class[w] + 1]):
                    common = 0
                    mask = d.avail[i] & d.gmask[group[at]]
                    while mask:
                        mask &= mask - np.uint64(1)
                        common += 1
                    banned = False
                    for b in range(d.mban_ptr[i], d.mban_ptr[i + 1]):
                        banned = banned or d.mban[b] == mentor[at]
                    if common < least or banned:
                        continue
                    if fill:
                        column[n] = at
                        cost[n] = each + d.wish_cost[w] + missing * max(0, target - common)
                        if mentor[at] >= 0 and d.org[i] >= 0 and d.org[i] == d.gm_org[d.gm_ptr[group[at]]]:
                            cost[n] += same
                    n += 1
            ptr[i + 1] = n
        if not fill:
            column, cost = np.zeros(n, np.int32), np.zeros(n, np.int64)
    return ptr, column, cost


# --- mentors with several pairs need a time for each ------------------------------------------------------


class _Way(NamedTuple):
    """The best pairs while some people may not go to some mentors."""

    cost: int
    number: int
    banned: tuple[tuple[int, int], ...]
    taken: Ints
    price: Longs


def _without_clashes(problem: Problem, data: Data, options: Options) -> tuple[Ints, int, int]:
    """The best pairs for which every mentor has times; a proven bound; the number of assignments solved.

    Best way first: of people whom a mentor cannot meet at different times, one has to go elsewhere. After too
    many looks the one who loses least does so, for all mentors at once.
    """
    looks = max(1, min(MOST_LOOKS, MOST_EDGES // max(1, len(options.column))))
    ways, tried = [_way(options, (), 0)], 1
    while tried < looks:
        way = heapq.heappop(ways)
        clashes = _clashes(problem, data, options, way.taken)
        if not clashes:
            return way.taken, way.cost, tried
        mentor, people = min(clashes, key=lambda clash: len(clash[1]))
        for i in people:
            heapq.heappush(ways, _way(options, (*way.banned, (i, mentor)), tried))
            tried += 1
    way, bound = ways[0], ways[0].cost
    while clashes := _clashes(problem, data, options, way.taken):
        least = [(_least_loss(options, way, mentor, people), mentor) for mentor, people in clashes]
        way = _way(options, (*way.banned, *least), tried)
        tried += 1
    return way.taken, bound, tried


def _to_mentor(options: Options, i: int, mentor: int) -> Longs:
    """The options of person i with a mentor."""
    edges: Longs = np.arange(options.ptr[i], options.ptr[i + 1])
    return np.compress(options.mentor[options.column[edges]] == mentor, edges)


def _way(options: Options, banned: tuple[tuple[int, int], ...], number: int) -> _Way:
    cost = options.cost.copy()
    for i, mentor in banned:
        cost[_to_mentor(options, i, mentor)] = FORBIDDEN
    taken, price = assign(options.ptr, options.column, cost, options.places, options.out)
    return _Way(paid(options.ptr, options.column, cost, options.out, taken), number, banned, taken, price)


def paid(ptr: Longs, column: Ints, cost: Longs, out: Longs, taken: Ints) -> int:
    """The sum of costs of an assignment."""
    row = np.repeat(np.arange(len(out)), np.diff(ptr))
    here = taken[row] == column
    least = np.where(taken < 0, out, FORBIDDEN)
    np.minimum.at(least, row[here], cost[here])
    return int(least.sum())


def _least_loss(options: Options, way: _Way, mentor: int, people: list[int]) -> int:
    """Who of several people can go elsewhere most cheaply, at the prices of now."""
    scale, losses = len(options.out) + 1, []
    for i in people:
        edges = np.arange(options.ptr[i], options.ptr[i + 1])
        value = options.cost[edges] * scale + way.price[options.column[edges]]
        here = options.mentor[options.column[edges]] == mentor
        for other in {m for who, m in way.banned if who == i}:
            value[options.mentor[options.column[edges]] == other] = FORBIDDEN * scale
        elsewhere = min(int(options.out[i]) * scale, int(value[~here].min(initial=FORBIDDEN * scale)))
        losses.append((elsewhere - int(value[here].min()), i))
    return min(losses)[1]


def _clashes(problem: Problem, data: Data, options: Options, taken: Ints) -> list[tuple[int, list[int]]]:
    """Mentors with the fewest people among theirs whom they cannot meet at different times."""
    paired = np.flatnonzero(taken[: len(data.avail)] >= 0)
    by_mentor: dict[int, list[int]] = {}
    for i, mentor in zip(paired.tolist(), options.mentor[taken[paired]].tolist(), strict=True):
        if mentor >= 0:
            by_mentor.setdefault(mentor, []).append(i)
    free = {m: mentor.available for m, mentor in enumerate(problem.mentors)}
    clashes = []
    for mentor, people in by_mentor.items():
        masks = {i: problem.participants[i].available & free[mentor] for i in people}
        if len(people) > 1 and not _has_times(list(masks.values()), problem.overlaps):
            for i in people:
                rest = [mask for other, mask in masks.items() if other != i]
                if not _has_times(rest, problem.overlaps):
                    del masks[i]
            clashes.append((mentor, list(masks)))
    return clashes


def _has_times(masks: list[int], overlaps: Sequence[int]) -> bool:
    """Whether each mask has a slot of its own that overlaps no other's."""
    if not masks:
        return True
    first, *rest = sorted(masks, key=int.bit_count)
    for slot in slots_of(first):
        ruled_out = 1 << slot | (overlaps[slot] if overlaps else 0)
        if _has_times([mask & ~ruled_out for mask in rest], overlaps):
            return True
    return False
