"""The whole problem as one integer programme for HiGHS: a few dozen people, with a proof.

Variables per offer g: open[g], sit[i,g], common[g,s] (slot s suits all), meet[g,s] (only where a mentor may
run several groups), and for each comfort what is missing. Convex costs need no whole numbers of their own.
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

import highspy
import numpy as np

from piiri.formation.solver.arrays import WEIGHTS, Data, Ints

INFINITE = highspy.kHighsInf


@dataclass(frozen=True, slots=True)
class Exact:
    """What came out: seats (None: HiGHS found none), a proven lower bound, whether seats are optimal."""

    seats: Ints | None
    bound: int | None
    proven_best: bool


@dataclass
class _Model:
    """Columns and rows as they are written down."""

    data: Data
    weight: dict[str, int]
    slots: int
    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, list[tuple[int, float]]]] = field(default_factory=list)
    sit: dict[tuple[int, int], int] = field(default_factory=dict)
    by_group: dict[int, list[int]] = field(default_factory=dict)
    opened: list[int] = field(default_factory=list)

    def column(self, cost: float = 0, upper: float = INFINITE, *, whole: bool = False) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low: float, terms: Iterable[tuple[int, float]], high: float = INFINITE) -> None:
        self.rows.append((low, high, list(terms)))


def solve_exactly(data: Data, *, start: Ints, seconds: float, nodes: int | None = None) -> Exact:
    """Solve to the optimum from the seats in `start`, or say how far the bound came.

    `nodes` limits the search instead of the clock, so that the answer repeats.
    """
    model = _write(data)
    solver = _silent_solver()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.99)  # costs are whole numbers
    if nodes is None:
        solver.setOptionValue("time_limit", max(0.1, seconds))
    else:
        solver.setOptionValue("mip_max_nodes", nodes)
    solver.passModel(_lp(model))
    _hint(solver, model, start)
    solver.run()
    return _read(solver, model)


def _silent_solver() -> highspy.Highs:
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
    return solver


def _write(data: Data) -> _Model:
    weight = {name: int(data.weights[at]) for at, name in enumerate((*WEIGHTS, "k"))}
    model = _Model(data, weight, len(data.overlap))
    _write_seats(model)
    for g in range(len(data.gmask)):
        _write_size(model, g)
        _write_slots(model, g)
        _write_company(model, g)
        _write_mix(model, g)
        _write_apart(model, g)
    _write_wishes(model)
    _write_mentors(model)
    return model


def _write_seats(model: _Model) -> None:
    data = model.data
    model.opened = [model.column(model.weight["open_group"], 1, whole=True) for _ in data.gmask]
    for i in range(len(data.avail)):
        out = model.column(float(data.out[i]), 1)
        for at in range(data.wish_ptr[i], data.wish_ptr[i + 1]):
            c = data.wish_class[at]
            for g in map(int, data.offers[data.offer_ptr[c] : data.offer_ptr[c + 1]]):
                if _fits(model, i, g):
                    cost = float(data.wish_cost[at]) + model.weight["mentor_same_org"] * _of_mentor(
                        data, i, g
                    )
                    model.sit[i, g] = model.column(cost, 1, whole=True)
                    model.by_group.setdefault(g, []).append(i)
                    model.row(-INFINITE, [(model.sit[i, g], 1), (model.opened[g], -1)], 0)
        mine = [(column, 1.0) for (who, _), column in model.sit.items() if who == i]
        model.row(1, [*mine, (out, 1)], 1)


def _fits(model: _Model, i: int, g: int) -> bool:
    data = model.data
    banned = set(data.mban[data.mban_ptr[i] : data.mban_ptr[i + 1]])
    shared = int(data.avail[i] & data.gmask[g]).bit_count()
    return shared >= model.weight["k"] and banned.isdisjoint(data.gm[data.gm_ptr[g] : data.gm_ptr[g + 1]])


def _of_mentor(data: Data, i: int, g: int) -> bool:
    return data.org[i] >= 0 and bool((data.gm_org[data.gm_ptr[g] : data.gm_ptr[g + 1]] == data.org[i]).any())


def _members(model: _Model, g: int) -> list[tuple[int, int]]:
    return [(i, model.sit[i, g]) for i in model.by_group.get(g, [])]


def _write_size(model: _Model, g: int) -> None:
    members = [(column, 1.0) for _, column in _members(model, g)]
    opened, target = model.opened[g], model.weight["size_target"]
    model.row(0, [*members, (opened, -float(model.data.lower[g]))])
    model.row(-INFINITE, [*members, (opened, -float(model.data.upper[g]))], 0)
    off = model.column(model.weight["size_dev"])
    model.row(0, [(off, 1), *members, (opened, -target)])
    model.row(0, [(off, 1), *((column, -1.0) for column, _ in members), (opened, target)])


def _write_slots(model: _Model, g: int) -> None:
    data, opened, members = model.data, model.opened[g], _members(model, g)
    common = []
    for s in range(model.slots):
        if not int(data.gmask[g]) >> s & 1:
            continue
        slot = model.column(0, 1, whole=True)
        common.append((slot, 1.0))
        model.row(-INFINITE, [(slot, 1), (opened, -1)], 0)
        busy = [(column, 1.0) for i, column in members if not int(data.avail[i]) >> s & 1]
        for column, _ in busy:
            model.row(-INFINITE, [(column, 1), (slot, 1)], 1)
        if busy:  # the same for all at once; tighter where many are busy
            most = float(min(len(busy), data.upper[g]))
            model.row(-INFINITE, [*busy, (slot, most), (opened, -most)], 0)
    missing = model.column(model.weight["slot_missing"])
    model.row(0, [*common, (opened, -model.weight["k"])])
    model.row(0, [(missing, 1), *common, (opened, -model.weight["slots_target"])])
    _remember_common(model, g, [slot for slot, _ in common])


def _remember_common(model: _Model, g: int, columns: list[int]) -> None:
    slots = [s for s in range(model.slots) if int(model.data.gmask[g]) >> s & 1]
    for s, column in zip(slots, columns, strict=True):
        model.sit[-1 - s, g] = column  # negative "persons" are slots: only the hint and the mentors look here


def _write_company(model: _Model, g: int) -> None:
    """Colleagues: the k-th of an organisation costs k-1 pairs, which is convex and needs no whole numbers."""
    orgs: dict[int, list[int]] = {}
    for i, column in _members(model, g):
        if model.data.org[i] >= 0:
            orgs.setdefault(int(model.data.org[i]), []).append(column)
    for columns in orgs.values():
        if len(columns) > 1:
            steps = [model.column(model.weight["same_org_pair"] * k, 1) for k in range(len(columns))]
            model.row(0, [*((column, 1.0) for column in columns), *((step, -1.0) for step in steps)], 0)


def _write_mix(model: _Model, g: int) -> None:
    for kind in (0, 1):
        members = [(column, 1.0) for i, column in _members(model, g) if model.data.skilled[i] == kind]
        missing = model.column(model.weight["mix_missing"])
        model.row(0, [(missing, 1), *members, (model.opened[g], -model.weight["mix_min"])])


def _write_apart(model: _Model, g: int) -> None:
    data = model.data
    for i, column in _members(model, g):
        for j in map(int, data.ban[data.ban_ptr[i] : data.ban_ptr[i + 1]]):
            if i < j and (j, g) in model.sit:
                model.row(-INFINITE, [(column, 1), (model.sit[j, g], 1), (model.opened[g], -1)], 0)


def _write_wishes(model: _Model) -> None:
    for i, j in enumerate(map(int, model.data.want)):
        if j < 0:
            continue
        together = []
        for g in range(len(model.opened)):
            if (i, g) in model.sit and (j, g) in model.sit:
                both = model.column(0, 1)
                together.append((both, 1.0))
                model.row(0, [(model.sit[i, g], 1), (both, -1)])
                model.row(0, [(model.sit[j, g], 1), (both, -1)])
        apart = model.column(model.weight["friend_apart"], 1)
        model.row(1, [*together, (apart, 1)])


def _write_mentors(model: _Model) -> None:
    data = model.data
    meet: dict[int, dict[int, int]] = {}
    for m in range(len(data.most)):
        groups = [int(g) for g in data.mg[data.mg_ptr[m] : data.mg_ptr[m + 1]]]
        load = [(model.opened[g], 1.0) for g in groups]
        model.row(-INFINITE, load, float(data.most[m]))
        if min(len(groups), int(data.most[m])) > 1:
            extra = model.column(model.weight["extra_group_of_mentor"])
            model.row(-1, [(extra, 1), *((column, -1.0) for column, _ in load)])
            _write_meetings(model, groups, meet)


def _write_meetings(model: _Model, groups: list[int], meet: dict[int, dict[int, int]]) -> None:
    """Each group of a mentor gets a slot of its own that no other of theirs overlaps."""
    for g in groups:
        if g not in meet:
            slots = [s for s in range(model.slots) if (-1 - s, g) in model.sit]
            meet[g] = {s: model.column(0, 1, whole=True) for s in slots}
            model.row(0, [*((column, 1.0) for column in meet[g].values()), (model.opened[g], -1)], 0)
            for s, column in meet[g].items():
                model.row(-INFINITE, [(column, 1), (model.sit[-1 - s, g], -1)], 0)
    for g in groups:
        for h in groups:
            for s, column in meet[g].items() if g != h else ():
                beside = [(there, 1.0) for t, there in meet[h].items() if int(model.data.overlap[s]) >> t & 1]
                model.row(-INFINITE, [(column, 1), *beside], 1)


def _lp(model: _Model) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.rows)
    lp.col_cost_ = np.array(model.cost)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(model.cost)), np.array(model.upper)
    lp.row_lower_ = np.array([row[0] for row in model.rows])
    lp.row_upper_ = np.array([row[1] for row in model.rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in model.rows)])
    lp.a_matrix_.index_ = np.array([column for row in model.rows for column, _ in row[2]], np.int32)
    lp.a_matrix_.value_ = np.array([value for row in model.rows for _, value in row[2]], np.float64)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in model.whole]
    return lp


def _hint(solver: highspy.Highs, model: _Model, start: Ints) -> None:
    """Tell HiGHS the seats we have; it completes the rest."""
    columns, values = list(model.opened), [float((start == g).any()) for g in range(len(model.opened))]
    for (i, g), column in model.sit.items():
        columns.append(column)
        members = start == g
        if i >= 0:
            values.append(float(start[i] == g))
        else:
            free = np.bitwise_and.reduce(model.data.avail[members], initial=model.data.gmask[g])
            values.append(float(members.any() and int(free) >> (-1 - i) & 1))
    solver.setSolution(len(columns), np.array(columns, np.int32), np.array(values))


def _read(solver: highspy.Highs, model: _Model) -> Exact:
    info = solver.getInfo()
    best = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    bound = None if abs(info.mip_dual_bound) > 1e15 else int(np.ceil(info.mip_dual_bound - 1e-4))
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Exact(None, bound, False)
    values = solver.getSolution().col_value
    seats = np.full(len(model.data.avail), -1, np.int32)
    for (i, g), column in model.sit.items():
        if i >= 0 and values[column] > 0.5:
            seats[i] = g
    return Exact(seats, bound, best)
