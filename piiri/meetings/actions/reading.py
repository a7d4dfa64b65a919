"""A person's busy times: read from their own calendar now and then, or said by hand."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.meetings import busy_times, fetching, rules
from piiri.meetings.fetching import Guard, Trouble
from piiri.meetings.models import Busy, OwnCalendar
from piiri.meetings.rules import BusyRefusal
from piiri.people.models import Person

GUARD = Guard()
AGAIN, A_YEAR = timedelta(hours=6), timedelta(days=366)
LONGEST, MOST_BY_HAND = timedelta(days=92), 200


@transaction.atomic
def connect_calendar(person: Person, *, address: str, by: Person, now: datetime) -> OwnCalendar:
    """Keep the address of the person's own calendar, sealed; the worker reads it within seconds.

    Another address takes the place of the one before, and its busy times go. The same again is read anew.

    Raises Refused with a BusyRefusal when it is no https address.
    """
    address = address.strip()
    if address.lower().startswith("webcal://"):
        address = "https" + address[len("webcal") :]
    if reason := rules.why_not_read(urlsplit(address)):
        raise Refused(reason)
    calendar = OwnCalendar.objects.filter(person=person).first() or OwnCalendar(person=person)
    if calendar.address != address:
        Busy.objects.filter(person=person, by_hand=False).delete()
        calendar.read_at = None
    calendar.address = address
    calendar.due_at, calendar.done_at, calendar.attempts, calendar.trouble = now, None, 0, ""
    calendar.save()
    audit.record("calendar_connected", by=by, about=person, now=now)
    return calendar


@transaction.atomic
def take_calendar_away(person: Person, *, by: Person, now: datetime) -> None:
    """Forget the address and every busy time that came from it. Twice is once."""
    gone, _by_kind = OwnCalendar.objects.filter(person=person).delete()
    Busy.objects.filter(person=person, by_hand=False).delete()
    if gone:
        audit.record("calendar_taken_away", by=by, about=person, now=now)


def read_calendar(calendar: OwnCalendar, *, now: datetime) -> None:
    """Fetch the calendar and keep when its owner is busy within a year; again in six hours.

    What went wrong is kept as a code for the person's page, and the busy times known so far stay.
    """
    address, spans, trouble = calendar.address, [], ""
    try:
        text = fetching.fetch(address, guard=GUARD)
        zone = ZoneInfo(settings.TIME_ZONE)
        spans = busy_times.read(text, since=now, until=now + A_YEAR, zone=zone)
    except Trouble as error:
        trouble = error.code
    except busy_times.WRONG:
        trouble = "no_calendar"
    keep(calendar, address, spans, trouble=trouble, now=now)


@transaction.atomic
def keep(
    calendar: OwnCalendar, address: str, spans: list[busy_times.Span], *, trouble: str, now: datetime
) -> None:
    """Save what was read, unless the person has changed or taken away the address meanwhile."""
    here = OwnCalendar.objects.select_for_update().filter(pk=calendar.pk).first()
    if here is None or here.address != address:
        return
    if not trouble:
        Busy.objects.filter(person=here.person_id, by_hand=False).delete()
        rows = (Busy(person_id=here.person_id, starts_at=begin, ends_at=end) for begin, end in spans)
        Busy.objects.bulk_create(rows, batch_size=500)
        here.read_at = now
    here.trouble, here.due_at, here.attempts = trouble, now + AGAIN, 0
    here.save(update_fields=["trouble", "due_at", "attempts", "read_at"])


@transaction.atomic
def say_busy(person: Person, *, starts_at: datetime, ends_at: datetime, by: Person, now: datetime) -> Busy:
    """Say by hand that the person cannot meet then. Twice is once. Raises Refused with a BusyRefusal."""
    if ends_at <= starts_at:
        raise Refused(BusyRefusal.TURNED)
    if ends_at <= now:
        raise Refused(BusyRefusal.PAST)
    mine = Busy.objects.filter(person=person, by_hand=True)
    if ends_at - starts_at > LONGEST or mine.count() >= MOST_BY_HAND:
        raise Refused(BusyRefusal.TOO_MUCH)
    busy, new = mine.get_or_create(
        starts_at=starts_at, ends_at=ends_at, defaults={"person": person, "by_hand": True}
    )
    if new:
        audit.record("busy_said", by=by, about=person, now=now)
    return busy


@transaction.atomic
def take_busy_back(busy: Busy, *, by: Person, now: datetime) -> None:
    """Take back what was said by hand. Twice is once."""
    if Busy.objects.filter(pk=busy.pk, by_hand=True).delete()[0]:
        audit.record("busy_taken_back", by=by, about=busy.person, now=now)
