"""The judge of an answer: its cost in parts, what it violates, and when its groups can meet. Plain Python."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce

from piiri.formation.problem import (
    LEFT_CLOSED,
    PINNED_LEFT_OUT,
    Answer,
    Assignment,
    Mentor,
    Offer,
    Participant,
    Problem,
    slots_of,
)

PARTS = (
    "unassigned", "rank", "same_org", "mentor_same_org", "mix", "slots", "friend", "open", "size",
    "mentor_load",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """The cost in whole numbers, its parts, and every breach of a hard rule as [rule, ids and numbers…]."""

    parts: dict[str, int]
    cost: int
    violations: list[list[str | int]]


@dataclass
class _Tally:
    """What is known while an answer is counted."""

    problem: Problem
    people: dict[str, Participant]
    mentors: dict[str, Mentor]
    offers: dict[str, Offer]
    members: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    violations: list[list[str | int]] = field(default_factory=list)

    def seats(self) -> dict[str, str]:
        return {person: group for group, members in self.members.items() for person in members}

    def breach(self, *what: str | int) -> None:
        self.violations.append(list(what))


def score(problem: Problem, answer: Answer | Assignment) -> Score:
    """Count an answer, or a bare assignment of persons to groups, exactly as the benchmark's scorer does.

    Beyond it: people `pinned` elsewhere or `banned`, `together` (people, then their groups), groups that are
    `closed`, groups to be `opened` that are not, and `mentor-slots`: groups of one mentor that cannot all be
    given slots that do not overlap. A pinned person left out costs PINNED_LEFT_OUT times `unassigned`, a
    group of `opened` in which nobody sits LEFT_CLOSED times (part "left_closed", besides the breach: there
    may be nobody for it), a person who sits no more where they did `stability` (part "moved").
    """
    tally = _tally(problem, answer)
    _count_left_out(tally)
    for offer_id, members in tally.members.items():
        offer = tally.offers[offer_id]
        for person in members:
            _count_member(tally, tally.people[person], offer, members)
        _count_group(tally, offer, [tally.people[person] for person in members])
    _count_mentors(tally)
    _count_wishes(tally)
    _count_edits(tally)
    return Score(tally.parts, sum(tally.parts.values()), tally.violations)


def common_slots(problem: Problem, answer: Answer | Assignment) -> dict[str, list[int]]:
    """The slots in which each open group can meet, its mentors included; smallest first."""
    tally = _tally(problem, answer)
    return {group: slots_of(_common(tally, group)) for group in tally.members}


def meeting_slots(problem: Problem, answer: Answer | Assignment) -> dict[str, int]:
    """One slot for each open group, such that no two groups of a mentor overlap; the earliest that fit.

    Groups for which no such slots exist are left out.
    """
    tally = _tally(problem, answer)
    chosen: dict[str, int] = {}
    for linked in _linked_groups(tally):
        chosen |= _distinct_slots(tally, linked) or {}
    return chosen


def rank_of(person: Participant, offer: Offer) -> int | None:
    """The place of an offer among a person's wishes, from 0; None when it is not among them."""
    ranks = [list(person.groups).index(offer.id)] if offer.id in person.groups else []
    if offer.theme in person.themes:
        ranks.append(list(person.themes).index(offer.theme))
    return min(ranks, default=None)


def mentor_mask(problem: Problem, mentors: Mapping[str, Mentor], offer: Offer) -> int:
    """The slots in which every mentor of an offer is free; all slots when it runs itself."""
    masks = (mentors[mentor].available for mentor in offer.mentors)
    return reduce(int.__and__, masks, (1 << problem.slots) - 1)


def _tally(problem: Problem, answer: Answer | Assignment) -> _Tally:
    tally = _Tally(
        problem,
        {person.id: person for person in problem.participants},
        {mentor.id: mentor for mentor in problem.mentors},
        {offer.id: offer for offer in problem.groups},
    )
    assignment = answer.assignment if isinstance(answer, Answer) else answer
    for person, group in assignment.items():
        if person not in tally.people:
            tally.breach("unknown-participant", person)
        elif group is not None and group not in tally.offers:
            tally.breach("unknown-group", person, group)
        elif group is not None:
            tally.members.setdefault(group, []).append(person)
    return tally


def _common(tally: _Tally, group: str) -> int:
    mask = mentor_mask(tally.problem, tally.mentors, tally.offers[group])
    return reduce(int.__and__, (tally.people[person].available for person in tally.members[group]), mask)


def _count_left_out(tally: _Tally) -> None:
    cost, pinned = tally.problem.weights.unassigned, tally.problem.pinned
    placed = {person for members in tally.members.values() for person in members}
    left_out = tally.people.keys() - placed
    tally.parts["unassigned"] = cost * sum(PINNED_LEFT_OUT if person in pinned else 1 for person in left_out)


def _count_member(tally: _Tally, person: Participant, offer: Offer, members: list[str]) -> None:
    weights = tally.problem.weights
    if offer.language not in person.languages:
        tally.breach("language", person.id, offer.id)
    if offer.region not in person.regions:
        tally.breach("region", person.id, offer.id)
    if (rank := rank_of(person, offer)) is not None:
        tally.parts["rank"] += weights.rank[min(rank, len(weights.rank) - 1)]
    elif person.any_theme:
        tally.parts["rank"] += weights.unlisted_theme
    else:
        tally.breach("theme", person.id, offer.id)
    if tally.problem.pinned.get(person.id, offer.id) != offer.id:
        tally.breach("pinned", person.id, offer.id)
    if offer.id in tally.problem.banned.get(person.id, ()):
        tally.breach("banned", person.id, offer.id)
    _count_bans(tally, person, offer, members)
    if person.org and any(tally.mentors[mentor].org == person.org for mentor in offer.mentors):
        tally.parts["mentor_same_org"] += weights.mentor_same_org


def _count_bans(tally: _Tally, person: Participant, offer: Offer, members: list[str]) -> None:
    for other in person.not_with:
        if other in members or other in offer.mentors:
            tally.breach("not-with", person.id, other, offer.id)
    for mentor in offer.mentors:
        if person.id in tally.mentors[mentor].not_with:
            tally.breach("not-with", mentor, person.id, offer.id)


def _count_group(tally: _Tally, offer: Offer, members: list[Participant]) -> None:
    weights, parts = tally.problem.weights, tally.parts
    size, common = len(members), _common(tally, offer.id).bit_count()
    experienced = sum(person.experienced for person in members)
    if not offer.lower <= size <= offer.upper:
        tally.breach("size", offer.id, size)
    if common < tally.problem.hard.min_common_slots:
        tally.breach("common-slots", offer.id, common)
    orgs = Counter(person.org for person in members if person.org)
    parts["same_org"] += weights.same_org_pair * sum(n * (n - 1) // 2 for n in orgs.values())
    missing = max(0, weights.mix_min - experienced) + max(0, weights.mix_min - (size - experienced))
    parts["mix"] += weights.mix_missing * missing
    parts["slots"] += weights.slot_missing * max(0, weights.slots_target - common)
    parts["open"] += weights.open_group
    parts["size"] += weights.size_dev * abs(size - weights.size_target)


def _count_mentors(tally: _Tally) -> None:
    load = Counter(mentor for group in tally.members for mentor in tally.offers[group].mentors)
    for mentor, groups in load.items():
        if groups > tally.mentors[mentor].max_groups:
            tally.breach("mentor-load", mentor, groups)
        tally.parts["mentor_load"] += tally.problem.weights.extra_group_of_mentor * (groups - 1)
    for linked in _linked_groups(tally):
        if len(linked) > 1 and _distinct_slots(tally, linked) is None:
            tally.breach("mentor-slots", *linked)


def _count_edits(tally: _Tally) -> None:
    problem, seat = tally.problem, tally.seats()
    for people in problem.together:
        groups = {seat.get(person) for person in people}
        if len(groups) > 1:
            tally.breach("together", *people, *sorted(filter(None, groups)))
    for group in problem.closed:
        if group in tally.members:
            tally.breach("closed", group)
    left_closed = [group for group in problem.opened if group not in tally.members]
    for group in left_closed:
        tally.breach("opened", group)
    if problem.opened:
        tally.parts["left_closed"] = LEFT_CLOSED * problem.weights.unassigned * len(left_closed)
    if problem.previous:
        moved = sum(group is not None and seat.get(who) != group for who, group in problem.previous.items())
        tally.parts["moved"] = problem.stability * moved


def _count_wishes(tally: _Tally) -> None:
    seat = tally.seats()
    unmet = sum(
        1
        for person in tally.people.values()
        if person.wants_with
        and (seat.get(person.id) is None or seat[person.id] != seat.get(person.wants_with))
    )
    tally.parts["friend"] = tally.problem.weights.friend_apart * unmet


def _linked_groups(tally: _Tally) -> Iterable[list[str]]:
    """The open groups in bunches that share mentors, directly or through others."""
    by_mentor: dict[str, list[str]] = {}
    for group in tally.members:
        for mentor in tally.offers[group].mentors:
            by_mentor.setdefault(mentor, []).append(group)
    seen: set[str] = set()
    for first in tally.members:
        bunch = [] if first in seen else [first]
        seen.add(first)
        for group in bunch:
            beside = {other for mentor in tally.offers[group].mentors for other in by_mentor[mentor]} - seen
            seen |= beside
            bunch += sorted(beside)
        if bunch:
            yield bunch


def _distinct_slots(tally: _Tally, groups: list[str]) -> dict[str, int] | None:
    """A slot for each group such that groups of the same mentor do not overlap, or None."""
    overlaps = tally.problem.overlaps
    order = sorted(groups, key=lambda group: _common(tally, group).bit_count())
    free = {group: _common(tally, group) for group in order}

    def search(at: int, chosen: dict[str, int]) -> dict[str, int] | None:
        if at == len(order):
            return chosen
        taken = 0
        for other, slot in chosen.items():
            if set(tally.offers[other].mentors) & set(tally.offers[order[at]].mentors):
                taken |= 1 << slot | (overlaps[slot] if overlaps else 0)
        for slot in slots_of(free[order[at]] & ~taken):
            if found := search(at + 1, {**chosen, order[at]: slot}):
                return found
        return None

    return search(0, {})
