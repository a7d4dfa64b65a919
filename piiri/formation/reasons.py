"""Why a person sits where they sit, and why not where they wished more: codes and numbers, never names."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from piiri.formation.problem import Answer, Assignment, Offer, Participant, Problem, slots_of
from piiri.formation.scene import Scene, in_reach_of_any, scene_of
from piiri.formation.scoring import rank_of


class WhyNot(StrEnum):
    """Why a wish was not met, from the farthest away to the nearest miss.

    NOT_OPENED: too few could have come at the same time. ELSEWHERE_BETTER: it could have been; the groups as
    a whole would have become worse. OTHER stands for people kept apart and for what the office ruled out; in
    words it is never told from ELSEWHERE_BETTER.
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
MORE_TIMES = 3  # that are told to one person

_Wish = tuple[int | None, str | None, Iterable[Offer]]  # rank from 1, the wished theme or group, its offers


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that was not met: its rank (from 1; None: no wish, any offer), theme or group, and why.

    `fitting` belongs to NOT_OPENED: the most people who could have come to such a group at the same time; and
    to FULL: 1 when somebody of the group could sit elsewhere and so make room, 0 when nobody could.
    """

    rank: int | None
    theme: str | None
    group: str | None
    code: WhyNot
    fitting: int | None = None


@dataclass(frozen=True, slots=True)
class MoreTime:
    """One more slot in which being free would have been enough for a better wish: a group with room.

    `rank` counts from 1, None: no wish, any theme is fine. `wish` is the wished theme or group.
    """

    slot: int
    rank: int | None
    wish: str | None


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
    more_time: tuple[MoreTime, ...] = ()


def explain(
    problem: Problem, answer: Answer | Assignment, *, people: Iterable[str] | None = None
) -> dict[str, Reason]:
    """A reason for each person, or only for those in `people`; person id → Reason.

    `unmet` lists the wishes better than what the person got, in their order; all of them when not placed.
    Nothing in it names or singles out another person; a met or unmet personal wish is for the person alone.
    """
    assignment = answer.assignment if isinstance(answer, Answer) else answer
    scene = scene_of(problem, assignment)
    return {
        person: _reason(scene, scene.index.people[person])
        for person in (scene.index.people if people is None else people)
    }


def _reason(scene: Scene, person: Participant) -> Reason:
    pinned = person.id in scene.index.problem.pinned
    group = scene.seat.get(person.id)
    if group is None:
        unmet = tuple(_unmet(scene, person, None))
        friend = False if person.wants_with else None
        return Reason(
            None, friend=friend, pinned=pinned, unmet=unmet, more_time=_more_time(scene, person, None)
        )
    offer, members = scene.index.offers[group], scene.members[group]
    rank = rank_of(person, offer)
    return Reason(
        group=group,
        rank=None if rank is None else rank + 1,
        theme=offer.theme,
        common_slots=scene.common(group).bit_count(),
        language=offer.language,
        region=offer.region,
        size=len(members),
        experienced=sum(scene.index.people[member].experienced for member in members),
        friend=scene.seat.get(person.wants_with) == group if person.wants_with else None,
        pinned=pinned,
        unmet=() if pinned else tuple(_unmet(scene, person, rank)),
        more_time=() if pinned else _more_time(scene, person, rank),
    )


def _unmet(scene: Scene, person: Participant, rank: int | None) -> Iterable[Unmet]:
    for at, group in enumerate(person.groups[:rank]):
        code, fitting = _nearest(scene, person, [scene.index.offers[group]])
        yield Unmet(at + 1, None, group, code, fitting)
    for at, theme in enumerate(person.themes[:rank]):
        code, fitting = _nearest(scene, person, scene.index.by_theme.get(theme, []), theme=theme)
        yield Unmet(at + 1, theme, None, code, fitting)
    if person.id not in scene.seat and person.any_theme:
        code, fitting = _nearest(scene, person, scene.index.problem.groups)
        yield Unmet(None, None, None, code, fitting)


def _nearest(
    scene: Scene, person: Participant, offers: Iterable[Offer], *, theme: str | None = None
) -> tuple[WhyNot, int | None]:
    """The nearest miss among offers; of those not opened the one that most could have come to."""
    if theme is not None:
        offers = scene.index.in_reach(person, theme) or offers
    best: tuple[WhyNot, int | None] = (WhyNot.NO_GROUP, None)
    for offer in offers:
        found = _why_not(scene, person, offer)
        if (_ORDER.index(found[0]), found[1] or 0) > (_ORDER.index(best[0]), best[1] or 0):
            best = found
        if best[0] == _ORDER[-1]:
            break
    return best


def _why_not(scene: Scene, person: Participant, offer: Offer) -> tuple[WhyNot, int | None]:
    if offer.language not in person.languages:
        return WhyNot.NO_GROUP_IN_LANGUAGE, None
    if offer.region not in person.regions:
        return WhyNot.NO_GROUP_IN_PLACE, None
    least = scene.index.least
    if (scene.index.masks[offer.id] & person.available).bit_count() < least:
        return WhyNot.NO_COMMON_TIME, None
    if scene.ruled_out(person, offer):
        return WhyNot.OTHER, None
    members = scene.members.get(offer.id, [])
    if not members:
        fitting = scene.index.most_fitting(offer)
        return (WhyNot.NOT_OPENED, fitting) if fitting < offer.lower else (WhyNot.ELSEWHERE_BETTER, None)
    if scene.shared(person, offer) < least:
        return WhyNot.NO_COMMON_TIME, None
    if len(members) >= offer.upper:
        return WhyNot.FULL, _can_give(scene, offer, members)
    return WhyNot.ELSEWHERE_BETTER, None


def _can_give(scene: Scene, offer: Offer, members: list[str]) -> int:
    """1 when one of the members could sit in another group with room as it is now, else 0; never who."""
    if offer.id not in scene.can_give:
        free = (scene.index.people[one] for one in members if one not in scene.index.held)
        scene.can_give[offer.id] = int(any(_could_move(scene, one, offer) for one in free))
    return scene.can_give[offer.id]


def _could_move(scene: Scene, person: Participant, away: Offer) -> bool:
    return any(offer.id != away.id and _fits(scene, person, offer) for offer in _acceptable(scene, person))


def _acceptable(scene: Scene, person: Participant) -> Iterable[Offer]:
    """Every offer that somebody could be placed in by theme, language and place, the wishes first."""
    for _rank, _wish, offers in _wishes(scene, person, None):
        yield from offers
    if person.any_theme:
        yield from in_reach_of_any(scene, person)


def _fits(scene: Scene, person: Participant, offer: Offer) -> bool:
    enough = scene.has_room(offer) and scene.shared(person, offer) >= scene.index.least
    return enough and not scene.ruled_out(person, offer)


def _more_time(scene: Scene, person: Participant, rank: int | None) -> tuple[MoreTime, ...]:
    """The slots that would each have been enough for a better wish, as things stand: MORE_TIMES at most.

    The best wishes come first; one that time does not stand in the way of is passed over, and so is a group
    that somebody is kept apart from.
    """
    found: dict[int, MoreTime] = {}
    for at, wish, reached in _better(scene, person, rank):
        offers = list(reached)
        for offer in () if any(_fits(scene, person, one) for one in offers) else offers:
            for slot in _lacking(scene, person, offer):
                found.setdefault(slot, MoreTime(slot, at, wish))
        if len(found) >= MORE_TIMES:
            break
    return tuple(found.values())[:MORE_TIMES]


def _lacking(scene: Scene, person: Participant, offer: Offer) -> list[int]:
    """The slots of which any one would let somebody into an open group with room; empty when more lack."""
    if not scene.has_room(offer) or scene.shared(person, offer) != scene.index.least - 1:
        return []
    return [] if scene.ruled_out(person, offer) else slots_of(scene.common(offer.id) & ~person.available)


def _better(scene: Scene, person: Participant, rank: int | None) -> Iterable[_Wish]:
    """The wishes better than `rank` (all for None), and any theme last for somebody without a place."""
    yield from _wishes(scene, person, rank)
    if person.id not in scene.seat and person.any_theme:
        yield None, None, in_reach_of_any(scene, person)


def _wishes(scene: Scene, person: Participant, rank: int | None) -> Iterable[_Wish]:
    """The first `rank` wishes (all for None) with their offers in reach, best first."""
    for at in range(max(len(person.groups), len(person.themes)) if rank is None else rank):
        if at < len(person.groups):
            offer = scene.index.offers[person.groups[at]]
            if offer.language in person.languages and offer.region in person.regions:
                yield at + 1, offer.id, [offer]
        if at < len(person.themes):
            yield at + 1, person.themes[at], scene.index.in_reach(person, person.themes[at])
