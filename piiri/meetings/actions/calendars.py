"""The secret address of a person's calendar."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from piiri.audit import actions as audit
from piiri.meetings.models import Feed
from piiri.people.models import Person


@transaction.atomic
def replace_calendar_address(person: Person, *, by: Person, now: datetime) -> Feed:
    """Give the person's calendar a new address; the one before it is dead at once."""
    feed, _made = Feed.objects.get_or_create(person=person, defaults={"made_at": now})
    Feed.objects.filter(pk=feed.pk).update(number=F("number") + 1, made_at=now)
    feed.refresh_from_db()
    audit.record("calendar_address_replaced", by=by, about=person, now=now, number=feed.number)
    return feed
