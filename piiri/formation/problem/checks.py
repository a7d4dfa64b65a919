"""Whether a question can be asked: the first field that is wrong, and why."""

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from piiri.formation.problem.question import Offer, Problem

MOST_SLOTS = 64  # one machine word
MOST_PLACES = 64
MODES = ("themes", "diverse", "pairs")


class ProblemError(ValueError):
    """What is wrong with a problem, as one sentence; `field` is the path of the field it is about."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}")
        self.field = path


def check(problem: "Problem") -> None:
    """Raise ProblemError about the first field that is wrong."""
    _check_numbers(problem)
    _check_ids(problem)
    _check_rows(problem)
    _check_edits(problem)


def _check_numbers(problem: "Problem") -> None:
    if not 1 <= problem.slots <= MOST_SLOTS:
        raise ProblemError("slots", f"the number of slots must be 1 to {MOST_SLOTS}, not {problem.slots}.")
    if not 1 <= problem.hard.min_common_slots <= problem.slots:
        raise ProblemError("hard.min_common_slots", f"must be 1 to {problem.slots}.")
    if not problem.weights.rank:
        raise ProblemError("weights.rank", "needs a cost for at least the first wish.")
    for item in fields(problem.weights):
        value = getattr(problem.weights, item.name)
        if min(value if item.name == "rank" else [value]) < 0:
            raise ProblemError(f"weights.{item.name}", "a weight must not be below 0.")
    if problem.stability < 0:
        raise ProblemError("stability", "must not be below 0.")
    if problem.mode not in MODES:
        raise ProblemError("mode", f"must be one of {', '.join(MODES)}.")
    _check_overlaps(problem)
    if not problem.participants:
        raise ProblemError("participants", "there is nobody to place.")


def _check_overlaps(problem: "Problem") -> None:
    if problem.overlaps and len(problem.overlaps) != problem.slots:
        raise ProblemError("overlaps", f"needs one mask for each of the {problem.slots} slots.")
    for at, mask in enumerate(problem.overlaps):
        _check_mask(mask, problem.slots, f"overlaps[{at}]")
        if any(
            not problem.overlaps[other] >> at & 1
            for other in range(problem.slots)
            if mask >> other & 1 and other != at
        ):
            raise ProblemError(f"overlaps[{at}]", "two slots overlap both ways or not at all.")


def _check_ids(problem: "Problem") -> None:
    seen: set[str] = set()
    _check_once([row.id for row in problem.participants], seen, "participants")
    _check_once([row.id for row in problem.mentors], seen, "mentors")
    _check_once([row.id for row in problem.groups], set(), "groups")


def _check_once(ids: list[str], seen: set[str], kind: str) -> None:
    for at, one in enumerate(ids):
        if one in seen:
            raise ProblemError(f"{kind}[{at}].id", f"{one} is there twice.")
        seen.add(one)


def _check_rows(problem: "Problem") -> None:
    people = {p.id for p in problem.participants}
    mentors = {m.id for m in problem.mentors}
    offers = {g.id for g in problem.groups}
    for at, person in enumerate(problem.participants):
        where = f"participants[{at}]"
        _check_mask(person.available, problem.slots, f"{where}.available")
        _check_known(person.not_with, people, mentors, f"{where}.not_with")
        _check_known(person.groups, offers, (), f"{where}.groups")
        _check_known([person.wants_with or person.id], people, (), f"{where}.wants_with")
        if person.id in (*person.not_with, person.wants_with):
            raise ProblemError(where, f"{person.id} names nobody but themselves in not_with or wants_with.")
    for at, mentor in enumerate(problem.mentors):
        _check_mask(mentor.available, problem.slots, f"mentors[{at}].available")
        _check_known(mentor.not_with, people, mentors, f"mentors[{at}].not_with")
        if mentor.max_groups < 0:
            raise ProblemError(f"mentors[{at}].max_groups", "must not be below 0.")
    for at, offer in enumerate(problem.groups):
        _check_known(offer.mentors, mentors, (), f"groups[{at}].mentor")
        _check_quota(offer, f"groups[{at}]")


def _check_edits(problem: "Problem") -> None:
    people = {p.id for p in problem.participants}
    offers = {g.id for g in problem.groups}
    _check_known(problem.pinned.keys(), people, (), "pinned")
    _check_known(problem.pinned.values(), offers, (), "pinned")
    _check_known(problem.banned.keys(), people, (), "banned")
    for person, groups in problem.banned.items():
        _check_known(groups, offers, (), f"banned.{person}")
    for at, together in enumerate(problem.together):
        _check_known(together, people, (), f"together[{at}]")
        if len(set(together)) < max(2, len(together)):
            raise ProblemError(f"together[{at}]", "names two people or more, each once.")
    _check_known(problem.opened, offers, (), "opened")
    _check_known(problem.closed, offers, (), "closed")
    for group in problem.opened:
        if group in problem.closed:
            raise ProblemError("closed", f"{group} is to be opened, too.")
    _check_known(problem.previous.keys(), people, (), "previous")
    _check_known(filter(None, problem.previous.values()), offers, (), "previous")


def _check_quota(offer: "Offer", where: str) -> None:
    if len(set(offer.mentors)) != len(offer.mentors):
        raise ProblemError(f"{where}.co_mentors", "a mentor is there twice.")
    if offer.lower < 1:
        raise ProblemError(f"{where}.lower", f"a group needs at least one place, not {offer.lower}.")
    if offer.upper > MOST_PLACES:
        raise ProblemError(f"{where}.upper", f"a group has at most {MOST_PLACES} places, not {offer.upper}.")
    if offer.lower > offer.upper:
        raise ProblemError(f"{where}.lower", f"must not be above upper ({offer.lower} > {offer.upper}).")


def _check_mask(mask: int, slots: int, where: str) -> None:
    if mask < 0 or mask >> slots:
        raise ProblemError(where, f"is not a mask of {slots} slots.")


def _check_known(ids: Iterable[str], known: set[str], also: Iterable[str], where: str) -> None:
    for one in ids:
        if one not in known and one not in also:
            raise ProblemError(where, f"{one} is unknown here.")
