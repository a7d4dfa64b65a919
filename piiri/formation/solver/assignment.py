"""One-to-one with capacities, to the optimum, in compiled loops: rows take places, or stay out at a cost.

First an auction: a row without a place bids for the one that suits it best, until its second best suits it
better, and turns out who sits there. The last few rows would haggle for long; each of them is seated along a
shortest path instead. All along an empty place is free of charge and everybody sits where cost and price
are lowest for them: that makes the answer optimal, and the prices prove it.

Bids must overshoot a little to end. Costs are therefore counted in parts of 1 / (rows + 1), a bid overshoots
by one part, and a seat that is dearer by that part is taken to cost a part less: for all rows together that
is less than one whole unit of cost, so the best answer in whole numbers stays the best.
Source: Bertsekas, "Auction algorithms for network flow problems"; Jonker and Volgenant for the paths.
"""
# mypy: disallow-untyped-decorators=False, disallow-untyped-defs=False, disallow-untyped-calls=False

import numpy as np
import numpy.typing as npt
from numba import njit

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

OUT, WAITS = -1, -2
FAR = 1 << 60
MOST_BIDS = 60  # a row, before the shortest paths take over


def assign(ptr: Longs, column: Ints, cost: Longs, places: Longs, out: Longs) -> tuple[Ints, Longs]:
    """The column of every row, OUT for none, at the lowest sum of costs; and the price of every column.

    Row i may take column[ptr[i]:ptr[i + 1]] at `cost`, or stays out at out[i]; column j has places[j] places.
    Costs are whole numbers below 2**31. The prices are in parts of 1 / (rows + 1) and prove the answer: see
    `bound`.
    """
    scale = len(out) + 1
    # One row's edges side by side in memory: fetching them is what takes the time.
    edges = np.stack([column, cost], axis=1).astype(np.int32)
    first = np.concatenate([[0], np.cumsum(places)]).astype(np.int64)
    seat = np.full(len(out), WAITS, np.int32)
    holder = np.full(int(first[-1]), -1, np.int32)
    price = np.where(places > 0, 0, FAR // 2)
    _bid(ptr, edges, scale, out, first, price, seat, holder, MOST_BIDS * len(out))
    now = _settle(ptr, edges, scale, out, price, seat)
    _seat(ptr, edges, scale, out, first, price, seat, holder, now)
    return seat, price


def bound(ptr: Longs, column: Ints, cost: Longs, places: Longs, out: Longs, price: Longs) -> int:
    """What no assignment can undercut, by weak duality: any prices of at least 0 give such a bound."""
    scale = len(out) + 1
    total = int(_least(ptr, column, cost, out, price, scale)) - int((places * price).sum())
    return -(-total // scale)


@njit(cache=True)
def _least(ptr, column, cost, out, price, scale):
    total = np.int64(0)
    for i in range(len(out)):
        least = out[i] * scale
        for e in range(ptr[i], ptr[i + 1]):
            least = min(least, cost[e] * scale + price[column[e]])
        total += least
    return total


@njit(cache=True)
def _bid(ptr, edges, scale, out, first, price, seat, holder, most):
    rows = len(out)
    queue = np.arange(rows).astype(np.int32)
    paid = np.zeros(len(holder), np.int64)
    cheapest = first[:-1].copy()
    head, waiting = 0, rows
    while waiting > 0 and most > 0:
        most -= 1
        i = queue[head]
        head = head + 1 if head + 1 < rows else 0
        waiting -= 1
        best, least, second = OUT, out[i] * scale, FAR
        for e in range(ptr[i], ptr[i + 1]):
            j = edges[e, 0]
            value = edges[e, 1] * scale + price[j]
            if value < least:
                if j != best:
                    second = least
                best, least = j, value
            elif value < second and j != best:
                second = value
        seat[i] = best
        if best == OUT:
            continue
        s = cheapest[best]
        loser = holder[s]
        holder[s] = i
        if loser >= 0:
            seat[loser] = WAITS
            queue[(head + waiting) % rows] = loser
            waiting += 1
        paid[s] += second - least + 1
        for other in range(first[best], first[best + 1]):
            if paid[other] < paid[s]:
                s = other
        cheapest[best], price[best] = s, paid[s]


@njit(cache=True)
def _settle(ptr, edges, scale, out, price, seat):
    """What each seated row is taken to pay where it sits: no more than its best way leaves it."""
    now = np.zeros(len(out), np.int64)
    for i in range(len(out)):
        if seat[i] >= 0:
            least = out[i] * scale
            for e in range(ptr[i], ptr[i + 1]):
                least = min(least, edges[e, 1] * scale + price[edges[e, 0]])
            now[i] = least - price[seat[i]]
    return now


@njit(cache=True)
def _up(heap, key, at, k):
    """Move the column at place k of the heap to where it belongs, towards the root."""
    j = heap[k]
    while k > 0 and key[heap[(k - 1) >> 1]] > key[j]:
        heap[k] = heap[(k - 1) >> 1]
        at[heap[k]] = k
        k = (k - 1) >> 1
    heap[k] = j
    at[j] = k


@njit(cache=True)
def _pop(heap, key, at, size):
    """Take the nearest column off a heap of `size`."""
    top, j, k = heap[0], heap[size - 1], 0
    size -= 1
    while 2 * k + 1 < size:
        child = 2 * k + 1
        if child + 1 < size and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[j]:
            break
        heap[k] = heap[child]
        at[heap[k]] = k
        k = child
    if size > 0:
        heap[k] = j
        at[j] = k
    return top


@njit(cache=True)
def _seat(ptr, edges, scale, out, first, price, seat, holder, now):
    """Seat every waiting row by a shortest path that ends at a free place or where somebody stays out."""
    columns = len(price)
    far = np.full(columns, FAR, np.int64)  # the length of the shortest path to each column
    by = np.full(columns, -1, np.int32)  # the row from which it comes
    heap, at = np.zeros(columns, np.int32), np.full(columns, -1, np.int32)
    seen, done = np.zeros(columns, np.int32), np.zeros(columns, np.int32)
    for start in range(len(out)):
        if seat[start] != WAITS:
            continue
        size, seens, dones = 0, 0, 0
        leaver, end, length = start, OUT, out[start] * scale
        i, near, j = start, np.int64(0), OUT
        while True:
            low = first[j] if j >= 0 else 0
            for s in range(low, first[j + 1] if j >= 0 else 1):
                base = np.int64(0)
                if j >= 0:
                    i = holder[s]
                    base = near - price[j] - now[i]
                if base + out[i] * scale < length:
                    leaver, length = i, base + out[i] * scale
                for e in range(ptr[i], ptr[i + 1]):
                    k = edges[e, 0]
                    value = base + edges[e, 1] * scale + price[k]
                    if value < far[k] and value < length:
                        if at[k] < 0:
                            at[k] = size
                            heap[size] = k
                            size += 1
                            seen[seens] = k
                            seens += 1
                        far[k] = value
                        by[k] = i
                        _up(heap, far, at, at[k])
            if size == 0 or far[heap[0]] >= length:
                break
            j = _pop(heap, far, at, size)
            size -= 1
            near = far[j]
            if _free(first, holder, j) >= 0:
                end, length = j, near
                break
            done[dones] = j
            dones += 1
        for d in range(dones):
            price[done[d]] += length - far[done[d]]
        _walk(start, leaver, end, by, first, seat, holder, ptr, edges, scale, now)
        for s in range(seens):
            far[seen[s]] = FAR
            at[seen[s]] = -1


@njit(cache=True)
def _free(first, holder, j):
    for s in range(first[j], first[j + 1]):
        if holder[s] < 0:
            return s
    return np.int64(-1)


@njit(cache=True)
def _walk(start, leaver, end, by, first, seat, holder, ptr, edges, scale, now):
    """Move everybody along the path, from its end back to the row it starts from."""
    i = by[end] if end >= 0 else leaver
    place = _free(first, holder, end) if end >= 0 else np.int64(-1)
    while True:
        old = seat[i]
        seat[i] = end
        if end >= 0:
            holder[place] = i
            now[i] = FAR
            for e in range(ptr[i], ptr[i + 1]):
                if edges[e, 0] == end:
                    now[i] = min(now[i], edges[e, 1] * scale)
        if i == start:
            return
        place = first[old]
        while holder[place] != i:
            place += 1
        end = old
        i = by[old]
