"""A few dozen people to the proven optimum: all groups that can be part of a better answer, then a choice.

The bound's prices say of every group how much dearer any answer with it must be. Groups that cannot be part
of an answer better than the one at hand are left out; of the rest HiGHS chooses, whole groups at a time.
"""

import time
from contextlib import closing
from dataclasses import dataclass

import highspy
import numpy as np

from piiri.formation.solver import columns
from piiri.formation.solver.arrays import Data, Ints, Longs
from piiri.formation.solver.bounds import (
    Column,
    Pricing,
    Shop,
    climb,
    converge,
    pricing,
    rows_of,
    silent_solver,
)
from piiri.formation.solver.columns import SCALE

NODES = 5_000_000  # of the search for the groups of one offer
MOST_COLUMNS = 60_000  # of one offer; beyond it nothing is proved
PASSES = 300
STEPS = 30
MOST_TRIES = 20  # choices that mentors could not keep, before giving up the proof
SHARE = 0.4  # of the time for a good answer from the groups met while proving


@dataclass(frozen=True, slots=True)
class Exact:
    """What came out: seats (None: none found), a proven lower bound, whether seats are optimal."""

    seats: Ints | None
    bound: int | None
    proven_best: bool


def solve_exactly(data: Data, *, start: Ints, seconds: float, nodes: int | None = None) -> Exact:
    """Solve to the optimum from the seats in `start`, or say how far the bound came.

    `nodes` limits the choice of groups instead of the clock, so that the answer repeats. Groups of one mentor
    that cannot have slots that do not overlap are never chosen together.
    """
    until = time.monotonic() + seconds if nodes is None else np.inf
    p = pricing(data)
    p.nodes = NODES
    seats, cost = start, _remember(p, start)
    with closing(Shop(p)) as shop:
        climb(shop, until=until, passes=STEPS)
        converge(shop, until=until, passes=PASSES, close=0.0)
        if cost > p.bound:
            seats, cost, _ = _choose(p, list(p.pool), seats, cost, until=_share(until), nodes=nodes)
        low, reach = p.bound, p.bound // 64
        while cost > low and time.monotonic() <= until:
            ceiling = min(cost, low + reach + p.unit)
            candidates = _candidates(shop, ceiling)
            if candidates is None:
                break
            seats, cost, done = _choose(p, candidates, seats, cost, until=until, nodes=nodes)
            if not done:
                break
            # Whatever costs less than `ceiling` was among the candidates.
            low, reach = min(cost, ceiling), 2 * reach
    return Exact(seats, min(cost, low), cost <= low)


def _share(until: float) -> float:
    now = time.monotonic()
    return until if until == np.inf else now + max(0.0, until - now) * SHARE


def _remember(p: Pricing, seats: Ints) -> int:
    """Put the groups of an answer into the pool; what the answer costs."""
    total = p.wishes + int(p.data.out[seats < 0].sum())
    load = np.zeros(len(p.data.most), np.int64)
    for g in map(int, np.unique(seats[seats >= 0])):
        people = tuple(map(int, np.flatnonzero(seats == g)))
        p.pool[g, people] = columns.cost_of(p.data, g, people)
        total += p.pool[g, people]
        np.add.at(load, _mentors(p.data, g), 1)
    return total + int(p.data.weights[columns.EXTRA]) * int(np.maximum(0, load - 1).sum())


def _mentors(data: Data, g: int) -> Ints:
    return data.gm[data.gm_ptr[g] : data.gm_ptr[g + 1]]


def _candidates(shop: Shop, cost: int) -> list[Column] | None:
    """Every group that can be part of an answer cheaper than `cost`; None when they are too many."""
    p = shop.p
    shop.price(p.price)
    room, out = columns.room(p.facts), columns.found(p.facts, MOST_COLUMNS)
    slack = (cost - p.unit - p.wishes) * SCALE - p.value
    found: list[Column] = []
    for g in range(len(shop.low)):
        limit = slack + _spared(p, shop.low, g)
        if shop.low[g] > limit:
            continue
        _, _, complete = columns.price_group(p.facts, room, g, p.price, limit, NODES, p.single, True, out)
        if not complete:
            return None
        for k in range(int(out.number[0])):
            column = (g, tuple(sorted(map(int, out.members[k, : out.size[k]]))))
            p.pool[column] = int(out.cost[k]) // SCALE
            found.append(column)
    return found


def _spared(p: Pricing, low: Longs, g: int) -> int:
    """The mentor's best choice less the best that can stand beside g: what g may cost without any slack."""
    mentor = int(p.first_mentor[g])
    if mentor < 0:
        return min(0, int(low[g]))
    extra, most = int(p.facts.weights[columns.EXTRA]), int(p.data.most[mentor])
    mine = np.flatnonzero(p.first_mentor == mentor)
    free = sorted(int(low[h]) for h in mine)
    beside = sorted(int(low[h]) for h in mine if h != g)
    at_best = sum(min(0, value + (extra if k else 0)) for k, value in enumerate(free[:most]))
    return at_best - sum(min(0, value + extra) for value in beside[: max(0, most - 1)])


def _choose(
    p: Pricing, choice: list[Column], seats: Ints, cost: int, *, until: float, nodes: int | None
) -> tuple[Ints, int, bool]:
    """The best answer from these groups and the seats at hand, its cost, whether it is surely the best."""
    cuts: list[list[int]] = []
    for _ in range(MOST_TRIES):
        solver = _write(p, choice, cuts)
        if nodes is None:
            solver.setOptionValue("time_limit", max(0.05, until - time.monotonic()))
        else:
            solver.setOptionValue("mip_max_nodes", nodes)
        solver.run()
        done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return seats, cost, False
        values = np.array(solver.getSolution().col_value[: len(choice)])
        taken = [int(at) for at in np.flatnonzero(values > 0.5)]
        clash = _clash(p.data, [choice[at] for at in taken])
        if clash is None:
            found = np.full(len(seats), -1, np.int64)
            for at in taken:
                found[list(choice[at][1])] = choice[at][0]
            value = _remember(p, found)
            return (found, value, done) if value < cost else (seats, cost, done)
        cuts.append([at for at in taken if choice[at][0] in clash])
    return seats, cost, False


def _write(p: Pricing, choice: list[Column], cuts: list[list[int]]) -> highspy.Highs:
    """The choice as an integer programme: everybody once, mentors as often as they may."""
    solver = silent_solver()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", p.unit - 0.01)
    people, groups, infinite = len(p.out), len(p.data.gmask), highspy.kHighsInf
    lp = highspy.HighsLp()
    many = [m for m, most in enumerate(p.data.most) if most > 1]
    rows = [rows_of(p, column) for column in choice]
    rows += [[i] for i in range(people)] + [[people + groups + m] for m in many]
    first = people + groups + len(p.data.most)
    for k, cut in enumerate(cuts):
        for at in cut:
            rows[at].append(first + k)
    extra = float(p.data.weights[columns.EXTRA])
    lp.col_cost_ = np.array([*(p.pool[c] for c in choice), *map(float, p.data.out), *(extra for _ in many)])
    lp.num_col_, lp.num_row_ = len(rows), first + len(cuts)
    lp.col_lower_ = np.zeros(len(rows))
    lp.col_upper_ = np.array(
        [*(1.0 for _ in choice), *(1.0 for _ in range(people)), *(float(p.data.most[m] - 1) for m in many)]
    )
    above = [
        *(1.0 for _ in range(people + groups)),
        *map(float, np.minimum(1, p.data.most)),
        *(len(cut) - 1.0 for cut in cuts),
    ]
    lp.row_lower_ = np.array([*(1.0 for _ in range(people)), *(-infinite for _ in above[people:])])
    lp.row_upper_ = np.array(above)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, rows)])
    lp.a_matrix_.index_ = np.array([row for part in rows for row in part], np.int32)
    values = np.ones(len(lp.a_matrix_.index_))
    if many:
        values[-len(many) :] = -1.0
    lp.a_matrix_.value_ = values
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(rows)
    solver.passModel(lp)
    return solver


def _clash(data: Data, taken: list[Column]) -> set[int] | None:
    """Groups whose mentors cannot give them slots that do not overlap; None when all can meet."""
    free = {g: int(np.bitwise_and.reduce(data.avail[list(who)], initial=data.gmask[g])) for g, who in taken}
    mentors = {g: set(map(int, _mentors(data, g))) for g in free}
    seen: set[int] = set()
    for first in free:
        bunch = [] if first in seen else [first]
        seen.add(first)
        for g in bunch:
            beside = [h for h in free if h not in seen and mentors[g] & mentors[h]]
            seen.update(beside)
            bunch += beside
        if len(bunch) > 1 and not _can_meet(data, bunch, free, mentors, {}):
            return set(bunch)
    return None


def _can_meet(
    data: Data, bunch: list[int], free: dict[int, int], mentors: dict[int, set[int]], slot: dict[int, int]
) -> bool:
    if len(slot) == len(bunch):
        return True
    g = bunch[len(slot)]
    left = free[g]
    for h, s in slot.items():
        if mentors[g] & mentors[h]:
            left &= ~int(data.overlap[s])
    slots = (s for s in range(len(data.overlap)) if left >> s & 1)
    return any(_can_meet(data, bunch, free, mentors, slot | {g: s}) for s in slots)
