"""A file is read, its columns and doubts are settled, or it is put away."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import columns, queries, report, rules, sheets
from piiri.enrolments.models import ImportFile, SavedMapping
from piiri.enrolments.queries import Sorted
from piiri.enrolments.rules import ImportRefusal
from piiri.enrolments.sheets import Sheet
from piiri.people.models import Person
from piiri.programmes.models import Programme

State = ImportFile.State
AT_ONCE = 2000  # rows that are read and taken while the browser waits; more is a worker's
NOTHING_LEFT: dict[str, Any] = {"data": None, "decisions": {}}


@transaction.atomic
def read_file(
    programme: Programme, *, kind: str, name: str, data: bytes, by: Person | None, now: datetime
) -> ImportFile:
    """Keep a file and read it through: a dry run whose report is all that is written.

    More than 2000 rows are left to a worker; a file whose columns are not clear waits for `remap`.

    Raises SheetError (what it says is for the person), Refused: OVER, NO_MENTORS.
    """
    refuse(programme, kind=kind)
    sheet = sheets.read(data, name)
    import_file = ImportFile.objects.create(
        programme=programme,
        kind=kind,
        name=name[-200:],
        data=data,
        mapping=queries.columns_of(programme, kind=kind, header=sheet.header),
        rows=sum(1 for _row in sheet.rows),
        state=State.READ,
        brought_by=by,
        brought_at=now,
    )
    audit.record("import_read", by=by, about=import_file, now=now, place=programme.uid, rows=import_file.rows)
    start_reading(import_file, sheet=sheet, now=now)
    return import_file


def refuse(programme: Programme, *, kind: str) -> None:
    """Raise Refused where nobody can be brought into the programme."""
    if reason := rules.why_not_import(programme, kind=kind):
        raise Refused(reason)


def start_reading(import_file: ImportFile, *, sheet: Sheet, now: datetime) -> None:
    """Read a small file at once, let a worker read a large one, and wait where a column is missing."""
    if columns.missing(import_file.mapping, import_file.kind):
        move(import_file, to=State.READ, report={"header": list(sheet.header)}, due_at=None)
    elif import_file.rows > AT_ONCE:
        move(import_file, to=State.READING, report={"header": list(sheet.header)}, **due(now))
    else:
        read_through(import_file, sheet=sheet, now=now)


def due(now: datetime) -> dict[str, Any]:
    """The fields that hand a row to the workers."""
    return {"due_at": now, "done_at": None, "leased_until": None, "attempts": 0, "progress": 0}


def move(
    import_file: ImportFile, *, to: str, when: Sequence[str] = (State.READ, State.READING), **fields: Any
) -> None:
    """One arrow of the file's states: a conditional UPDATE that must change one row."""
    if not ImportFile.objects.filter(pk=import_file.pk, state__in=when).update(state=to, **fields):
        raise Refused(ImportRefusal.MOVED_ON)
    import_file.state = to
    for name, value in fields.items():
        setattr(import_file, name, value)


def read_through(import_file: ImportFile, *, sheet: Sheet, now: datetime) -> None:
    """Read every row and keep the report of it."""
    found = queries.sorted_out(
        import_file.programme,
        kind=import_file.kind,
        sheet=sheet,
        mapping=import_file.mapping,
        decided=import_file.decisions,
        by=import_file.brought_by,
        tell=telling(import_file),
    )
    told = {"header": list(sheet.header), **report_of(found)}
    move(import_file, to=State.READ, report=told, progress=found.rows)


def telling(import_file: ImportFile) -> Callable[[int], None]:
    """Keep how far a worker has come, for the page that waits."""
    row = ImportFile.objects.filter(pk=import_file.pk)

    def tell(rows: int) -> None:
        row.update(progress=rows)

    return tell


def report_of(found: Sorted) -> dict[str, Any]:
    """What the page shows, as JSON: figures, every row, and what to decide."""
    lines = sorted(found.lines())
    return {
        "figures": found.figures(lines),
        "lines": [report.packed(line) for line in lines],
        "asked": [list(one) for one in report.asked(found.kept)],
    }


@transaction.atomic
def remap(import_file: ImportFile, *, mapping: Mapping[str, str], by: Person, now: datetime) -> None:
    """Say which column holds what, for this file and for later ones with the same header; read it anew.

    Raises Refused: MOVED_ON, COLUMNS (something without which no row can be taken has no column).
    """
    sheet = sheet_of(import_file)
    chosen = columns.corrected(mapping, sheet.header, import_file.kind)
    if columns.missing(chosen, import_file.kind):
        raise Refused(ImportRefusal.COLUMNS)
    SavedMapping.objects.update_or_create(
        organisation_id=import_file.programme.organisation_id,
        kind=import_file.kind,
        header_hash=queries.header_hash(sheet.header),
        defaults={"mapping": chosen},
    )
    move(import_file, to=State.READ, mapping=chosen)
    audit.record(
        "import_remapped",
        by=by,
        about=import_file,
        now=now,
        place=import_file.programme.uid,
        columns=len(chosen),
    )
    start_reading(import_file, sheet=sheet, now=now)


def sheet_of(import_file: ImportFile) -> Sheet:
    """The table in the file's bytes. Raises Refused with MOVED_ON when they are gone."""
    if import_file.data is None:
        raise Refused(ImportRefusal.MOVED_ON)
    return sheets.read(bytes(import_file.data), import_file.name)


@transaction.atomic
def decide(
    import_file: ImportFile, *, decisions: Mapping[str, Mapping[str, str]], by: Person, now: datetime
) -> None:
    """Keep what the office decided (see reading.Decisions) beside what it decided before; read anew.

    Raises Refused with MOVED_ON.
    """
    sheet = sheet_of(import_file)
    kept = {about: {**told} for about, told in import_file.decisions.items()}
    for about, told in decisions.items():
        kept.setdefault(about, {}).update(told)
    move(import_file, to=State.READ, decisions=kept)
    audit.record(
        "import_decided",
        by=by,
        about=import_file,
        now=now,
        place=import_file.programme.uid,
        decisions=sum(len(told) for told in decisions.values()),
    )
    start_reading(import_file, sheet=sheet, now=now)


@transaction.atomic
def discard(import_file: ImportFile, *, by: Person | None, now: datetime) -> None:
    """Put a file away: what it said is deleted, what was taken stays. Raises Refused with MOVED_ON."""
    standing = (State.READ, State.READING, State.TAKING)
    move(import_file, to=State.DISCARDED, when=standing, report={}, due_at=None, **NOTHING_LEFT)
    audit.record("import_discarded", by=by, about=import_file, now=now, place=import_file.programme.uid)


def stop(import_file: ImportFile, *, now: datetime) -> None:
    """What a worker does after its last try: reading ends, so that the office sees it and can begin anew."""
    if import_file.state == State.READING:
        move(import_file, to=State.READ, report=import_file.report | {"failed": True}, due_at=None)


def forget_imports(*, now: datetime) -> int:
    """Put away what nobody took for a month, delete what was over half a year ago; how many files."""
    files = list(queries.imports_to_forget(now))
    for import_file in files:
        discard(import_file, by=None, now=now)
    gone, _rows = queries.imports_to_delete(now).delete()
    return len(files) + gone
