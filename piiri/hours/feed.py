"""Writes a line manager's calendar (RFC 5545): when staff are away, in neutral words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event


@dataclass(frozen=True, kw_only=True)
class Away:
    """One date of one person. `uid` stays the same for ever, `sequence` grows."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    cancelled: bool


def short_name(name: str) -> str:
    """Fatima H.: enough for those who know her."""
    first, *rest = name.split() or [""]
    return f"{first} {rest[-1][0]}." if rest else first


def calendar_text(dates: Iterable[Away], *, name: str, zone: str, stamp: datetime) -> bytes:
    """A whole VCALENDAR with its time zone. The manager's own time stays free."""
    listed, local = list(dates), ZoneInfo(zone)
    calendar = Calendar()
    calendar.add("prodid", "-//Piiri//Managers//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for one in listed:
        event = Event()
        event.add("uid", one.uid)
        event.add("sequence", one.sequence)
        event.add("dtstamp", stamp)
        event.add("dtstart", one.starts_at.astimezone(local))
        event.add("dtend", one.ends_at.astimezone(local))
        event.add("summary", one.summary)
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    if listed:
        days = [one.starts_at.date() for one in listed]
        calendar.add_missing_timezones(min(days), max(days).replace(year=max(days).year + 1, day=1))
    return bytes(calendar.to_ical())
