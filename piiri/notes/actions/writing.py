"""Writing posts, topics, links and answers; changing and taking away one's own."""

from datetime import datetime, timedelta

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.notes import rules
from piiri.notes.actions.leaving import locked, stay
from piiri.notes.actions.telling import note_news
from piiri.notes.models import Line
from piiri.notes.rules import NotesRefusal
from piiri.people.models import Person

A_MINUTE = timedelta(minutes=1)


@transaction.atomic
def write(group: Group, *, kind: str, text: str, by: Person, now: datetime, address: str = "") -> Line:
    """Put a post, a topic or a link into the group; the others may hear that there is something new.

    The same words again within a minute are the first line. Raises Refused: ENDED, EMPTY, or VaultRefusal
    where nothing can be sealed.
    """
    # A button pressed twice: the second press waits for the first, and finds its line.
    Group.objects.select_for_update().get(pk=group.pk)
    line = Line(group=group, kind=kind, text=text.strip(), address=address)
    if first := just_written(line, by=by, now=now):
        return first
    add(line, by=by, now=now)
    audit.record("line_written", by=by, about=line, now=now, place=group.uid, kind=kind)
    return line


@transaction.atomic
def answer(line: Line, *, text: str, by: Person, now: datetime) -> Line:
    """Answer a post; answers have none themselves. The same words within a minute are the first answer.

    Raises Refused: NO_DEEPER, GONE, ENDED, EMPTY.
    """
    post = locked(line)
    if reason := rules.why_not_answer(post):
        raise Refused(reason)
    said = Line(group=post.group, kind=Line.Kind.POST, text=text.strip(), answers=post)
    if first := just_written(said, by=by, now=now):
        return first
    add(said, by=by, now=now)
    audit.record("line_answered", by=by, about=said, now=now, place=post.group.uid)
    return said


def just_written(line: Line, *, by: Person, now: datetime) -> Line | None:
    """The line in which the person said the same at the same place within the last minute."""
    rows = Line.objects.filter(group=line.group, kind=line.kind, answers=line.answers, author=by)
    fresh = rows.filter(written_at__gt=now - A_MINUTE, changed_at=None).select_related("group", "answers")
    words = line.text, line.address
    return next((row for row in fresh if (row.text, row.address) == words), None)


def add(line: Line, *, by: Person, now: datetime) -> Line:
    """Save a new line of the group and see to it that the others hear of it."""
    if reason := rules.why_not_write(line.group):
        raise Refused(reason)
    if not line.text:
        raise Refused(NotesRefusal.EMPTY)
    line.author, line.written_at = by, now
    line.save()
    note_news(line.group, by=by, now=now)
    return line


@transaction.atomic
def edit(line: Line, *, text: str, by: Person, now: datetime, address: str = "") -> Line:
    """Change one's own words. What was asked or let out stays in the group then: a yes was for other words.

    Raises Refused: EMPTY, or VaultRefusal.
    """
    row = locked(line)
    if not text.strip():
        raise Refused(NotesRefusal.EMPTY)
    said = rules.tidy_name(text, own=str(row.text)) if row.kind == Line.Kind.FILE else text.strip()
    row.text, row.address, row.changed_at = said, address, now
    row.save(update_fields=["text", "address", "changed_at"])
    stay(row)
    audit.record("line_edited", by=by, about=row, now=now, place=row.group.uid)
    return row


@transaction.atomic
def take_away(line: Line, *, by: Person, now: datetime) -> None:
    """Take one's own line away for good. A post with answers of others leaves an empty place above them.

    Possible at any time, also when the group has ended. Twice is once.
    """
    row = Line.objects.select_for_update().filter(pk=line.pk).select_related("group").first()
    if row is None:
        return
    audit.record("line_taken_away", by=by, about=row, now=now, place=row.group.uid, kind=row.kind)
    if row.replies.exists():
        row.text, row.changed_at = "", now
        row.save(update_fields=["text", "changed_at"])
        stay(row)
        return
    above = row.answers
    row.delete()
    if above and not above.text and not above.replies.exists():
        above.delete()
