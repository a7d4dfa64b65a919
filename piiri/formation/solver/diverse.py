"""Maximally diverse groups: people spread so that the members of each group differ from each other most.

Two ways to ask. With a distance for every two people and bounds on group sizes, `diverse` searches by moves
and swaps. In the product people have features, and a group must also be able to meet: `self_run_offers` of
the problem then puts it in the ordinary form, groups without mentors and themes, whose costs reward the mix.
"""
# mypy: disallow-untyped-decorators=False, disallow-untyped-defs=False, disallow-untyped-calls=False

import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

HOT, COLD = 0.02, 0.0001  # the share of moves that is let through at the beginning and at the end
STEPS = 200  # bursts of equal heat in a round
ROUND = 1000  # moves for every two people in a round; what is left of the time makes further rounds
PACE = 30_000_000  # moves a second, roughly


def diverse(
    distance: Floats,
    lower: Sequence[int],
    upper: Sequence[int],
    *,
    seconds: float = 3.0,
    work: int | None = None,
    seed: int = 1,
) -> tuple[Longs, float]:
    """The group of every person, and the sum of distances within the groups, as large as could be found.

    `distance` is symmetric, one row and column a person, of any sign; group g takes lower[g] to upper[g]
    people. `seconds` of wall-clock time; with `work` (moves to try) the clock is not looked at, and the same
    question, `work` and `seed` give the same answer. Raises ValueError when the people do not fit the sizes.
    Source: simulated annealing over moves and swaps with the gain of every person in every group at hand.
    """
    people, sizes = len(distance), np.array(lower, np.int64)
    if not sum(lower) <= people <= sum(upper):
        raise ValueError(f"{people} people do not fit groups of {sum(lower)} to {sum(upper)} places.")
    own = distance.astype(np.float64) * (1 - np.eye(people))
    draw = np.random.default_rng(seed)
    spare = np.repeat(np.arange(len(sizes)), np.array(upper) - sizes)
    sizes += np.bincount(draw.permutation(spare)[: people - sizes.sum()], minlength=len(sizes))
    group = draw.permutation(np.repeat(np.arange(len(sizes)), sizes))
    state = np.array([draw.integers(1, 1 << 62)], np.uint64)
    gain = np.array([own[:, group == g].sum(axis=1) for g in range(len(sizes))]).T.copy()
    best = group.copy()
    ends = np.array(lower, np.int64), np.array(upper, np.int64)
    rounds = max(1, int((seconds * PACE if work is None else work) // (ROUND * people**2)))
    started, spent, done, at = time.monotonic(), 0.0, 0, -1
    burst = 1000 if work is None else -(-work // (STEPS * rounds))
    while spent < 1.0:
        if int(spent * rounds) > at:
            at, heat = int(spent * rounds), max(1e-9, 2 * float(own.std()))
        before = time.monotonic()
        taken = _anneal(own, group, sizes, *ends, gain, best, state, heat, burst)
        # Kinds of distances need very different heats; what they have in common is how many moves pass.
        aim = HOT * (COLD / HOT) ** (spent * rounds - at)
        heat *= min(1.25, max(0.7, (aim * burst / max(0.5, taken)) ** 0.3))
        done, now = done + burst, time.monotonic()
        if work is None:
            pace = seconds / (STEPS * rounds) / max(1e-7, now - before)
            burst = int(max(1000, min(20 * burst, burst * pace)))
        spent = (now - started) / max(1e-9, seconds) if work is None else done / max(1, work)
    return best, worth(own, best)


def worth(distance: Floats, group: Longs) -> float:
    """The sum of the distances between all two people of the same group."""
    return float(sum(distance[np.ix_(group == g, group == g)].sum() for g in np.unique(group)) / 2)


@njit(cache=True)
def _draw(state, n):
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return np.int64((x >> np.uint64(32)) % np.uint64(n))


@njit(cache=True)
def _anneal(d, group, size, lower, upper, gain, best, state, heat, moves):
    """Try so many moves at one heat; `best` keeps the best grouping met."""
    n, k = len(group), len(size)
    free = False
    for g in range(k):
        free = free or lower[g] < upper[g]
    value, top = 0.0, 0.0
    for i in range(n):
        value += gain[i, group[i]] / 2
        for j in range(i):
            if best[i] == best[j]:
                top += d[i, j]
    taken = 0
    for _ in range(moves):
        i = _draw(state, n)
        j = _draw(state, n + k if free else n)
        a = group[i]
        if j < n:
            b = group[j]
            delta = gain[i, b] - gain[i, a] + gain[j, a] - gain[j, b] - 2 * d[i, j]
        else:
            b = j - n
            if size[a] == lower[a] or size[b] == upper[b]:
                continue
            delta = gain[i, b] - gain[i, a]
        if a == b or (delta < 0 and delta < heat * np.log((_draw(state, 1 << 30) + 1) / float(1 << 30))):
            continue
        taken += 1
        value += delta
        group[i] = b
        if j < n:
            group[j] = a
            for p in range(n):
                change = d[p, i] - d[p, j]
                gain[p, b] += change
                gain[p, a] -= change
        else:
            size[a] -= 1
            size[b] += 1
            for p in range(n):
                gain[p, b] += d[p, i]
                gain[p, a] -= d[p, i]
        if value > top + 1e-6:
            top = value
            best[:] = group
    return taken
