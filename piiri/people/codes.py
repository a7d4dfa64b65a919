"""The code somebody types to sign in: how it is made, kept and compared."""

import secrets
from ipaddress import ip_address, ip_network

from django.utils.crypto import constant_time_compare, salted_hmac

DIGITS = 6


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def hash_of(code: str, *, uid: str) -> str:
    """What is kept instead of the code; `uid` is the request's, so that equal codes look different."""
    return salted_hmac("piiri.people.code", f"{uid}:{code}", algorithm="sha256").hexdigest()


def fits(code: str, *, uid: str, kept: str) -> bool:
    """Whether the typed code is the one kept, in the same time whatever was typed."""
    return constant_time_compare(hash_of(code, uid=uid), kept)


def network_hash(address: str, *, counted: str = "") -> str:
    """A name for the network an address belongs to, without telling the address.

    What is counted apart from codes to sign in says as what it is `counted`, and gets another name.
    An IPv4 address counts for itself, an IPv6 address for its /64; what is no address counts as one network.
    """
    try:
        ip = ip_address(address)
        network = str(ip_network((ip, 32 if ip.version == 4 else 64), strict=False))
    except ValueError:
        network = "nowhere"
    return salted_hmac("piiri.people.network", f"{counted}{network}", algorithm="sha256").hexdigest()
