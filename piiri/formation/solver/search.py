"""The heuristic: compiled moves in short bursts, cooled by the clock or by the work done."""

import time
from collections.abc import Callable

from piiri.formation.solver import kernels
from piiri.formation.solver.arrays import Data, Ints

Progress = Callable[[float, int], bool | None]

HOT, COLD = 80.0, 3.0
SHIFTS = 40
MOST_BURST = 20_000


def search(
    data: Data, *, seconds: float, work: int | None, seed: int, progress: Progress | None = None
) -> tuple[Ints, int]:
    """The best seats found, a group number or -1 a person, and the number of moves tried.

    With `work`, exactly so many moves and no look at the clock: the same every time.
    """
    state = kernels.empty_state(data, seed)
    started, burst, done, spent = time.monotonic(), 50, 0, 0.0
    while spent < 1.0:
        moves = min(burst, work - done) if work is not None else burst
        ahead = min(1.0, spent + (moves / work if work else 0.0))
        before = time.monotonic()
        kernels.run(data, state, moves, SHIFTS, _heat(spent), _heat(ahead))
        done += moves
        now = time.monotonic()
        if work is not None:
            spent = done / work if work else 1.0
        else:
            spent = (now - started) / seconds if seconds > 0 else 1.0
            # Bursts of about a hundredth of the time keep the cooling smooth and the end on time.
            pace = max(1e-7, (now - before) / max(1, moves))
            burst = int(max(10, min(MOST_BURST, seconds * 0.01 / pace, 2 * burst)))
        if progress is not None and progress(min(1.0, spent), int(state.best_cost[0])) is False:
            break
    return state.best, done


def _heat(spent: float) -> float:
    return float(HOT * (COLD / HOT) ** min(1.0, spent))
