"""The question and the answer of forming groups: frozen dataclasses, read and written as mgf-1."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

FORMAT = "mgf-1"
MOST_SLOTS = 64  # one machine word
MOST_PLACES = 64
PINNED_LEFT_OUT = 10  # a pinned person who is not placed costs this many times `unassigned`

Assignment = Mapping[str, str | None]


class ProblemError(ValueError):
    """What is wrong with a problem, as one sentence; `field` is the path of the field it is about."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}")
        self.field = path


@dataclass(frozen=True, slots=True)
class Weights:
    """What each discomfort costs; whole numbers, none below 0. The defaults are those of the benchmark."""

    unassigned: int = 1000
    rank: Sequence[int] = (0, 15, 35, 60, 90)
    unlisted_theme: int = 150
    same_org_pair: int = 60
    mentor_same_org: int = 40
    mix_min: int = 2
    mix_missing: int = 40
    slots_target: int = 4
    slot_missing: int = 10
    friend_apart: int = 70
    open_group: int = 50
    size_target: int = 6
    size_dev: int = 10
    extra_group_of_mentor: int = 80


@dataclass(frozen=True, slots=True)
class Hard:
    """What must hold. `min_common_slots` counts slots in which a whole group and its mentors are free."""

    min_common_slots: int = 1


@dataclass(frozen=True, slots=True)
class Participant:
    """A person to place. `available` is a bit mask of slots; `themes` and `groups` are ranked, best first.

    With both lists an offer counts at the better of its two ranks.
    """

    id: str
    available: int
    languages: Sequence[str]
    regions: Sequence[str]
    themes: Sequence[str] = ()
    org: str = ""
    any_theme: bool = False
    experienced: bool = False
    not_with: Sequence[str] = ()
    wants_with: str | None = None
    groups: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor with the bit mask of free slots; `not_with` names participants."""

    id: str
    available: int
    org: str = ""
    max_groups: int = 1
    not_with: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A group that could be opened. `mentor` None: the group runs itself. Co-mentors count like mentors."""

    id: str
    mentor: str | None
    theme: str
    language: str
    region: str
    lower: int = 4
    upper: int = 8
    co_mentors: Sequence[str] = ()

    @property
    def mentors(self) -> tuple[str, ...]:
        return (*((self.mentor,) if self.mentor is not None else ()), *self.co_mentors)


@dataclass(frozen=True, slots=True)
class Problem:
    """One question to the solver; raises ProblemError when it cannot be asked.

    `overlaps[s]` is the mask of slots that cannot be used beside slot s (itself is always meant); empty
    means that slots never overlap. `pinned` holds people to one group: there or nowhere.
    """

    participants: Sequence[Participant]
    mentors: Sequence[Mentor]
    groups: Sequence[Offer]
    slots: int = 40
    weights: Weights = Weights()
    hard: Hard = Hard()
    overlaps: Sequence[int] = ()
    pinned: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        _check_numbers(self)
        _check_ids(self)
        _check_rows(self)


@dataclass(frozen=True, slots=True)
class Answer:
    """Who sits where. `bound` is a proven lower bound of the cost, or None; `work` counts the moves tried."""

    assignment: Assignment
    cost: int
    parts: Mapping[str, int]
    bound: int | None = None
    proven_best: bool = False
    seed: int = 1
    work: int = 0


def mask_of(slots: Iterable[int]) -> int:
    """The bit mask of slot numbers, as every `available` wants it."""
    mask = 0
    for slot in slots:
        mask |= 1 << slot
    return mask


def slots_of(mask: int) -> list[int]:
    """The slot numbers of a bit mask, smallest first."""
    return [slot for slot in range(mask.bit_length()) if mask >> slot & 1]


def window_overlaps(starts: Sequence[int], *, minutes: int) -> tuple[int, ...]:
    """`overlaps` for slots that are windows of `minutes` beginning at `starts` (minutes of the week)."""
    return tuple(mask_of(s for s, b in enumerate(starts) if abs(a - b) < minutes) for a in starts)


def _check_numbers(problem: Problem) -> None:
    if not 1 <= problem.slots <= MOST_SLOTS:
        raise ProblemError("slots", f"the number of slots must be 1 to {MOST_SLOTS}, not {problem.slots}.")
    if not 1 <= problem.hard.min_common_slots <= problem.slots:
        raise ProblemError("hard.min_common_slots", f"must be 1 to {problem.slots}.")
    if not problem.weights.rank:
        raise ProblemError("weights.rank", "needs a cost for at least the first wish.")
    for item in fields(Weights):
        value = getattr(problem.weights, item.name)
        if min(value if item.name == "rank" else [value]) < 0:
            raise ProblemError(f"weights.{item.name}", "a weight must not be below 0.")
    if problem.overlaps and len(problem.overlaps) != problem.slots:
        raise ProblemError("overlaps", f"needs one mask for each of the {problem.slots} slots.")
    for at, mask in enumerate(problem.overlaps):
        _check_mask(mask, problem.slots, f"overlaps[{at}]")
        if any(not problem.overlaps[other] >> at & 1 for other in slots_of(mask) if other != at):
            raise ProblemError(f"overlaps[{at}]", "two slots overlap both ways or not at all.")
    if not problem.participants:
        raise ProblemError("participants", "there is nobody to place.")


def _check_ids(problem: Problem) -> None:
    seen: set[str] = set()
    _check_once([row.id for row in problem.participants], seen, "participants")
    _check_once([row.id for row in problem.mentors], seen, "mentors")
    _check_once([row.id for row in problem.groups], set(), "groups")


def _check_once(ids: list[str], seen: set[str], kind: str) -> None:
    for at, one in enumerate(ids):
        if one in seen:
            raise ProblemError(f"{kind}[{at}].id", f"{one} is there twice.")
        seen.add(one)


def _check_rows(problem: Problem) -> None:
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
    _check_known(problem.pinned.keys(), people, (), "pinned")
    _check_known(problem.pinned.values(), offers, (), "pinned")


def _check_quota(offer: Offer, where: str) -> None:
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


# --- mgf-1 ------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def _mask(value: Any) -> int:
    try:
        return int(_text(value), 16)
    except (TypeError, ValueError):
        raise TypeError("a hexadecimal mask of slots") from None


def _list_of(read: Callable[[Any], Any], what: str) -> Callable[[Any], tuple[Any, ...]]:
    def read_list(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise TypeError(f"a list of {what}")
        return tuple(map(read, value))

    return read_list


_texts = _list_of(_text, "texts")
_SPECIAL: dict[str, Callable[[Any], Any]] = {
    "available": _mask, "any_theme": _flag, "experienced": _flag, "max_groups": _count, "lower": _count,
    "upper": _count, "mentor": _text_or_none, "wants_with": _text_or_none, "org": _text, "id": _text,
    "theme": _text, "language": _text, "region": _text,
}  # fmt: skip
_OPTIONAL = {Participant: {"groups"}, Mentor: set[str](), Offer: {"co_mentors"}}


def _read_one(value: Any, read: Callable[[Any], Any], where: str) -> Any:
    try:
        return read(value)
    except TypeError as wrong:
        raise ProblemError(where, f"must be {wrong}.") from None


def _read_row(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise ProblemError(where, "must be an object.")
    row = {}
    for item in fields(kind):
        if item.name in data:
            row[item.name] = _read_one(
                data[item.name], _SPECIAL.get(item.name, _texts), f"{where}.{item.name}"
            )
        elif item.name not in _OPTIONAL[kind]:
            raise ProblemError(f"{where}.{item.name}", "is missing.")
    return kind(**row)


def _read_rows(kind: Any, data: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    rows = _read_one(data.get(name), _list_of(lambda row: row, "objects"), name)
    return tuple(_read_row(kind, row, f"{name}[{at}]") for at, row in enumerate(rows))


def _read_numbers(kind: Any, data: Mapping[str, Any], name: str) -> Any:
    values = data.get(name)
    if not isinstance(values, dict):
        raise ProblemError(name, "must be an object.")
    numbers = {}
    for item in fields(kind):
        if item.name not in values:
            raise ProblemError(f"{name}.{item.name}", "is missing.")
        read = _list_of(_count, "whole numbers") if item.name == "rank" else _count
        numbers[item.name] = _read_one(values[item.name], read, f"{name}.{item.name}")
    return kind(**numbers)


def from_json(data: Any) -> Problem:
    """Read a parsed mgf-1 object; raises ProblemError naming the first field that is wrong."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ProblemError("format", f'must be "{FORMAT}".')
    pinned = data.get("pinned", {})
    if not isinstance(pinned, dict):
        raise ProblemError("pinned", "must be an object.")
    return Problem(
        participants=_read_rows(Participant, data, "participants"),
        mentors=_read_rows(Mentor, data, "mentors"),
        groups=_read_rows(Offer, data, "groups"),
        slots=_read_one(data.get("slots"), _count, "slots"),
        weights=_read_numbers(Weights, data, "weights"),
        hard=_read_numbers(Hard, data, "hard"),
        overlaps=_read_one(data.get("overlaps", []), _list_of(_mask, "masks"), "overlaps"),
        pinned={person: _read_one(group, _text, f"pinned.{person}") for person, group in pinned.items()},
        name=_read_one(data.get("name", ""), _text, "name"),
        seed=_read_one(data.get("seed", 0), _count, "seed"),
    )


def _row_json(row: Any, slots: int) -> dict[str, Any]:
    out = {}
    for item in fields(row):
        value = getattr(row, item.name)
        if item.name in _OPTIONAL[type(row)] and not value:
            continue
        out[item.name] = list(value) if isinstance(value, (tuple, list)) else value
    if "available" in out:
        out["available"] = f"{row.available:0{-(-slots // 4)}x}"
    return out


def to_json(problem: Problem) -> dict[str, Any]:
    """The problem as an mgf-1 object ready for json.dumps; optional keys only when they say something."""
    weights = {item.name: getattr(problem.weights, item.name) for item in fields(Weights)}
    out = {
        "format": FORMAT, "name": problem.name, "seed": problem.seed, "slots": problem.slots,
        "hard": {"min_common_slots": problem.hard.min_common_slots},
        "weights": weights | {"rank": list(problem.weights.rank)},
        "participants": [_row_json(row, problem.slots) for row in problem.participants],
        "mentors": [_row_json(row, problem.slots) for row in problem.mentors],
        "groups": [_row_json(row, problem.slots) for row in problem.groups],
    }  # fmt: skip
    if problem.overlaps:
        out["overlaps"] = [f"{mask:x}" for mask in problem.overlaps]
    if problem.pinned:
        out["pinned"] = dict(problem.pinned)
    return out


def digest(problem: Problem) -> str:
    """16 hex digits that name the question: weights and data, not its name or seed."""
    body = {key: value for key, value in to_json(problem).items() if key not in {"format", "name", "seed"}}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]
