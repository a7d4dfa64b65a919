"""What a file says beside what the programme knows already: read only, nothing is written here."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from piiri.enrolments import columns, gathering, people_text, reading, report, verdict
from piiri.enrolments.columns import ColumnMap
from piiri.enrolments.gathering import Dropped, Pair
from piiri.enrolments.models import Application, Brought, ImportFile, SavedMapping
from piiri.enrolments.queries.pairs import applicants, mentors_known
from piiri.enrolments.reading import Decisions, Read, ReadMentor, ReadRow
from piiri.enrolments.sheets import Sheet
from piiri.enrolments.verdict import NOBODY, Standing
from piiri.groups.models import Group, Mentor
from piiri.networks.models import Organisation, Unit
from piiri.people.models import Person
from piiri.programmes.models import Programme, Theme

State = Application.State
Kind = ImportFile.Kind
Item = TypeVar("Item")
CHUNK = 1000
KEEP_UNTAKEN = timedelta(days=30)
KEEP_OVER = timedelta(days=182)
SALT = "piiri.enrolments.brought"


@dataclass(frozen=True)
class Sorted:
    """A file read through: the newest answer of each address, what they replace, and what becomes of them.

    `outcomes` are codes of report.OUTCOMES by address. `pairs` are suggested to be kept apart.
    """

    kept: Sequence[Read]
    dropped: Sequence[Dropped]
    outcomes: dict[str, str]
    pairs: Sequence[Pair]

    @property
    def rows(self) -> int:
        return len(self.kept) + len(self.dropped)

    def lines(self) -> Iterator[report.Line]:
        """Every row of the file, for a report."""
        return report.lines(self.kept, self.dropped, self.outcomes)

    def figures(self, lines: Iterable[report.Line]) -> dict[str, int]:
        """The report in numbers; `few` counts people with fewer than two possible starts."""
        counts = gathering.figures(self.kept, self.dropped)
        return {
            "rows": self.rows,
            **report.counted(lines),
            "few": counts.few_starts,
            "pairs": len(self.pairs),
        }


def in_chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one shorter."""
    walk = iter(items)
    while chunk := list(islice(walk, size)):
        yield chunk


# ---- which column is which


def header_hash(header: Iterable[str]) -> str:
    """The same for files with the same header."""
    return hashlib.sha256("\x1f".join(header).encode()).hexdigest()


def columns_of(programme: Programme, *, kind: str, header: Sequence[str]) -> ColumnMap:
    """Which column holds what: as the office saved it for such a header, else as the words tell."""
    saved = SavedMapping.objects.filter(
        organisation=programme.organisation_id, kind=kind, header_hash=header_hash(header)
    ).first()
    if saved:
        return columns.corrected(saved.mapping, header, kind)
    return columns.recognise(header, kind).columns


# ---- what the rows mean in this programme


def choices(programme: Programme) -> dict[str, Theme | Group]:
    """What can be wished for by each of its names in every language; groups where people wish for them."""
    found: dict[str, Theme | Group] = {}
    for theme in programme.themes.all():
        found |= {title: theme for title in dict.fromkeys(theme.title.values()) if title}
    if programme.rules.wish_for == "group":
        living = Group.objects.living().listed().filter(programme=programme).exclude(title="")
        found |= {group.title: group for group in living}
    return found


def units_by_name(programme: Programme) -> dict[str, Unit]:
    """Workplaces of the programme's employers by folded name; a name that two employers use is left out."""
    employers = programme.employers.values("organisation")
    found: dict[str, Unit | None] = {}
    for unit in Unit.objects.filter(organisation__in=employers).select_related("organisation"):
        name = people_text.folded(unit.name)
        found[name] = None if name in found else unit
    return {name: unit for name, unit in found.items() if unit}


def only_employer(programme: Programme) -> Organisation | None:
    """The employer of everybody whose workplace tells none, where the programme serves one only."""
    employers = list(Organisation.objects.filter(pk__in=programme.employers.values("organisation"))[:2])
    return employers[0] if len(employers) == 1 else None


def sorted_out(
    programme: Programme,
    *,
    kind: str,
    sheet: Sheet,
    mapping: ColumnMap,
    decided: Decisions,
    by: Person | None,
    tell: Callable[[int], None] = lambda _rows: None,
) -> Sorted:
    """Read the whole file and compare it with the programme; two queries for each thousand rows."""
    kept, dropped = read_rows(programme, kind=kind, sheet=sheet, mapping=mapping, decided=decided, tell=tell)
    outcomes = dict(outcomes_of(programme, kind=kind, rows=kept, by=by))
    return Sorted(kept, dropped, outcomes, pairs_in(programme, kind=kind, rows=kept))


def read_rows(
    programme: Programme,
    *,
    kind: str,
    sheet: Sheet,
    mapping: ColumnMap,
    decided: Decisions,
    tell: Callable[[int], None] = lambda _rows: None,
) -> tuple[Sequence[Read], Sequence[Dropped]]:
    """The newest answer of each address in the file's order, and the answers they replace.

    `tell` is called with the number of rows read so far, a thousand at a time.
    """
    themes, minutes = list(choices(programme)), programme.rules.meeting_minutes
    if kind == Kind.MENTORS:
        known = Mentor.objects.filter(programme=programme, ended_at=None).values_list(
            "person__email", flat=True
        )
        mentors, dropped = gathering.newest(
            reading.read_mentors(
                sheet, mapping, themes=themes, minutes=minutes, decided=decided, mentors=list(known)
            )
        )
        return gathering.paired(mentors, minutes=minutes), dropped
    rows = reading.read_enrolments(sheet, mapping, themes=themes, minutes=minutes, decided=decided)
    return gathering.newest(counted(rows, tell))


def counted(rows: Iterable[ReadRow], tell: Callable[[int], None]) -> Iterator[ReadRow]:
    """The rows, telling after each thousand how many went by."""
    for number, row in enumerate(rows, start=1):
        yield row
        if number % CHUNK == 0:
            tell(number)


def moment_of(row: Read, *, programme: Programme) -> datetime | None:
    """When the person answered; the file's clock is the programme's own."""
    told = row.sent_at if isinstance(row, ReadRow) else None
    return told.replace(tzinfo=programme.tz) if told else None


def digest_of(row: Read) -> str:
    """A keyed hash of what would be taken: the same answer twice is one."""
    common = (row.name, row.workplace, row.form, row.times.mask)
    if isinstance(row, ReadRow):
        own: tuple[object, ...] = (
            row.job, row.years, row.ranked, row.languages, row.wish_text, row.manager, row.contact_ok
        )  # fmt: skip
    elif isinstance(row, ReadMentor):
        own = (row.theme, row.description, row.language, row.area, row.max_groups, row.pair_mentor)
    return salted_hmac(SALT, verdict.content((*common, *own)), algorithm="sha256").hexdigest()


def outcomes_of(
    programme: Programme, *, kind: str, rows: Iterable[Read], by: Person | None
) -> Iterator[tuple[str, str]]:
    """(address, code of report.OUTCOMES) of every row that could be taken."""
    for chunk in in_chunks(row for row in rows if row.takeable):
        known = standings(programme, kind=kind, emails=[row.email for row in chunk])
        for row in chunk:
            if kind == Kind.MENTORS and by is not None and row.email == by.email:
                yield row.email, "oneself"
                continue
            yield (
                row.email,
                verdict.outcome(
                    known.get(row.email, NOBODY),
                    digest=digest_of(row),
                    answered_at=moment_of(row, programme=programme),
                ),
            )


def standings(programme: Programme, *, kind: str, emails: Sequence[str]) -> dict[str, Standing]:
    """What the programme knows of these addresses: two queries."""
    brought = {
        email: (digest, answered_at, written_at)
        for email, digest, answered_at, written_at in Brought.objects.filter(
            programme=programme, kind=kind, person__email__in=emails
        ).values_list("person__email", "digest", "answered_at", "written_at")
    }
    if kind == Kind.MENTORS:
        accepted = Mentor.objects.filter(programme=programme, person__email__in=emails, ended_at=None)
        return {
            email: Standing("open", None, *brought.get(email, ("", None, None)))
            for email in accepted.values_list("person__email", flat=True)
        }
    found: dict[str, Standing] = {}
    rows = Application.objects.filter(programme=programme, person__email__in=emails).order_by(
        "saved_at", "pk"
    )
    for email, state, saved_at, decided_at in rows.values_list(
        "person__email", "state", "saved_at", "decided_at"
    ):
        if state not in Application.OPEN and found.get(email, NOBODY).state in ("open", "placed"):
            continue
        digest, answered_at, written_at = brought.get(email, ("", None, None))
        if state not in Application.OPEN:
            found[email] = Standing("ended", decided_at or saved_at)
        elif state == State.PLACED:
            found[email] = Standing("placed")
        else:
            own = written_at is None or saved_at > written_at
            found[email] = Standing("open", saved_at if own else None, digest, answered_at, written_at)
    return found


# ---- line managers


def pairs_in(programme: Programme, *, kind: str, rows: Iterable[Read]) -> list[Pair]:
    """Who in this file, or in the programme before, names somebody of the other as their line manager."""
    people = [gathering.someone(row) for row in rows if report.is_taken(row, leave_open=True)]
    here = {one.email for one in people}
    if kind == Kind.MENTORS:
        asking = [one for one in applicants(programme) if one.manager]
        return [pair for pair in gathering.kept_apart(asking, people) if pair.other.email in here]
    return gathering.kept_apart(people, mentors_known(programme))


# ---- files


def programmes_called(slug: str, *, organisation: str = "") -> list[Programme]:
    """Programmes with this short name, of one organisation or of any; for the command line."""
    rows = Programme.objects.filter(slug=slug).select_related("organisation")
    return list(rows.filter(organisation__slug=organisation) if organisation else rows)


def imports_of(programme: Programme) -> QuerySet[ImportFile]:
    """The programme's files, newest first, without their bytes and rows."""
    files = ImportFile.objects.filter(programme=programme).defer("data", "report", "decisions")
    return files.select_related("brought_by").order_by("-brought_at", "-pk")


def imports_to_go_on(now: datetime, limit: int) -> list[ImportFile]:
    """Files that wait for a worker: to be read, or to be taken."""
    busy = ImportFile.objects.filter(state__in=(ImportFile.State.READING, ImportFile.State.TAKING))
    due = busy.filter(done_at=None, due_at__lte=now).exclude(leased_until__gte=now)
    return list(due.defer("data", "report").order_by("due_at")[:limit])


def imports_to_forget(now: datetime) -> QuerySet[ImportFile]:
    """Files nobody took for a month."""
    waiting = ImportFile.objects.filter(state=ImportFile.State.READ, brought_at__lt=now - KEEP_UNTAKEN)
    return waiting.defer("data", "report")


def imports_to_delete(now: datetime) -> QuerySet[ImportFile]:
    """Files that were over half a year ago; whom they brought is still known."""
    over = (ImportFile.State.TAKEN, ImportFile.State.DISCARDED)
    return ImportFile.objects.filter(state__in=over, brought_at__lt=now - KEEP_OVER)


def untold_counts(programme: Programme) -> list[tuple[str, int]]:
    """(kind, how many people nobody has written to), for the kinds that have some."""
    counts = [(str(kind), untold(programme, kind=kind).count()) for kind in Kind.values]
    return [(kind, count) for kind, count in counts if count]


def untold(programme: Programme, *, kind: str) -> QuerySet[Brought]:
    """Whom files brought and nobody has written to: those who still stand here."""
    rows = Brought.objects.filter(programme=programme, kind=kind, told_at=None)
    if kind == Kind.MENTORS:
        return rows.filter(person__mentor_roles__programme=programme, person__mentor_roles__ended_at=None)
    return rows.filter(
        person__applications__programme=programme, person__applications__state__in=Application.STANDING
    )
