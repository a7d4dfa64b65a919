"""Reads a calendar (RFC 5545) for one thing only: when its owner is busy. No word of why comes out."""

import time as stopwatch
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar

Span = tuple[datetime, datetime]
# Of a rule only these are followed: nobody meets every second, and following such a rule takes for ever.
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
MOST_TURNS, MOST_SPANS, PATIENCE = 20_000, 4_000, 5.0
A_DAY = timedelta(days=1)
# Calendars of this world are wrong in many ways; one bad event does not spoil the others.
WRONG = (ValueError, KeyError, TypeError, AttributeError, OverflowError, IndexError)


def read(text: str, *, since: datetime, until: datetime, zone: ZoneInfo) -> list[Span]:
    """Busy spans from `since` to `until`, joined where they touch, in order; ValueError for no calendar.

    Cancelled events and such as leave their time free are left out; single changes of a series count instead
    of what they change. Whole days and times without a zone are meant in `zone`. At most 4 000 spans.
    """
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise ValueError("no calendar")
    events: list[Any] = [
        event for calendar in Calendar.from_ical(text, multiple=True) for event in calendar.walk("VEVENT")
    ]
    changed = {change for event in events if (change := change_of(event, zone))}
    ends = stopwatch.monotonic() + PATIENCE
    found: list[Span] = []
    for event in events:
        if stopwatch.monotonic() > ends or len(found) > MOST_SPANS:
            break
        found += understood(event, changed, since=since, until=until, zone=zone)
    return joined(found)[:MOST_SPANS]


def is_change(event: Any) -> bool:
    """Whether it is a single change of a series."""
    return "RECURRENCE-ID" in event


def change_of(event: Any, zone: ZoneInfo) -> tuple[str, datetime] | None:
    """Which turn of which series it changes."""
    try:
        return (str(event.get("UID")), key(event["RECURRENCE-ID"].dt, zone)) if is_change(event) else None
    except WRONG:
        return None


def understood(event: Any, changed: set[tuple[str, datetime]], **when: Any) -> list[Span]:
    """The spans of an event; none where it is free, or wrong in a way that cannot be understood."""
    try:
        return spans(event, changed, **when) if is_busy(event) else []
    except WRONG:
        return []


def is_busy(event: Any) -> bool:
    """Whether the event takes its owner's time."""
    free = str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT"
    outlook = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY")).upper() == "FREE"
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return "DTSTART" in event and not (free or outlook or cancelled)


def spans(
    event: Any, changed: set[tuple[str, datetime]], *, since: datetime, until: datetime, zone: ZoneInfo
) -> list[Span]:
    """The spans of one event, with all its turns, that touch the time asked for."""
    begin = event["DTSTART"].dt
    length = length_of(event, begin)
    own = begin.tzinfo if isinstance(begin, datetime) and begin.tzinfo else zone
    uid, found = str(event.get("UID")), []
    for wall in turns(event, naive(begin, own), since - length, until, own):
        start = wall.replace(tzinfo=own)
        if not is_change(event) and (uid, key(start, zone)) in changed:
            continue
        # A whole day ends at a wall clock; everything else lasts as long as it lasts.
        end = (wall + length).replace(tzinfo=own) if not isinstance(begin, datetime) else utc(start) + length
        if utc(start) < until and utc(end) > since and utc(end) > utc(start):
            found.append((utc(start), utc(end)))
    return found


def length_of(event: Any, begin: Any) -> timedelta:
    """How long it lasts: by its end, its duration, a whole day, or not at all."""
    if "DTEND" in event:
        end = event["DTEND"].dt
        aware = isinstance(end, datetime) and isinstance(begin, datetime)
        if aware and end.tzinfo and begin.tzinfo:
            return max(utc(end) - utc(begin), timedelta(0))
        return max(naive(end, None) - naive(begin, None), timedelta(0))
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return max(length, timedelta(0))
    return timedelta(0) if isinstance(begin, datetime) else A_DAY


def turns(event: Any, begin: datetime, since: datetime, until: datetime, zone: Any) -> Iterator[datetime]:
    """Wall-clock starts of an event: one, or what its rule says, plus and minus single dates."""
    if is_change(event) or not ("RRULE" in event or "RDATE" in event):
        yield begin
        return
    rules = rruleset()
    rules.rdate(begin)
    # One rule is all that calendars write; many that never come true would keep a worker for hours.
    for rule in listed(event.get("RRULE"))[:1]:
        if str(rule.get("FREQ", [""])[0]).upper() in FREQUENCIES:
            rules.rrule(rrulestr(in_wall_time(rule, zone), dtstart=begin, ignoretz=True))
    for day in days(event.get("RDATE")):
        rules.rdate(naive(day, zone))
    for day in days(event.get("EXDATE")):
        rules.exdate(naive(day, zone))
    first, last = naive(since, zone) - A_DAY, naive(until, zone) + A_DAY
    for number, turn in enumerate(rules):
        if turn > last or number > MOST_TURNS:
            return
        if turn >= first:
            yield turn


def in_wall_time(rule: Any, zone: Any) -> str:
    """The rule with its last moment on the same clock as its turns."""
    rule = rule.copy()
    if until := rule.get("UNTIL"):
        last = until[0]
        whole_day = not isinstance(last, datetime)
        rule["UNTIL"] = [naive(last, zone) + (A_DAY - timedelta(seconds=1) if whole_day else timedelta(0))]
    return str(rule.to_ical().decode())


def listed(value: Any) -> list[Any]:
    """A property that stands once, several times or not at all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def days(value: Any) -> Iterator[date]:
    """The dates or moments of RDATE and EXDATE lines; of a period its beginning."""
    for line in listed(value):
        for each in line.dts:
            yield each.dt[0] if isinstance(each.dt, tuple) else each.dt


def naive(moment: date, zone: Any) -> datetime:
    """On the wall clock of a zone, without it."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    if moment.tzinfo and zone:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


def key(moment: date, zone: ZoneInfo) -> datetime:
    """The same moment written in the same way."""
    if isinstance(moment, datetime) and moment.tzinfo:
        return utc(moment)
    return utc(naive(moment, None).replace(tzinfo=zone))


def utc(moment: datetime) -> datetime:
    """In UTC."""
    return moment.astimezone(ZoneInfo("UTC"))


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, with those that touch made one."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found
