"""Voting for topics, and ticking off what was taken up."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.notes.models import Line, Vote
from piiri.people.models import Person


@transaction.atomic
def vote(line: Line, *, wanted: bool, by: Person, now: datetime) -> None:
    """Give one's one vote to a topic, or take it back. Twice is once."""
    if wanted:
        Vote.objects.bulk_create([Vote(line=line, person=by)], ignore_conflicts=True)
    else:
        Vote.objects.filter(line=line, person=by).delete()
    audit.record("topic_voted", by=None, about=line, now=now, place=line.group.uid)


@transaction.atomic
def take_up(line: Line, *, done: bool, by: Person, now: datetime) -> None:
    """Say that the group has taken a topic up, or that it has not after all. Twice is once."""
    Line.objects.filter(pk=line.pk, done_at__isnull=done).update(done_at=now if done else None)
    audit.record("topic_taken_up", by=by, about=line, now=now, place=line.group.uid, done=int(done))
