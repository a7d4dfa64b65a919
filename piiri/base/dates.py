"""Days, times and hours as people here write them, in the reader's language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat, timezone
from django.utils.translation import get_language

SHORT = {"fi": "D j.n.", "sv": "D j.n", "en": "D j F"}
FULL = {"fi": "l j.n.Y", "sv": "l j F Y", "en": "l j F Y"}
LONG = {"fi": "j.n.Y", "sv": "j F Y", "en": "j F Y"}
COMMA = ("fi", "sv")


def spoken() -> str:
    """The reader's language as one of ours."""
    code = (get_language() or "en")[:2]
    return code if code in SHORT else "en"


def local(moment: date | datetime, zone: str = "") -> date | datetime:
    """A moment in `zone` (the active zone when empty); a plain day stays as it is."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment, ZoneInfo(zone) if zone else None)
    return moment


def day(moment: date | datetime, zone: str = "") -> str:
    """Tue 26 January · ti 26.1. · tis 26.1"""
    return dateformat.format(local(moment, zone), SHORT[spoken()])


def full_day(moment: date | datetime, zone: str = "") -> str:
    """Tuesday 26 January 2027 · tiistai 26.1.2027 · tisdag 26 januari 2027"""
    return dateformat.format(local(moment, zone), FULL[spoken()])


def clock_time(moment: datetime, zone: str = "") -> str:
    """14.30 in every language."""
    return dateformat.format(local(moment, zone), "H.i")


def times(start: datetime, end: datetime | None = None, zone: str = "") -> str:
    """14.30–16.00, or 14.30 where the end is not known."""
    if end is None:
        return clock_time(start, zone)
    return f"{clock_time(start, zone)}–{clock_time(end, zone)}"


def days(first: date, last: date) -> str:
    """Two days as one span, one day alone when they are the same; with the years where these differ."""
    if first.year != last.year:
        return "–".join(dateformat.format(each, LONG[spoken()]) for each in (first, last))
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def hours(minutes: int) -> str:
    """7.5 h, 7,5 h in Finnish and Swedish; whole hours without decimals, at most two of them."""
    text = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    if spoken() in COMMA:
        text = text.replace(".", ",")
    return f"{text}\N{NO-BREAK SPACE}h"
