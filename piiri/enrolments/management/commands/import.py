"""Bring enrolments or mentors from a file, with a report in words."""  # noqa: N999 - the command's name

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piiri.base import clock
from piiri.base.errors import Refused
from piiri.enrolments import actions, columns, gathering, queries, report, sheets
from piiri.enrolments.columns import ColumnMap
from piiri.enrolments.queries import Sorted
from piiri.enrolments.report import Line
from piiri.enrolments.sheets import Sheet
from piiri.programmes.models import Programme

DOUBT = 2
HELP = """Bring enrolments or mentors from an .xlsx or .csv file.

Every row is reported in words: what is taken, what was repaired and how, what a person must decide.
Nobody is written to: the office does that from its page. The same file twice changes nothing.

Rows with something to decide (a theme that is not known, a doubtful address) are listed and not taken.
Settle them on the import page, correct the file, or take them with --leave-open without what is open;
a doubtful address is never taken.

Ends with 0 when every row is taken, with 2 when some are not or the file cannot be read.
"""


class Command(BaseCommand):
    """Row by row in words; nothing is written with --dry-run."""

    help = HELP
    row = "21"

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=("enrolments", "mentors"))
        parser.add_argument("file", type=Path)
        parser.add_argument("--programme", required=True, help="short name of the programme")
        parser.add_argument("--organisation", default="", help="of this organisation, where two have one")
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
        parser.add_argument(
            "--leave-open", action="store_true", help="take rows without what is still undecided in them"
        )
        parser.add_argument("--summary", action="store_true", help="print the figures, not every row")
        parser.add_argument("--language", choices=("en", "fi", "sv"), default="en", help="of the report")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]), gathering.all_kept():
            held = self.bring(**options)
        if held:
            raise SystemExit(DOUBT)

    def bring(self, *, kind: str, file: Path, dry_run: bool, leave_open: bool, **options: Any) -> int:
        """Report the file and, unless it is a dry run, take it; how many rows are not taken."""
        programme = programme_called(options["programme"], organisation=options["organisation"])
        sheet, mapping = opened(file, programme=programme, kind=kind)
        found = queries.sorted_out(programme, kind=kind, sheet=sheet, mapping=mapping, decided={}, by=None)
        figures = self.tell(found, mapping=mapping, summary=options["summary"])
        if not dry_run:
            self.take(programme, kind=kind, name=file.name, found=found, leave_open=leave_open)
        return figures["refused"] + sum(
            report.is_held(row, leave_open=leave_open) for row in found.kept if row.takeable
        )

    def tell(self, found: Sorted, *, mapping: ColumnMap, summary: bool) -> dict[str, int]:
        """The columns, the rows group by group, the figures."""
        lines = list(found.lines())
        figures = found.figures(lines)
        if not summary:
            self.stdout.write(_("Which column holds what"))
            for code, header in mapping.items():
                self.stdout.write(f"  {columns.LABELS[code]}: {header}")
            order = list(report.GROUPS)
            lines.sort(key=lambda line: (order.index(line.group), line.number))
            for group, rows in groupby(lines, key=lambda line: line.group):
                self.stdout.write(f"\n{report.GROUPS[group]} ({figures[group]})")
                self.stdout.writelines(in_words(line) for line in rows)
            self.stdout.write("")
        for sentence in in_figures(figures):
            self.stdout.write(sentence)
        return figures

    def take(self, programme: Programme, *, kind: str, name: str, found: Sorted, leave_open: bool) -> None:
        now = clock.now()
        try:
            import_file = actions.take_at_once(
                programme, kind=kind, name=name, found=found, now=now, leave_open=leave_open
            )
        except Refused as refusal:
            raise CommandError(refusal.sentence, returncode=DOUBT) from refusal
        became = actions.take_rows(import_file, kept=found.kept, dropped=len(found.dropped), by=None, now=now)
        self.stdout.write(
            _(
                "%(new)s new, %(changed)s changed, %(same)s as before, %(held)s held back."
                " Nobody was written to."
            )
            % {
                "new": became["new"],
                "changed": became["changed"],
                "same": became["same"],
                "held": became["held"],
            }
        )


def programme_called(slug: str, *, organisation: str) -> Programme:
    programmes = queries.programmes_called(slug, organisation=organisation)
    if not programmes:
        raise CommandError(f"There is no programme called {slug}.", returncode=DOUBT)
    if len(programmes) > 1:
        names = ", ".join(sorted(one.organisation.slug for one in programmes))
        raise CommandError(
            f"Several organisations have one: say --organisation, one of {names}.", returncode=DOUBT
        )
    return programmes[0]


def opened(file: Path, *, programme: Programme, kind: str) -> tuple[Sheet, ColumnMap]:
    """The file as a table, and which column holds what."""
    try:
        sheet = sheets.read(file.read_bytes(), file.name)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=DOUBT) from error
    except sheets.SheetError as error:
        raise CommandError(str(error.sentence), returncode=DOUBT) from error
    mapping = queries.columns_of(programme, kind=kind, header=sheet.header)
    if missing := columns.missing(mapping, kind):
        names = ", ".join(str(columns.LABELS[code]) for code in missing)
        raise CommandError(
            _("No column was recognised for: %(names)s. Say on the import page which one it is.")
            % {"names": names},
            returncode=DOUBT,
        )
    return sheet, mapping


def in_words(line: Line) -> str:
    """ "   12  Aino Salo: …" on one line; addresses only where a row has no name."""
    read = [", ".join(line.themes), line.week]
    said = " ".join([*(f"{part}." for part in read if part), *line.sentences])
    who = line.name or line.email or "–"
    return f"{line.number:>6}  {who}: {said}\n" if said else f"{line.number:>6}  {who}\n"


def in_figures(figures: Mapping[str, int]) -> Sequence[str]:
    """The count line, and how many people can hardly be placed."""
    taken = figures["look"] + figures["repaired"] + figures["plain"]
    line = _(
        "%(rows)s rows: %(taken)s can be taken, %(decide)s to be decided, %(refused)s cannot be taken,"
        " %(dropped)s replaced by newer answers."
    )
    few = ngettext(
        "%(n)s person has fewer than two possible starts.",
        "%(n)s people have fewer than two possible starts.",
        figures["few"],
    )
    pairs = ngettext(
        "%(n)s pair is suggested to be kept apart.",
        "%(n)s pairs are suggested to be kept apart.",
        figures["pairs"],
    )
    return (
        line % {**figures, "taken": taken},
        few % {"n": figures["few"]},
        pairs % {"n": figures["pairs"]},
    )
