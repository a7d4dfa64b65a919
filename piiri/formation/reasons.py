"""Why a person sits where they sit, and why not where they wished more: codes and numbers, never names."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from piiri.formation.problem import Answer, Assignment, Mentor, Offer, Participant, Problem, slots_of
from piiri.formation.scoring import common_slots, mentor_mask, rank_of


class WhyNot(StrEnum):
    """Why a wish was not met, from the farthest away to the nearest miss.

    ELSEWHERE_BETTER: it could have been; the groups as a whole would have become worse. OTHER also stands for
    people kept apart, which must never be told from anything else.
    """

    NO_GROUP = "no_group"
    NO_GROUP_IN_LANGUAGE = "no_group_in_language"
    NO_GROUP_IN_PLACE = "no_group_in_place"
    NO_COMMON_TIME = "no_common_time"
    OTHER = "other"
    NOT_OPENED = "not_opened"
    FULL = "full"
    ELSEWHERE_BETTER = "elsewhere_better"


_ORDER = list(WhyNot)


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that was not met: its rank (from 1; None: no wish, any offer), theme or group, and why.

    `fitting` belongs to NOT_OPENED: the most people who could have come to such a group at the same time.
    """

    rank: int | None
    theme: str | None
    group: str | None
    code: WhyNot
    fitting: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Where a person sits (`group` None: nowhere) and what speaks for it.

    `rank` counts from 1, None when the theme was not on the list. `common_slots` counts the slots the whole
    group shares, `experienced` and `size` its members, the person included. `friend` is None without a wish.
    """

    group: str | None
    rank: int | None = None
    theme: str | None = None
    common_slots: int = 0
    language: str | None = None
    region: str | None = None
    size: int = 0
    experienced: int = 0
    friend: bool | None = None
    pinned: bool = False
    unmet: tuple[Unmet, ...] = ()


@dataclass
class _Scene:
    """An answer with what the questions about it need, each worked out once."""

    problem: Problem
    people: dict[str, Participant]
    mentors: dict[str, Mentor]
    offers: dict[str, Offer]
    seat: dict[str, str]
    members: dict[str, list[str]]
    common: dict[str, list[int]]
    by_theme: dict[str, list[Offer]]
    by_key: dict[tuple[str, str, str], list[Offer]]
    masks: dict[str, int]
    crowds: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    fitting: dict[str, int] = field(default_factory=dict)


def explain(
    problem: Problem, answer: Answer | Assignment, *, people: Iterable[str] | None = None
) -> dict[str, Reason]:
    """A reason for each person, or only for those in `people`; person id → Reason.

    `unmet` lists the wishes better than what the person got, in their order; all of them when not placed.
    Nothing in it names or singles out another person; a met or unmet personal wish is for the person alone.
    """
    scene = _scene(problem, answer)
    return {
        person: _reason(scene, scene.people[person])
        for person in (scene.people if people is None else people)
    }


def _scene(problem: Problem, answer: Answer | Assignment) -> _Scene:
    assignment = answer.assignment if isinstance(answer, Answer) else answer
    seat = {person: group for person, group in assignment.items() if group is not None}
    mentors = {mentor.id: mentor for mentor in problem.mentors}
    scene = _Scene(
        problem=problem,
        people={person.id: person for person in problem.participants},
        mentors=mentors,
        offers={offer.id: offer for offer in problem.groups},
        seat=seat,
        members={},
        common=common_slots(problem, answer),
        by_theme={},
        by_key={},
        masks={offer.id: mentor_mask(problem, mentors, offer) for offer in problem.groups},
    )
    for person, group in seat.items():
        scene.members.setdefault(group, []).append(person)
    for offer in problem.groups:
        scene.by_theme.setdefault(offer.theme, []).append(offer)
        scene.by_key.setdefault((offer.theme, offer.language, offer.region), []).append(offer)
    return scene


def _reason(scene: _Scene, person: Participant) -> Reason:
    pinned = person.id in scene.problem.pinned
    group = scene.seat.get(person.id)
    if group is None:
        unmet = tuple(_unmet(scene, person, None))
        return Reason(None, friend=False if person.wants_with else None, pinned=pinned, unmet=unmet)
    offer, members = scene.offers[group], scene.members[group]
    rank = rank_of(person, offer)
    return Reason(
        group=group,
        rank=None if rank is None else rank + 1,
        theme=offer.theme,
        common_slots=len(scene.common[group]),
        language=offer.language,
        region=offer.region,
        size=len(members),
        experienced=sum(scene.people[member].experienced for member in members),
        friend=scene.seat.get(person.wants_with) == group if person.wants_with else None,
        pinned=pinned,
        unmet=() if pinned else tuple(_unmet(scene, person, rank)),
    )


def _unmet(scene: _Scene, person: Participant, rank: int | None) -> Iterable[Unmet]:
    for at, group in enumerate(person.groups[:rank]):
        code, fitting = _nearest(scene, person, [scene.offers[group]])
        yield Unmet(at + 1, None, group, code, fitting)
    for at, theme in enumerate(person.themes[:rank]):
        code, fitting = _nearest(scene, person, scene.by_theme.get(theme, []), theme=theme)
        yield Unmet(at + 1, theme, None, code, fitting)
    if person.id not in scene.seat and person.any_theme:
        code, fitting = _nearest(scene, person, scene.problem.groups)
        yield Unmet(None, None, None, code, fitting)


def _nearest(
    scene: _Scene, person: Participant, offers: Iterable[Offer], *, theme: str | None = None
) -> tuple[WhyNot, int | None]:
    """The nearest miss among offers; of those not opened the one that most could have come to."""
    if theme is not None:  # those that fit in language and place are enough, if there are any
        keys = [(theme, language, region) for language in person.languages for region in person.regions]
        offers = [offer for key in keys for offer in scene.by_key.get(key, ())] or offers
    best: tuple[WhyNot, int | None] = (WhyNot.NO_GROUP, None)
    for offer in offers:
        code = _why_not(scene, person, offer)
        fitting = _most_fitting(scene, offer) if code == WhyNot.NOT_OPENED else None
        if (_ORDER.index(code), fitting or 0) > (_ORDER.index(best[0]), best[1] or 0):
            best = (code, fitting)
    return best


def _why_not(scene: _Scene, person: Participant, offer: Offer) -> WhyNot:
    if offer.language not in person.languages:
        return WhyNot.NO_GROUP_IN_LANGUAGE
    if offer.region not in person.regions:
        return WhyNot.NO_GROUP_IN_PLACE
    least = scene.problem.hard.min_common_slots
    if (scene.masks[offer.id] & person.available).bit_count() < least:
        return WhyNot.NO_COMMON_TIME
    members = scene.members.get(offer.id, [])
    if _apart(scene, person, [*offer.mentors, *members]):
        return WhyNot.OTHER
    if not members:
        return WhyNot.NOT_OPENED
    if sum(person.available >> slot & 1 for slot in scene.common[offer.id]) < least:
        return WhyNot.NO_COMMON_TIME
    return WhyNot.FULL if len(members) >= offer.upper else WhyNot.ELSEWHERE_BETTER


def _apart(scene: _Scene, person: Participant, others: list[str]) -> bool:
    if not set(person.not_with).isdisjoint(others):
        return True
    return any(person.id in (scene.people.get(other) or scene.mentors[other]).not_with for other in others)


def _most_fitting(scene: _Scene, offer: Offer) -> int:
    """How many people with this theme, language and place at most share enough slots with the mentors."""
    if offer.id not in scene.fitting:
        key = (offer.theme, offer.language, offer.region)
        if key not in scene.crowds:
            scene.crowds[key] = _crowd(scene, offer)
        slots = [scene.crowds[key][slot] for slot in slots_of(scene.masks[offer.id])]
        scene.fitting[offer.id] = _largest_meeting(slots, scene.problem.hard.min_common_slots)
    return scene.fitting[offer.id]


def _crowd(scene: _Scene, offer: Offer) -> list[int]:
    """For each slot the bit set of the people who wish such an offer and are free then."""
    crowd = [0] * scene.problem.slots
    bit = 1
    for person in scene.problem.participants:
        if offer.language not in person.languages or offer.region not in person.regions:
            continue
        if person.any_theme or rank_of(person, offer) is not None:
            for slot in slots_of(person.available):
                crowd[slot] |= bit
            bit <<= 1
    return crowd


def _largest_meeting(slots: list[int], least: int) -> int:
    """The most people free in `least` of the slots together; above three slots a guess by threes."""
    best = 0
    stack = [(-1, min(least, 3), 0)]
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
