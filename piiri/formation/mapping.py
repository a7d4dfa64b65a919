"""From what people and mentors said to the problem of the solver, and from its answer to weekly times."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from piiri.formation.problem import (
    Answer,
    Assignment,
    Hard,
    Mentor,
    Offer,
    Participant,
    Problem,
    Weights,
    mask_of,
    window_overlaps,
)
from piiri.formation.reasons import Reason, explain
from piiri.formation.scoring import common_slots

DAY = 24 * 60
ONSITE, ONLINE, EITHER = "onsite", "online", "either"
# Whose time a group keeps that people sit in already: a mentor of the problem with an id of its own.
KEEPER = "time:"
# What it costs to move somebody from where they sat in a proposal that is kept: less than a wish.
STABILITY = 8

Window = tuple[int, int]  # weekday (Monday is 0) and minutes after midnight
Codes = dict[str, object]
Slots = Mapping[str, list[int]]
Led = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Wanting:
    """Somebody without a place. `person` is a key; `free` and `works` are masks of windows."""

    uid: str
    person: int
    free: int
    works: int
    languages: tuple[str, ...]
    form: str
    themes: tuple[str, ...]
    groups: tuple[str, ...]
    any_theme: bool
    experienced: bool
    org: str


@dataclass(frozen=True, slots=True)
class Leading:
    """A mentor; `groups_at_most` counts all groups, those that run already too."""

    uid: str
    person: int
    free: int
    works: int
    org: str
    groups_at_most: int


@dataclass(frozen=True, slots=True)
class Offered:
    """A living group. `sitting`: the keys of those who have a place; `at`: its weekly time, if it has one."""

    uid: str
    theme: str
    language: str
    form: str
    area: str
    min_to_start: int
    places: int
    mentors: tuple[int, ...]
    sitting: tuple[int, ...] = ()
    at: Window | None = None

    @property
    def region(self) -> str:
        return ONLINE if self.form == ONLINE else f"{self.form}:{self.area}"

    @property
    def free(self) -> int:
        return self.places - len(self.sitting)

    @property
    def stands(self) -> bool:
        """Whether it has people or a time already, and so keeps its time."""
        return bool(self.sitting) or self.at is not None


@dataclass(frozen=True)
class Facts:
    """All that a formation looks at. `sitting` holds the free windows of those who sit in groups."""

    windows: Sequence[Window]
    minutes: int
    least: int
    weights: Weights
    wanting: Sequence[Wanting]
    leading: Sequence[Leading]
    offered: Sequence[Offered]
    apart: Iterable[tuple[int, int]] = ()
    sitting: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def overlaps(self) -> tuple[int, ...]:
        return window_overlaps([day * DAY + start for day, start in self.windows], minutes=self.minutes)

    @cached_property
    def mentor_ids(self) -> dict[int, str]:
        return {one.person: one.uid for one in self.leading}

    @cached_property
    def wanting_ids(self) -> dict[int, str]:
        return {one.person: one.uid for one in self.wanting}

    @cached_property
    def works(self) -> dict[str, int]:
        return {one.uid: one.works for one in self.leading} | {one.uid: one.works for one in self.wanting}


def problem_of(facts: Facts, *, seed: int = 1, name: str = "") -> Problem:
    """The question of forming groups.

    Groups that people sit in already keep their time: they are led by a keeper of that time, and their
    mentors have one group less to give and are busy then. Nobody who sits is moved.

    Raises ProblemError when nobody is left to place.
    """
    seated = [group for group in facts.offered if group.stands]
    keepers = [_keeper(facts, group) for group in seated if group.free > 0]
    offers = [_offer(facts, group) for group in facts.offered if group.free > 0]
    pairs = bool(offers) and all(offer.upper == 1 and len(offer.mentors) <= 1 for offer in offers)
    return Problem(
        participants=_participants(facts),
        mentors=[*_mentors(facts, seated), *keepers],
        groups=offers,
        mode="pairs" if pairs else "themes",
        slots=len(facts.windows),
        weights=facts.weights,
        hard=Hard(min(facts.least, len(facts.windows))),
        overlaps=facts.overlaps,
        name=name,
        seed=seed,
    )


def _offer(facts: Facts, group: Offered) -> Offer:
    mentors = tuple(facts.mentor_ids[one] for one in group.mentors if one in facts.mentor_ids)
    if group.stands:
        mentors = (KEEPER + group.uid,)
    lower = min(group.free, max(1, group.min_to_start - len(group.sitting)))
    first = mentors[0] if mentors else None
    return Offer(group.uid, first, group.theme, group.language, group.region, lower, group.free, mentors[1:])


def _keeper(facts: Facts, group: Offered) -> Mentor:
    """Who stands for those who sit in a group: free at its time, and apart from whom they are kept from."""
    there = {*group.sitting, *group.mentors}
    others = {b if a in there else a for a, b in facts.apart if (a in there) != (b in there)}
    banned = {*others, *group.mentors}
    ids = tuple(sorted(facts.wanting_ids[one] for one in banned if one in facts.wanting_ids))
    return Mentor(KEEPER + group.uid, _kept_time(facts, group), max_groups=1, not_with=ids)


def _kept_time(facts: Facts, group: Offered) -> int:
    """The windows in which a group with people can grow: its own time, or what all who sit in it share.

    Where more than one common window is asked for, those nearest to its own time are asked for too.
    """
    if group.at is None:
        free = {one.person: one.free for one in facts.leading} | dict(facts.sitting)
        shared = mask_of(range(len(facts.windows)))
        for person in (*group.sitting, *group.mentors):
            shared &= free.get(person, 0)
        return shared
    if group.at not in facts.windows:
        return 0
    at = _minute(group.at)
    near = sorted(range(len(facts.windows)), key=lambda slot: abs(_minute(facts.windows[slot]) - at))
    return mask_of(near[: facts.least])


def _minute(window: Window) -> int:
    return window[0] * DAY + window[1]


def _mentors(facts: Facts, seated: Sequence[Offered]) -> list[Mentor]:
    load: dict[int, int] = {}
    busy: dict[int, int] = {}
    for group in seated:
        taken = 0
        if group.at is not None:
            at = _minute(group.at)
            taken = mask_of(s for s, w in enumerate(facts.windows) if abs(_minute(w) - at) < facts.minutes)
        for person in group.mentors:
            load[person] = load.get(person, 0) + 1
            busy[person] = busy.get(person, 0) | taken
    return [
        Mentor(
            one.uid,
            one.free & ~busy.get(one.person, 0),
            org=one.org,
            max_groups=max(0, one.groups_at_most - load.get(one.person, 0)),
        )
        for one in facts.leading
    ]


def _participants(facts: Facts) -> list[Participant]:
    apart = _apart(facts)
    regions = {form: _regions(facts.offered, form) for form in (ONSITE, ONLINE, EITHER)}
    offers = {group.uid for group in facts.offered if group.free > 0}
    return [
        Participant(
            one.uid,
            one.free,
            languages=one.languages,
            regions=regions[one.form],
            themes=one.themes,
            groups=tuple(group for group in one.groups if group in offers),
            org=one.org,
            any_theme=one.any_theme,
            experienced=one.experienced,
            not_with=apart.get(one.person, ()),
        )
        for one in facts.wanting
    ]


def _regions(offered: Iterable[Offered], form: str) -> tuple[str, ...]:
    """Where somebody who chose this way of meeting comes: any area in person, any group online."""
    return tuple(sorted({one.region for one in offered if one.form == form or EITHER in (one.form, form)}))


def _apart(facts: Facts) -> dict[int, tuple[str, ...]]:
    """Whom somebody must not meet: the other of a kept-apart pair, and oneself as a mentor."""
    found: dict[int, set[str]] = {
        person: {uid} for person, uid in facts.mentor_ids.items() if person in facts.wanting_ids
    }
    for one, other in facts.apart:
        for a, b in ((one, other), (other, one)):
            ids = {known[b] for known in (facts.mentor_ids, facts.wanting_ids) if b in known}
            found.setdefault(a, set()).update(ids)
    return {person: tuple(sorted(ids)) for person, ids in found.items()}


def keeping(problem: Problem, kept: Mapping[str, Any]) -> Problem:
    """The same question beside a proposal: its locked people stay, the others move for something better.

    People and groups that are not there any more are left out.
    """
    offers, people = {offer.id for offer in problem.groups}, {one.id for one in problem.participants}
    sat = kept.get("assignment", {}).items()
    before = {one: group for one, group in sat if one in people and group in offers}
    pinned = {one: before[one] for one in kept.get("locked", ()) if one in before}
    return replace(problem, pinned=pinned, previous=before, stability=STABILITY)


# --- the answer -------------------------------------------------------------------------------


def meeting_windows(facts: Facts, problem: Problem, answer: Answer) -> dict[str, Window]:
    """A weekly time for each group of the answer: where it works for most, and no mentor's groups overlap.

    A group that has its time keeps it and is left out. One for which nothing is left is left out too.
    """
    by_uid = {group.uid: group for group in facts.offered}
    shared = {uid: slots for uid, slots in common_slots(problem, answer).items() if by_uid[uid].at is None}
    led = {uid: by_uid[uid].mentors for uid in shared}
    liked = _liked(facts, answer, shared, led)
    chosen: dict[str, int] = {}
    for bunch in _bunches(led):
        bunch.sort(key=lambda uid: -len(liked[uid]))
        chosen |= _distinct(facts, bunch, liked, led) or _one_by_one(facts, bunch, liked, led)
    return {uid: facts.windows[slot] for uid, slot in chosen.items()}


def _liked(facts: Facts, answer: Answer, shared: Slots, led: Led) -> Slots:
    """The slots of each group, those first that work for most; for the others it is *if needed*."""
    people: dict[str, list[int]] = {
        uid: [facts.works[facts.mentor_ids[one]] for one in mentors if one in facts.mentor_ids]
        for uid, mentors in led.items()
    }
    for person, group in answer.assignment.items():
        if group in people:
            people[group].append(facts.works[person])

    def cost(uid: str, slot: int) -> tuple[int, int]:
        return -sum(mask >> slot & 1 for mask in people[uid]), slot

    return {uid: sorted(slots, key=lambda slot: cost(uid, slot)) for uid, slots in shared.items()}


def _bunches(led: Led) -> list[list[str]]:
    """Groups that share mentors, directly or through others."""
    by_mentor: dict[int, list[str]] = {}
    for uid, mentors in led.items():
        for mentor in mentors:
            by_mentor.setdefault(mentor, []).append(uid)
    bunches, seen = [], set[str]()
    for first in led:
        bunch = [] if first in seen else [first]
        seen.add(first)
        for uid in bunch:
            beside = {other for mentor in led[uid] for other in by_mentor[mentor]} - seen
            seen |= beside
            bunch += sorted(beside)
        if bunch:
            bunches.append(bunch)
    return bunches


def _distinct(facts: Facts, bunch: Sequence[str], liked: Slots, led: Led) -> dict[str, int] | None:
    """The dearest slots such that groups of one mentor do not overlap; the last one chooses first."""
    if not bunch:
        return {}
    *before, last = bunch
    for slot in liked[last]:
        beside = _beside(facts, before, liked, led, last=last, slot=slot)
        if (rest := _distinct(facts, before, beside, led)) is not None:
            return rest | {last: slot}
    return None


def _one_by_one(facts: Facts, bunch: Sequence[str], liked: Slots, led: Led) -> dict[str, int]:
    """Where no slots fit all of a bunch: as many groups as get one in turn."""
    chosen: dict[str, int] = {}
    left = list(bunch)
    while left:
        uid = left.pop()
        if liked[uid]:
            chosen[uid] = liked[uid][0]
            liked = _beside(facts, left, liked, led, last=uid, slot=liked[uid][0])
    return chosen


def _beside(facts: Facts, bunch: Iterable[str], liked: Slots, led: Led, *, last: str, slot: int) -> Slots:
    """What is left to the others of a bunch when `last` meets at `slot`."""
    taken = facts.overlaps[slot] | 1 << slot
    return {
        uid: [s for s in liked[uid] if not taken >> s & 1] if set(led[uid]) & set(led[last]) else liked[uid]
        for uid in bunch
    }


def moved(before: Assignment, answer: Answer) -> dict[str, list[str | None]]:
    """Who sits elsewhere than in a proposal before: from where, to where, None being without a place."""
    after = answer.assignment
    return {one: [group, after[one]] for one, group in before.items() if one in after and after[one] != group}


def reasons_of(facts: Facts, problem: Problem, answer: Answer) -> dict[str, Codes]:
    """What speaks for each person's place, or against one, in codes that `sentences.py` says in words."""
    people = {one.id: one for one in problem.participants}
    sitting = {group.uid: len(group.sitting) for group in facts.offered}
    works = Counter((group, people[uid].org) for uid, group in answer.assignment.items())
    return {
        uid: codes_of(
            reason,
            person=people[uid],
            alike=works[reason.group, people[uid].org] - 1,
            sitting=sitting.get(reason.group or "", 0),
            windows=[(day, start, start + facts.minutes) for day, start in facts.windows],
        )
        for uid, reason in explain(problem, answer).items()
    }


def codes_of(
    reason: Reason, *, person: Participant, alike: int, sitting: int, windows: Sequence[tuple[int, int, int]]
) -> Codes:
    """One reason in codes. `alike` others of the same workplace are placed there too.

    Of the `sitting`, who have a place in the group already, only the number is known. `windows` are weekday,
    start and end of the slots; without them no further time is told.
    """
    codes: Codes = {"unmet": [[w.rank, w.theme or w.group, str(w.code), w.fitting] for w in reason.unmet]}
    if reason.more_time and windows:
        codes["more_time"] = [[*windows[one.slot], one.rank, one.wish] for one in reason.more_time]
    if reason.group is not None:
        codes |= {
            "rank": reason.rank,
            "slots": reason.common_slots,
            "language": reason.language,
            "region": reason.region,
            "size": reason.size + sitting,
            "experienced": None if sitting else reason.experienced,
            "colleagues": alike if person.org else 0,
        }
    elif not person.available:
        codes["no_times"] = True
    return codes
