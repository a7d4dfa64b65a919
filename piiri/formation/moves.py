"""What moving people does to the groups they leave and join: judged by the scorer, on those groups only."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from piiri.formation import scoring
from piiri.formation.problem import Assignment, Mentor, Offer, Participant, Problem

Members = Mapping[str, Sequence[str]]  # people by group
Moves = Mapping[str, str | None]
Breach = tuple[str, ...]

# From the farthest away to the nearest miss: which of several breaches is told.
RULES = (
    "language", "region", "theme", "not-with", "full", "common-slots", "mentor-load", "mentor-slots",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A problem with its rows by id, and the groups that each mentor could lead."""

    problem: Problem
    people: Mapping[str, Participant]
    mentors: Mapping[str, Mentor]
    offers: Mapping[str, Offer]
    led: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Stand:
    """How a group stands: people with those who sit already, windows all share, and what it is made of.

    `first_wishes` and `workplaces` are of the people of the proposal alone.
    """

    people: int = 0
    common: int = 0
    first_wishes: int = 0
    workplaces: int = 0
    starts: bool = False


@dataclass(frozen=True)
class Verdict:
    """What a change does: parts of the cost before and after on the groups it reaches, and new breaches."""

    before: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, int] = field(default_factory=dict)
    breaches: Sequence[Breach] = ()


def question(problem: Problem) -> Question:
    """The problem, ready to be asked about single people and groups."""
    led: dict[str, list[str]] = {}
    for offer in problem.groups:
        for mentor in offer.mentors:
            led.setdefault(mentor, []).append(offer.id)
    return Question(
        problem,
        {one.id: one for one in problem.participants},
        {one.id: one for one in problem.mentors},
        {one.id: one for one in problem.groups},
        led,
    )


def with_mentors(asked: Question, leading: Iterable[tuple[str, str]]) -> Question:
    """The same with more mentors, as pairs of group and mentor: of groups that people sit in already."""
    offers, led = dict(asked.offers), {mentor: list(groups) for mentor, groups in asked.led.items()}
    for group, mentor in leading:
        offer = offers[group]
        if mentor in asked.mentors and mentor not in offer.mentors:
            offers[group] = replace(offer, co_mentors=(*offer.co_mentors, mentor))
            led.setdefault(mentor, []).append(group)
    return replace(asked, offers=offers, led=led)


def members_of(assignment: Assignment) -> dict[str, list[str]]:
    """People by group; groups without people are not there."""
    found: dict[str, list[str]] = {}
    for person, group in assignment.items():
        if group is not None:
            found.setdefault(group, []).append(person)
    return found


def members_after(before: Members, assignment: Assignment, moves: Moves) -> dict[str, list[str]]:
    """The same after the moves; whoever is not in the assignment stays out of it."""
    found = {group: list(people) for group, people in before.items()}
    for person, to in moves.items():
        if person not in assignment or assignment[person] == to:
            continue
        if was := assignment[person]:
            found[was].remove(person)
        if to:
            found.setdefault(to, []).append(person)
    return {group: people for group, people in found.items() if people}


def touched(assignment: Assignment, moves: Moves) -> list[str]:
    """The groups that somebody leaves or joins, in the order of the moves."""
    ends = ((assignment.get(person), to) for person, to in moves.items())
    return list(dict.fromkeys(group for pair in ends if pair[0] != pair[1] for group in pair if group))


def linked(asked: Question, groups: Iterable[str], opened: Collection[str]) -> list[str]:
    """These groups and the opened ones that share mentors with them, directly or through others."""
    found = list(dict.fromkeys(group for group in groups if group in asked.offers))
    seen = set(found)
    for group in found:
        for mentor in asked.offers[group].mentors:
            beside = [one for one in asked.led[mentor] if one in opened and one not in seen]
            seen.update(beside)
            found += beside
    return found


def common(asked: Question, group: str, members: Iterable[str]) -> int:
    """The mask of the slots in which the mentors of a group and these people are free."""
    mask = scoring.mentor_mask(asked.problem, asked.mentors, asked.offers[group])
    known = (asked.people[one].available for one in members if one in asked.people)
    return reduce(int.__and__, known, mask)


def stand(asked: Question, group: str, members: Sequence[str], *, sitting: int, least: int) -> Stand:
    """How a group stands with these people beside the `sitting`; `least` are needed to start."""
    offer = asked.offers.get(group)
    people = [asked.people[one] for one in members if one in asked.people]
    size = len(members) + sitting
    return Stand(
        people=size,
        common=common(asked, group, members).bit_count() if offer else 0,
        first_wishes=sum(scoring.rank_of(one, offer) == 0 for one in people) if offer else 0,
        workplaces=len({one.org for one in people if one.org}),
        starts=bool(size) and size >= least,
    )


def judge(
    asked: Question, assignment: Assignment, moves: Moves, *, before: Members, after: Members
) -> Verdict:
    """What the moves change from `before` to `after`: the scorer's own count of the groups that they reach.

    A breach that was there before and has not grown is none of theirs; falling under the lower quota is
    no breach. The parts differ from those of the whole by the same amount before and after.
    """
    groups = linked(asked, touched(assignment, moves), {*before, *after})
    people = dict.fromkeys(one for group in groups for one in (*before.get(group, ()), *after.get(group, ())))
    people |= dict.fromkeys(one for one in moves if one in assignment)
    known = [one for one in people if one in asked.people]
    if not known:
        return Verdict()
    small = _small(asked, known, groups)
    was = scoring.score(small, {one: assignment[one] for one in known if assignment[one] in asked.offers})
    ends = {one: moves.get(one, assignment[one]) for one in known}
    will = scoring.score(small, {one: group for one, group in ends.items() if group in asked.offers})
    return Verdict(was.parts, will.parts, _new(asked, was.violations, will.violations))


def cost_of(asked: Question, group: str, members: Iterable[str]) -> dict[str, int]:
    """What the people of one group cost together, by part; parts of nothing are left out."""
    here = [one for one in members if one in asked.people]
    if not here or group not in asked.offers:
        return {}
    parts = scoring.score(_small(asked, here, [group]), dict.fromkeys(here, group)).parts
    return {name: cost for name, cost in parts.items() if cost}


def _small(asked: Question, people: Sequence[str], groups: Iterable[str]) -> Problem:
    """The problem of these people and groups alone: whom else they named is left out, and so are pins.

    Groups that the people ranked or sat in before stay: a rank is a place in the list.
    """
    whole, here = asked.problem, list(groups)
    previous = {one: whole.previous[one] for one in people if one in whole.previous}
    ranked = (group for one in people for group in (*asked.people[one].groups, previous.get(one)) if group)
    offers = dict.fromkeys([*here, *ranked])
    mentors = dict.fromkeys(one for group in offers for one in asked.offers[group].mentors)
    known = {*people, *mentors}
    leading = [one for group in here for one in asked.offers[group].mentors]
    return Problem(
        participants=[_alone(asked.people[one], known) for one in people],
        mentors=[_unbanned(asked.mentors[one], known) for one in mentors],
        groups=[asked.offers[group] for group in offers],
        slots=whole.slots,
        weights=whole.weights,
        hard=whole.hard,
        # Slots matter to one another only where somebody leads two of the groups.
        overlaps=whole.overlaps if len(set(leading)) < len(leading) else (),
        previous=previous,
        stability=whole.stability,
    )


def _unbanned(mentor: Mentor, known: Collection[str]) -> Mentor:
    if not mentor.not_with:
        return mentor
    return replace(mentor, not_with=[one for one in mentor.not_with if one in known])


def _alone(person: Participant, known: Collection[str]) -> Participant:
    if not person.not_with and person.wants_with is None:
        return person
    wants = person.wants_with if person.wants_with in known else None
    return replace(person, not_with=[one for one in person.not_with if one in known], wants_with=wants)


def _new(
    asked: Question, before: Iterable[Sequence[str | int]], after: Iterable[Sequence[str | int]]
) -> list[Breach]:
    """The breaches that were not there before, or were smaller, the farthest miss first."""
    old, now = _weighed(asked, before), _weighed(asked, after)
    new = [breach for breach, size in now.items() if size > old.get(breach, size - 1)]
    return sorted(new, key=lambda breach: RULES.index(breach[0]) if breach[0] in RULES else 0)


def _weighed(asked: Question, violations: Iterable[Sequence[str | int]]) -> dict[Breach, int]:
    """What is breached, without its numbers, and how badly; groups that are too small are left out."""
    found: Counter[Breach] = Counter()
    for rule, *about in violations:
        ids = tuple(str(one) for one in about if isinstance(one, str))
        number = next((one for one in about if isinstance(one, int)), 1)
        if rule == "size":
            if number > asked.offers[ids[0]].upper:
                found["full", *ids] = number
        elif rule == "common-slots":
            found["common-slots", *ids] = asked.problem.slots - number
        elif rule == "not-with":
            found["not-with", ids[-1]] += 1
        else:
            found[str(rule), *ids] = number
    return dict(found)


def meeting_slots(asked: Question, members: Members, wanted: Mapping[str, int]) -> dict[str, int]:
    """A slot for each group with these people, a mentor's never overlapping; the `wanted` one if it can be.

    The groups must be all of their mentors' that have no time of their own. A group for which nothing is
    left is left out. The same people and wishes give the same slots, whatever other groups are asked about.
    """
    chosen: dict[str, int] = {}
    left = sorted(members)
    while left:
        bunch = sorted(linked(asked, left[:1], left))
        chosen |= _slots_of_bunch(asked, {group: members[group] for group in bunch}, wanted)
        left = [group for group in left if group not in bunch]
    return chosen


def _slots_of_bunch(asked: Question, members: Members, wanted: Mapping[str, int]) -> dict[str, int]:
    """The same of groups that share mentors: wanted slots, then the first that are left, then a search."""
    free = {group: common(asked, group, people) for group, people in members.items()}
    chosen: dict[str, int] = {}
    for group in free:
        slot = wanted.get(group)
        if slot is not None and (free[group] & ~_taken(asked, group, chosen)) >> slot & 1:
            chosen[group] = slot
    for group in sorted(free.keys() - chosen.keys(), key=lambda one: (free[one].bit_count(), one)):
        left = free[group] & ~_taken(asked, group, chosen)
        if left:
            chosen[group] = (left & -left).bit_length() - 1
    if 1 < len(free) != len(chosen):
        seated = {one: group for group, people in members.items() for one in people if one in asked.people}
        chosen = (
            scoring.meeting_slots(_small(asked, list(seated), members), seated) if seated else {}
        ) or chosen
    return chosen


def _taken(asked: Question, group: str, chosen: Mapping[str, int]) -> int:
    """The slots in which the mentors of a group are in another one."""
    taken, mentors = 0, set(asked.offers[group].mentors)
    for other, slot in chosen.items():
        if not mentors.isdisjoint(asked.offers[other].mentors):
            taken |= 1 << slot | (asked.problem.overlaps[slot] if asked.problem.overlaps else 0)
    return taken
