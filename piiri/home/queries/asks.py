"""What other rooms ask of a person: open polls for a time."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from piiri.groups.models import Group
from piiri.meetings.models import Poll, PollAnswer
from piiri.people.models import Person


def polls_waiting(person: Person, *, groups: Iterable[Group], now: datetime) -> list[Poll]:
    """Open polls of these groups that the person has not answered, what ends first first. One query."""
    by_key = {group.pk: group for group in groups}
    said = PollAnswer.objects.filter(poll=OuterRef("pk"), person=person)
    found = list(
        Poll.objects.open()
        .filter(~Exists(said), group__in=by_key, answer_by__gt=now)
        .order_by("answer_by", "pk")
    )
    for poll in found:
        poll.group = by_key[poll.group_id]
    return found
