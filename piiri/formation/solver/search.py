"""The heuristic: compiled moves in short rounds on two threads, cooled by the clock or by the work done."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from piiri.formation.solver import kernels
from piiri.formation.solver.arrays import Data, Ints
from piiri.formation.solver.kernels import State

Progress = Callable[[float, int], bool | None]

HOT, COLD = 40.0, 3.0
CROWD = 1_000  # people, from which on it begins cooler: there is time for fewer moves a person
SLOPE = 0.25
BY_PLACE = 0.75  # of the rounds with three places or more
SHIFTS = 15
SIDES = 2
THREADS = 2
FEWEST = 100  # people, below which one side does it all
MANY = 1_500  # people, from which on the sides share one answer
FIRST_ROUND = 40  # moves a side
MOST_ROUNDS = 400  # with `work`
SHORTEST, LONGEST, SHARE = 0.02, 0.3, 0.005  # how long a round lasts, in seconds and as a share of all
FIRST_MEETING, MEETINGS = 0.4, 20  # when two searches meet first, and how often in the time after that


class Search:
    """A running search; `seats` and `cost` are the best so far.

    From MANY people on the two sides of a round share one state and divide it. Below FEWEST there is one
    side. Between, each side searches by itself, and they meet now and then to go on from what is better.
    """

    def __init__(self, data: Data, *, seed: int) -> None:
        self.data = data
        self.state = kernels.empty_state(data)
        self.random = np.random.default_rng(seed)
        self.sides = SIDES if len(data.avail) >= FEWEST else 1
        self.apart: list[tuple[State, int]] = []
        self.bunch = _bunches(data)
        self.unit = _units(data)
        self.total = self.cost = int(self.state.misc[kernels.TOTAL])
        self.seats = self.state.seat.copy()

    def round(self, pool: ThreadPoolExecutor, moves: int, heat: float, cooler: float) -> None:
        """Try `moves` in all, each side its share, and keep what is best.

        A side reads and writes only its own rows, so that it is the same whether both run at once or not.
        """
        parts = self._parts()
        jobs = [
            pool.submit(kernels.run, self.data, part, (moves + side) // self.sides, SHIFTS, heat, cooler)
            for side, part in enumerate(parts)
            if len(part.own)
        ]
        for job in jobs:
            job.result()
        changes = [int(part.misc[kernels.TOTAL]) for part in parts]
        if self.apart:
            before = [total for _, total in self.apart]
            after = np.add(before, changes).tolist()
            self.apart = [(state, total) for (state, _), total in zip(self.apart, after, strict=True)]
            self.state, self.total = min(self.apart, key=lambda one: one[1])
        else:
            self.total += sum(changes)
        if self.total < self.cost:
            self.cost = self.total
            self.seats[:] = self.state.seat

    def _parts(self) -> list[State]:
        """What each side of the next round works on."""
        starts = self.random.integers(1, 1 << 62, size=self.sides)
        if self.sides == 1 or len(self.data.avail) >= MANY:
            self._split()
            return [kernels.side_of(self.state, side, int(start)) for side, start in enumerate(starts)]
        if not self.apart:
            self.apart = [(State._make(one.copy() for one in self.state), self.total) for _ in starts]
        states = [state for state, _ in self.apart]
        return [kernels.side_of(state, 0, int(start)) for state, start in zip(states, starts, strict=True)]

    def meet(self) -> None:
        """Let the searches that run apart go on from the better one."""
        for state, total in self.apart:
            if total > self.total:
                for mine, better in zip(state, self.state, strict=True):
                    mine[:] = better
        self.apart = [(state, self.total) for state, _ in self.apart]

    def heat(self, spent: float) -> float:
        """How hot it is when so much of the time is over."""
        hot = HOT * min(1.0, (CROWD / max(1, len(self.seats))) ** SLOPE)
        return float(hot * (COLD / hot) ** min(1.0, spent))

    def _split(self) -> None:
        """Groups of a mentor stay on one side, and people with their group or with those they sit with.

        In most rounds all of a place is on one side, as far as mentors let it.
        """
        state, bunches = self.state, int(self.bunch.max(initial=-1)) + 1
        side = self.random.integers(self.sides, size=bunches)
        places = np.bincount(self.data.place)
        if np.count_nonzero(places) > 2 and self.random.random() < BY_PLACE:
            side[self.bunch[::-1]] = self._side_of_places(places)[self.data.place[::-1]]
        state.offer_side[:] = side[self.bunch]
        people = self.random.integers(self.sides, size=len(state.seat))
        state.person_side[:] = people[self.unit]
        seated = state.seat >= 0
        state.person_side[seated] = state.offer_side[state.seat[seated]]

    def _side_of_places(self, offers: Ints) -> Ints:
        """A side for each place, so that both have about as many offers."""
        side, load = np.zeros(len(offers), np.int64), np.zeros(self.sides)
        for place in self.random.permutation(len(offers)):
            side[place] = load.argmin()
            load[side[place]] += offers[place]
        return side


def search(
    data: Data, *, seconds: float, work: int | None, seed: int, progress: Progress | None = None
) -> tuple[Ints, int]:
    """The best seats found, a group number or -1 a person, and the number of moves tried.

    With `work`, exactly so many moves and no look at the clock: the same every time, on one core and on two.
    When `progress(share, cost)` answers False, the search ends with the best so far.
    """
    run = Search(data, seed=seed)
    started, done, spent, met = time.monotonic(), 0, 0.0, 0
    burst = FIRST_ROUND * run.sides
    longest = max(SHORTEST, min(LONGEST, seconds * SHARE))
    with ThreadPoolExecutor(THREADS) as pool:
        while spent < 1.0:
            moves = burst if work is None else min(max(burst, work // MOST_ROUNDS), work - done)
            ahead = min(1.0, (done + moves) / work) if work else spent
            before = time.monotonic()
            run.round(pool, moves, run.heat(spent), run.heat(ahead))
            done += moves
            now = time.monotonic()
            if work is not None:
                spent = done / work if work else 1.0
            else:
                spent = (now - started) / seconds if seconds > 0 else 1.0
                pace = max(1e-7, (now - before) / max(1, moves))
                burst = int(max(2 * run.sides, min(longest / pace, 2 * burst)))
            if spent >= FIRST_MEETING + (1 - FIRST_MEETING) * met / MEETINGS:
                met += 1
                run.meet()
            if progress is not None and progress(min(1.0, spent), run.cost) is False:
                break
    return run.seats, done


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
