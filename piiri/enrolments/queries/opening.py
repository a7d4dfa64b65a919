"""How long it takes until enrolment opens, by the server's clock."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from piiri.programmes.models import Programme

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60


@dataclass(frozen=True)
class Opening:
    """`seconds` until it opens (0: it has), and the same in words. `zone` is the programme's."""

    opens_at: datetime
    now: datetime
    zone: str
    seconds: int
    words: str


def opening(programme: Programme, *, now: datetime) -> Opening:
    """When the programme opens, seen from `now`. No query."""
    left = (programme.enrol_opens_at - now).total_seconds()
    seconds = max(0, int(left) + (left > int(left)))
    return Opening(programme.enrol_opens_at, now, programme.zone, seconds, in_words(seconds))


def in_words(seconds: int) -> str:
    """The largest unit that fits, counted up, so that nothing is promised too early."""
    for unit, said in ((DAY, days), (HOUR, hours), (MINUTE, minutes)):
        if seconds >= 2 * unit:
            return said(-(-seconds // unit))
    return (
        ngettext("in %(n)s second", "in %(n)s seconds", seconds) % {"n": seconds}
        if seconds
        else gettext("now")
    )


def days(n: int) -> str:
    """A number of days from now."""
    return ngettext("in %(n)s day", "in %(n)s days", n) % {"n": n}


def hours(n: int) -> str:
    """A number of hours from now."""
    return ngettext("in %(n)s hour", "in %(n)s hours", n) % {"n": n}


def minutes(n: int) -> str:
    """A number of minutes from now."""
    return ngettext("in %(n)s minute", "in %(n)s minutes", n) % {"n": n}
