"""Makes the address of a line manager's page: signed anew each time, kept nowhere."""

from typing import Protocol

from piiri.base import signed

PURPOSE = "piiri.enrolments.manager"


class Holder(Protocol):
    """Whoever holds the link; a new `version` ends the old ones."""

    uid: str
    version: int


def manager_signature(manager: Holder) -> str:
    """The signature of the link that holds now."""
    return signed.signature(PURPOSE, manager.uid, manager.version)


def manager_path(manager: Holder) -> str:
    """The path of the page for the year."""
    return f"/manager/{manager.uid}/{manager_signature(manager)}/"


def was_signed(manager: Holder, *, given: str) -> int:
    """The version a signature was made for, 0 where it was never ours."""
    versions = range(manager.version, 0, -1)
    return next((one for one in versions if signed.fits(given, PURPOSE, manager.uid, one)), 0)
