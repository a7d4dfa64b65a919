"""The report of a file as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from piiri.enrolments import columns, report
from piiri.enrolments.models import ImportFile
from piiri.enrolments.report import DECIDE, DROPPED, LOOK, PLAIN, REFUSED, REPAIRED, Asked, Line
from piiri.programmes.models import Programme

FEW = "few"
Figures = Mapping[str, int]


@dataclass(frozen=True)
class Tab:
    """A group of rows one can look at."""

    code: str
    label: str
    count: int
    is_shown: bool


@dataclass(frozen=True)
class Report:
    """A dry run in words; `lines` are those of the group that is shown."""

    figures: Figures
    tabs: list[Tab]
    lines: list[Line]
    asked: list[Asked]
    becomes: list[tuple[str, int]]
    columns: list[tuple[str, str]]

    @property
    def takeable(self) -> int:
        """Rows that would be taken now and bring something."""
        return sum(self.figures[outcome] for outcome in report.WRITTEN)

    @property
    def clear(self) -> int:
        """Rows that nobody has to decide about."""
        return sum(self.figures[group] for group in (LOOK, REPAIRED, PLAIN))


def report_of(import_file: ImportFile, *, show: str = "") -> Report:
    """The stored report, ready to be read; `show` is a code of report.GROUPS; "" is what needs a look."""
    told = import_file.report
    figures: Figures = told["figures"]
    tabs = tabs_of(figures, show=show)
    shown = next((tab.code for tab in tabs if tab.is_shown), "")
    return Report(
        figures=figures,
        tabs=tabs,
        lines=[report.unpacked(line) for line in told["lines"] if line[3] == shown],
        asked=[
            Asked(about, was, why, tuple(near), tuple(rows)) for about, was, why, near, rows in told["asked"]
        ],
        becomes=becomes_of(figures),
        columns=[(str(columns.LABELS[code]), name) for code, name in import_file.mapping.items()],
    )


def tabs_of(figures: Figures, *, show: str) -> list[Tab]:
    """The groups that have rows, what needs somebody first; one of them is shown."""
    labels = {
        DECIDE: _("To decide"),
        REFUSED: _("Cannot be taken"),
        LOOK: _("Worth a look"),
        REPAIRED: _("Repaired"),
        PLAIN: _("As written"),
        DROPPED: _("Answered again"),
    }
    codes = [code for code in labels if figures[code]]
    shown = show if show in codes else next(iter(codes), "")
    return [Tab(code, labels[code], figures[code], code == shown) for code in codes]


def becomes_of(figures: Figures) -> list[tuple[str, int]]:
    """What becomes of the rows that need no decision, where they are not all new."""
    labels = {
        "new": _("New"),
        "changed": _("Newer than what an earlier file brought"),
        "same": _("Brought before, unchanged"),
        "own": _("Answered here themselves since"),
        "older": _("Older than what an earlier file brought"),
        "placed": _("In a group already"),
        "ended": _("Withdrawn or declined since"),
        "oneself": _("Yourself"),
    }
    found = [(label, figures[code]) for code, label in labels.items() if figures[code]]
    return found if any(figures[code] for code in labels if code != "new") else []


def done_of(import_file: ImportFile) -> list[tuple[str, int]]:
    """What became of the rows of a file that was taken."""
    became = import_file.report.get("became", {})
    labels = {
        "new": _("Brought in"),
        "changed": _("Brought up to date"),
        "same": _("Unchanged since an earlier file"),
        "own": _("Kept as they answered here themselves"),
        "older": _("Older than what an earlier file brought"),
        "placed": _("In a group already"),
        "ended": _("Withdrawn or declined since"),
        "oneself": _("Yourself"),
        "held": _("Not taken: undecided"),
        "refused": _("Not taken: no usable address"),
        "dropped": _("Replaced by newer answers"),
    }
    return [(label, became[code]) for code, label in labels.items() if became.get(code)]


def theme_choices(programme: Programme) -> Sequence[tuple[str, str]]:
    """(a name the reading knows, the name in the reader's language) of each theme."""
    return [
        (next(title for title in theme.title.values() if title), str(theme))
        for theme in programme.themes.all()
        if any(theme.title.values())
    ]
