"""What other rooms ask of a person: open polls for a time."""

from collections.abc import Iterable
from datetime import datetime

from piiri.groups.models import Group
from piiri.home.queries import swift
from piiri.meetings.models import Poll
from piiri.people.models import Person


def polls_waiting(person: Person, *, groups: Iterable[Group], now: datetime) -> list[Poll]:
    """Open polls of these groups of one's own that wait for the person. One query, none for no group."""
    by_key = {group.pk: group for group in groups}
    rows = swift.own_polls().rows(person=person.pk) if by_key else []
    found = [poll for poll in rows if poll.group_id in by_key and poll.answer_by > now]
    for poll in found:
        poll.group = by_key[poll.group_id]
    return found
