"""Writes the calendar file of the place mail (RFC 5545, RFC 5546): when to come first, in neutral words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

END = "END:VEVENT"
WIDTH = 70


@dataclass(frozen=True, kw_only=True)
class Date:
    """One date as every reader of one language is told it. `uid` is that of the later invitation."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    place: str
    url: str
    organiser: str
    organiser_name: str


def calendar_text(date: Date, *, reader: str, stamp: datetime) -> str:
    """A whole VCALENDAR with its time zone. Nobody but the reader is named in it."""
    # Answers by mail would reach nobody: one answers on the page.
    attendee = folded(f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{reader}")
    lines = f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}\r\n{attendee}\r\n{END}"
    return _text(date).replace(END, lines, 1)


def folded(line: str) -> str:
    """A line as calendars want it: at most 75 bytes, the rest on lines that begin with a space."""
    parts = [line[at : at + WIDTH] for at in range(0, len(line), WIDTH)]
    return "\r\n ".join(parts)


@lru_cache(maxsize=256)
def _text(date: Date) -> str:
    """What is equal for all readers: the time zone alone takes longer than everything else of a mail."""
    calendar = Calendar()
    calendar.add("prodid", "-//Piiri//Enrolments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    calendar.add_component(_entry(date))
    span = timedelta(days=366)
    calendar.add_missing_timezones((date.starts_at - span).date(), (date.ends_at + span).date())
    return str(calendar.to_ical().decode())


def _entry(date: Date) -> Event:
    local, event = ZoneInfo(date.zone), Event()
    event.add("uid", date.uid)
    event.add("sequence", 0)
    event.add("dtstart", date.starts_at.astimezone(local))
    event.add("dtend", date.ends_at.astimezone(local))
    event.add("summary", date.summary)
    if date.place:
        event.add("location", date.place)
    event.add("url", date.url)
    event.add("status", "CONFIRMED")
    organiser = vCalAddress(f"mailto:{date.organiser}")
    organiser.params["CN"] = vText(date.organiser_name)
    event.add("organizer", organiser)
    return event
