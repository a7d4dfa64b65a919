"""Mixed tables over several rounds: everybody meets as many new people as possible."""
# mypy: disallow-untyped-decorators=False, disallow-untyped-defs=False, disallow-untyped-calls=False

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numba import njit

Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

HOT, COLD = 4.0, 0.15
STEPS = 100  # bursts of equal heat
APART = 10_000  # what two people who are kept apart cost at one table while places are sought
AGAIN, NEW = 2, 3  # what meeting once more costs beside the new meetings lost, and what a new one is worth


@dataclass(frozen=True, slots=True)
class Met:
    """How many new people each person meets, the fewest and the mean, and how many anybody could meet.

    New are those of other groups, each counted once. `most` is the bound for one person: one seat less than
    the largest table in every round, and never more than there are people of other groups.
    """

    new: Mapping[str, int]
    fewest: int
    mean: float
    most: int
    own_group: int  # pairs of one group at one table, counted in every round
    again: int  # pairs who meet once more, counted every time


def tables(
    people: Sequence[str],
    group_of: Mapping[str, str],
    table_sizes: Sequence[int],
    rounds: int,
    *,
    apart: Iterable[tuple[str, str]] = (),
    seed: int = 1,
    seconds: float = 2.0,
    work: int | None = None,
) -> list[list[list[str]]]:
    """Who sits where: for every round a list of people for every table, in the order of `table_sizes`.

    A table may stay short of people, never above its size. `apart` never sit together. Groups count as met.
    `seconds` of wall-clock time; with `work` (swaps to try) the same question, work and seed give the same
    answer. Raises ValueError when there are too few seats, nobody, or when those kept apart do not fit.
    """
    seats = sum(table_sizes)
    if not people or seats < len(people) or rounds < 1:
        raise ValueError(f"{len(people)} people do not fit {seats} seats in {rounds} rounds.")
    number = {person: i for i, person in enumerate(people)}
    groups = {group: at for at, group in enumerate(dict.fromkeys(group_of[person] for person in people))}
    kin = np.array([groups[group_of[person]] for person in people], np.int32)
    met = (kin[:, None] == kin).astype(np.int64)
    banned = np.zeros((len(people), len(people)), np.bool_)
    for one, other in apart:
        banned[number[one], number[other]] = banned[number[other], number[one]] = True
    first = np.concatenate([[0], np.cumsum(table_sizes)]).astype(np.int64)
    draw = np.random.default_rng(seed)
    who = np.array([draw.permutation(seats) for _ in range(rounds)])
    who[who >= len(people)] = -1  # empty seats
    best = _search(who, first, met, banned, int(draw.integers(1, 1 << 62)), seconds, work)
    _refuse_together(best, first, banned)
    return [
        [[people[i] for i in row[low:high] if i >= 0] for low, high in pairwise(first)]
        for row in best.tolist()
    ]


def encounters(plan: Sequence[Sequence[Sequence[str]]], group_of: Mapping[str, str]) -> Met:
    """The figures of a plan of `tables`: what it gives each person, and how near that is to the bound."""
    meetings: Counter[tuple[str, str]] = Counter()
    for table in (table for one_round in plan for table in one_round):
        meetings.update((a, b) for a in table for b in table if a != b)
    everyone = [person for table in plan[0] for person in table]
    new = dict.fromkeys(everyone, 0)
    for a, b in meetings:
        new[a] += group_of[a] != group_of[b]
    smallest = min(Counter(group_of[person] for person in everyone).values())
    seats = sum(max(map(len, one_round)) - 1 for one_round in plan)
    own = sum(times for (a, b), times in meetings.items() if group_of[a] == group_of[b])
    again = sum(times - 1 for times in meetings.values())
    mean = sum(new.values()) / len(new)
    return Met(new, min(new.values()), mean, min(seats, len(new) - smallest), own // 2, again // 2)


def _search(
    who: Longs, first: Longs, met: Longs, banned: Flags, random: int, seconds: float, work: int | None
) -> Longs:
    state, best, top = np.array([random], np.uint64), who.copy(), np.array([np.inf])
    table = np.repeat(np.arange(len(first) - 1), np.diff(first))
    new = np.zeros(len(met), np.int64)
    fair = 0.5 / max(1, len(who) * (np.diff(first).max() - 1))
    cost = _start(who, first, met, banned, new, fair)
    started, spent, burst, done = time.monotonic(), 0.0, 1000, 0
    while spent < 1.0:
        moves = burst if work is None else -(-work // STEPS)
        before = time.monotonic()
        heat = HOT * (COLD / HOT) ** spent
        cost = _swap(who, first, table, met, banned, new, fair, best, top, state, cost, heat, moves)
        done, now = done + moves, time.monotonic()
        burst = int(max(1000, min(20 * moves, moves * seconds / STEPS / max(1e-7, now - before))))
        spent = (now - started) / max(1e-9, seconds) if work is None else done / max(1, work)
    return best


def _refuse_together(who: Longs, first: Longs, banned: Flags) -> None:
    for row in who:
        for low, high in pairwise(first):
            seated = row[low:high][row[low:high] >= 0]
            if banned[np.ix_(seated, seated)].any():
                raise ValueError("those who are kept apart do not fit the tables.")


@njit(cache=True)
def _draw(state, n):
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return np.int64((x >> np.uint64(32)) % np.uint64(n))


@njit(cache=True)
def _meet(i, j, change, met, banned, new, fair):
    """Count one meeting more (1) or less (-1) between i and j; returns by how much the cost changes.

    Each further new person is worth a little less, so that those who meet few are raised before the others.
    """
    if i < 0 or j < 0:
        return 0.0
    times = max(met[i, j], met[i, j] + change)  # with the meeting in question
    met[i, j] += change
    met[j, i] += change
    worth = -APART if banned[i, j] else 0.0
    if times > 1:
        worth -= AGAIN * (times - 1)
    else:
        for p in (i, j):
            worth += NEW - (2 * max(new[p], new[p] + change) - 1) * fair
            new[p] += change
    return -change * worth


@njit(cache=True)
def _start(who, first, met, banned, new, fair):
    cost = 0.0
    for r in range(len(who)):
        for t in range(len(first) - 1):
            for a in range(first[t], first[t + 1]):
                for b in range(first[t], a):
                    cost += _meet(who[r, a], who[r, b], 1, met, banned, new, fair)
    return cost


@njit(cache=True)
def _move(who, r, a, b, first, table, met, banned, new, fair):
    """Let the people in seats a and b of round r change places; returns by how much the cost changes."""
    cost = 0.0
    for change in (-1, 1):
        for at in (a, b):
            for s in range(first[table[at]], first[table[at] + 1]):
                if s != at:
                    cost += _meet(who[r, at], who[r, s], change, met, banned, new, fair)
        if change < 0:
            who[r, a], who[r, b] = who[r, b], who[r, a]
    return cost


@njit(cache=True)
def _swap(who, first, table, met, banned, new, fair, best, top, state, cost, heat, moves):
    """Try so many swaps at one heat; `best` keeps the best plan met."""
    for _ in range(moves):
        r = _draw(state, len(who))
        a, b = _draw(state, len(table)), _draw(state, len(table))
        if table[a] == table[b] or (who[r, a] < 0 and who[r, b] < 0):
            continue
        change = _move(who, r, a, b, first, table, met, banned, new, fair)
        if change > 0 and change > -heat * np.log((_draw(state, 1 << 30) + 1) / float(1 << 30)):
            _move(who, r, a, b, first, table, met, banned, new, fair)
            continue
        cost += change
        if cost < top[0] - 1e-6:
            top[0] = cost
            best[:] = who
    return cost
