"""Letting a line leave the group: only when everybody who sits in it now has said yes."""

from datetime import datetime, timedelta

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.notes import queries, rules
from piiri.notes.models import Line, Word
from piiri.notes.rules import NotesRefusal
from piiri.people.models import Person

A_WHILE = timedelta(days=1)


def locked(line: Line) -> Line:
    """The line as it is now, held until the end of the deed: two last yeses come one after the other."""
    return Line.objects.select_for_update(of=("self",)).select_related("group").get(pk=line.pk)


@transaction.atomic
def agree(
    line: Line, *, by: Person, now: datetime, names_group: bool = False, read: str | None = None
) -> bool:
    """Say yes to letting the line out; the first yes asks the others. Return whether it has left now.

    `names_group` counts with the first yes only: everybody agrees to the same. `read` is the version of the
    line that the person had before them. Twice is once.

    Raises Refused: ANSWERS_STAY, GONE, AUTHOR_GONE; CHANGED where other words stand there meanwhile, or
    somebody else has asked meanwhile, perhaps with the group's name.
    """
    row = locked(line)
    seats = queries.seats_of(row.group)
    if reason := rules.why_not_leave(row, author_sits=row.author_id in seats):
        raise Refused(reason)
    if read not in (None, row.version) and not Word.objects.filter(line=row, person=by).exists():
        raise Refused(NotesRefusal.CHANGED)
    if row.proposed_at is None:
        row.proposed_at, row.names_group = now, names_group
        row.save(update_fields=["proposed_at", "names_group"])
    Word.objects.get_or_create(line=row, person=by, defaults={"given_at": now})
    left = settle(row, seats=seats, now=now)
    # Who says yes or no stays in the group: the trail keeps that it was said.
    audit.record("line_agreed", by=None, about=row, now=now, place=row.group.uid, left=int(left))
    return left


def settle(line: Line, *, seats: set[int], now: datetime) -> bool:
    """Let a locked line out where all have said yes; whether it is out."""
    if line.proposed_at is None or line.released_at:
        return line.released_at is not None
    said = set(Word.objects.filter(line=line).values_list("person", flat=True))
    if line.author_id not in seats or not rules.all_agree(said, seats=seats):
        return False
    line.released_at = now
    line.save(update_fields=["released_at"])
    return True


@transaction.atomic
def keep_here(line: Line, *, by: Person, now: datetime) -> None:
    """Say no, or take back: the line stays in the group, whatever others have said. Twice is once."""
    row = locked(line)
    stay(row)
    audit.record("line_kept", by=None, about=row, now=now, place=row.group.uid)


def stay(line: Line) -> None:
    """End what was asked or agreed about a locked line."""
    Word.objects.filter(line=line).delete()
    line.proposed_at, line.released_at, line.names_group = None, None, False
    line.save(update_fields=["proposed_at", "released_at", "names_group"])


@transaction.atomic
def release_agreed(*, now: datetime) -> int:
    """Let out what all agree on since somebody who had not answered left the group; how many that were."""
    waiting = queries.proposed_where_somebody_left(since=now - A_WHILE).order_by("pk")
    rows = waiting.select_for_update(of=("self",)).select_related("group")
    left = sum(settle(line, seats=queries.seats_of(line.group), now=now) for line in rows)
    if left:
        audit.record("lines_released", by=None, about=None, now=now, number=left)
    return left
