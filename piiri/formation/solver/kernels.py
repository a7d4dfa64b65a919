"""The search in compiled loops: groups opened by pricing their best members, people moved and swapped.

All moves keep what is hard true between moves: every open group has its quota, its common slots and nobody
kept apart, and its mentors can meet all their groups. Inside a move a journal of steps makes undoing cheap.
Everything sits in one file because numba's cache does not see changes in another.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

from piiri.formation.solver.arrays import Data, Ints, Longs, Masks

SAME_ORG, MENTOR_ORG, MIX_MIN, MIX_MISSING, SLOTS_TARGET, SLOT_MISSING, FRIEND = range(7)
OPEN, SIZE_TARGET, SIZE_DEV, EXTRA, K = range(7, 12)
POOL, TOTAL, STEPS, RANDOM, SIDE = range(5)  # places in State.misc
MOST_FANS, SHORT_LIST, MOST_SETS, MOST_FILLS, MOST_LOOKS = 400, 14, 48, 3, 24
# Only `run` is called from outside: without entries of their own the others compile in half the time.
BARE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
inner = njit(**BARE)
LEAVING_SMALL = 120  # what breaking up a group at its lower quota is taken to cost beside the wish


class State(NamedTuple):
    """Who sits where now, and what every group costs; one side of a round changes only its own rows."""

    seat: Ints
    wish: Ints  # what a placed person's wish costs now
    members: Ints  # [group, place]
    size: Ints
    mask: Masks
    cost: Longs
    load: Ints
    gain: Longs  # what the group of a placed person saves when they leave
    stale: Ints  # 1: `gain` of this group's members is out of date
    person_side: Ints
    offer_side: Ints
    own: Ints  # the people of this side
    pool: Ints  # those of them without a place, in any order
    pool_at: Ints
    step_who: Ints
    step_from: Ints
    misc: Longs


def empty_state(data: Data) -> State:
    """Nobody placed."""
    people, groups = len(data.avail), len(data.gmask)
    wishes = int(data.weights[FRIEND]) * int((data.want >= 0).sum())
    total = int(data.out.sum()) + wishes + int(data.must.sum())
    widest = max(1, int(data.upper.max(initial=1)))
    steps = 3 * widest * (widest + 16) + 64  # a rebuild takes from at most so many groups
    return State(
        seat=np.full(people, -1, np.int32),
        wish=np.zeros(people, np.int32),
        members=np.zeros((groups, widest), np.int32),
        size=np.zeros(groups, np.int32),
        mask=data.gmask.copy(),
        cost=np.zeros(groups, np.int64),
        load=np.zeros(len(data.most), np.int32),
        gain=np.zeros(people, np.int64),
        stale=np.ones(groups, np.int32),
        person_side=np.zeros(people, np.int32),
        offer_side=np.zeros(groups, np.int32),
        own=np.arange(people, dtype=np.int32),
        pool=np.arange(people, dtype=np.int32),
        pool_at=np.arange(people, dtype=np.int32),
        step_who=np.zeros(steps, np.int32),
        step_from=np.zeros(steps, np.int32),
        misc=np.array([people, total, -1, 1, 0], np.int64),
    )


def side_of(state: State, side: int, start: int) -> State:
    """What a round needs to change only people and offers of `side`; `start` begins its random numbers."""
    own = np.flatnonzero(state.person_side == side).astype(np.int32)
    pool = np.empty(max(1, len(own)), np.int32)
    out = own[state.seat[own] < 0]
    pool[: len(out)] = out
    state.pool_at[out] = np.arange(len(out), dtype=np.int32)
    return state._replace(
        own=own,
        pool=pool,
        step_who=state.step_who.copy(),
        step_from=state.step_from.copy(),
        misc=np.array([len(out), 0, -1, start, side], np.int64),
    )


def _count(context, mask):
    """The number of bits of a mask, by the processor's own instruction."""

    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


count: Any = intrinsic(_count)


@inner
def below(s, n):
    """A random number below n."""
    x = np.uint64(s.misc[RANDOM])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    s.misc[RANDOM] = np.int64(x)
    return np.int64((x >> np.uint64(33)) % np.uint64(n))


@inner
def chance(s):
    return below(s, 1 << 30) / float(1 << 30)


@inner
def accepts(s, delta, heat):
    return delta <= 0 or chance(s) < np.exp(-delta / heat)


@inner
def wish_cost(d, i, c):
    """What person i's wish costs in class c, -1 when i may not sit there."""
    low, high = d.wish_ptr[i], d.wish_ptr[i + 1]
    while low < high:
        middle = (low + high) >> 1
        if d.wish_class[middle] < c:
            low = middle + 1
        else:
            high = middle
    if low < d.wish_ptr[i + 1] and d.wish_class[low] == c:
        return np.int64(d.wish_cost[low])
    return np.int64(-1)


@inner
def mentor_banned(d, i, g):
    for b in range(d.mban_ptr[i], d.mban_ptr[i + 1]):
        for m in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
            if d.gm[m] == d.mban[b]:
                return True
    return False


@inner
def group_cost(d, g, who, n, mask):
    """The cost of a group with members who[:n] sharing `mask`, wishes for a theme apart; 0 when empty."""
    if n == 0:
        return np.int64(0)
    w = d.weights
    skilled, total = 0, w[OPEN] - d.must[g] + w[SIZE_DEV] * abs(n - w[SIZE_TARGET])
    for a in range(n):
        i = who[a]
        skilled += d.skilled[i]
        org, want = d.org[i], d.want[i]
        if org >= 0:
            for b in range(a):
                if d.org[who[b]] == org:
                    total += w[SAME_ORG]
            for m in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
                if d.gm_org[m] == org:
                    total += w[MENTOR_ORG]
                    break
        if want >= 0:
            for b in range(n):
                if who[b] == want:
                    total -= w[FRIEND]
    total += w[MIX_MISSING] * (max(0, w[MIX_MIN] - skilled) + max(0, w[MIX_MIN] - (n - skilled)))
    return total + w[SLOT_MISSING] * max(0, w[SLOTS_TARGET] - count(mask))


@inner
def opening_cost(d, s, g):
    """What opening g adds for mentors who run another group already; the same is saved by closing it."""
    extra = np.int64(0)
    for m in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
        if s.load[d.gm[m]] > 0:
            extra += d.weights[EXTRA]
    return extra


@inner
def refresh(d, s, g):
    """Bring mask and cost of g up to date after its members changed."""
    mask = d.gmask[g]
    for a in range(s.size[g]):
        mask &= d.avail[s.members[g, a]]
    s.mask[g] = mask
    cost = group_cost(d, g, s.members[g], s.size[g], mask)
    s.misc[TOTAL] += cost - s.cost[g]
    s.cost[g] = cost
    s.stale[g] = 1


@inner
def note(s, i):
    steps = s.misc[STEPS]
    if steps >= 0:
        s.step_who[steps] = i
        s.step_from[steps] = s.seat[i]
        s.misc[STEPS] = steps + 1


@inner
def leave(d, s, i):
    """Take i out of their group into the pool."""
    g = s.seat[i]
    note(s, i)
    last = s.size[g] - 1
    for a in range(last):
        if s.members[g, a] == i:
            s.members[g, a] = s.members[g, last]
            break
    s.size[g] = last
    if last == 0:
        for m in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
            s.load[d.gm[m]] -= 1
        s.misc[TOTAL] -= opening_cost(d, s, g)
    s.misc[TOTAL] += d.out[i] - s.wish[i]
    s.seat[i] = -1
    s.pool_at[i] = s.misc[POOL]
    s.pool[s.misc[POOL]] = i
    s.misc[POOL] += 1
    refresh(d, s, g)


@inner
def join(d, s, i, g):
    """Take i out of the pool into g; what is hard was checked before."""
    note(s, i)
    if s.size[g] == 0:
        s.misc[TOTAL] += opening_cost(d, s, g)
        for m in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
            s.load[d.gm[m]] += 1
    s.members[g, s.size[g]] = i
    s.size[g] += 1
    s.misc[POOL] -= 1
    last = s.pool[s.misc[POOL]]
    s.pool[s.pool_at[i]] = last
    s.pool_at[last] = s.pool_at[i]
    s.seat[i] = g
    s.wish[i] = wish_cost(d, i, d.class_of[g])
    s.misc[TOTAL] += s.wish[i] - d.out[i]
    refresh(d, s, g)


@inner
def undo(d, s):
    steps = s.misc[STEPS]
    s.misc[STEPS] = -1
    for at in range(steps - 1, -1, -1):
        i, g = s.step_who[at], s.step_from[at]
        if s.seat[i] >= 0:
            leave(d, s, i)
        if g >= 0:
            join(d, s, i, g)


@inner
def dissolve(d, s, g):
    while s.size[g] > 0:
        leave(d, s, s.members[g, s.size[g] - 1])


@inner
def alone(d, s, g):
    """Whether no mentor of g has another open group."""
    own, most = (1 if s.size[g] > 0 else 0), 0
    for m in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
        most = max(most, s.load[d.gm[m]])
    return most <= own


@inner
def share_mentor(d, g, h):
    for a in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
        for b in range(d.gm_ptr[h], d.gm_ptr[h + 1]):
            if d.gm[a] == d.gm[b]:
                return True
    return False


@inner
def can_meet(d, s, g, mask):
    """Whether g, sharing `mask`, and the other groups of its mentors can have slots that do not overlap.

    Counts a tangle of more than 16 groups, or a search of more than 2 000 steps, as "no".
    """
    if alone(d, s, g):
        return True
    groups, free = np.empty(16, np.int64), np.empty(16, np.uint64)
    groups[0], free[0], n, at = g, mask, 1, 0
    while at < n:
        for m in range(d.gm_ptr[groups[at]], d.gm_ptr[groups[at] + 1]):
            for b in range(d.mg_ptr[d.gm[m]], d.mg_ptr[d.gm[m] + 1]):
                h = d.mg[b]
                known = s.size[h] == 0
                for a in range(n):
                    known = known or groups[a] == h
                if known:
                    continue
                if n == 16:
                    return False
                groups[n], free[n] = h, s.mask[h]
                n += 1
        at += 1
    slot, at, steps = np.full(16, -1, np.int64), 0, 0
    slots = len(d.overlap)
    while 0 <= at < n:
        taken = np.uint64(0)
        for a in range(at):
            if share_mentor(d, groups[a], groups[at]):
                taken |= d.overlap[slot[a]]
        open_ = free[at] & ~taken
        slot[at] += 1
        while slot[at] < slots and not (open_ >> np.uint64(slot[at])) & np.uint64(1):
            slot[at] += 1
        steps += 1
        if steps > 2000:
            return False
        if slot[at] == slots:
            slot[at] = -1
            at -= 1
        else:
            at += 1
    return at == n


@inner
def may_join(d, s, i, g, instead):
    """Whether i may sit in g with its members apart from `instead` (-1: all of them), wish aside."""
    if mentor_banned(d, i, g):
        return False
    for b in range(d.ban_ptr[i], d.ban_ptr[i + 1]):
        if s.seat[d.ban[b]] == g and d.ban[b] != instead:
            return False
    return True


@inner
def cost_with(d, s, i, g, instead, who):
    """The cost of g with i in the place of `instead` (-1: added), or -1 when it cannot be."""
    mask, n = d.gmask[g] & d.avail[i], 0
    for a in range(s.size[g]):
        if s.members[g, a] != instead:
            who[n] = s.members[g, a]
            mask &= d.avail[who[n]]
            n += 1
    if count(mask) < d.weights[K] or not can_meet(d, s, g, mask):
        return np.int64(-(1 << 40))
    who[n] = i
    return group_cost(d, g, who, n + 1, mask)


@inner
def cost_without(d, s, i, g, who):
    mask, n = d.gmask[g], 0
    for a in range(s.size[g]):
        if s.members[g, a] != i:
            who[n] = s.members[g, a]
            mask &= d.avail[who[n]]
            n += 1
    return group_cost(d, g, who, n, mask)


@inner
def gain_of(d, s, i, who):
    """What is saved by taking i away from where they are, a broken quota roughly counted."""
    g = s.seat[i]
    if g < 0:
        return d.out[i]
    if s.stale[g]:
        s.stale[g] = 0
        for a in range(s.size[g]):
            p = s.members[g, a]
            s.gain[p] = s.cost[g] - cost_without(d, s, p, g, who)
    if s.size[g] <= d.lower[g]:
        return np.int64(s.wish[i]) - LEAVING_SMALL
    return s.wish[i] + s.gain[i]


@inner
def may_all_join(d, s, i, g):
    """Whether i and whoever sits with i or nowhere may sit in g, wish aside."""
    if not may_join(d, s, i, g, -1):
        return False
    for b in range(d.mate_ptr[i], d.mate_ptr[i + 1]):  # noqa: SIM110 - numba has no generators here
        if not may_join(d, s, d.mate[b], g, -1):
            return False
    return True


@inner
def unit_of(d, i, c, who):
    """Put i and whoever sits with i into `who`: (number, shared mask, wishes); 0: not in class c."""
    who[0], n, mask, wish = i, 1, d.avail[i], wish_cost(d, i, c)
    for b in range(d.mate_ptr[i], d.mate_ptr[i + 1]):
        j = d.mate[b]
        cost = wish_cost(d, j, c)
        if cost < 0 or n == len(who) - 1:
            return 0, mask, wish
        for a in range(n):
            for x in range(d.ban_ptr[j], d.ban_ptr[j + 1]):
                if d.ban[x] == who[a]:
                    return 0, mask, wish
        who[n] = j
        n += 1
        mask &= d.avail[j]
        wish += cost
    return n, mask, wish


@inner
def best_seat(d, s, i, who):
    """Put i and their mates where it costs least among open groups with room, if better than staying out."""
    best, best_cost = -1, d.out[i]
    for b in range(d.mate_ptr[i], d.mate_ptr[i + 1]):
        best_cost += d.out[d.mate[b]]
    for at in range(d.wish_ptr[i], d.wish_ptr[i + 1]):
        c = d.wish_class[at]
        more, shared, wish = unit_of(d, i, c, who)
        if more == 0:
            continue
        first, n = d.offer_ptr[c], d.offer_ptr[c + 1] - d.offer_ptr[c]
        start = below(s, n)
        for look in range(min(n, MOST_LOOKS)):
            g = d.offers[first + (start + look) % n]
            if s.size[g] == 0 or s.size[g] + more > d.upper[g] or s.offer_side[g] != s.misc[SIDE]:
                continue
            mask = s.mask[g] & shared
            if count(mask) < d.weights[K] or not may_all_join(d, s, i, g) or not can_meet(d, s, g, mask):
                continue
            for a in range(s.size[g]):
                who[more + a] = s.members[g, a]
            cost = wish + group_cost(d, g, who, more + s.size[g], mask) - s.cost[g]
            if cost < best_cost:
                best, best_cost = g, cost
    if best >= 0:
        join(d, s, i, best)
        for b in range(d.mate_ptr[i], d.mate_ptr[i + 1]):
            join(d, s, d.mate[b], best)


@inner
def tidy(d, s, who):
    """Dissolve what fell under its quota, then seat everybody the journal put out, and a few more."""
    at = 0
    while at < s.misc[STEPS]:
        g = s.step_from[at]
        if g >= 0 and 0 < s.size[g] < d.lower[g]:
            dissolve(d, s, g)
        at += 1
    steps = s.misc[STEPS]
    for at in range(steps - 1, -1, -1):
        if s.seat[s.step_who[at]] < 0:
            best_seat(d, s, s.step_who[at], who)
    for _ in range(min(4, s.misc[POOL])):
        i = s.pool[below(s, s.misc[POOL])]
        best_seat(d, s, i, who)
        if s.misc[POOL] == 0:
            break


@inner
def settle(d, s, before, heat, who):
    """Tidy up and keep what was done, or undo it."""
    tidy(d, s, who)
    if accepts(s, s.misc[TOTAL] - before, heat):
        s.misc[STEPS] = -1
        return True
    undo(d, s)
    return False


@inner
def marginal(d, g, who, n, i, mask, skilled):
    """What i adds to members who[:n] that share `mask`; -1 << 40 when i is kept apart from one of them."""
    w, cost = d.weights, np.int64(0)
    for b in range(d.ban_ptr[i], d.ban_ptr[i + 1]):
        for a in range(n):
            if who[a] == d.ban[b]:
                return np.int64(-(1 << 40))
    org = d.org[i]
    for a in range(n):
        if org >= 0 and d.org[who[a]] == org:
            cost += w[SAME_ORG]
        if d.want[who[a]] == i:
            cost -= w[FRIEND]
        if d.want[i] == who[a]:
            cost -= w[FRIEND]
    if org >= 0:
        for m in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
            if d.gm_org[m] == org:
                cost += w[MENTOR_ORG]
                break
    have = skilled if d.skilled[i] else n - skilled
    if have < w[MIX_MIN]:
        cost -= w[MIX_MISSING]
    lost = max(0, w[SLOTS_TARGET] - count(mask & d.avail[i])) - max(0, w[SLOTS_TARGET] - count(mask))
    return cost + w[SLOT_MISSING] * lost


@inner
def gather(d, s, seed, g, base, heat, people, prices, who):
    """The people of g's class free in K slots of `base`, with prices, cheapest first; their number."""
    c = d.class_of[g]
    first, n = d.fan_ptr[c], d.fan_ptr[c + 1] - d.fan_ptr[c]
    start, found = below(s, n), 0
    for look in range(min(n, MOST_FANS)):
        at = first + (start + look) % n
        i = d.fan[at]
        if i == seed or s.person_side[i] != s.misc[SIDE] or d.mate_ptr[i] < d.mate_ptr[i + 1]:
            continue
        if count(base & d.avail[i]) < d.weights[K] or mentor_banned(d, i, g):
            continue
        people[found] = i
        prices[found] = d.fan_cost[at] - gain_of(d, s, i, who) + below(s, 2 + np.int64(2 * heat))
        found += 1
    order = np.argsort(prices[:found], kind="mergesort")
    people[:found], prices[:found] = people[:found][order], prices[:found][order]
    return found


@inner
def fill(d, g, slots, people, prices, found, first, start, who, left, best):
    """Grow a group from start[:first] with people free in all of `slots`; keep the best size in `best`.

    Returns (cost, size); the cost counts prices and the group, the wishes of the first apart.
    """
    short = 0
    for at in range(found):
        if d.avail[people[at]] & slots == slots:
            left[short] = at
            short += 1
            if short == SHORT_LIST:
                break
    n, price, mask, skilled = first, np.int64(0), d.gmask[g], np.int64(0)
    for a in range(first):
        who[a] = start[a]
        mask &= d.avail[start[a]]
        skilled += d.skilled[start[a]]
    least, size = np.int64(1) << 40, 0
    while True:
        if n >= d.lower[g]:
            cost = price + group_cost(d, g, who, n, mask)
            if cost < least:
                least, size = cost, n
                best[:n] = who[:n]
        if n >= d.upper[g]:
            break
        pick, pick_cost = -1, np.int64(1) << 40
        for a in range(short):
            if left[a] < 0:
                continue
            i = people[left[a]]
            extra = marginal(d, g, who, n, i, mask, skilled)
            if extra > -(1 << 40) and prices[left[a]] + extra < pick_cost:
                pick, pick_cost = a, prices[left[a]] + extra
        if pick < 0:
            break
        i = people[left[pick]]
        price += prices[left[pick]]
        left[pick] = -1
        who[n] = i
        n += 1
        mask &= d.avail[i]
        skilled += d.skilled[i]
    return least, size


@inner
def random_slots(s, base, k):
    """k different slots out of `base`, which has at least as many."""
    slots, free = np.uint64(0), count(base)
    for _ in range(k):
        skip, rest = below(s, free), base & ~slots
        for _ in range(skip):
            rest &= rest - np.uint64(1)
        slots |= rest & (~rest + np.uint64(1))
        free -= 1
    return slots


@inner
def glance(d, g, slots, n, people, prices, found):
    """A quick guess what n and more people free in all of `slots` cost; huge when they are too few."""
    total, wanted = np.int64(0), max(d.lower[g], min(d.upper[g], d.weights[SIZE_TARGET]))
    for at in range(found):
        if n >= wanted:
            break
        if d.avail[people[at]] & slots == slots:
            total += prices[at]
            n += 1
    return total if n >= d.lower[g] else np.int64(1) << 40


@inner
def slot_sets(s, base, k, out):
    """Fill `out` with sets of k slots of `base`: all for k up to 2, else random ones; their number."""
    n, rest = 0, base
    if k > 2:
        for at in range(MOST_SETS):
            out[at] = random_slots(s, base, k)
        return MOST_SETS
    while rest:
        one = rest & (~rest + np.uint64(1))
        rest ^= one
        if k == 1:
            out[n] = one
            n += 1
        others = rest if k == 2 else np.uint64(0)
        while others:
            two = others & (~others + np.uint64(1))
            others ^= two
            out[n] = one | two
            n += 1
    return n


@inner
def shortlist(d, s, g, base, k, first, people, prices, found, sets):
    """Put the few slot sets that look best for g first in `sets`; their number."""
    guesses, n = np.empty(MOST_FILLS, np.int64), 0
    for at in range(slot_sets(s, base, k, sets)):
        one, guess = sets[at], glance(d, g, sets[at], first, people, prices, found)
        if guess == np.int64(1) << 40 or (n == MOST_FILLS and guess >= guesses[n - 1]):
            continue
        place = min(n, MOST_FILLS - 1)
        n = min(n + 1, MOST_FILLS)
        while place > 0 and guesses[place - 1] > guess:
            guesses[place], sets[place] = guesses[place - 1], sets[place - 1]
            place -= 1
        guesses[place], sets[place] = guess, one
    return n


@inner
def price(d, s, seed, g, heat, people, prices, who, left, trial, best):
    """The best member set found for g around `seed`: (size or 0), members in `best`."""
    start = np.empty(len(who), np.int64)
    first, base, _ = unit_of(d, seed, d.class_of[g], start)
    base, k = base & d.gmask[g], d.weights[K]
    if first == 0 or first > d.upper[g] or count(base) < k:
        return 0
    for a in range(first):
        if mentor_banned(d, start[a], g):
            return 0
    found = gather(d, s, seed, g, base, heat, people, prices, who)
    least, size, sets = np.int64(1) << 40, 0, np.empty(2016, np.uint64)
    for at in range(shortlist(d, s, g, base, k, first, people, prices, found, sets)):
        cost, n = fill(d, g, sets[at], people, prices, found, first, start, who, left, trial)
        if cost < least:
            least, size = cost, n
            best[:n] = trial[:n]
    return size


@inner
def pick_person(s):
    if s.misc[POOL] > 0 and below(s, 10) < 3:
        return np.int64(s.pool[below(s, s.misc[POOL])])
    return np.int64(s.own[below(s, len(s.own))])


@inner
def pick_offer(d, s, i):
    """A random offer of this side for i, the better wished of two draws; -1 when none is found."""
    first, n = d.wish_ptr[i], d.wish_ptr[i + 1] - d.wish_ptr[i]
    if n == 0:
        return np.int64(-1)
    for _ in range(6):
        at, other = first + below(s, n), first + below(s, n)
        if d.wish_cost[other] < d.wish_cost[at]:
            at = other
        c = d.wish_class[at]
        g = np.int64(d.offers[d.offer_ptr[c] + below(s, d.offer_ptr[c + 1] - d.offer_ptr[c])])
        if s.offer_side[g] == s.misc[SIDE] and count(d.gmask[g] & d.avail[i]) >= d.weights[K]:
            return g
    return np.int64(-1)


@inner
def pick_opened(d, s, i, g):
    """One of the offers that must open, if it is closed, and somebody for it; otherwise what was picked."""
    h = np.int64(d.opened[below(s, len(d.opened))])
    c = d.class_of[h]
    n = d.fan_ptr[c + 1] - d.fan_ptr[c]
    if n == 0 or s.size[h] > 0 or s.offer_side[h] != s.misc[SIDE]:
        return i, g
    j = np.int64(d.fan[d.fan_ptr[c] + below(s, n)])
    return (j, h) if s.person_side[j] == s.misc[SIDE] else (i, g)


@inner
def make_room(d, s, g):
    """Dissolve g, and another group of each of its mentors who could not run it; False when one runs none."""
    dissolve(d, s, g)
    for m in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
        mentor = d.gm[m]
        if d.most[mentor] == 0:
            return False
        first, n = d.mg_ptr[mentor], d.mg_ptr[mentor + 1] - d.mg_ptr[mentor]
        start = below(s, n)
        for look in range(n):
            if s.load[mentor] < d.most[mentor]:
                break
            dissolve(d, s, d.mg[first + (start + look) % n])
    return True


@inner
def rebuild(d, s, heat, people, prices, who, left, trial, best):
    """Open an offer around a person by pricing; other groups fall where they must."""
    i = pick_person(s)
    g = pick_offer(d, s, i)
    if len(d.opened) > 0 and below(s, 4) == 0:
        i, g = pick_opened(d, s, i, g)
    if g < 0 or mentor_banned(d, i, g):
        return False
    before = s.misc[TOTAL]
    s.misc[STEPS] = 0
    size = 0
    if make_room(d, s, g):
        if below(s, 8) == 0:  # loosen one group more that might give people to this one
            c = d.class_of[g]
            j = d.fan[d.fan_ptr[c] + below(s, d.fan_ptr[c + 1] - d.fan_ptr[c])]
            if s.person_side[j] == s.misc[SIDE] and s.seat[j] >= 0:
                dissolve(d, s, s.seat[j])
        size = price(d, s, i, g, heat, people, prices, who, left, trial, best)
    mask = d.gmask[g]
    for a in range(size):
        mask &= d.avail[best[a]]
    if size == 0 or not can_meet(d, s, g, mask):
        undo(d, s)
        return False
    for a in range(size):
        if s.seat[best[a]] >= 0:
            leave(d, s, best[a])
        join(d, s, best[a], g)
    return settle(d, s, before, heat, who)


@inner
def close(d, s, heat, who):
    """Dissolve the group of a random person and seat its people elsewhere."""
    g = s.seat[s.own[below(s, len(s.own))]]
    if g < 0:
        return False
    before = s.misc[TOTAL]
    s.misc[STEPS] = 0
    dissolve(d, s, g)
    return settle(d, s, before, heat, who)


@inner
def shift(d, s, heat, who):
    """Move one person to a place in another open group, or swap two people."""
    i = pick_person(s)
    h, g = pick_offer(d, s, i), s.seat[i]
    if h < 0 or h == g or s.size[h] == 0 or d.mate_ptr[i] < d.mate_ptr[i + 1]:
        return
    wish = wish_cost(d, i, d.class_of[h])
    old = d.out[i] if g < 0 else np.int64(s.wish[i])
    may_leave = g < 0 or s.size[g] > d.lower[g]
    if may_leave and s.size[h] < d.upper[h] and below(s, 2) == 0:
        if count(s.mask[h] & d.avail[i]) < d.weights[K] or not may_join(d, s, i, h, -1):
            return
        cost = cost_with(d, s, i, h, -1, who)
        if cost == -(1 << 40):
            return
        delta = wish - old + cost - s.cost[h]
        if g >= 0:
            delta += cost_without(d, s, i, g, who) - s.cost[g]
        if accepts(s, delta, heat):
            if g >= 0:
                leave(d, s, i)
            join(d, s, i, h)
        return
    j = np.int64(s.members[h, below(s, s.size[h])])
    swap(d, s, i, j, wish - old, heat, who)


@inner
def swap(d, s, i, j, delta, heat, who):
    """Put i where j sits and j where i was (out, if i was out). `delta` is the change of i's own wish."""
    g, h = s.seat[i], s.seat[j]
    if d.mate_ptr[j] < d.mate_ptr[j + 1]:
        return
    back = d.out[j]
    if g >= 0:
        back = wish_cost(d, j, d.class_of[g])
        if back < 0 or not may_join(d, s, j, g, i):
            return
    if not may_join(d, s, i, h, j):
        return
    cost = cost_with(d, s, i, h, j, who)
    if cost == -(1 << 40):
        return
    delta += back - s.wish[j] + cost - s.cost[h]
    if g >= 0:
        if not alone(d, s, g) and not alone(
            d, s, h
        ):  # their slots may hang together; each check sees one change
            return
        cost = cost_with(d, s, j, g, i, who)
        if cost == -(1 << 40):
            return
        delta += cost - s.cost[g]
    if accepts(s, delta, heat):
        leave(d, s, j)
        if g >= 0:
            leave(d, s, i)
            join(d, s, j, g)
        join(d, s, i, h)


@njit(cache=True, nogil=True)
def run(d, s, moves, shifts, heat, cooler):
    """Try `moves` rebuilds, `shifts` small moves after each, while the heat falls evenly to `cooler`."""
    people, prices = np.empty(MOST_FANS, np.int64), np.empty(MOST_FANS, np.int64)
    widest = s.members.shape[1] + 1
    who, trial, best = np.empty(widest, np.int64), np.empty(widest, np.int64), np.empty(widest, np.int64)
    left = np.empty(SHORT_LIST, np.int64)
    for move in range(moves):
        now = heat + (cooler - heat) * move / moves
        if below(s, 12) == 0:
            close(d, s, now, who)
        else:
            rebuild(d, s, now, people, prices, who, left, trial, best)
        for _ in range(shifts):
            shift(d, s, now, who)
