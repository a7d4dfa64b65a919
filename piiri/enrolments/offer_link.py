"""Makes the address of an offered place: whoever holds the mail can answer without signing in.

It ends with the offer itself; nothing is kept.
"""

from piiri.base import signed

PURPOSE = "piiri.enrolments.offer"


def signature(uid: str) -> str:
    """What stands behind the uid in the address."""
    return signed.signature(PURPOSE, uid)


def path(uid: str) -> str:
    """The address that a mail links to."""
    return f"/offers/{uid}/{signature(uid)}/"


def was_signed(uid: str, *, given: str) -> bool:
    """Whether the address was made here."""
    return signed.fits(given, PURPOSE, uid)
