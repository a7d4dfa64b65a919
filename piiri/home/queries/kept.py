"""What a programme says to all its groups alike, kept for a few seconds: joint events and breaks."""

import time
from typing import NamedTuple

from django.conf import settings

from piiri.meetings.pauses import Pause
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Break, EventSession, Programme

# Seconds; a change of the office is on every group's page after that.
LASTS = 0.0 if settings.TESTING else 5.0
MOST = 512


class Common(NamedTuple):
    """Sessions of joint events in time order, and breaks. Pages share them: never change them."""

    sessions: list[EventSession]
    breaks: list[Break]


_kept: dict[int, tuple[float, Common]] = {}


def common(programme: Programme) -> Common:
    """Joint events and breaks of a programme. Two queries, or none for what was read seconds ago."""
    now = time.monotonic()
    made, found = _kept.get(programme.pk, (0.0, None))
    if found and now - made < LASTS:
        return found
    found = Common(list(programme_queries.sessions(programme)), list(programme_queries.breaks(programme)))
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[programme.pk] = (now, found)
    return found


def pauses_of(common: Common) -> list[Pause]:
    """The breaks, in the reader's language. No query."""
    return [Pause(str(row.title), row.starts_on, row.ends_on) for row in common.breaks]
