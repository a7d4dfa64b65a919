"""Talks in confidence: whose promise is due, what was written, whom one can ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from piiri.desk.models import SupportLine, SupportRequest
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Programme
from piiri.programmes.publicdays import public_holidays

LOOKED_AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Talk:
    """A talk as one of the two sees it: with whom, and whether the other has promised an answer by then."""

    row: SupportRequest
    other: str
    is_asker: bool
    waits_until: datetime | None


def contacts_for(group: Group, *, asker: Person) -> list[Person]:
    """Whom somebody of the group can write to, never themselves."""
    return [person for person in programme_queries.contacts(group.programme) if person.pk != asker.pk]


def talks(rows: QuerySet[SupportRequest], *, reader: Person) -> list[Talk]:
    """Talks of the reader, the newest first. One query."""
    found = rows.select_related("asker", "contact", "group__programme").order_by("-asked_at", "-pk")
    return [talk_of(row, reader=reader) for row in found[:200]]


def talk_of(row: SupportRequest, *, reader: Person) -> Talk:
    """One talk of the reader."""
    is_asker = row.asker_id == reader.pk
    other = row.contact if is_asker else row.asker
    return Talk(row, str(other or ""), is_asker, None if row.answered_at else row.promised_at)


def lines_of(row: SupportRequest) -> Iterable[SupportLine]:
    """What the two wrote, the first first."""
    return row.lines.select_related("author", "request")


def promises_due(now: datetime, limit: int) -> QuerySet[SupportRequest]:
    """Talks whose contact is to be reminded, or whose promise has run out."""
    due = SupportRequest.objects.filter(due_at__lte=now, done_at=None)
    return due.select_related("group__programme", "contact").order_by("due_at", "pk")[:limit]


def closed_days(programme: Programme, *, now: datetime) -> set[date]:
    """Public holidays of the next weeks, on which nobody promises anything."""
    first = now.astimezone(programme.tz).date()
    return set(public_holidays(first, first + LOOKED_AHEAD, language="en"))


def other_contact(row: SupportRequest) -> Person | None:
    """The other of the programme's two contacts, who is told when a promise is not kept."""
    people = programme_queries.contacts(row.group.programme)
    others = [person for person in people if person.pk not in (row.contact_id, row.asker_id)]
    return others[0] if others else None
