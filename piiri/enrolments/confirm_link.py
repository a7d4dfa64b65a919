"""Makes the address that a visitor presses in the mail: signed anew each time, kept nowhere."""

from piiri.base import signed

PURPOSE = "piiri.enrolments.confirm"


def signature(uid: str) -> str:
    """What stands behind the uid in the address."""
    return signed.signature(PURPOSE, uid)


def path(page: str, uid: str) -> str:
    """The path below `page`, the programme's own."""
    return f"{page}enrol/confirm/{uid}/{signature(uid)}/"


def fits(given: str, *, uid: str) -> bool:
    """Whether the signature is ours."""
    return signed.fits(given, PURPOSE, uid)
