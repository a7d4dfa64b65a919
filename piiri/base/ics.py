"""Writes calendars (RFC 5545): dates at the wall clock of their zone, with the rules of that zone."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
# RFC 5545: a line has at most 75 octets without its break; what follows a break begins with a blank.
LONGEST = 75
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
WALL = "%Y%m%dT%H%M%S"
# How a zone's file says what holds from now on: EET-2EEST,M3.5.0/3,M10.5.0/4
NAME, OFFSET = r"(?:<[^>]+>|[A-Za-z]+)", r"[-+]?\d+(?::\d+)*"
RULE = r"M(\d+)\.(\d)\.(\d)(?:/([\d:]+))?"
POSIX = re.compile(rf"({NAME})({OFFSET})(?:({NAME})({OFFSET})?,{RULE},{RULE})?")
WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
# No date of ours is older; until then a rule of today is told to have held.
RULES_SINCE = 2020


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One date of one reader.

    `uid` stays the same for ever, `sequence` grows with each change, `stamp` is when it was last changed.
    `organiser` is (address, name); `reader` an address: both are for invitations by mail. `free`: the
    reader's own time stays free.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    place: str = ""
    url: str = ""
    organiser: tuple[str, str] | None = None
    reader: str = ""
    cancelled: bool = False
    free: bool = False


def calendar_text(entries: Iterable[Entry], *, method: str = PUBLISH, name: str = "") -> str:
    """A whole VCALENDAR. `name` is how a calendar program calls one that it reads again and again."""
    listed = list(entries)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Piiri//Piiri//EN", f"METHOD:{method}"]
    if name:
        lines += [f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
        lines += ["X-PUBLISHED-TTL:PT1H"]
    for zone in sorted({entry.zone for entry in listed}):
        lines += zone_lines(zone)
    for entry in listed:
        lines += entry_lines(entry)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def entry_lines(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{in_utc(entry.stamp)}"
    yield f"DTSTART{at_wall_clock(entry.starts_at, entry.zone)}"
    yield f"DTEND{at_wall_clock(entry.ends_at, entry.zone)}"
    yield f"SUMMARY:{escaped(entry.summary)}"
    if entry.place:
        yield f"LOCATION:{escaped(entry.place)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if entry.free or entry.cancelled else 'OPAQUE'}"
    if entry.organiser:
        address, called = entry.organiser
        yield f'ORGANIZER;CN="{parameter(called)}":mailto:{address}'
    if entry.reader:
        # Answers by mail would reach nobody: one answers on the page.
        yield f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{entry.reader}"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    return text.translate(ESCAPED)


def parameter(text: str) -> str:
    """Between quotation marks nothing can be escaped."""
    return re.sub(r'["\x00-\x1f\x7f]', "", text)


def folded(line: str) -> str:
    """No line is longer than 75 octets, and none breaks within a letter."""
    if len(line) <= LONGEST and line.isascii():
        return line
    parts, octets = [""], 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > LONGEST:
            parts.append(" ")
            octets = 1
        parts[-1] += letter
        octets += size
    return "\r\n".join(parts)


def in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):{WALL}}Z"


def at_wall_clock(moment: datetime, zone: str) -> str:
    """The rest of a line. Of two equal hours in autumn the wall clock cannot say which: then in UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f":{in_utc(moment)}" if twice else f";TZID={zone}:{local:{WALL}}"


# --- zones ------------------------------------------------------------------------------------


@lru_cache
def zone_lines(zone: str) -> tuple[str, ...]:
    """The VTIMEZONE of a zone: what holds from now on, both changes of the clock among it."""
    found = POSIX.fullmatch(rule_of(zone))
    if not found:
        raise ValueError(f"the rules of {zone} cannot be said")
    name, offset, summer, summer_offset, *rules = found.groups()
    standard = -seconds(offset)
    if not summer:
        parts = part_lines("STANDARD", name, before=standard, after=standard)
    else:
        ahead = -seconds(summer_offset) if summer_offset else standard + 3600
        parts = part_lines("DAYLIGHT", summer, before=standard, after=ahead, rule=rules[:4])
        parts += part_lines("STANDARD", name, before=ahead, after=standard, rule=rules[4:])
    return ("BEGIN:VTIMEZONE", f"TZID:{zone}", *parts, "END:VTIMEZONE")


def rule_of(zone: str) -> str:
    """The last line of the zone's file (RFC 8536)."""
    file = resources.files("tzdata.zoneinfo").joinpath(*zone.split("/"))
    return file.read_bytes().rstrip(b"\n").rpartition(b"\n")[2].decode()


def part_lines(
    kind: str, name: str, *, before: int, after: int, rule: Iterable[str | None] = ()
) -> list[str]:
    """One half of a zone's year; `before` and `after` are seconds ahead of UTC."""
    since, again = datetime(RULES_SINCE, 1, 1), []  # noqa: DTZ001 - a wall clock
    if rule:
        month, week, weekday, at = rule
        since = first_change(int(month or 0), int(week or 0), int(weekday or 0), at or "2")
        last = "-1" if week == "5" else week
        again = [f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={last}{WEEKDAYS[int(weekday or 0)]}"]
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{since:{WALL}}",
        *again,
        f"TZOFFSETFROM:{offset_text(before)}",
        f"TZOFFSETTO:{offset_text(after)}",
        f"TZNAME:{name.strip('<>')}",
        f"END:{kind}",
    ]


def first_change(month: int, week: int, weekday: int, at: str) -> datetime:
    """When the wall clock was moved in the first year: the `week`-th Sunday (0) …; the fifth is the last."""
    days = [date(RULES_SINCE, month, day + 1) for day in range(monthrange(RULES_SINCE, month)[1])]
    fitting = [day for day in days if day.isoweekday() % 7 == weekday]
    day = fitting[min(week, len(fitting)) - 1]
    return datetime.combine(day, time(0)) + timedelta(seconds=seconds(at))


def seconds(text: str) -> int:
    """Hours, minutes, seconds as a zone's file writes them: -2, 3, 2:30."""
    sign = -1 if text.startswith("-") else 1
    parts = zip(text.lstrip("+-").split(":"), (3600, 60, 1), strict=False)
    return sign * sum(int(part) * worth for part, worth in parts)


def offset_text(ahead: int) -> str:
    minutes = abs(ahead) // 60
    return f"{'-' if ahead < 0 else '+'}{minutes // 60:02}{minutes % 60:02}"
