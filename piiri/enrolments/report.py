"""What an import found, row by row: sorted into groups, kept as JSON, said in sentences."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piiri.enrolments import findings, times
from piiri.enrolments.findings import Finding, Problem, Question, Repair
from piiri.enrolments.gathering import Dropped
from piiri.enrolments.reading import Read, ReadMentor, ReadRow

# Fields whose questions are answered by a choice, and what the choice is about (see reading.Decisions).
ABOUT = {
    "wish_1": "theme",
    "wish_2": "theme",
    "wish_3": "theme",
    "theme": "theme",
    "email": "email",
    "pair_mentor": "pair_mentor",
}

REFUSED, DECIDE, LOOK, REPAIRED, PLAIN, DROPPED = "refused", "decide", "look", "repaired", "plain", "dropped"
GROUPS: dict[str, Promise] = {
    DECIDE: _("To be decided, not taken until then"),
    REFUSED: _("Cannot be taken"),
    LOOK: _("Taken, and worth a look"),
    REPAIRED: _("Taken, with repairs"),
    PLAIN: _("Taken as written"),
    DROPPED: _("Replaced by a newer answer"),
}

OUTCOMES: dict[str, Promise] = {
    "new": _("Is new."),
    "changed": _("Replaces what was taken from an earlier file."),
    "same": _("Was taken before and has not changed."),
    "own": _("Has answered here since, and that answer stays."),
    "older": _("A newer answer was taken from another file, and that one stays."),
    "placed": _("Has a place in a group already, so nothing changes."),
    "ended": _("Has taken the application back or was told no since, and that stays."),
    "oneself": _("Is you: nobody gives a role to themselves. Ask a colleague to take this row."),
}
WRITTEN = ("new", "changed")


class Line(NamedTuple):
    """One row of the file. `kept` is the number of the row that replaces a dropped one, else 0."""

    number: int
    name: str
    email: str
    group: str
    outcome: str
    findings: tuple[Finding, ...] = ()
    kept: int = 0
    times: str = ""  # see times.code
    themes: tuple[str, ...] = ()

    @property
    def week(self) -> str:
        """The times as they were read, in the reader's language."""
        return times.say(self.times)

    @property
    def sentences(self) -> list[str]:
        """All that is to be said of the row, whole sentences in the reader's language."""
        if self.kept:
            return [str(NEWER) % {"row": self.kept}]
        said = [findings.say(finding) for finding in self.findings]
        untouched = self.outcome not in ("", "new") and self.group not in (REFUSED, DECIDE)
        return [*said, str(OUTCOMES[self.outcome])] if untouched else said


NEWER = _("Row %(row)s is a newer answer from the same address and is taken instead.")


class Asked(NamedTuple):
    """One thing to decide, however many rows it is in."""

    about: str
    was: str
    why: str
    suggestions: tuple[str, ...]
    numbers: tuple[int, ...]


# ---- sorting


def about(finding: Finding) -> str:
    """What can be decided about the finding: "theme", "email", "pair_mentor", or "" for nothing."""
    if isinstance(finding, Repair) or not finding.was or finding.why in OPEN_ENDED:
        return ""
    return ABOUT.get(finding.field, "")


OPEN_ENDED = {"pair_beyond"}  # said of a choice, without being one
LET_GO = {"pair_apart"}  # can be decided, and is taken as written until then


def is_held(row: Read, *, leave_open: bool = False) -> bool:
    """Whether the row waits for a decision. A doubtful address always does, else `leave_open` lets it go."""
    waiting = {about(question) for question in row.questions if question.why not in LET_GO} - {""}
    return bool(waiting & {"email"} if leave_open else waiting)


def is_taken(row: Read, *, leave_open: bool = False) -> bool:
    return row.takeable and not is_held(row, leave_open=leave_open)


def group_of(row: Read) -> str:
    if not row.takeable:
        return REFUSED
    if is_held(row):
        return DECIDE
    if row.questions:
        return LOOK
    return REPAIRED if row.repairs else PLAIN


def lines(kept: Iterable[Read], dropped: Iterable[Dropped], outcomes: dict[str, str]) -> Iterator[Line]:
    """Every row of the file; outcomes are by address."""
    for row in kept:
        outcome = outcomes.get(row.email, "")
        week = times.code(row.times.mask)
        group = group_of(row)
        yield Line(row.number, row.name, row.email, group, outcome, row.findings, 0, week, themes_of(row))
    for one in dropped:
        yield Line(one.number, "", one.email, DROPPED, "", (), one.kept)


def themes_of(row: Read) -> tuple[str, ...]:
    """The themes that are understood, dearest first."""
    if isinstance(row, ReadRow):
        return row.ranked
    return (row.theme,) if isinstance(row, ReadMentor) and row.theme else ()


def asked(kept: Iterable[Read]) -> list[Asked]:
    """The distinct things to decide, those in most rows first."""
    found: dict[tuple[str, str], tuple[Finding, list[int]]] = {}
    for row in kept:
        for finding in row.findings:
            if kind := about(finding):
                numbers = found.setdefault((kind, finding.was), (finding, []))[1]
                if row.number not in numbers:
                    numbers.append(row.number)
    things = [
        Asked(kind, was, finding.why, suggested(finding), tuple(numbers))
        for (kind, was), (finding, numbers) in found.items()
    ]
    return sorted(things, key=lambda one: -len(one.numbers))


def suggested(finding: Finding) -> tuple[str, ...]:
    return () if isinstance(finding, Repair) else finding.suggestions


def counted(all_lines: Iterable[Line]) -> dict[str, int]:
    """How many rows each group has, and each outcome of those that would be taken."""
    counts = dict.fromkeys((*GROUPS, *OUTCOMES), 0)
    for line in all_lines:
        counts[line.group] += 1
        if line.outcome and line.group not in (REFUSED, DECIDE):
            counts[line.outcome] += 1
    return counts


# ---- as JSON


def packed(line: Line) -> list[Any]:
    """A line as JSON; what it says is kept by code, so that it can be said in any language."""
    said = [
        ["r", one.field, one.was, one.now, one.why]
        if isinstance(one, Repair)
        else ["q" if isinstance(one, Question) else "p", one.field, one.was, list(one.suggestions), one.why]
        for one in line.findings
    ]
    return [*line[:5], said, *line[6:]]


def unpacked(kept: Sequence[Any]) -> Line:
    """The line that `packed` made."""
    number, name, email, group, outcome, said, newer, week, themes = kept
    told = tuple(found(*one) for one in said)
    return Line(number, name, email, group, outcome, told, newer, week, tuple(themes))


def found(kind: str, field: str, was: str, more: Any, why: str) -> Finding:
    if kind == "r":
        return Repair(field, was, more, why)
    return (Question if kind == "q" else Problem)(field, was, tuple(more), why)
