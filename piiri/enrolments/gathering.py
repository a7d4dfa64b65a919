"""Looks at all rows of an import together: the newest answers, pairs to keep apart, the figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from piiri.enrolments import people_text, times
from piiri.enrolments.reading import Read, ReadMentor, ReadRow

Answer = TypeVar("Answer", ReadRow, ReadMentor)
Bearers = dict[tuple[str, ...], dict[str, Read]]  # name -> address -> who bears it
MOST_BEARERS = 3  # of one name; above it only those at the applicant's own workplace are suggested
LONG_AGO = datetime(1, 1, 1)  # noqa: DTZ001 - compared with a file's own moments


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that a newer answer from the same address replaces."""

    number: int
    email: str
    kept: int


@dataclass(frozen=True, slots=True)
class Pair:
    """An applicant whose line manager's name is that of an applicant or mentor, for the office to judge.

    `other_is` is "applicant" or "mentor". `alone` is False when several people bear the name.
    """

    number: int
    email: str
    name: str
    other_email: str
    other_name: str
    other_is: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """The report in numbers; rows, but for `few_starts` and what follows it, which count kept answers.

    `few_as_written` are those whose own words leave fewer than two possible starts, `few_starts` those who
    have fewer even with what was added as "if needed".
    """

    rows: int
    taken: int
    refused: int
    dropped: int
    repaired: int
    to_decide: int
    few_starts: int
    few_as_written: int
    reasons: tuple[tuple[str, int], ...]  # code of findings.WHY and how often, most frequent first


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


def kept_apart(rows: Sequence[ReadRow], mentors: Sequence[ReadMentor] = ()) -> list[Pair]:
    """Suggested pairs of applicant and line manager, in the file's order, each once, never oneself."""
    bearers: Bearers = {}
    for person in (*rows, *mentors):
        if person.takeable and person.first_name and person.last_name:
            bearers.setdefault(people_text.name_key(person.name), {})[person.email] = person
    return [pair for row in rows if row.manager and row.takeable for pair in pairs_of(row, bearers)]


def pairs_of(row: ReadRow, bearers: Bearers) -> list[Pair]:
    others: dict[str, Read] = {}
    for written in people_text.names_in(row.manager):
        words = people_text.line(written).split()
        for part in (words, words[-2:], words[:2]):
            if found := bearers.get(people_text.name_key(*part)):
                others |= found
                break
    others.pop(row.email, None)
    if len(others) > MOST_BEARERS:
        others = {email: one for email, one in others.items() if one.workplace == row.workplace}
    return [
        Pair(
            number=row.number,
            email=row.email,
            name=row.name,
            other_email=email,
            other_name=other.name,
            other_is="mentor" if isinstance(other, ReadMentor) else "applicant",
            alone=len(others) == 1,
        )
        for email, other in others.items()
    ]


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
        few_as_written=sum(1 for row in taken if row.times.as_written < times.ENOUGH),
        reasons=tuple(reasons.most_common()),
    )
