"""A problem as flat numpy arrays: what the kernels read.

Offers that nobody can tell apart by theme, place and language share a *class*; a person's wishes are then a
short sorted list of (class, cost) and a class is a list of offers and of the people who may sit there.
Offers that somebody names or is pinned to have a class of their own. Lists of lists are stored as CSR.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from piiri.formation.problem import PINNED_LEFT_OUT, Offer, Participant, Problem
from piiri.formation.scoring import mentor_mask, rank_of

Ints = npt.NDArray[np.int32]
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
    gmask: Masks
    lower: Ints
    upper: Ints
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
    out = problem.weights.unassigned
    return Data(
        avail=_masks(person.available for person in problem.participants),
        skilled=_ints(int(person.experienced) for person in problem.participants),
        org=_ints(orgs[person.org] for person in problem.participants),
        want=_ints(number.get(person.wants_with or "", -1) for person in problem.participants),
        out=np.array(
            [out * (PINNED_LEFT_OUT if p.id in problem.pinned else 1) for p in problem.participants], np.int64
        ),
        wish_ptr=wish_ptr,
        wish_class=wish_class,
        wish_cost=wish_cost,
        fan_ptr=fan_ptr,
        fan=_owner(wish_ptr)[order],
        fan_cost=wish_cost[order],
        offer_ptr=offer_ptr,
        offers=offers,
        class_of=class_of,
        gmask=_group_masks(problem),
        lower=_ints(offer.lower for offer in problem.groups),
        upper=_ints(min(offer.upper, len(problem.participants)) for offer in problem.groups),
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
    return np.fromiter(values, np.int32)


def _masks(values: Iterable[int]) -> Masks:
    return np.fromiter(values, np.uint64)


def _csr(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    ends = np.cumsum([0, *map(len, rows)])
    return ends.astype(np.int32), _ints(value for row in rows for value in row)


def _owner(ptr: Ints) -> Ints:
    """The row of each value of a CSR."""
    return np.repeat(np.arange(len(ptr) - 1, dtype=np.int32), np.diff(ptr))


def _inverse(values: Ints, size: int) -> tuple[Ints, Ints]:
    """For each number below `size` the positions where it stands in `values`, as CSR."""
    ends = np.concatenate([[0], np.cumsum(np.bincount(values, minlength=size))])
    return ends.astype(np.int32), np.argsort(values, kind="stable").astype(np.int32)


def _numbers(names: Iterable[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for name in names:
        numbers.setdefault(name, len(numbers))
    return numbers | {"": -1}


def _classes(problem: Problem) -> tuple[dict[Key, list[Offer]], Ints]:
    named = {group for person in problem.participants for group in person.groups} | set(
        problem.pinned.values()
    )
    classes: dict[Key, list[Offer]] = {}
    keys = []
    for offer in problem.groups:
        key = (offer.region, offer.language, offer.theme, offer.id if offer.id in named else "")
        classes.setdefault(key, []).append(offer)
        keys.append(key)
    at = {key: i for i, key in enumerate(classes)}
    return classes, _ints(at[key] for key in keys)


def _wishes(problem: Problem, classes: dict[Key, list[Offer]]) -> list[list[tuple[int, int]]]:
    """For each person the classes they may sit in, sorted, each with what it costs in wishes."""
    around: dict[tuple[str, str], list[tuple[int, Offer]]] = {}
    for at, ((region, language, _, _), offers) in enumerate(classes.items()):
        around.setdefault((region, language), []).append((at, offers[0]))
    return [_wishes_of(person, problem, around) for person in problem.participants]


def _wishes_of(
    person: Participant, problem: Problem, around: dict[tuple[str, str], list[tuple[int, Offer]]]
) -> list[tuple[int, int]]:
    weights, pin, wishes = problem.weights, problem.pinned.get(person.id), {}
    within = {(region, language) for region in person.regions for language in person.languages}
    for at, offer in (one for key in within for one in around.get(key, ())):
        rank = rank_of(person, offer)
        if (rank is None and not person.any_theme) or (pin is not None and pin != offer.id):
            continue
        wishes[at] = (
            weights.unlisted_theme if rank is None else weights.rank[min(rank, len(weights.rank) - 1)]
        )
    return sorted(wishes.items())


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
