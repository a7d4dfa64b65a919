"""A question and an answer with what reasons need of them, each worked out once and only when asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from piiri.formation.problem import Assignment, Offer, Participant, Problem, slots_of
from piiri.formation.scoring import mentor_mask, rank_of

Key = tuple[str, str, str]  # theme, language, region


class Index:
    """What is so whatever the answer: people and offers by what they have in common."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.least = problem.hard.min_common_slots
        self.people = {person.id: person for person in problem.participants}
        self.mentors = {mentor.id: mentor for mentor in problem.mentors}
        self.offers = {offer.id: offer for offer in problem.groups}
        self.masks = {offer.id: mentor_mask(problem, self.mentors, offer) for offer in problem.groups}
        self.held = frozenset(problem.pinned).union(*problem.together)
        self.by_theme: dict[str, list[Offer]] = {}
        self.by_key: dict[Key, list[Offer]] = {}
        for offer in problem.groups:
            self.by_theme.setdefault(offer.theme, []).append(offer)
            self.by_key.setdefault((offer.theme, offer.language, offer.region), []).append(offer)
        self._crowds: dict[Key, list[int]] = {}
        self._fitting: dict[str, int] = {}

    def in_reach(self, person: Participant, theme: str) -> list[Offer]:
        """The offers of a theme that fit in language and place."""
        keys = [(theme, language, region) for language in person.languages for region in person.regions]
        return [offer for key in keys for offer in self.by_key.get(key, ())]

    def most_fitting(self, offer: Offer) -> int:
        """How many people with this theme, language and place at most share enough slots with the mentors."""
        if offer.id not in self._fitting:
            key = (offer.theme, offer.language, offer.region)
            if key not in self._crowds:
                self._crowds[key] = self._crowd(offer)
            slots = [self._crowds[key][slot] for slot in slots_of(self.masks[offer.id])]
            self._fitting[offer.id] = _largest_meeting(slots, self.least)
        return self._fitting[offer.id]

    @cached_property
    def _wishers(self) -> dict[str | None, list[Participant]]:
        """Who may be placed in which theme; None: whoever takes any, or wishes for single groups."""
        found: dict[str | None, list[Participant]] = {}
        for person in self.problem.participants:
            if person.any_theme or person.groups:
                found.setdefault(None, []).append(person)
            else:
                for theme in person.themes:
                    found.setdefault(theme, []).append(person)
        return found

    def _crowd(self, offer: Offer) -> list[int]:
        """For each slot the bit set of the people who wish such an offer and are free then."""
        crowd = [0] * self.problem.slots
        bit = 1
        for person in (*self._wishers.get(offer.theme, ()), *self._wishers.get(None, ())):
            if offer.language not in person.languages or offer.region not in person.regions:
                continue
            if person.any_theme or rank_of(person, offer) is not None:
                for slot in slots_of(person.available):
                    crowd[slot] |= bit
                bit <<= 1
        return crowd


@dataclass
class Scene:
    """An answer to the question of an index."""

    index: Index
    seat: dict[str, str]
    members: dict[str, list[str]]
    _common: dict[str, int] = field(default_factory=dict)
    can_give: dict[str, int] = field(default_factory=dict)

    def common(self, group: str) -> int:
        """The mask of the slots in which an open group can meet, its mentors included."""
        if group not in self._common:
            mask = self.index.masks[group]
            for member in self.members.get(group, ()):
                mask &= self.index.people[member].available
            self._common[group] = mask
        return self._common[group]

    def shared(self, person: Participant, offer: Offer) -> int:
        """In how many of a group's common slots somebody is free."""
        return (self.common(offer.id) & person.available).bit_count()

    def has_room(self, offer: Offer) -> bool:
        """Whether people sit there and one more can."""
        return 0 < len(self.members.get(offer.id, ())) < offer.upper

    def ruled_out(self, person: Participant, offer: Offer) -> bool:
        """By people who are kept apart, or by the office."""
        problem = self.index.problem
        if offer.id in problem.closed or offer.id in problem.banned.get(person.id, ()):
            return True
        if problem.pinned.get(person.id, offer.id) != offer.id:
            return True
        return self._apart(person, [*offer.mentors, *self.members.get(offer.id, ())])

    def _apart(self, person: Participant, others: list[str]) -> bool:
        if not set(person.not_with).isdisjoint(others):
            return True
        people, mentors = self.index.people, self.index.mentors
        return any(person.id in (people.get(other) or mentors[other]).not_with for other in others)


def scene_of(problem: Problem, assignment: Assignment) -> Scene:
    """The answer with the question's index; the index of the last question is kept for the next answer."""
    seat = {person: group for person, group in assignment.items() if group is not None}
    members: dict[str, list[str]] = {}
    for person, group in seat.items():
        members.setdefault(group, []).append(person)
    return Scene(_index_of(problem), seat, members)


_last: list[Index] = []


def _index_of(problem: Problem) -> Index:
    for index in _last:
        if index.problem is problem:
            return index
    index = Index(problem)
    _last[:] = [index]
    return index


def _largest_meeting(slots: list[int], least: int) -> int:
    """The most people free in `least` of the slots together; above three slots a guess by threes."""
    best = 0
    stack: list[tuple[int, int, int]] = [(-1, min(least, 3), 0)]
    while stack:
        people, missing, start = stack.pop()
        if missing == 0:
            best = max(best, people.bit_count())
            continue
        for at in range(start, len(slots)):
            both = people & slots[at]
            if both.bit_count() > best:
                stack.append((both, missing - 1, at + 1))
    return best


def in_reach_of_any(scene: Scene, person: Participant) -> Iterable[Offer]:
    """The open groups of any theme that fit in language and place."""
    offers = (scene.index.offers[group] for group in scene.members)
    return (one for one in offers if one.language in person.languages and one.region in person.regions)
