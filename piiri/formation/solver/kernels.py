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
MOST_PALS = 10  # of those chosen, that come to a short list
TANGLE = 16  # groups whose times hang together
FAR = 1 << 40  # dearer than anything
BITS, BIAS = 24, 1 << 36  # a person has a number of so many bits; no price is below -BIAS
# Only `run` is called from outside: without entries of their own the others compile in half the time.
# Nothing in here makes an array: without counted references, over which two threads would fight at every
# call, the code is a third as long and many times as fast.
LEAN: dict[str, Any] = {"_nrt": False, "error_model": "numpy", "nogil": True}
BARE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
inner: Any = njit(**BARE, **LEAN)
whole: Any = njit(cache=True, **LEAN)
CHEAPEST = 200  # how much cheaper than their wish somebody may make a group
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
    # Room to work in: nothing in it lasts.
    who: Ints
    start: Ints
    chosen: Ints
    best: Ints
    people: Ints
    prices: Longs
    names: Ints
    sums: Longs
    sets: Masks
    guesses: Longs
    tangle: Ints
    tangle_free: Masks
    tangle_slot: Ints


def room(widest: int) -> dict[str, Any]:
    """Room to work in for one side."""
    groups = {name: np.zeros(widest + 1, np.int64) for name in ("who", "start", "chosen", "best")}
    short = {name: np.zeros(SHORT_LIST + MOST_PALS, np.int64) for name in ("names", "sums")}
    fans = {name: np.zeros(MOST_FANS, np.int64) for name in ("people", "prices")}
    return {
        **groups, **short, **fans,
        "sets": np.zeros(2016, np.uint64), "guesses": np.zeros(MOST_FILLS, np.int64),
        "tangle": np.zeros(TANGLE, np.int64), "tangle_free": np.zeros(TANGLE, np.uint64),
        "tangle_slot": np.zeros(TANGLE, np.int64),
    }  # fmt: skip


def empty_state(data: Data) -> State:
    """Nobody placed."""
    people, groups = len(data.avail), len(data.gmask)
    wishes = int(data.weights[FRIEND]) * int((data.want >= 0).sum())
    total = int(data.out.sum()) + wishes + int(data.must.sum())
    widest = max(1, int(data.upper.max(initial=1)))
    steps = 3 * widest * (widest + 16) + 64  # a rebuild takes from at most so many groups
    return State(
        seat=np.full(people, -1, np.int64),
        wish=np.zeros(people, np.int64),
        members=np.zeros((groups, widest), np.int64),
        size=np.zeros(groups, np.int64),
        mask=data.gmask.copy(),
        cost=np.zeros(groups, np.int64),
        load=np.zeros(len(data.most), np.int64),
        gain=np.zeros(people, np.int64),
        stale=np.ones(groups, np.int64),
        person_side=np.zeros(people, np.int64),
        offer_side=np.zeros(groups, np.int64),
        own=np.arange(people, dtype=np.int64),
        pool=np.arange(people, dtype=np.int64),
        pool_at=np.arange(people, dtype=np.int64),
        step_who=np.zeros(steps, np.int64),
        step_from=np.zeros(steps, np.int64),
        misc=np.array([people, total, -1, 1, 0], np.int64),
        **room(widest),
    )


def side_of(state: State, side: int, start: int) -> State:
    """What a round needs to change only people and offers of `side`; `start` begins its random numbers."""
    own = np.flatnonzero(state.person_side == side).astype(np.int64)
    pool = np.empty(max(1, len(own)), np.int64)
    out = own[state.seat[own] < 0]
    pool[: len(out)] = out
    state.pool_at[out] = np.arange(len(out), dtype=np.int64)
    return state._replace(
        own=own,
        pool=pool,
        step_who=state.step_who.copy(),
        step_from=state.step_from.copy(),
        misc=np.array([len(out), 0, -1, start, side], np.int64),
        **room(state.members.shape[1]),
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
def shape_cost(d, g, n, skilled, mask):
    """What a group of n people costs by its number, its experience and its common slots."""
    w = d.weights
    total = w[OPEN] - d.must[g] + w[SIZE_DEV] * abs(n - w[SIZE_TARGET])
    total += w[MIX_MISSING] * (max(0, w[MIX_MIN] - skilled) + max(0, w[MIX_MIN] - (n - skilled)))
    return total + w[SLOT_MISSING] * max(0, w[SLOTS_TARGET] - count(mask))


@inner
def mentor_cost(d, g, i):
    org = d.org[i]
    if org >= 0:
        for m in range(d.gm_ptr[g], d.gm_ptr[g + 1]):
            if d.gm_org[m] == org:
                return d.weights[MENTOR_ORG]
    return np.int64(0)


@inner
def ties_cost(d, g, who, n):
    """What members who[:n] cost by whom they meet: colleagues, less the wishes for company that come true."""
    w, total = d.weights, np.int64(0)
    for a in range(n):
        i = who[a]
        org, want = d.org[i], d.want[i]
        if org >= 0:
            for b in range(a):
                if d.org[who[b]] == org:
                    total += w[SAME_ORG]
            total += mentor_cost(d, g, i)
        if want >= 0:
            for b in range(n):
                if who[b] == want:
                    total -= w[FRIEND]
    return total


@inner
def group_cost(d, g, who, n, mask):
    """The cost of a group with members who[:n] sharing `mask`, wishes for a theme apart; 0 when empty."""
    if n == 0:
        return np.int64(0)
    skilled = np.int64(0)
    for a in range(n):
        skilled += d.skilled[who[a]]
    return shape_cost(d, g, n, skilled, mask) + ties_cost(d, g, who, n)


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

    Counts a tangle of more than TANGLE groups, or a search of more than 2 000 steps, as "no".
    """
    if alone(d, s, g):
        return True
    groups, free, slot = s.tangle, s.tangle_free, s.tangle_slot
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
                if n == TANGLE:
                    return False
                groups[n], free[n] = h, s.mask[h]
                n += 1
        at += 1
    slot[0], at, steps = -1, 0, 0
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
            at -= 1
        else:
            at += 1
            if at < n:
                slot[at] = -1
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
def cost_with(d, s, i, g, instead):
    """The cost of g with i in the place of `instead` (-1: added), or FAR when it cannot be."""
    mask, n, who = d.gmask[g] & d.avail[i], 0, s.who
    for a in range(s.size[g]):
        if s.members[g, a] != instead:
            who[n] = s.members[g, a]
            mask &= d.avail[who[n]]
            n += 1
    if count(mask) < d.weights[K] or not can_meet(d, s, g, mask):
        return np.int64(FAR)
    who[n] = i
    return group_cost(d, g, who, n + 1, mask)


@inner
def cost_without(d, s, i, g):
    mask, n, who = d.gmask[g], 0, s.who
    for a in range(s.size[g]):
        if s.members[g, a] != i:
            who[n] = s.members[g, a]
            mask &= d.avail[who[n]]
            n += 1
    return group_cost(d, g, who, n, mask)


@inner
def gain_of(d, s, i):
    """What is saved by taking i away from where they are, a broken quota roughly counted."""
    g = s.seat[i]
    if g < 0:
        return d.out[i]
    if s.stale[g]:
        s.stale[g] = 0
        for a in range(s.size[g]):
            p = s.members[g, a]
            s.gain[p] = s.cost[g] - cost_without(d, s, p, g)
    if s.size[g] <= d.lower[g]:
        return s.wish[i] - LEAVING_SMALL
    return s.wish[i] + s.gain[i]


@inner
def among(who, n, i):
    for a in range(n):  # noqa: SIM110 - numba has no generators here
        if who[a] == i:
            return True
    return False


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
            if kept_apart(d, j, who[a]):
                return 0, mask, wish
        who[n] = j
        n += 1
        mask &= d.avail[j]
        wish += cost
    return n, mask, wish


@inner
def kept_apart(d, i, j):
    for b in range(d.ban_ptr[i], d.ban_ptr[i + 1]):  # noqa: SIM110 - numba has no generators here
        if d.ban[b] == j:
            return True
    return False


@inner
def seat_cost(d, s, i, g, more, shared, wish):
    """What it costs to add i and their mates, who[:more] in all, to the open group g; FAR: it cannot be."""
    if s.size[g] == 0 or s.size[g] + more > d.upper[g] or s.offer_side[g] != s.misc[SIDE]:
        return np.int64(FAR)
    mask, who = s.mask[g] & shared, s.who
    if count(mask) < d.weights[K] or not may_all_join(d, s, i, g) or not can_meet(d, s, g, mask):
        return np.int64(FAR)
    for a in range(s.size[g]):
        who[more + a] = s.members[g, a]
    return wish + group_cost(d, g, who, more + s.size[g], mask) - s.cost[g]


@inner
def best_seat(d, s, i):
    """Put i and their mates where it costs least among open groups with room, if better than staying out."""
    best, best_cost = np.int64(-1), d.out[i]
    for b in range(d.mate_ptr[i], d.mate_ptr[i + 1]):
        best_cost += d.out[d.mate[b]]
    for at in range(d.pal_ptr[i], d.pal_ptr[i + 1]):
        g = s.seat[d.pal[at]]
        if g >= 0 and s.person_side[d.pal[at]] == s.misc[SIDE]:
            more, shared, wish = unit_of(d, i, d.class_of[g], s.who)
            if more > 0 and wish >= 0:
                cost = seat_cost(d, s, i, g, more, shared, wish)
                if cost < best_cost:
                    best, best_cost = g, cost
    for at in range(d.wish_ptr[i], d.wish_ptr[i + 1]):
        c = d.wish_class[at]
        more, shared, wish = unit_of(d, i, c, s.who)
        if more == 0 or wish - CHEAPEST >= best_cost:
            continue
        first, n = d.offer_ptr[c], d.offer_ptr[c + 1] - d.offer_ptr[c]
        place = first + below(s, n)
        for _ in range(min(n, MOST_LOOKS)):
            place = place + 1 if place + 1 < first + n else first
            g = d.offers[place]
            if s.size[g] > 0:
                cost = seat_cost(d, s, i, g, more, shared, wish)
                if cost < best_cost:
                    best, best_cost = g, cost
    if best >= 0:
        join(d, s, i, best)
        for b in range(d.mate_ptr[i], d.mate_ptr[i + 1]):
            join(d, s, d.mate[b], best)


@inner
def tidy(d, s):
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
            best_seat(d, s, s.step_who[at])
    for _ in range(min(4, s.misc[POOL])):
        best_seat(d, s, s.pool[below(s, s.misc[POOL])])
        if s.misc[POOL] == 0:
            break


@inner
def settle(d, s, before, heat):
    """Tidy up and keep what was done, or undo it."""
    tidy(d, s)
    if accepts(s, s.misc[TOTAL] - before, heat):
        s.misc[STEPS] = -1
        return True
    undo(d, s)
    return False


@inner
def sort(values, n):
    """Sort values[:n] in place by Shell's way: they are a few hundred at most."""
    gap = 121
    while gap > 0:
        for at in range(gap, n):
            value, place = values[at], at
            while place >= gap and values[place - gap] > value:
                values[place] = values[place - gap]
                place -= gap
            values[place] = value
        gap //= 3


@inner
def price_of(d, s, i, g, wish):
    """What i in g costs by themselves, less what it saves where i is now."""
    return wish - gain_of(d, s, i) + mentor_cost(d, g, i)


@inner
def gather(d, s, g, base, heat, first):
    """The people of g's class free in K slots of `base`, with prices, cheapest first; their number."""
    c, blur = d.class_of[g], 2 + np.int64(2 * heat)
    low, n = d.fan_ptr[c], d.fan_ptr[c + 1] - d.fan_ptr[c]
    at, found = low + below(s, n), np.int64(0)
    for _ in range(min(n, MOST_FANS)):
        at = at + 1 if at + 1 < low + n else low
        i = d.fan[at]
        if s.person_side[i] != s.misc[SIDE] or d.mate_ptr[i] < d.mate_ptr[i + 1]:
            continue
        if count(base & d.avail[i]) < d.weights[K] or mentor_banned(d, i, g) or among(s.start, first, i):
            continue
        price = price_of(d, s, i, g, d.fan_cost[at]) + below(s, blur)
        s.prices[found] = ((price + BIAS) << BITS) | i
        found += 1
    sort(s.prices, found)
    for place in range(found):
        s.people[place] = s.prices[place] & ((1 << BITS) - 1)
        s.prices[place] = (s.prices[place] >> BITS) - BIAS
    return found


@inner
def meet(d, s, g, slots, n, short):
    """Let the last of chosen[:n] change the sums of the short list and call in their pals; its length."""
    i, c = s.chosen[n - 1], d.class_of[g]
    for at in range(d.pal_ptr[i], d.pal_ptr[i + 1]):
        j = d.pal[at]
        if short == len(s.names) or s.person_side[j] != s.misc[SIDE] or d.avail[j] & slots != slots:
            continue
        if d.mate_ptr[j] < d.mate_ptr[j + 1] or among(s.names, short, j) or among(s.chosen, n, j):
            continue
        wish = wish_cost(d, j, c)
        if wish >= 0 and not mentor_banned(d, j, g):
            s.names[short], s.sums[short] = j, price_of(d, s, j, g, wish)
            for a in range(n - 1):
                s.sums[short] += company(d, j, s.chosen[a])
            short += 1
    for at in range(short):
        s.sums[at] += company(d, s.names[at], i)
    return short


@inner
def company(d, i, j):
    """What it costs that i and j sit together; FAR when they must not."""
    w, cost = d.weights, np.int64(0)
    if d.org[i] >= 0 and d.org[i] == d.org[j]:
        cost += w[SAME_ORG]
    if d.want[i] == j:
        cost -= w[FRIEND]
    if d.want[j] == i:
        cost -= w[FRIEND]
    return cost + FAR if kept_apart(d, i, j) else cost


@inner
def fill(d, s, g, slots, found, first):
    """Grow a group from start[:first] with people free in all of `slots`; keep the best size.

    Returns (cost, size) with the members in `chosen`; the cost counts prices and the group, the wishes of the
    first apart.
    """
    w, short = d.weights, 0
    for at in range(found):
        if d.avail[s.people[at]] & slots == slots:
            s.names[short], s.sums[short] = s.people[at], s.prices[at]
            short += 1
            if short == SHORT_LIST:
                break
    n, mask, skilled = 0, d.gmask[g], 0
    total, least, size = ties_cost(d, g, s.start, first), FAR, 0
    while True:
        if n < first:
            i = s.start[n]
        else:
            if n >= d.lower[g]:
                cost = total + shape_cost(d, g, n, skilled, mask)
                if cost < least:
                    least, size = cost, n
            if n >= d.upper[g]:
                break
            pick, pick_cost = -1, FAR >> 1
            for a in range(short):
                extra = s.sums[a]
                have = skilled if d.skilled[s.names[a]] else n - skilled
                if have < w[MIX_MIN]:
                    extra -= w[MIX_MISSING]
                if extra < pick_cost:
                    extra += w[SLOT_MISSING] * max(0, w[SLOTS_TARGET] - count(mask & d.avail[s.names[a]]))
                    if extra < pick_cost:
                        pick, pick_cost = a, extra
            if pick < 0:
                break
            i = s.names[pick]
            total += s.sums[pick]
            short -= 1
            s.names[pick], s.sums[pick] = s.names[short], s.sums[short]
        s.chosen[n] = i
        n += 1
        mask &= d.avail[i]
        skilled += d.skilled[i]
        short = meet(d, s, g, slots, n, short)
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
def glance(d, s, g, slots, n, found):
    """A quick guess what n and more people free in all of `slots` cost; FAR when they are too few."""
    total, wanted = np.int64(0), max(d.lower[g], min(d.upper[g], d.weights[SIZE_TARGET]))
    for at in range(found):
        if n >= wanted:
            break
        if d.avail[s.people[at]] & slots == slots:
            total += s.prices[at]
            n += 1
    return total if n >= d.lower[g] else np.int64(FAR)


@inner
def slot_sets(s, base, k):
    """Fill `sets` with sets of k slots of `base`: all for k up to 2, else random ones; their number."""
    n, rest, out = np.int64(0), base, s.sets
    if k > 2:
        for at in range(MOST_SETS):
            out[at] = random_slots(s, base, k)
        return np.int64(MOST_SETS)
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
def shortlist(d, s, g, base, k, first, found):
    """Put the few slot sets that look best for g first in `sets`; their number."""
    guesses, sets, n = s.guesses, s.sets, 0
    for at in range(slot_sets(s, base, k)):
        one, guess = sets[at], glance(d, s, g, sets[at], first, found)
        if guess == FAR or (n == MOST_FILLS and guess >= guesses[n - 1]):
            continue
        place = min(n, MOST_FILLS - 1)
        n = min(n + 1, MOST_FILLS)
        while place > 0 and guesses[place - 1] > guess:
            guesses[place], sets[place] = guesses[place - 1], sets[place - 1]
            place -= 1
        guesses[place], sets[place] = guess, one
    return n


@inner
def bring_pal(d, s, i, g, base):
    """Whom i brings along to g: somebody of their pals who could sit there, too; -1 for nobody."""
    n = d.pal_ptr[i + 1] - d.pal_ptr[i]
    if n == 0 or d.mate_ptr[i] < d.mate_ptr[i + 1] or below(s, 4) == 0:
        return np.int64(-1)
    j = d.pal[d.pal_ptr[i] + below(s, n)]
    if s.person_side[j] != s.misc[SIDE] or d.mate_ptr[j] < d.mate_ptr[j + 1]:
        return np.int64(-1)
    if count(base & d.avail[j]) < d.weights[K] or wish_cost(d, j, d.class_of[g]) < 0 or kept_apart(d, i, j):
        return np.int64(-1)
    return j


@inner
def price(d, s, seed, g, heat):
    """The best member set found for g around `seed`: (size or 0), members in `best`."""
    first, base, _ = unit_of(d, seed, d.class_of[g], s.start)
    base, k = base & d.gmask[g], d.weights[K]
    if first == 0 or first > d.upper[g] or count(base) < k:
        return np.int64(0)
    pal = bring_pal(d, s, seed, g, base)
    if pal >= 0 and d.upper[g] > 1:
        s.start[1], first = pal, 2
        base &= d.avail[pal]
    for a in range(first):
        if mentor_banned(d, s.start[a], g):
            return np.int64(0)
    found = gather(d, s, g, base, heat, first)
    least, size = np.int64(FAR), np.int64(0)
    for at in range(shortlist(d, s, g, base, k, first, found)):
        cost, n = fill(d, s, g, s.sets[at], found, first)
        if cost < least:
            least, size = cost, n
            for a in range(n):
                s.best[a] = s.chosen[a]
    return size


@inner
def pick_person(s):
    if s.misc[POOL] > 0 and below(s, 10) < 3:
        return s.pool[below(s, s.misc[POOL])]
    return s.own[below(s, len(s.own))]


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
        g = d.offers[d.offer_ptr[c] + below(s, d.offer_ptr[c + 1] - d.offer_ptr[c])]
        if s.offer_side[g] == s.misc[SIDE] and count(d.gmask[g] & d.avail[i]) >= d.weights[K]:
            return g
    return np.int64(-1)


@inner
def pick_opened(d, s, i, g):
    """One of the offers that must open, if it is closed, and somebody for it; otherwise what was picked."""
    h = d.opened[below(s, len(d.opened))]
    c = d.class_of[h]
    n = d.fan_ptr[c + 1] - d.fan_ptr[c]
    if n == 0 or s.size[h] > 0 or s.offer_side[h] != s.misc[SIDE]:
        return i, g
    j = d.fan[d.fan_ptr[c] + below(s, n)]
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
def rebuild(d, s, heat):
    """Open an offer around a person by pricing; other groups fall where they must."""
    i = pick_person(s)
    g = pick_offer(d, s, i)
    if len(d.opened) > 0 and below(s, 4) == 0:
        i, g = pick_opened(d, s, i, g)
    if g < 0 or mentor_banned(d, i, g):
        return False
    before = s.misc[TOTAL]
    s.misc[STEPS] = 0
    size = np.int64(0)
    if make_room(d, s, g):
        if below(s, 8) == 0:  # loosen one group more that might give people to this one
            c = d.class_of[g]
            j = d.fan[d.fan_ptr[c] + below(s, d.fan_ptr[c + 1] - d.fan_ptr[c])]
            if s.person_side[j] == s.misc[SIDE] and s.seat[j] >= 0:
                dissolve(d, s, s.seat[j])
        size = price(d, s, i, g, heat)
    mask = d.gmask[g]
    for a in range(size):
        mask &= d.avail[s.best[a]]
    if size == 0 or not can_meet(d, s, g, mask):
        undo(d, s)
        return False
    for a in range(size):
        if s.seat[s.best[a]] >= 0:
            leave(d, s, s.best[a])
        join(d, s, s.best[a], g)
    return settle(d, s, before, heat)


@inner
def close(d, s, heat):
    """Dissolve the group of a random person and seat its people elsewhere."""
    g = s.seat[s.own[below(s, len(s.own))]]
    if g < 0:
        return False
    before = s.misc[TOTAL]
    s.misc[STEPS] = 0
    dissolve(d, s, g)
    return settle(d, s, before, heat)


@inner
def pick_seat(d, s, i):
    """Where i might move: now and then to a pal, else to an offer of theirs."""
    n = d.pal_ptr[i + 1] - d.pal_ptr[i]
    if n > 0 and below(s, 2) == 0:
        j = d.pal[d.pal_ptr[i] + below(s, n)]
        g = s.seat[j]
        if g >= 0 and s.person_side[j] == s.misc[SIDE] and wish_cost(d, i, d.class_of[g]) >= 0:
            return g
    return pick_offer(d, s, i)


@inner
def shift(d, s, heat):
    """Move one person to a place in another open group, or swap two people."""
    i = pick_person(s)
    h, g = pick_seat(d, s, i), s.seat[i]
    if h < 0 or h == g or s.size[h] == 0 or d.mate_ptr[i] < d.mate_ptr[i + 1]:
        return
    wish = wish_cost(d, i, d.class_of[h])
    old = d.out[i] if g < 0 else s.wish[i]
    may_leave = g < 0 or s.size[g] > d.lower[g]
    if may_leave and s.size[h] < d.upper[h] and below(s, 2) == 0:
        if count(s.mask[h] & d.avail[i]) < d.weights[K] or not may_join(d, s, i, h, -1):
            return
        cost = cost_with(d, s, i, h, -1)
        if cost == FAR:
            return
        delta = wish - old + cost - s.cost[h]
        if g >= 0:
            delta += cost_without(d, s, i, g) - s.cost[g]
        if accepts(s, delta, heat):
            if g >= 0:
                leave(d, s, i)
            join(d, s, i, h)
        return
    swap(d, s, i, s.members[h, below(s, s.size[h])], wish - old, heat)


@inner
def swap(d, s, i, j, delta, heat):
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
    cost = cost_with(d, s, i, h, j)
    if cost == FAR:
        return
    delta += back - s.wish[j] + cost - s.cost[h]
    if g >= 0:
        # Their slots may hang together, and each check sees one change.
        if not alone(d, s, g) and not alone(d, s, h):
            return
        cost = cost_with(d, s, j, g, i)
        if cost == FAR:
            return
        delta += cost - s.cost[g]
    if accepts(s, delta, heat):
        leave(d, s, j)
        if g >= 0:
            leave(d, s, i)
            join(d, s, j, g)
        join(d, s, i, h)


@whole
def run(d, s, moves, shifts, heat, cooler):
    """Try `moves` rebuilds, `shifts` small moves after each, while the heat falls evenly to `cooler`."""
    for move in range(moves):
        now = heat + (cooler - heat) * move / moves
        if below(s, 12) == 0:
            close(d, s, now)
        else:
            rebuild(d, s, now)
        for _ in range(shifts):
            shift(d, s, now)
