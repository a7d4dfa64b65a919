"""The heuristic: compiled moves in short rounds on two threads, cooled by the clock or by the work done."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from piiri.formation.solver import kernels
from piiri.formation.solver.arrays import Data, Ints

Progress = Callable[[float, int], bool | None]

HOT, COLD = 40.0, 3.0
SHIFTS = 15
SIDES = 2
THREADS = 2
FEWEST = 100  # people, below which one side does it all
FIRST_ROUND = 40  # moves a side; with `work`, of every round
SHORTEST, LONGEST, SHARE = 0.02, 0.3, 0.005  # how long a round lasts, in seconds and as a share of all


class Search:
    """A running search; `seats` and `cost` are the best so far."""

    def __init__(self, data: Data, *, seed: int) -> None:
        self.data = data
        self.state = kernels.empty_state(data)
        self.random = np.random.default_rng(seed)
        self.sides = SIDES if len(data.avail) >= FEWEST else 1
        self.bunch = _bunches(data)
        self.unit = _units(data)
        self.total = self.cost = int(self.state.misc[kernels.TOTAL])
        self.seats = self.state.seat.copy()

    def round(self, pool: ThreadPoolExecutor, moves: int, heat: float, cooler: float) -> None:
        """Split offers and people at random, try `moves` in all, each side its share, and keep what is best.

        A side reads and writes only its own rows, so that it is the same whether both run at once or not.
        """
        self._split()
        starts = self.random.integers(1, 1 << 62, size=self.sides)
        parts = [kernels.side_of(self.state, side, int(start)) for side, start in enumerate(starts)]
        jobs = [
            pool.submit(kernels.run, self.data, part, (moves + side) // self.sides, SHIFTS, heat, cooler)
            for side, part in enumerate(parts)
            if len(part.own)
        ]
        for job in jobs:
            job.result()
        self.total += sum(int(part.misc[kernels.TOTAL]) for part in parts)
        if self.total < self.cost:
            self.cost = self.total
            self.seats[:] = self.state.seat

    def _split(self) -> None:
        """Groups of a mentor stay on one side, and people with their group or with those they sit with."""
        state = self.state
        bunches = int(self.bunch.max(initial=-1)) + 1
        state.offer_side[:] = self.random.integers(self.sides, size=bunches, dtype=np.int64)[self.bunch]
        people = self.random.integers(self.sides, size=len(state.seat), dtype=np.int64)
        state.person_side[:] = people[self.unit]
        seated = state.seat >= 0
        state.person_side[seated] = state.offer_side[state.seat[seated]]


def search(
    data: Data, *, seconds: float, work: int | None, seed: int, progress: Progress | None = None
) -> tuple[Ints, int]:
    """The best seats found, a group number or -1 a person, and the number of moves tried.

    With `work`, exactly so many moves and no look at the clock: the same every time, on one core and on two.
    When `progress(share, cost)` answers False, the search ends with the best so far.
    """
    run = Search(data, seed=seed)
    started, done, spent = time.monotonic(), 0, 0.0
    burst = FIRST_ROUND * run.sides
    longest = max(SHORTEST, min(LONGEST, seconds * SHARE))
    with ThreadPoolExecutor(THREADS) as pool:
        while spent < 1.0:
            moves = burst if work is None else min(burst, work - done)
            ahead = min(1.0, (done + moves) / work) if work else spent
            before = time.monotonic()
            run.round(pool, moves, _heat(spent), _heat(ahead))
            done += moves
            now = time.monotonic()
            if work is not None:
                spent = done / work if work else 1.0
            else:
                spent = (now - started) / seconds if seconds > 0 else 1.0
                pace = max(1e-7, (now - before) / max(1, moves))
                burst = int(max(2 * run.sides, min(longest / pace, 2 * burst)))
            if progress is not None and progress(min(1.0, spent), run.cost) is False:
                break
    return run.seats, done


def _heat(spent: float) -> float:
    return float(HOT * (COLD / HOT) ** min(1.0, spent))


def _units(data: Data) -> Ints:
    """For each person the first of those who sit together or nowhere."""
    unit = np.arange(len(data.avail), dtype=np.int64)
    np.minimum.at(unit, np.repeat(unit, np.diff(data.mate_ptr)), data.mate)
    return unit


def _bunches(data: Data) -> Ints:
    """For each offer the number of its bunch: offers that share mentors, directly or through others."""
    bunch, first = np.full(len(data.gmask), -1, np.int64), 0
    for start in range(len(bunch)):
        todo = [start] if bunch[start] < 0 else []
        bunch[todo] = first
        while todo:
            offer = todo.pop()
            for mentor in data.gm[data.gm_ptr[offer] : data.gm_ptr[offer + 1]]:
                beside = data.mg[data.mg_ptr[mentor] : data.mg_ptr[mentor + 1]]
                new = beside[bunch[beside] < 0]
                bunch[new] = first
                todo += new.tolist()
        first = max(first, int(bunch[start]) + 1)
    return bunch
