"""When a code may be asked for, when it may be tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.people.models import CodeRequest

CODE_LASTS = timedelta(minutes=15)
A_WHILE = timedelta(minutes=15)
A_DAY = timedelta(days=1)

MOST_FROM_HERE = 5
MOST_A_DAY = 20
MOST_A_NETWORK = 300


class SignInRefusal(TextChoices):
    TOO_MANY_CODES = (
        "too_many_codes",
        _("Many codes were asked for in a short time. Wait 15 minutes, then ask for a new one."),
    )
    WRONG_CODE = "wrong_code", _("That is not the code we sent last. Look at the newest mail and try again.")
    TOO_LATE = "too_late", _("This code is over 15 minutes old. Ask for a new one.")
    TOO_MANY_TRIES = "too_many_tries", _("This code was tried too often. Ask for a new one.")
    USED = "used", _("This code has been used already. Ask for a new one.")
    CLOSED = "closed", _("This account is closed. Your programme office can tell you more.")


class PressRefusal(TextChoices):
    OTHER_PRESS = (
        "other_press",
        _("This form was sent before with other answers. Load the page again to see where it stands."),
    )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How many codes were asked for of late: from this network for this address, and so on."""

    from_here: int
    for_address: int
    from_network: int


def why_not_ask(asked: Asked, *, most_a_network: int = MOST_A_NETWORK) -> SignInRefusal | None:
    """Return the reason against one more code, or None.

    For one address 5 in 15 minutes from one network and 20 a day from anywhere; from one network 300
    in 15 minutes, and `most_a_network` in the mails of another room, for a whole city may sit behind one
    address when enrolment opens. Whether we know the address plays no part.
    """
    over = (
        asked.from_here >= MOST_FROM_HERE
        or asked.for_address >= MOST_A_DAY
        or asked.from_network >= most_a_network
    )
    return SignInRefusal.TOO_MANY_CODES if over else None


def why_not_try(request: CodeRequest, *, now: datetime) -> SignInRefusal | None:
    """Return the first reason against trying a code at all, or None. The last moment is too late."""
    if request.used_at:
        return SignInRefusal.USED
    if now >= request.expires_at:
        return SignInRefusal.TOO_LATE
    if request.tries >= CodeRequest.MOST_TRIES:
        return SignInRefusal.TOO_MANY_TRIES
    return None
