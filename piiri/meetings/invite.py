"""Writes calendar invitations (RFC 5545, RFC 5546) for one reader, in neutral words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What one reader's calendar is told. `uid` stays the same for ever, `sequence` grows."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    place: str
    url: str
    organiser: str
    organiser_name: str
    reader: str
    stamp: datetime


def calendar_text(notice: Notice, *, method: str) -> str:
    """A whole VCALENDAR with its time zone. Nobody but the reader is named in it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Piiri//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry(notice, cancelled=method == CANCEL))
    span = timedelta(days=366)
    calendar.add_missing_timezones((notice.starts_at - span).date(), (notice.ends_at + span).date())
    return str(calendar.to_ical().decode())


def entry(notice: Notice, *, cancelled: bool) -> Event:
    local = ZoneInfo(notice.zone)
    event = Event()
    event.add("uid", notice.uid)
    event.add("sequence", notice.sequence)
    event.add("dtstamp", notice.stamp)
    event.add("dtstart", notice.starts_at.astimezone(local))
    event.add("dtend", notice.ends_at.astimezone(local))
    event.add("summary", notice.summary)
    if notice.place:
        event.add("location", notice.place)
    event.add("url", notice.url)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", address(notice.organiser, cn=notice.organiser_name))
    # Answers by mail would reach nobody: one answers on the page.
    reader = address(notice.reader, partstat="NEEDS-ACTION", rsvp="FALSE")
    event.add("attendee", reader, encode=False)
    return event


def address(mail: str, **parameters: str) -> vCalAddress:
    written = vCalAddress(f"mailto:{mail}")
    for name, value in parameters.items():
        written.params[name.upper()] = vText(value)
    return written
