"""A file that was read and settled is taken, row by row; later the office tells whom it brought."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import columns, gathering, queries, report
from piiri.enrolments.actions.importing import (
    AT_ONCE,
    NOTHING_LEFT,
    State,
    due,
    move,
    read_through,
    refuse,
    sheet_of,
)
from piiri.enrolments.actions.mentoring import write_mentors
from piiri.enrolments.actions.suggesting import suggest_pairs
from piiri.enrolments.actions.taking import Terms, terms_of, write_applications
from piiri.enrolments.models import Application, Brought, ImportFile
from piiri.enrolments.queries import Sorted
from piiri.enrolments.reading import Read, ReadMentor, ReadRow
from piiri.enrolments.rules import ImportRefusal
from piiri.mail import actions as mail
from piiri.people.models import Person
from piiri.programmes.models import Programme

Kind = ImportFile.Kind
A_TRANSACTION = 1000
MAIL = {Kind.ENROLMENTS: "enrolments/email/imported", Kind.MENTORS: "enrolments/email/imported_mentor"}


@transaction.atomic
def take(
    import_file: ImportFile, *, by: Person | None, now: datetime, leave_open: bool = False
) -> ImportFile:
    """Bring in everybody the report says is taken. Mails nobody. The same file twice changes nothing.

    Rows with something to decide stay out; `leave_open` takes them without it, but for doubtful addresses.
    More than 2000 rows are left to a worker.

    Raises Refused: OVER, COLUMNS, MOVED_ON.
    """
    refuse(import_file.programme, kind=import_file.kind)
    if columns.missing(import_file.mapping, import_file.kind):
        raise Refused(ImportRefusal.COLUMNS)
    move(import_file, to=State.TAKING, when=(State.READ,), leave_open=leave_open, **due(now))
    audit.record(
        "import_ordered",
        by=by,
        about=import_file,
        now=now,
        place=import_file.programme.uid,
        rows=import_file.rows,
    )
    if import_file.rows <= AT_ONCE:
        take_through(import_file, by=by, now=now)
    return import_file


def go_on(import_file: ImportFile, *, now: datetime) -> None:
    """What a worker does with a large file: read it, or take it from where it stopped."""
    with gathering.all_kept():
        if import_file.state == State.READING:
            read_through(import_file, sheet=sheet_of(import_file), now=now)
        elif import_file.state == State.TAKING:
            take_through(import_file, by=import_file.brought_by, now=now)


def take_through(import_file: ImportFile, *, by: Person | None, now: datetime) -> None:
    """Read the rows once more, as decided, and write them."""
    kept, dropped = queries.read_rows(
        import_file.programme,
        kind=import_file.kind,
        sheet=sheet_of(import_file),
        mapping=import_file.mapping,
        decided=import_file.decisions,
    )
    take_rows(import_file, kept=kept, dropped=len(dropped), by=by, now=now)


def take_rows(
    import_file: ImportFile, *, kept: Sequence[Read], dropped: int, by: Person | None, now: datetime
) -> Counter[str]:
    """Write the rows a thousand a transaction, from where an earlier try stopped, and finish the file.

    Returns how many rows became what, by code of report.OUTCOMES, with `held`, `refused` and `dropped`.
    """
    open_too = import_file.leave_open
    wanted = [row for row in kept if report.is_taken(row, leave_open=open_too)]
    became = Counter({name: int(n) for name, n in import_file.report.get("became", {}).items()})
    terms = terms_of(import_file, now=now)
    size = max(1, len(wanted)) if import_file.kind == Kind.MENTORS else A_TRANSACTION
    for chunk in queries.in_chunks(wanted[import_file.progress :], size):
        write_chunk(chunk, terms=terms, by=by, became=became)
    became["refused"] = sum(1 for row in kept if not row.takeable)
    became["held"] = len(kept) - len(wanted) - became["refused"]
    became["dropped"] = dropped
    finish(import_file, became=became, by=by, now=now)
    return became


@transaction.atomic
def write_chunk(chunk: Sequence[Read], *, terms: Terms, by: Person | None, became: Counter[str]) -> None:
    """Some rows and how far that is, together: a worker that dies loses or doubles nothing."""
    if terms.import_file.kind == Kind.MENTORS:
        became.update(write_mentors(cast("Sequence[ReadMentor]", chunk), terms=terms, by=by))
    else:
        became.update(write_applications(cast("Sequence[ReadRow]", chunk), terms=terms))
    import_file = terms.import_file
    move(
        import_file,
        to=State.TAKING,
        when=(State.TAKING,),
        progress=import_file.progress + len(chunk),
        report={"became": dict(became)},
    )


@transaction.atomic
def finish(import_file: ImportFile, *, became: Counter[str], by: Person | None, now: datetime) -> None:
    """Suggest who should be kept apart, forget what the file said, note the deed."""
    programme = import_file.programme
    pairs = suggest_pairs(programme, pairs=queries.pairs_now(programme), by=by, now=now)
    left = {"became": dict(became) | {"pairs": pairs}}
    move(import_file, to=State.TAKEN, when=(State.TAKING,), report=left, due_at=None, **NOTHING_LEFT)
    audit.record(
        "import_taken", by=by, about=import_file, now=now, place=programme.uid, pairs=pairs, **dict(became)
    )


@transaction.atomic
def take_at_once(
    programme: Programme, *, kind: str, name: str, found: Sorted, now: datetime, leave_open: bool = False
) -> ImportFile:
    """Note a file that the command line has read; `take_rows` then takes its rows. Nothing of it is kept.

    Raises Refused: OVER, NO_MENTORS.
    """
    refuse(programme, kind=kind)
    return ImportFile.objects.create(
        programme=programme,
        kind=kind,
        name=name[-200:],
        rows=found.rows,
        state=State.TAKING,
        leave_open=leave_open,
        brought_at=now,
    )


@transaction.atomic
def tell_brought(programme: Programme, *, kind: str, by: Person, now: datetime) -> int:
    """Write to everybody whom files brought and nobody has written to; how many. Once a person, ever."""
    untold = queries.untold(programme, kind=kind).order_by("pk")
    rows = list(untold.select_for_update(of=("self",)).select_related("person"))
    if not rows:
        return 0
    links = links_of(programme, kind=kind)
    posted = mail.post_many(
        MAIL[Kind(kind)],
        letters=[mail.Letter(row.person, programme, links.get(row.person_id, "/")) for row in rows],
        now=now,
        again=False,
        programme=programme.title,
        closes_at=programme.enrol_closes_at.isoformat(),
        answers_by=programme.answers_by.isoformat(),
        contact=programme.contact_address,
    )
    for chunk in queries.in_chunks(rows):
        Brought.objects.filter(pk__in=[row.pk for row in chunk]).update(told_at=now)
    audit.record(
        "brought_told", by=by, about=programme, now=now, place=programme.uid, people=posted, kind=kind
    )
    return posted


def links_of(programme: Programme, *, kind: str) -> dict[int, str]:
    """Where each mail leads, by person: their application, or the first page."""
    if kind == Kind.MENTORS:
        return {}
    rows = Application.objects.filter(programme=programme, state__in=Application.STANDING)
    return {person: f"/applications/{uid}/" for person, uid in rows.values_list("person", "uid")}
