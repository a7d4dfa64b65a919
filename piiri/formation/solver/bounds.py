"""A proven lower bound of the cost: everybody is offered a price for being placed, and groups are priced.

For prices p, at most the cost of leaving the person out, no answer costs less than the sum of p plus, for
each mentor, the cheapest choice of groups at reduced cost (Lagrange). The best prices are those of the
linear programme over whole groups ("configuration LP"); they are found by steps towards balance, then by
that programme over the groups met so far. What is not modelled (co-mentors' other groups, slots of a
mentor's groups that overlap, people kept together, groups that must open) is relaxed: that can only
lower the bound.
"""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from math import gcd

import highspy
import numpy as np

from piiri.formation.solver import columns
from piiri.formation.solver.arrays import Data, Ints, Longs
from piiri.formation.solver.columns import SCALE

THREADS = 2
KEPT = 4  # columns a group and pass
NODES, FEW_NODES = 20_000, 200  # of the search for the best group of an offer
BIG, MOST_PEOPLE = 10_000, 1_500  # from here on pricing is coarse; up to here the linear programme is used
STEPS, SIGNED = 45, 25  # passes before the linear programme, and how many of them by signed steps
MOST_PASSES = 2_000
LEAN = 0.7  # how far prices lean to the best known rather than to the programme's
CLOSE = 0.0002
Column = tuple[int, tuple[int, ...]]
Progress = Callable[[int], bool | None]


@dataclass
class Pricing:
    """A problem ready to be priced, the groups met so far and the best prices yet."""

    data: Data
    facts: columns.Facts
    out: Longs
    wishes: int
    unit: int
    first_mentor: Ints
    nodes: int = 200
    single: bool = False
    pool: dict[Column, int] = field(default_factory=dict)
    price: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    value: int = -columns.FAR

    @property
    def bound(self) -> int:
        """The best bound in whole costs: every cost is a multiple of `unit`."""
        whole = -(-(self.value + self.wishes * SCALE) // SCALE)
        return -(-whole // self.unit) * self.unit


@dataclass(frozen=True)
class Pass:
    """One pricing of all offers: what is proved, and how often each person sits in the groups chosen."""

    value: int
    covered: Longs
    fresh: int


def pricing(data: Data) -> Pricing:
    """Get a problem ready."""
    facts = columns.facts(data)
    weights = data.weights
    costs = {int(weights[at]) for at in range(columns.K) if at not in columns.COUNTS}
    costs |= set(map(int, np.unique(data.out))) | set(map(int, np.unique(data.wish_cost)))
    mentors = [
        int(data.gm[at]) if at < end else -1 for at, end in zip(data.gm_ptr, data.gm_ptr[1:], strict=False)
    ]
    return Pricing(
        data,
        facts,
        out=data.out.astype(np.int64) * SCALE,
        wishes=int(weights[columns.FRIEND]) * int((data.want >= 0).sum()),
        unit=max(1, gcd(*costs)),
        first_mentor=np.array(mentors, np.int64),
    )


class Shop:
    """Prices all offers on both cores; the same whatever the cores do."""

    def __init__(self, p: Pricing, progress: Progress | None = None) -> None:
        groups, widest = len(p.data.gmask), int(p.data.upper.max(initial=0)) + 1
        self.p, self.progress, self.stopped = p, progress, False
        self.low, self.best = np.zeros(groups, np.int64), np.zeros(groups, np.int64)
        self.members = np.zeros((groups, KEPT, widest), np.int64)
        self.size, self.cost = np.zeros((groups, KEPT), np.int64), np.zeros((groups, KEPT), np.int64)
        self.shares = [np.arange(t, groups, THREADS) for t in range(THREADS)]
        self.rooms = [columns.room(p.facts) for _ in self.shares]
        self.founds = [columns.found(p.facts, KEPT) for _ in self.shares]
        self.hands = ThreadPoolExecutor(THREADS)

    def close(self) -> None:
        self.hands.shutdown()

    def price(self, price: Longs) -> Pass:
        """Price every offer at whole scaled prices; better bounds and new groups stay in the Pricing."""
        p, limit = self.p, np.zeros(len(self.low), np.int64)
        jobs = [
            self.hands.submit(
                columns.price_all, p.facts, room, share, price, limit, p.nodes, p.single, out,
                self.low, self.best, self.members, self.size, self.cost,
            )
            for share, room, out in zip(self.shares, self.rooms, self.founds, strict=True)
        ]  # fmt: skip
        for job in jobs:
            job.result()
        value, chosen = best_of_mentors(p, self.low)
        value += int(price.sum())
        if value > p.value:
            p.value, p.price = value, price.copy()
        covered = np.zeros(len(price), np.int64)
        for g in chosen:
            covered[self.members[g, 0, : self.size[g, 0]]] += 1
        if self.progress is not None and self.progress(p.bound) is False:
            self.stopped = True
        return Pass(value, covered, self._gather())

    def _gather(self) -> int:
        before, pool = len(self.p.pool), self.p.pool
        for g, k in zip(*np.nonzero(self.size), strict=True):
            people = tuple(sorted(map(int, self.members[g, k, : self.size[g, k]])))
            pool.setdefault((int(g), people), int(self.cost[g, k]) // SCALE)
        return len(pool) - before


def best_of_mentors(p: Pricing, low: Longs) -> tuple[int, list[int]]:
    """The least that the mentors' choices of groups can come to, and the groups of those choices."""
    extra, value = int(p.facts.weights[columns.EXTRA]), 0
    chosen: list[int] = []
    by_mentor: dict[int, list[int]] = {}
    for g in map(int, np.flatnonzero(low < 0)):
        by_mentor.setdefault(int(p.first_mentor[g]), []).append(g)
    for mentor, groups in by_mentor.items():
        groups.sort(key=lambda g: (int(low[g]), g))
        most = len(groups) if mentor < 0 else int(p.data.most[mentor])
        for k, g in enumerate(groups[:most]):
            more = int(low[g]) + (extra if k and mentor >= 0 else 0)
            if more < 0:
                value += more
                chosen.append(g)
    return value, chosen


def climb(shop: Shop, *, until: float, passes: int) -> None:
    """Signed steps towards prices at which everybody sits once, then steps sized by what is missing."""
    p = shop.p
    price = np.minimum(np.full(len(p.out), 20 * SCALE, np.int64), p.out)
    step, last = np.full(len(price), 16.0 * SCALE), np.zeros(len(price))
    for _ in range(min(SIGNED, passes)):
        done = shop.price(price)
        lack = 1.0 - done.covered
        sign = np.sign(lack)
        turned = np.where(sign * last > 0, 1.25, np.where(sign * last < 0, 0.5, 1.0))
        step = np.clip(step * turned, SCALE / 4, 200 * SCALE)
        last = sign
        price = np.minimum(price + np.round(sign * step).astype(np.int64), p.out)
        if shop.stopped or time.monotonic() > until:
            return
    price, lead, stuck = p.price.copy(), 0.06, 0
    way = np.zeros(len(price))
    for _ in range(passes - SIGNED):
        before = p.value
        done = shop.price(price)
        lack = 1.0 - done.covered
        lack[(price >= p.out) & (lack > 0)] = 0
        way = 0.7 * way + 0.3 * lack
        stuck = 0 if p.value > before else stuck + 1
        if stuck >= 5:
            price, lead, stuck = p.price.copy(), lead * 0.6, 0
        goal = abs(p.value + p.wishes * SCALE) * lead
        move = way * goal / max(1e-9, float(way @ way))
        price = np.minimum(price + np.round(move).astype(np.int64), p.out)
        if shop.stopped or time.monotonic() > until:
            return


class Master:
    """The linear programme over the groups met so far; columns can only be added."""

    def __init__(self, p: Pricing) -> None:
        self.p, self.known = p, 0
        self.solver = silent_solver()
        people, groups = len(p.out), len(p.data.gmask)
        infinite = highspy.kHighsInf
        for _ in range(people):
            self.solver.addRow(1.0, 1.0, 0, np.zeros(0, np.int32), np.zeros(0))
        for _ in range(groups):
            self.solver.addRow(-infinite, 1.0, 0, np.zeros(0, np.int32), np.zeros(0))
        for most in p.data.most:
            self.solver.addRow(-infinite, 1.0 if most else 0.0, 0, np.zeros(0, np.int32), np.zeros(0))
        for i in range(people):
            self._column(float(p.data.out[i]), infinite, [i])
        extra = float(p.data.weights[columns.EXTRA])
        for mentor, most in enumerate(p.data.most):
            if most > 1:
                self._column(extra, float(most - 1), [people + groups + mentor], -1.0)

    def _column(self, cost: float, most: float, rows: list[int], value: float = 1.0) -> None:
        self.solver.addCol(cost, 0.0, most, len(rows), np.array(rows, np.int32), np.full(len(rows), value))

    def solve(self) -> tuple[float, Longs]:
        """The programme's value and whole scaled prices."""
        people = len(self.p.out)
        fresh = list(self.p.pool.items())[self.known :]
        rows = [rows_of(self.p, column) for column, _ in fresh]
        starts = np.cumsum([0, *map(len, rows)])[:-1].astype(np.int32)
        flat = np.array([row for part in rows for row in part], np.int32)
        if fresh:
            self.solver.addCols(
                len(fresh), np.array([float(cost) for _, cost in fresh]), np.zeros(len(fresh)),
                np.full(len(fresh), highspy.kHighsInf), len(flat), starts, flat, np.ones(len(flat)),
            )  # fmt: skip
        self.known = len(self.p.pool)
        self.solver.run()
        duals = np.array(self.solver.getSolution().row_dual[:people])
        price = np.minimum(np.round(duals * SCALE).astype(np.int64), self.p.out)
        return float(self.solver.getObjectiveValue()), price


def rows_of(p: Pricing, column: Column) -> list[int]:
    """The rows of the master in which a group stands: its people, itself, its mentors."""
    g, people = column
    mentors = p.data.gm[p.data.gm_ptr[g] : p.data.gm_ptr[g + 1]]
    first = len(p.out) + len(p.data.gmask)
    return [*people, len(p.out) + g, *(first + int(m) for m in mentors)]


def silent_solver() -> highspy.Highs:
    """A solver that says nothing; it prints its name while it is made, before it can be asked not to."""
    sys.stdout.flush()
    stdout, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(stdout, 1)
        os.close(stdout)
        os.close(nowhere)
    solver.silent()
    solver.setOptionValue("threads", 1)
    return solver


def lower_bound(
    data: Data, *, seconds: float, passes: int | None = None, progress: Progress | None = None
) -> Pricing:
    """A proven lower bound of the cost of every answer, with the groups met on the way.

    `seconds` of wall-clock time, one pass at least. With `passes` the clock is not looked at and the outcome
    is the same every time. Up to MOST_PEOPLE people it comes close to the best that whole groups can prove.
    `progress` is told the best bound so far after each pass; when it answers False, that is the outcome.
    """
    p = pricing(data)
    p.nodes, p.single = (NODES, False) if len(p.out) <= BIG else (FEW_NODES, True)
    until = time.monotonic() + seconds if passes is None else np.inf
    with closing(Shop(p, progress)) as shop:
        if len(p.out) > MOST_PEOPLE:
            climb(shop, until=until, passes=passes or MOST_PASSES)
        else:
            climb(shop, until=until, passes=min(STEPS, passes or STEPS))
            converge(shop, until=until, passes=MOST_PASSES if passes is None else max(0, passes - STEPS))
    return p


def converge(shop: Shop, *, until: float, passes: int, close: float = CLOSE) -> bool:
    """Price between the best prices and the programme's until both agree; whether they came to."""
    p, master = shop.p, Master(shop.p)
    for _ in range(passes):
        if shop.stopped or time.monotonic() > until:
            return False
        value, price = master.solve()
        if value - p.value / SCALE <= close * max(1.0, value + p.wishes):
            return True
        between = np.round(LEAN * p.price + (1 - LEAN) * price).astype(np.int64)
        if not shop.price(between).fresh and not shop.price(price).fresh:
            return True
    return False
