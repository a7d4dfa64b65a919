"""A problem as flat numpy arrays: what the kernels read.

Offers that nobody can tell apart by theme, place and language share a *class*; a person's wishes are then a
short sorted list of (class, cost) and a class is a list of offers and of the people who may sit there.
Offers that are named by themselves (wished, pinned, banned, closed, of before) have a class of their own.
Lists of lists are stored as CSR.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from piiri.formation.problem import LEFT_CLOSED, PINNED_LEFT_OUT, Offer, Participant, Problem
from piiri.formation.scoring import mentor_mask, rank_of

Ints = npt.NDArray[np.int64]
Longs = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint64]
Key = tuple[str, str, str, str]


class Data(NamedTuple):
    """Everything that never changes during a search; persons, groups, mentors and classes are numbers."""

    avail: Masks
    skilled: Ints  # 1 for experienced
    org: Ints  # -1: none
    want: Ints  # -1: none
    out: Longs  # cost of leaving a person out
    wish_ptr: Ints
    wish_class: Ints
    wish_cost: Ints
    fan_ptr: Ints
    fan: Ints
    fan_cost: Ints
    offer_ptr: Ints
    offers: Ints
    class_of: Ints
    place: Ints  # the number of an offer's place
    gmask: Masks
    lower: Ints
    upper: Ints
    must: Longs  # what it costs to leave an offer closed
    opened: Ints  # the offers that must open
    mate_ptr: Ints
    mate: Ints  # who sits with a person or nowhere
    pal_ptr: Ints
    pal: Ints  # whom a person wants to sit with, and who wants to sit with them
    gm_ptr: Ints
    gm: Ints
    gm_org: Ints
    mg_ptr: Ints
    mg: Ints
    most: Ints
    ban_ptr: Ints
    ban: Ints
    mban_ptr: Ints
    mban: Ints
    overlap: Masks
    weights: Longs


# Places in Data.weights.
WEIGHTS = (
    "same_org_pair", "mentor_same_org", "mix_min", "mix_missing", "slots_target", "slot_missing",
    "friend_apart", "open_group", "size_target", "size_dev", "extra_group_of_mentor",
)  # fmt: skip


def arrays(problem: Problem) -> Data:
    """Translate a problem; row i is the i-th person, offer or mentor of it."""
    number = {person.id: i for i, person in enumerate(problem.participants)}
    mentor_number = {mentor.id: i for i, mentor in enumerate(problem.mentors)}
    orgs = _numbers([*(row.org for row in problem.participants), *(row.org for row in problem.mentors)])
    places = _numbers(offer.region for offer in problem.groups)
    classes, class_of = _classes(problem)
    wishes = _wishes(problem, classes)
    mentors = [[mentor_number[mentor] for mentor in offer.mentors] for offer in problem.groups]
    gm_ptr, gm = _csr(mentors)
    mentor_org = [orgs[mentor.org] for mentor in problem.mentors]
    wish_ptr, wish_class = _csr([[c for c, _ in row] for row in wishes])
    wish_cost = _ints(cost for row in wishes for _, cost in row)
    fan_ptr, order = _inverse(wish_class, len(classes))
    bans, mentor_bans = _bans(problem, number, mentor_number)
    offer_ptr, offers = _inverse(class_of, len(classes))
    mg_ptr, mg_order = _inverse(gm, len(problem.mentors))
    mate_ptr, mate = _csr(_mates(problem, number))
    pal_ptr, pal = _csr(_pals(problem, number))
    left_closed = LEFT_CLOSED * problem.weights.unassigned
    opened = set(problem.opened)
    return Data(
        avail=_masks(person.available for person in problem.participants),
        skilled=_ints(int(person.experienced) for person in problem.participants),
        org=_ints(orgs[person.org] for person in problem.participants),
        want=_ints(number.get(person.wants_with or "", -1) for person in problem.participants),
        out=np.array([_out(problem, person) for person in problem.participants], np.int64),
        wish_ptr=wish_ptr,
        wish_class=wish_class,
        wish_cost=wish_cost,
        fan_ptr=fan_ptr,
        fan=_owner(wish_ptr)[order],
        fan_cost=wish_cost[order],
        offer_ptr=offer_ptr,
        offers=offers,
        class_of=class_of,
        place=_ints(places[offer.region] for offer in problem.groups),
        gmask=_group_masks(problem),
        lower=_ints(offer.lower for offer in problem.groups),
        upper=_ints(min(offer.upper, len(problem.participants)) for offer in problem.groups),
        must=np.array([left_closed if offer.id in opened else 0 for offer in problem.groups], np.int64),
        opened=_ints(at for at, offer in enumerate(problem.groups) if offer.id in opened),
        mate_ptr=mate_ptr,
        mate=mate,
        pal_ptr=pal_ptr,
        pal=pal,
        gm_ptr=gm_ptr,
        gm=gm,
        gm_org=_ints(mentor_org[mentor] for mentor in gm),
        mg_ptr=mg_ptr,
        mg=_owner(gm_ptr)[mg_order],
        most=_ints(min(mentor.max_groups, 1 << 30) for mentor in problem.mentors),
        ban_ptr=bans[0],
        ban=bans[1],
        mban_ptr=mentor_bans[0],
        mban=mentor_bans[1],
        overlap=_overlap(problem),
        weights=np.array(
            [*(getattr(problem.weights, name) for name in WEIGHTS), problem.hard.min_common_slots], np.int64
        ),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _masks(values: Iterable[int]) -> Masks:
    return np.fromiter(values, np.uint64)


def _csr(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    ends = np.cumsum([0, *map(len, rows)])
    return ends.astype(np.int64), _ints(value for row in rows for value in row)


def _owner(ptr: Ints) -> Ints:
    """The row of each value of a CSR."""
    return np.repeat(np.arange(len(ptr) - 1, dtype=np.int64), np.diff(ptr))


def _inverse(values: Ints, size: int) -> tuple[Ints, Ints]:
    """For each number below `size` the positions where it stands in `values`, as CSR."""
    ends = np.concatenate([[0], np.cumsum(np.bincount(values, minlength=size))])
    return ends.astype(np.int64), np.argsort(values, kind="stable").astype(np.int64)


def _numbers(names: Iterable[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for name in names:
        numbers.setdefault(name, len(numbers))
    return numbers | {"": -1}


def _out(problem: Problem, person: Participant) -> int:
    left_out = problem.weights.unassigned * (PINNED_LEFT_OUT if person.id in problem.pinned else 1)
    return left_out + (problem.stability if problem.previous.get(person.id) is not None else 0)


def _named(problem: Problem) -> set[str | None]:
    named = {group for person in problem.participants for group in person.groups}
    named |= {group for groups in problem.banned.values() for group in groups}
    return {*named, *problem.pinned.values(), *problem.closed, *problem.previous.values()}


def _classes(problem: Problem) -> tuple[dict[Key, list[Offer]], Ints]:
    named = _named(problem)
    classes: dict[Key, list[Offer]] = {}
    keys = []
    for offer in problem.groups:
        key = (offer.region, offer.language, offer.theme, offer.id if offer.id in named else "")
        classes.setdefault(key, []).append(offer)
        keys.append(key)
    at = {key: i for i, key in enumerate(classes)}
    return classes, _ints(at[key] for key in keys)


class _Around(NamedTuple):
    """Where a class is found, with its first offer: by place and language, also by theme, and by offer."""

    near: dict[tuple[str, str], list[tuple[int, Offer]]]
    themed: dict[tuple[str, str, str], list[tuple[int, Offer]]]
    named: dict[str, tuple[int, Offer]]
    closed: set[str]


def _wishes(problem: Problem, classes: dict[Key, list[Offer]]) -> list[list[tuple[int, int]]]:
    """For each person the classes they may sit in, sorted, each with what it costs in wishes and moving."""
    around = _Around({}, {}, {}, set(problem.closed))
    for at, ((region, language, theme, name), offers) in enumerate(classes.items()):
        around.near.setdefault((region, language), []).append((at, offers[0]))
        around.themed.setdefault((region, language, theme), []).append((at, offers[0]))
        if name:
            around.named[name] = at, offers[0]
    return [_wishes_of(person, problem, around) for person in problem.participants]


def _options(person: Participant, around: _Around) -> Iterable[tuple[int, Offer]]:
    """The classes within reach of a person; theirs by theme or name unless any theme will do."""
    within = {(region, language) for region in person.regions for language in person.languages}
    if person.any_theme:
        return (one for key in within for one in around.near.get(key, ()))
    ranked = {
        one for key in within for theme in person.themes for one in around.themed.get((*key, theme), ())
    }
    for group in person.groups:
        at, offer = around.named[group]
        if (offer.region, offer.language) in within:
            ranked.add((at, offer))
    return ranked


def _wishes_of(person: Participant, problem: Problem, around: _Around) -> list[tuple[int, int]]:
    weights, wishes = problem.weights, {}
    pin, before = problem.pinned.get(person.id), problem.previous.get(person.id)
    never = around.closed.union(problem.banned.get(person.id, ()))
    for at, offer in _options(person, around):
        if (pin is not None and pin != offer.id) or offer.id in never:
            continue
        rank = rank_of(person, offer)
        cost = weights.unlisted_theme if rank is None else weights.rank[min(rank, len(weights.rank) - 1)]
        wishes[at] = cost + (problem.stability if before not in (None, offer.id) else 0)
    return sorted(wishes.items())


def _mates(problem: Problem, number: dict[str, int]) -> list[list[int]]:
    """For each person the others of their lists of `together`, and of lists that share people with those."""
    unit = {person: {person} for people in problem.together for person in people}
    for people in problem.together:
        joined = set().union(*(unit[person] for person in people))
        unit |= dict.fromkeys(joined, joined)
    return [sorted(number[other] for other in unit.get(person, ()) if other != person) for person in number]


def _pals(problem: Problem, number: dict[str, int]) -> list[list[int]]:
    pals: list[set[int]] = [set() for _ in number]
    for i, person in enumerate(problem.participants):
        other = number.get(person.wants_with or "", i)
        if other != i:
            pals[i].add(other)
            pals[other].add(i)
    return [sorted(row) for row in pals]


def _group_masks(problem: Problem) -> Masks:
    mentors = {mentor.id: mentor for mentor in problem.mentors}
    return _masks(mentor_mask(problem, mentors, offer) for offer in problem.groups)


def _bans(
    problem: Problem, number: dict[str, int], mentor_number: dict[str, int]
) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Who must not sit with whom, both ways, and under which mentors."""
    apart: list[set[int]] = [set() for _ in number]
    under: list[set[int]] = [set() for _ in number]
    for i, person in enumerate(problem.participants):
        for other in person.not_with:
            if other in mentor_number:
                under[i].add(mentor_number[other])
            elif number[other] != i:
                apart[i].add(number[other])
                apart[number[other]].add(i)
    for j, mentor in enumerate(problem.mentors):
        for other in mentor.not_with:
            if other in number:
                under[number[other]].add(j)
    return _csr([sorted(row) for row in apart]), _csr([sorted(row) for row in under])


def _overlap(problem: Problem) -> Masks:
    """For each slot what it rules out for the same mentor, itself included."""
    overlaps = problem.overlaps or [0] * problem.slots
    return _masks(mask | 1 << slot for slot, mask in enumerate(overlaps))
