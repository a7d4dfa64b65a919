"""Pricing whole groups: for given prices of people, the cheapest member set of an offer, or a bound of it.

A *column* is an offer with its members. Its reduced cost is what the group costs less the prices of its
members. For every pair of slots of the mentors the people free in both are searched depth first; what is
still to be chosen is bounded from below by the cheapest experienced and new people left. When the nodes run
out, the lowest bound of what was not looked at is as valid, only weaker. Everything is whole numbers: costs
and prices are multiplied by SCALE, so that what comes out is a proof and no rounding can spoil it.
Everything sits in one file because numba's cache does not see changes in another.
"""

# numba types its kernels itself, from the arrays it is given:
# mypy: allow-untyped-defs

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from piiri.formation.solver.arrays import Data, Ints, Longs, Masks

SCALE = 64
SAME_ORG, MENTOR_ORG, MIX_MIN, MIX_MISSING, SLOTS_TARGET, SLOT_MISSING, FRIEND = range(7)
OPEN, SIZE_TARGET, SIZE_DEV, EXTRA, K = range(7, 12)
COUNTS = (MIX_MIN, SLOTS_TARGET, SIZE_TARGET, K)  # the weights that are no costs
FAR = 1 << 60
# Nothing in here makes an array: without counted references code is shorter and calls are cheap.
LEAN: dict[str, Any] = {"_nrt": False, "error_model": "numpy", "nogil": True}
BARE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
inner: Any = njit(**BARE, **LEAN)
whole: Any = njit(cache=True, **LEAN)


class Facts(NamedTuple):
    """What pricing reads; every cost is multiplied by SCALE."""

    avail: Masks
    skilled: Ints
    org: Ints
    want: Ints
    wanted_ptr: Ints
    wanted: Ints
    fan_ptr: Ints
    fan: Ints
    fan_cost: Longs
    class_of: Ints
    gmask: Masks
    lower: Ints
    upper: Ints
    gm_ptr: Ints
    gm: Ints
    gm_org: Ints
    ban_ptr: Ints
    ban: Ints
    mban_ptr: Ints
    mban: Ints
    weights: Longs


class Room(NamedTuple):
    """Working space of one thread."""

    where: Ints  # place in `people`, -1: not eligible
    people: Ints
    value: Longs  # what the person adds by themselves
    order: Ints
    masks: Masks
    barred: Ints
    chosen: Ints
    stamp: Longs
    listed: Ints  # [depth, place]
    worth: Longs  # [depth, place]: what that person would add at most helpfully
    length: Longs
    at: Longs
    path: Ints
    total: Longs
    mask: Masks
    expert: Longs
    org_stamp: Longs  # [kind, org]
    org_count: Longs
    top: Longs  # [kind, place]
    sets: Masks
    set_bound: Longs
    ticks: Longs


class Found(NamedTuple):
    """Columns of one call: members, sizes, reduced costs and costs; `number` of them, the rest is void."""

    members: Ints
    size: Ints
    reduced: Longs
    cost: Longs
    number: Longs


def facts(data: Data) -> Facts:
    """The problem as pricing reads it."""
    weights = data.weights[: K + 1].astype(np.int64) * SCALE
    for at in COUNTS:
        weights[at] //= SCALE
    people = len(data.avail)
    wishing = np.flatnonzero(data.want >= 0).astype(np.int64)
    order = np.argsort(data.want[wishing], kind="stable")
    ends = np.cumsum(np.bincount(data.want[wishing], minlength=people))
    return Facts(
        data.avail, data.skilled, data.org, data.want,
        np.concatenate([[0], ends]).astype(np.int64), wishing[order],
        data.fan_ptr, data.fan, data.fan_cost.astype(np.int64) * SCALE, data.class_of, data.gmask,
        data.lower, data.upper, data.gm_ptr, data.gm, data.gm_org,
        data.ban_ptr, data.ban, data.mban_ptr, data.mban, weights,
    )  # fmt: skip


def room(f: Facts) -> Room:
    """Working space for one thread."""
    widest = int(np.diff(f.fan_ptr).max(initial=0)) + 1
    deep = int(f.upper.max(initial=0)) + 2
    orgs = int(max(f.org.max(initial=0), f.gm_org.max(initial=0))) + 1
    return Room(
        where=np.full(len(f.avail), -1, np.int64),
        people=np.zeros(widest, np.int64),
        value=np.zeros(widest, np.int64),
        order=np.zeros(widest, np.int64),
        masks=np.zeros(widest, np.uint64),
        barred=np.zeros(widest, np.int64),
        chosen=np.zeros(widest, np.int64),
        stamp=np.zeros(widest, np.int64),
        listed=np.zeros((deep, widest), np.int64),
        worth=np.zeros((deep, widest), np.int64),
        length=np.zeros(deep, np.int64),
        at=np.zeros(deep, np.int64),
        path=np.zeros(deep, np.int64),
        total=np.zeros(deep, np.int64),
        mask=np.zeros(deep, np.uint64),
        expert=np.zeros(deep, np.int64),
        org_stamp=np.zeros((2, orgs), np.int64),
        org_count=np.zeros((2, orgs), np.int64),
        top=np.zeros((2, deep), np.int64),
        sets=np.zeros(64 * 63 // 2, np.uint64),
        set_bound=np.zeros(64 * 63 // 2, np.int64),
        ticks=np.zeros(2, np.int64),
    )


def found(f: Facts, most: int) -> Found:
    """Space for so many columns."""
    widest = int(f.upper.max(initial=0)) + 1
    return Found(
        np.zeros((most, widest), np.int64), np.zeros(most, np.int64),
        np.zeros(most, np.int64), np.zeros(most, np.int64), np.zeros(1, np.int64),
    )  # fmt: skip


def cost_of(data: Data, g: int, people: tuple[int, ...]) -> int:
    """What a group costs in the master: all its members bring, less the wishes for company that come true."""
    w = [int(value) for value in data.weights]
    first, last = data.fan_ptr[data.class_of[g]], data.fan_ptr[data.class_of[g] + 1]
    wish: dict[int, int] = dict(
        zip(data.fan[first:last].tolist(), data.fan_cost[first:last].tolist(), strict=True)
    )
    mentor_orgs = {int(data.gm_org[at]) for at in range(data.gm_ptr[g], data.gm_ptr[g + 1])} - {-1}
    orgs = [int(data.org[i]) for i in people if data.org[i] >= 0]
    n, expert = len(people), int(data.skilled[list(people)].sum())
    slots = int(np.bitwise_and.reduce(data.avail[list(people)], initial=data.gmask[g])).bit_count()
    total = sum(wish[i] for i in people) + w[OPEN] + w[SIZE_DEV] * abs(n - w[SIZE_TARGET])
    total += w[SAME_ORG] * sum(orgs[b] == orgs[a] for a in range(len(orgs)) for b in range(a))
    total += w[MENTOR_ORG] * sum(org in mentor_orgs for org in orgs)
    total += w[MIX_MISSING] * (max(0, w[MIX_MIN] - expert) + max(0, w[MIX_MIN] - n + expert))
    total += w[SLOT_MISSING] * max(0, w[SLOTS_TARGET] - slots)
    return int(total - w[FRIEND] * sum(int(data.want[i]) in people for i in people))


@inner
def count(mask):
    mask = mask - ((mask >> np.uint64(1)) & np.uint64(0x5555555555555555))
    mask = (mask & np.uint64(0x3333333333333333)) + ((mask >> np.uint64(2)) & np.uint64(0x3333333333333333))
    mask = (mask + (mask >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((mask * np.uint64(0x0101010101010101)) >> np.uint64(56))


@inner
def under_ban(f, i, g):
    for b in range(f.mban_ptr[i], f.mban_ptr[i + 1]):
        for m in range(f.gm_ptr[g], f.gm_ptr[g + 1]):
            if f.gm[m] == f.mban[b]:
                return True
    return False


@inner
def eligible(f, r, g, price):
    """Fill in the people who may sit in g and what each costs by themselves; their number."""
    w, c, n = f.weights, f.class_of[g], 0
    for at in range(f.fan_ptr[c], f.fan_ptr[c + 1]):
        i = f.fan[at]
        mask = f.gmask[g] & f.avail[i]
        if count(mask) < w[K] or under_ban(f, i, g):
            continue
        value = f.fan_cost[at] - price[i]
        if f.org[i] >= 0:
            for m in range(f.gm_ptr[g], f.gm_ptr[g + 1]):
                if f.gm_org[m] == f.org[i]:
                    value += w[MENTOR_ORG]
                    break
        r.people[n], r.value[n], r.masks[n] = i, value, mask
        r.barred[n], r.chosen[n], r.stamp[n] = 0, 0, 0
        r.where[i] = n
        n += 1
    return n


@inner
def worth(f, r, a, tick, depth):
    """The least that a can add beside those chosen: half of each wish that may yet come true is granted."""
    w, i = f.weights, r.people[a]
    value, want = r.value[a], f.want[i]
    if want >= 0 and r.where[want] >= 0:
        b = r.where[want]
        value -= w[FRIEND] if r.chosen[b] else (w[FRIEND] // 2 if r.stamp[b] == tick else 0)
    for at in range(f.wanted_ptr[i], f.wanted_ptr[i + 1]):
        b = r.where[f.wanted[at]]
        if b >= 0:
            value -= w[FRIEND] if r.chosen[b] else (w[FRIEND] // 2 if r.stamp[b] == tick else 0)
    if f.org[i] >= 0:
        for level in range(depth):
            if f.org[r.people[r.path[level]]] == f.org[i]:
                value += w[SAME_ORG]
    return value


@inner
def fill(f, r, depth, n):
    """Price the n people listed at `depth` and sort them, cheapest first."""
    r.ticks[0] += 1
    tick = r.ticks[0]
    for p in range(n):
        r.stamp[r.listed[depth, p]] = tick
    for p in range(n):
        a = r.listed[depth, p]
        value, q = worth(f, r, a, tick, depth), p
        while q > 0 and r.worth[depth, q - 1] > value:
            r.listed[depth, q], r.worth[depth, q] = r.listed[depth, q - 1], r.worth[depth, q - 1]
            q -= 1
        r.listed[depth, q], r.worth[depth, q] = a, value
    r.length[depth], r.at[depth] = n, 0


@inner
def mix(w, expert, n):
    return w[MIX_MISSING] * (max(0, w[MIX_MIN] - expert) + max(0, w[MIX_MIN] - (n - expert)))


@inner
def bound(f, r, g, depth, first):
    """The least any group can cost that has those chosen and one more of the list from `first` on."""
    w, room_left = f.weights, f.upper[g] - depth
    if room_left <= 0 or depth + r.length[depth] - first < f.lower[g]:
        return np.int64(FAR)
    r.ticks[1] += 1
    tick = r.ticks[1]
    have0, have1 = 0, 0
    for p in range(first, r.length[depth]):
        a, value = r.listed[depth, p], r.worth[depth, p]
        kind, org = f.skilled[r.people[a]], f.org[r.people[a]]
        dear = have0 == room_left and value >= r.top[0, room_left - 1]
        if dear and have1 == room_left and value >= r.top[1, room_left - 1]:
            break
        if org >= 0:
            if r.org_stamp[kind, org] != tick:
                r.org_stamp[kind, org], r.org_count[kind, org] = tick, 0
            value += w[SAME_ORG] * r.org_count[kind, org]
            r.org_count[kind, org] += 1
        have = have1 if kind else have0
        q = have
        if have == room_left:
            if value >= r.top[kind, have - 1]:
                continue
            q = have - 1
        elif kind:
            have1 += 1
        else:
            have0 += 1
        while q > 0 and r.top[kind, q - 1] > value:
            r.top[kind, q] = r.top[kind, q - 1]
            q -= 1
        r.top[kind, q] = value
    best, sum1, expert = np.int64(FAR), np.int64(0), r.expert[depth]
    for k1 in range(have1 + 1):
        if k1 > 0:
            sum1 += r.top[1, k1 - 1]
        both = sum1
        for k0 in range(min(have0, room_left - k1) + 1):
            if k0 > 0:
                both += r.top[0, k0 - 1]
            n = depth + k0 + k1
            if k0 + k1 > 0 and n >= f.lower[g]:
                cost = both + w[SIZE_DEV] * abs(n - w[SIZE_TARGET]) + mix(w, expert + k1, n)
                best = min(best, cost)
    if best >= FAR:
        return np.int64(FAR)
    slots = w[SLOT_MISSING] * max(0, w[SLOTS_TARGET] - count(r.mask[depth]))
    return best + r.total[depth] + w[OPEN] + slots


@inner
def slot_sets(f, r, g, n, single):
    """List slot sets with the bound of the people free in each, lowest first; their number."""
    w, sets = f.weights, 0
    single = single or w[K] == 1
    slots = 64
    for s in range(slots):
        one = np.uint64(1) << np.uint64(s)
        if not f.gmask[g] & one:
            continue
        for t in range(s, s + 1 if single else slots):
            mask = one | (np.uint64(1) << np.uint64(t))
            if (not single and t == s) or f.gmask[g] & mask != mask:
                continue
            m = 0
            for p in range(n):
                if r.masks[r.order[p]] & mask == mask:
                    r.listed[0, m] = r.order[p]
                    m += 1
            if m < f.lower[g]:
                continue
            for p in range(m):
                r.worth[0, p] = r.worth[1, r.listed[0, p]]
            r.length[0] = m
            low = bound(f, r, g, 0, 0)
            if low >= FAR:
                continue
            q = sets
            while q > 0 and r.set_bound[q - 1] > low:
                r.set_bound[q], r.sets[q] = r.set_bound[q - 1], r.sets[q - 1]
                q -= 1
            r.set_bound[q], r.sets[q] = low, mask
            sets += 1
    return sets


@inner
def lowest_two(mask, single):
    first = mask & (~mask + np.uint64(1))
    rest = mask & ~first
    return first if single else first | (rest & (~rest + np.uint64(1)))


@inner
def bar(f, r, a, by):
    i = r.people[a]
    for at in range(f.ban_ptr[i], f.ban_ptr[i + 1]):
        b = r.where[f.ban[at]]
        if b >= 0:
            r.barred[b] += by


@whole
def price_group(f, r, g, price, limit, nodes, single, every, out):
    """The least reduced cost of offer g as far as it is below `limit`; proven from below.

    Searches at most `nodes` nodes. Members of what was found go to `out`: the last improvements, or with
    `every` all that cost at most `limit`. Returns (low, best, whether there was room for all).
    """
    w, best, low, complete = f.weights, np.int64(limit), np.int64(limit), True
    out.number[0] = 0
    n = eligible(f, r, g, price) if f.upper[g] >= f.lower[g] else 0
    r.total[0], r.mask[0], r.expert[0] = 0, f.gmask[g], 0
    if n >= max(1, f.lower[g]):
        for a in range(n):
            r.listed[0, a] = a
        fill(f, r, 0, n)
        for p in range(n):
            r.order[p] = r.listed[0, p]
            r.worth[1, r.order[p]] = r.worth[0, p]
        sets = slot_sets(f, r, g, n, single)
        alone = single or w[K] == 1
        # The depths below use r.worth[1] too; the bounds of all slot sets are known by now.
        for at in range(sets):
            if r.set_bound[at] > best or (r.set_bound[at] == best and not every):
                break
            if nodes <= 0:
                low = min(low, r.set_bound[at])
                break
            m, wanted = 0, r.sets[at]
            for p in range(n):
                if r.masks[r.order[p]] & wanted == wanted:
                    r.listed[0, m] = r.order[p]
                    m += 1
            fill(f, r, 0, m)
            depth = 0
            while depth >= 0:
                first = r.at[depth]
                under = np.int64(FAR)
                if first < r.length[depth]:
                    under = bound(f, r, g, depth, first)
                if under > best or (under == best and not every):
                    depth -= 1
                    if depth >= 0:
                        r.chosen[r.path[depth]] = 0
                        bar(f, r, r.path[depth], -1)
                    continue
                if nodes <= 0:
                    low = min(low, under)
                    r.at[depth] = r.length[depth]
                    continue
                nodes -= 1
                a = r.listed[depth, first]
                r.at[depth] = first + 1
                r.total[depth + 1] = r.total[depth] + worth(f, r, a, -1, depth)
                r.mask[depth + 1] = r.mask[depth] & r.masks[a]
                r.expert[depth + 1] = r.expert[depth] + f.skilled[r.people[a]]
                r.chosen[a], r.path[depth] = 1, a
                bar(f, r, a, 1)
                m = 0
                if depth + 1 < f.upper[g]:
                    for p in range(first + 1, r.length[depth]):
                        b = r.listed[depth, p]
                        if not r.barred[b] and count(r.mask[depth + 1] & r.masks[b]) >= w[K]:
                            r.listed[depth + 1, m] = b
                            m += 1
                depth += 1
                fill(f, r, depth, m)
                if depth < f.lower[g] or (every and lowest_two(r.mask[depth], alone) != wanted):
                    continue
                cost = r.total[depth] + w[OPEN] + w[SIZE_DEV] * abs(depth - w[SIZE_TARGET])
                cost += mix(w, r.expert[depth], depth)
                cost += w[SLOT_MISSING] * max(0, w[SLOTS_TARGET] - count(r.mask[depth]))
                if cost < best or (every and cost == best):
                    if not every:
                        best = cost
                    elif out.number[0] == len(out.size):
                        complete = False
                        nodes = 0
                        continue
                    put = out.number[0] % len(out.size)
                    out.size[put], out.reduced[put], out.cost[put] = depth, cost, cost
                    for p in range(depth):
                        i = r.people[r.path[p]]
                        out.members[put, p] = i
                        out.cost[put] += price[i]
                    out.number[0] += 1
    for a in range(n):
        r.where[r.people[a]] = -1
    complete = complete and (not every or nodes > 0)
    return min(low, best), best, complete


@whole
def price_all(f, r, groups, price, limit, nodes, single, out, low, best, members, size, cost):
    """Price every offer of `groups`: low[g] and best[g], and of the groups found the best that fit."""
    for at in range(len(groups)):
        g = groups[at]
        low[g], best[g], _ = price_group(f, r, g, price, limit[g], nodes, single, False, out)
        keep = members.shape[1]
        number = out.number[0]
        for k in range(keep):
            size[g, k] = 0
            if k < min(number, len(out.size)):
                from_ = (number - 1 - k) % len(out.size)
                size[g, k], cost[g, k] = out.size[from_], out.cost[from_]
                for p in range(out.size[from_]):
                    members[g, k, p] = out.members[from_, p]
