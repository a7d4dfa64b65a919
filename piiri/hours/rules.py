"""When hours can be stated, when line managers are told of dates, how long their link holds."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.programmes.models import Programme

TOLD_AT = time(7)
# After the year the sum of hours can still be looked at for so long.
LINK_LASTS = timedelta(days=180)


class HoursRefusal(TextChoices):
    NOBODY = "nobody", _("Nobody of this employer has hours yet, so there is nothing to state.")


def why_not_state(*, lines: int) -> HoursRefusal | None:
    """Return the reason against a statement of so many lines."""
    return None if lines else HoursRefusal.NOBODY


def short_name(name: str) -> str:
    """Fatima H.: enough for those who know her."""
    first, *rest = name.split() or [""]
    return f"{first} {rest[-1][0]}." if rest else first


def next_morning(now: datetime, *, tz: ZoneInfo, closed: Collection[date]) -> datetime:
    """Seven in the morning, local time, of the first working day after `now`, in UTC.

    Saturdays, Sundays and the days in `closed` are no working days. Seven itself is past.
    """
    day = now.astimezone(tz).date()
    while True:
        moment = datetime.combine(day, TOLD_AT, tz).astimezone(UTC)
        if moment > now and day.weekday() < 5 and day not in closed:
            return moment
        day += timedelta(days=1)


def link_has_ended(programme: Programme, *, version: int, holds: int, now: datetime) -> bool:
    """Whether a manager's signed link shows nothing any more: a newer one holds, or the year is over."""
    return version != holds or now.astimezone(programme.tz).date() > programme.ends_on + LINK_LASTS
