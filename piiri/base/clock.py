"""The only clock of the house."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """The present moment in UTC.

    In a demo and in tests a file named by PIIRI_CLOCK_FILE shifts it by the seconds it holds.
    """
    return datetime.now(UTC) + shift()


def shift() -> timedelta:
    """How far the demo's clock is moved; none in production or where the file is missing or odd."""
    if not settings.CLOCK_FILE:
        return timedelta(0)
    try:
        return timedelta(seconds=float(Path(settings.CLOCK_FILE).read_text() or 0))
    except (OSError, ValueError):
        return timedelta(0)


def today(zone: str) -> date:
    """The day it is now in `zone`, e.g. "Europe/Helsinki"."""
    return now().astimezone(ZoneInfo(zone)).date()
