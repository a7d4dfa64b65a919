"""Signatures in addresses that mails and codes carry: made anew each time, kept nowhere."""

import base64

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

LENGTH = 16


def signature(purpose: str, *parts: object, secret: str | bytes | None = None) -> str:
    """Sixteen base32 characters (80 bits), so that `<uid:signature>` finds them in an address.

    `purpose` is a path of its own for each kind of link, e.g. "piiri.groups.join"; `parts` are what the link
    is about, by uid, and a version where old links must end.
    """
    digest = salted_hmac(purpose, " ".join(map(str, parts)), secret=secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode().lower()


def fits(given: str, purpose: str, *parts: object) -> bool:
    """Whether the signature is ours, by the signing key or one that was in use before it."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(given, signature(purpose, *parts, secret=secret)) for secret in secrets)
