"""Looks at all rows of an import together: the newest answers, pairs to keep apart, the figures."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, TypeVar

from piiri.enrolments import people_text, times
from piiri.enrolments.findings import Question
from piiri.enrolments.reading import Read, ReadMentor, ReadRow

Answer = TypeVar("Answer", ReadRow, ReadMentor)
MOST_BEARERS = 3  # of one name; above it only those at the applicant's own workplace are suggested
LONG_AGO = datetime(1, 1, 1)  # noqa: DTZ001 - compared with a file's own moments


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that a newer answer from the same address replaces."""

    number: int
    email: str
    kept: int


class Someone(NamedTuple):
    """An applicant or a mentor, as far as line managers are looked for. `manager` is a name, or ""."""

    email: str
    name: str
    workplace: str
    manager: str = ""


class Pair(NamedTuple):
    """Somebody whose line manager's name another applicant or mentor bears, for the office to judge.

    `alone` is False when several people bear the name.
    """

    one: Someone
    other: Someone
    alone: bool


@dataclass
class Bearers:
    """Everybody of one name by address, and by workplace."""

    people: dict[str, Someone] = field(default_factory=dict)
    at: dict[str, dict[str, Someone]] = field(default_factory=dict)

    def add(self, person: Someone) -> None:
        self.people[person.email] = person
        self.at.setdefault(person.workplace, {})[person.email] = person


ByName = dict[tuple[str, ...], Bearers]


@dataclass(frozen=True, slots=True)
class Figures:
    """The report in numbers; rows, but for `few_starts` and what follows it, which count kept answers."""

    rows: int
    taken: int
    refused: int
    dropped: int
    repaired: int
    to_decide: int
    few_starts: int
    reasons: tuple[tuple[str, int], ...]  # code of findings.WHY and how often, most frequent first


@contextmanager
def all_kept() -> Iterator[None]:
    """Look for no garbage while tens of thousands of rows are held."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def newest(rows: Iterable[Answer]) -> tuple[list[Answer], list[Dropped]]:
    """Of each address the newest answer, in the file's order; of equal moments the later row.

    Rows that cannot be taken are kept as they are, for the report.
    """
    best: dict[str, Answer] = {}
    kept: list[Answer] = []
    all_rows: list[Answer] = []
    for row in rows:
        all_rows.append(row)
        if row.email and (row.email not in best or age(row) >= age(best[row.email])):
            best[row.email] = row
    dropped: list[Dropped] = []
    for row in all_rows:
        if not row.email or best[row.email] is row:
            kept.append(row)
        else:
            dropped.append(Dropped(row.number, row.email, best[row.email].number))
    return kept, dropped


def age(row: Read) -> datetime:
    return (row.sent_at if isinstance(row, ReadRow) else None) or LONG_AGO


def someone(row: Read) -> Someone:
    return Someone(row.email, row.name, row.workplace, row.manager if isinstance(row, ReadRow) else "")


def kept_apart(people: Iterable[Someone], others: Iterable[Someone] = ()) -> list[Pair]:
    """Suggested pairs of somebody and their line manager, each once, never oneself.

    Only `people` are asked for their managers; these are looked for among `people` and `others`.
    """
    asked = list(people)
    bearers: ByName = {}
    for person in (*asked, *others):
        key = people_text.name_key(person.name)
        if len(key) > 1:
            bearers.setdefault(key, Bearers()).add(person)
    return [pair for person in asked if person.manager for pair in pairs_of(person, bearers)]


def pairs_of(person: Someone, bearers: ByName) -> list[Pair]:
    found: dict[str, Someone] = {}
    for written in people_text.names_in(person.manager):
        words = people_text.line(written).split()
        for part in (words, words[-2:], words[:2]):
            if named := bearers.get(people_text.name_key(*part)):
                few = len(named.people) <= MOST_BEARERS
                found |= named.people if few else named.at.get(person.workplace, {})
                break
    found.pop(person.email, None)
    return [Pair(person, other, len(found) == 1) for other in found.values()]


def paired(mentors: Sequence[ReadMentor], *, minutes: int) -> list[ReadMentor]:
    """The mentors, those marked whose pair cannot meet with them, or leads no more groups than their own."""
    known = {one.email: one for one in mentors if one.takeable}
    return [
        doubted(one, known[one.pair_mentor], minutes) if one.pair_mentor in known else one for one in mentors
    ]


def doubted(mentor: ReadMentor, pair: ReadMentor, minutes: int) -> ReadMentor:
    """The mentor with what is to be said of the pair, unless the office has decided about it."""
    if any(one.field == "pair_mentor" for one in mentor.repairs):
        return mentor
    shared = "".join(map(min, mentor.times.mask, pair.times.mask))
    question = (
        Question("pair_mentor", pair.name, (), "pair_beyond")
        if times.starts(shared, minutes)
        else Question("pair_mentor", pair.email, (), "pair_apart")
    )
    return replace(mentor, questions=(*mentor.questions, question))


def figures(kept: Sequence[Read], dropped: Sequence[Dropped] = ()) -> Figures:
    """Count the kept rows of `newest` and the dropped ones."""
    reasons: Counter[str] = Counter()
    for row in kept:
        reasons.update(finding.why for finding in row.findings)
    taken = [row for row in kept if row.takeable]
    return Figures(
        rows=len(kept) + len(dropped),
        taken=len(taken),
        refused=len(kept) - len(taken),
        dropped=len(dropped),
        repaired=sum(1 for row in taken if row.repairs),
        to_decide=sum(1 for row in taken if row.questions),
        few_starts=sum(1 for row in taken if row.times.starts < times.ENOUGH),
        reasons=tuple(reasons.most_common()),
    )
