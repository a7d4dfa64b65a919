"""Rows of a file become people and applications, a thousand in a few statements."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from piiri.enrolments import people_text, queries, rules
from piiri.enrolments import verdict as verdicts
from piiri.enrolments.models import Application, Brought, ImportFile, Wish
from piiri.enrolments.reading import Read, ReadRow
from piiri.enrolments.report import WRITTEN
from piiri.enrolments.verdict import NOBODY, Standing
from piiri.groups.models import Group
from piiri.networks import actions as networks
from piiri.networks.models import Organisation, Unit
from piiri.people import actions as people
from piiri.people.models import Person
from piiri.programmes import windows
from piiri.programmes.models import Availability, Programme, Theme
from piiri.vault import actions as vault

State = Application.State
BATCH = 1000
SPOKEN = ("fi", "sv", "en")


@dataclass(frozen=True)
class Terms:
    """What all rows of one file need, looked up once."""

    programme: Programme
    import_file: ImportFile
    choices: dict[str, Theme | Group]
    units: dict[str, Unit]
    employer: Organisation | None
    now: datetime


def terms_of(import_file: ImportFile, *, now: datetime) -> Terms:
    """Look up what all rows of the file need."""
    programme = import_file.programme
    return Terms(
        programme=programme,
        import_file=import_file,
        choices=queries.choices(programme),
        units=queries.units_by_name(programme),
        employer=queries.only_employer(programme),
        now=now,
    )


def write_applications(rows: Sequence[ReadRow], *, terms: Terms) -> Counter[str]:
    """Take some rows, each of another address; what became of them, by code of report.OUTCOMES.

    What the programme knows is looked at here again, in the writing transaction.
    """
    known = queries.standings(
        terms.programme, kind=ImportFile.Kind.ENROLMENTS, emails=[row.email for row in rows]
    )
    became = {row.email: outcome_of(row, known=known, terms=terms) for row in rows}
    taken = [row for row in rows if became[row.email] in WRITTEN]
    if taken:
        met = introduce(taken, terms=terms)
        vault.have_keys_for_writing(met[row.email].uid for row in taken if row.wish_text)
        applications = write_rows(taken, met=met, terms=terms, changed=became)
        write_wishes(taken, applications=applications, terms=terms)
        write_times(taken, met=met, known=known, terms=terms)
        tell_employers(applications.values(), terms=terms)
        write_brought(taken, met=met, terms=terms)
    return Counter(became.values())


def outcome_of(row: Read, *, known: dict[str, Standing], terms: Terms) -> str:
    """What becomes of the row, by code of report.OUTCOMES."""
    moment = queries.moment_of(row, programme=terms.programme)
    standing = known.get(row.email, NOBODY)
    became: str = verdicts.outcome(standing, digest=queries.digest_of(row), answered_at=moment)
    return became


def introduce(rows: Sequence[Read], *, terms: Terms) -> dict[str, Person]:
    """The people of these rows by address; unverified where they are new, untouched where they are not."""
    return people.introduce_many(
        [people.Newcomer(row.email, row.name[:150], language_of(row, terms.programme)) for row in rows],
        now=terms.now,
    )


def language_of(row: Read, programme: Programme) -> str:
    """What to write to them in: the programme's first language that they speak, else their own first."""
    spoken = row.languages if isinstance(row, ReadRow) else (getattr(row, "language", ""),)
    ours = [code for code in programme.languages if code in SPOKEN] or ["fi"]
    shared = [code for code in ours if code in spoken] or [code for code in spoken if code in SPOKEN]
    return str((shared or ours)[0])


# ---- applications


def write_rows(
    rows: Sequence[ReadRow], *, met: dict[str, Person], terms: Terms, changed: dict[str, str]
) -> dict[str, Application]:
    """The applications by address: new ones in one go, older ones one by one."""
    again = [met[row.email].pk for row in rows if changed[row.email] == "changed"]
    standing = Application.objects.filter(
        programme=terms.programme, person__in=again, state__in=Application.OPEN
    )
    older = {one.person_id: one for one in standing.select_for_update(of=("self",))} if again else {}
    found: dict[str, Application] = {}
    for row in rows:
        person = met[row.email]
        application = older.get(person.pk) or Application(programme=terms.programme, person=person)
        application.person = person
        for name, value in answers_of(row, terms=terms).items():
            setattr(application, name, value)
        if application.state == State.DRAFT:
            application.state, application.sent_at = State.SENT, application.answered_at or terms.now
            application.order = rules.order_of(
                terms.programme, person_uid=person.uid, sent_at=application.sent_at
            )
            application.priority = rules.priority_of(terms.programme, beginning=application.beginning)
        found[row.email] = application
    for application in older.values():
        application.save()
    fresh = [one for one in found.values() if one.pk is None]
    Application.objects.bulk_create(fresh, batch_size=BATCH)
    return found


def answers_of(row: ReadRow, *, terms: Terms) -> dict[str, Any]:
    """A row as the columns of an application."""
    unit = terms.units.get(people_text.folded(row.workplace))
    return {
        "source": Application.Source.IMPORT,
        "name_as_written": row.name[:150],
        "unit": unit,
        "employer": unit.organisation if unit else terms.employer,
        "workplace": "" if unit else row.workplace[:150],
        "job": row.job[:120],
        "years": row.years,
        "form": row.form or Group.Form.EITHER,
        "languages": list(row.languages),
        "wish": row.wish_text,
        "contact_ok": row.contact_ok,
        "manager_name": row.manager[:160],
        "answered_at": queries.moment_of(row, programme=terms.programme),
        "saved_at": terms.now,
    }


def write_wishes(rows: Sequence[ReadRow], *, applications: dict[str, Application], terms: Terms) -> None:
    """Ranked wishes, dearest first; those of an older answer go."""
    Wish.objects.filter(application__in=[one.pk for one in applications.values()]).delete()
    wishes: list[Wish] = []
    for row in rows:
        meant = list(dict.fromkeys(terms.choices[wish] for wish in row.ranked))
        wishes += [
            Wish(
                application=applications[row.email],
                rank=rank,
                theme=one if isinstance(one, Theme) else None,
                group=one if isinstance(one, Group) else None,
            )
            for rank, one in enumerate(meant, start=1)
        ]
    Wish.objects.bulk_create(wishes, batch_size=BATCH)


def write_times(
    rows: Sequence[Read], *, met: dict[str, Person], known: dict[str, Standing], terms: Terms
) -> None:
    """When they can meet, but for those who told it here themselves later than the file did."""
    told = Availability.objects.filter(
        programme=terms.programme, person__in=[met[row.email].pk for row in rows]
    )
    before = dict(told.values_list("person", "updated_at"))
    fresh: list[Availability] = []
    for row in rows:
        person = met[row.email]
        ours = known.get(row.email, NOBODY).written_at or verdicts.LONG_AGO
        moment = queries.moment_of(row, programme=terms.programme) or verdicts.LONG_AGO
        told_at = before.get(person.pk)
        is_own = told_at is not None and told_at > ours and told_at >= moment
        if row.times.mask != windows.NOTHING and not is_own:
            fresh.append(
                Availability(
                    programme=terms.programme, person=person, mask=row.times.mask, updated_at=terms.now
                )
            )
    Availability.objects.bulk_create(
        fresh,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["programme", "person"],
        update_fields=["mask", "updated_at"],
    )


def tell_employers(applications: Any, *, terms: Terms) -> None:
    """What the organiser and the employers learn: only what the person wrote about their work."""
    organiser = terms.programme.organisation
    by_employer: dict[Organisation, list[networks.Known]] = {organiser: []}
    for one in applications:
        for employer in {organiser, one.employer or organiser}:
            unit = one.unit if one.unit and one.unit.organisation_id == employer.pk else None
            by_employer.setdefault(employer, []).append(
                networks.Known(
                    person=one.person,
                    unit=unit,
                    name_as_written=one.name_as_written,
                    workplace=one.workplace,
                    job=one.job,
                    years=one.years,
                )
            )
    for employer, known in by_employer.items():
        networks.affiliate_many(employer, known=known)


# ---- both kinds


def write_brought(rows: Sequence[Read], *, met: dict[str, Person], terms: Terms) -> None:
    """Remember who came with this file, so that it changes nothing a second time."""
    Brought.objects.bulk_create(
        (
            Brought(
                programme=terms.programme,
                kind=terms.import_file.kind,
                person=met[row.email],
                import_file=terms.import_file,
                digest=queries.digest_of(row),
                answered_at=queries.moment_of(row, programme=terms.programme),
                written_at=terms.now,
            )
            for row in rows
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["programme", "kind", "person"],
        update_fields=["import_file", "digest", "answered_at", "written_at"],
    )
