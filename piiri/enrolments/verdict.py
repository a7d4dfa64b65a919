"""What becomes of one row of a file beside what a programme knows already."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


class Standing(NamedTuple):
    """What the programme knows of one address.

    `state` is "" for nobody, else open, placed or ended. `own_at` is when the person last wrote here
    themselves, or when an application ended; the rest is what an earlier file brought, and when.
    """

    state: str = ""
    own_at: datetime | None = None
    digest: str = ""
    answered_at: datetime | None = None
    written_at: datetime | None = None


NOBODY = Standing()


def outcome(standing: Standing, *, digest: str, answered_at: datetime | None) -> str:
    """A code of report.OUTCOMES. An answer without a moment counts as the oldest."""
    moment = answered_at or LONG_AGO
    if standing.state == "placed":
        return "placed"
    if standing.state == "ended":
        return "ended" if (standing.own_at or LONG_AGO) >= moment else "new"
    if standing.state == "":
        return "new"
    if standing.digest == digest:
        return "same"
    if standing.own_at is not None and standing.own_at >= moment:
        return "own"
    if standing.digest and (standing.answered_at or LONG_AGO) > moment:
        return "older"
    return "changed"


def content(parts: Sequence[object]) -> str:
    """The content of a row as one text, for its digest."""
    return "\x1f".join(str(part) for part in parts)
