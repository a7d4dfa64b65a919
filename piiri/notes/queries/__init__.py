"""What the pages of the room show, and what other rooms ask of it."""

from piiri.notes.queries.lines import (
    Leaving,
    Shown,
    posts,
    released,
    showing,
    things,
    topics,
    used_bytes,
)
from piiri.notes.queries.looking import (
    has_news,
    is_mailed,
    looks_due,
    news,
    proposed_where_somebody_left,
    readers_of,
    seats_of,
)
from piiri.notes.queries.pieces import content_of, spot_of

__all__ = [
    "Leaving",
    "Shown",
    "content_of",
    "has_news",
    "is_mailed",
    "looks_due",
    "news",
    "posts",
    "proposed_where_somebody_left",
    "readers_of",
    "released",
    "seats_of",
    "showing",
    "spot_of",
    "things",
    "topics",
    "used_bytes",
]
