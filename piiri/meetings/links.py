"""Makes the secret addresses of a person: their calendar, and the answer to one meeting."""

from piiri.base import signed

CALENDAR, REPLY = "piiri.meetings.calendar", "piiri.meetings.reply"


def calendar_path(person: str, number: int) -> str:
    """Where calendar programs read the person's dates; with the next number this address is dead."""
    return f"/calendar/{person}/{calendar_signature(person, number)}/piiri.ics"


def calendar_signature(person: str, number: int) -> str:
    """What stands behind the person in the address."""
    return signed.signature(CALENDAR, person, number)


def is_calendar(person: str, number: int, *, given: str) -> bool:
    """Whether the address was made here and is the one in use."""
    return signed.fits(given, CALENDAR, person, number)


def reply_path(meeting: str, person: str) -> str:
    """Where the person says without signing in whether they come; the same however often it is moved."""
    return f"/meetings/{meeting}/coming/{person}/{reply_signature(meeting, person)}/"


def reply_signature(meeting: str, person: str) -> str:
    """What stands behind meeting and person in the address."""
    return signed.signature(REPLY, meeting, person)


def is_reply(meeting: str, person: str, *, given: str) -> bool:
    """Whether the address was made here."""
    return signed.fits(given, REPLY, meeting, person)
