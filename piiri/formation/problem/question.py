"""The question and the answer of forming groups, as frozen dataclasses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from piiri.formation.problem import checks

PINNED_LEFT_OUT = 10  # a pinned person who is not placed costs this many times `unassigned`
LEFT_CLOSED = 10  # and so does a group of `opened` in which nobody sits

Assignment = Mapping[str, str | None]


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
    means that slots never overlap. `pinned` holds people to one group: there or nowhere. `banned` names for
    a person the groups they must not get. The people of each list of `together` sit in one group or nowhere,
    all of them; lists that share a person are one. Groups of `opened` must open, those of `closed` must not.
    `previous` says who sat where before: who sits elsewhere now, or nowhere, costs `stability`; whoever had
    no place (None) may get any for nothing. `mode` chooses the method: "themes"; "pairs" fills
    offers of one place; "diverse" makes mixed groups that run themselves, see `self_run_offers`.
    """

    participants: Sequence[Participant]
    mentors: Sequence[Mentor]
    groups: Sequence[Offer]
    slots: int = 40
    weights: Weights = Weights()
    hard: Hard = Hard()
    overlaps: Sequence[int] = ()
    pinned: Mapping[str, str] = field(default_factory=dict)
    banned: Mapping[str, Sequence[str]] = field(default_factory=dict)
    together: Sequence[Sequence[str]] = ()
    opened: Sequence[str] = ()
    closed: Sequence[str] = ()
    previous: Mapping[str, str | None] = field(default_factory=dict)
    stability: int = 0
    mode: str = "themes"
    name: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        checks.check(self)


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
