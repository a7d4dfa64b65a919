"""What minutes count for: meetings times the mentor's factor, joint events once, where they count."""

from decimal import Decimal

MENTOR = "mentor"
PENNY = Decimal("0.01")


def counted(
    *, role: str, meeting_minutes: int, event_minutes: int, mentor_factor: int, events_count: bool
) -> tuple[int, int]:
    """Minutes as they count: (of meetings, of joint events).

    A mentor prepares and writes up, so a mentor's minute of a group's meeting counts `mentor_factor`
    times. Joint events count once for everybody, or not at all.
    """
    met = meeting_minutes * (mentor_factor if role == MENTOR else 1)
    return met, event_minutes if events_count else 0


def as_hours(minutes: int) -> Decimal:
    """Hours with two decimals, as a number for a sheet: 100 minutes are 1.67."""
    return (Decimal(minutes) / 60).quantize(PENNY)
