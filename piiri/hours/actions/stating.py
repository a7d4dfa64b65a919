"""Hours are frozen for one employer and taken out; both leave a trace."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.hours import queries, rules
from piiri.hours.models import Statement
from piiri.networks.models import Organisation
from piiri.people.models import Person
from piiri.programmes.models import Programme


@transaction.atomic
def freeze_statement(
    programme: Programme, *, employer: Organisation | None, by: Person, now: datetime
) -> Statement:
    """Write down the hours of an employer's people as they are now; None: of people without employer.

    Whoever has no hours is left out; somebody who both led and took part has two lines. A statement
    never changes: what is corrected later stands in the next one.

    Raises Refused(NOBODY) when there would be no line.
    """
    people = queries.people_of(programme, employer=employer or "none")
    rows = [row for row in queries.hours_by_person(programme, people) if row.total]
    if reason := rules.why_not_state(lines=len(rows)):
        raise Refused(reason)
    lines = [
        {
            "person": row.person.uid,
            "name": row.name,
            "workplace": row.workplace,
            "role": row.role,
            "minutes": row.meeting_minutes,
            "events_minutes": row.event_minutes,
            "cap": row.cap,
        }
        for row in rows
    ]
    statement = Statement.objects.create(
        programme=programme, employer=employer, made_by=by, made_at=now, lines=lines
    )
    audit.record("hours_stated", by=by, about=statement, now=now, place=programme.uid, lines=len(lines))
    return statement


def note_export(statement: Statement, *, form: str, by: Person, now: datetime) -> None:
    """Note that somebody takes the statement out as `form` (csv or xlsx)."""
    audit.record("hours_exported", by=by, about=statement, now=now, place=statement.programme.uid, form=form)
