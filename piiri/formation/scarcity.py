"""What is scarce in a problem: themes, weekly times and languages with fewer places than people want."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from piiri.formation.problem import Assignment, Offer, Participant, Problem

What = TypeVar("What", bound=Hashable)
Part = tuple[int, str]  # weekday (Monday is 0) and the code of a part of the day


@dataclass(frozen=True, slots=True)
class Scarce(Generic[What]):
    """A theme, a part of the week or a language: people who want it, places for it.

    `left` are those of the people who have no place in the answer; None before there is one.
    """

    what: What
    wanting: int
    seats: int
    left: int | None

    @property
    def rank(self) -> tuple[int, float]:
        """The scarcest sorts first: whom it leaves out, then how many want one place."""
        return -(self.left or 0), -self.wanting / max(self.seats, 0.5)

    @property
    def is_short(self) -> bool:
        """Whether somebody is left out, or must be."""
        return bool(self.left) or self.wanting > self.seats


@dataclass(frozen=True, slots=True)
class Scarcity:
    """What is wanted, each list with the scarcest first."""

    themes: Sequence[Scarce[str]]
    times: Sequence[Scarce[Part]]
    languages: Sequence[Scarce[str]]


def scarcity(
    problem: Problem, *, parts: Mapping[Part, int], assignment: Assignment | None = None
) -> Scarcity:
    """Count who wants what and how many places the mentors could give it.

    `parts` are masks of slots. A person counts in each theme of their list (and of groups on it), in each
    part of the week with a slot for them, in each of their languages; so the lists do not add up to people.
    Whoever is fine with any theme counts in those of their list only. A mentor counts with their largest
    offers, as many as they would lead.
    """
    themes = {offer.id: offer.theme for offer in problem.groups}
    free = {mentor.id: mentor.available for mentor in problem.mentors}

    def meets(offer: Offer, mask: int) -> bool:
        for mentor in offer.mentors:
            mask &= free[mentor]
        return mask != 0

    return Scarcity(
        themes=_counted(
            problem,
            assignment,
            lambda one: {*one.themes, *(themes[group] for group in one.groups)},
            lambda theme: seats(problem, lambda offer: offer.theme == theme),
        ),
        times=_counted(
            problem,
            assignment,
            lambda one: [part for part, mask in parts.items() if one.available & mask],
            lambda part: seats(problem, lambda offer: meets(offer, parts[part])),
        ),
        languages=_counted(
            problem,
            assignment,
            lambda one: set(one.languages),
            lambda language: seats(problem, lambda offer: offer.language == language),
        ),
    )


def seats(problem: Problem, fits: Callable[[Offer], bool]) -> int:
    """The places of the offers that fit, of each mentor only as many groups as they would lead."""
    most = {mentor.id: mentor.max_groups for mentor in problem.mentors}
    by_mentor: dict[str, list[int]] = {}
    for offer in filter(fits, problem.groups):
        by_mentor.setdefault(offer.mentor or "", []).append(offer.upper)
    return sum(
        sum(sorted(sizes, reverse=True)[: most[mentor] if mentor else None])
        for mentor, sizes in by_mentor.items()
    )


def parts_of(windows: Iterable[tuple[int, int]], bounds: Iterable[tuple[str, int, int]]) -> dict[Part, int]:
    """The slots that begin in each part of each day, as masks; parts without a slot are left out.

    `windows` are weekday and minutes after midnight of the slots in order, `bounds` codes of parts with their
    first and last full hour.
    """
    cut = list(bounds)
    found: dict[Part, int] = {}
    for slot, (day, start) in enumerate(windows):
        for code, first, last in cut:
            if first * 60 <= start < last * 60:
                found[day, code] = found.get((day, code), 0) | 1 << slot
    return found


def _counted(
    problem: Problem,
    assignment: Assignment | None,
    wants: Callable[[Participant], Iterable[What]],
    places: Callable[[What], int],
) -> list[Scarce[What]]:
    wanting, left = Counter[What](), Counter[What]()
    for one in problem.participants:
        wanted = list(wants(one))
        wanting.update(wanted)
        if assignment is not None and one.id in assignment and assignment[one.id] is None:
            left.update(wanted)
    found = [
        Scarce(what, n, places(what), None if assignment is None else left[what])
        for what, n in wanting.items()
    ]
    return sorted(found, key=lambda one: (*one.rank, str(one.what)))
