"""Fetches one text from an address that somebody gave us, and from nowhere inside our own networks.

Every name is resolved here, every address it has is judged, and the connection goes to a judged address
itself: what the name points to a moment later does not matter. Redirects are judged the same way.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
REDIRECTS = (301, 302, 303, 307, 308)
A_PIECE = 65_536


class Trouble(Exception):
    """Why nothing was fetched, as a code: see `rules.CalendarTrouble`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet; what carries another address inside is judged by it."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside:
            return is_public(inside)
        if address.is_site_local:  # out of use, and so not known as private
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@dataclass(frozen=True)
class Guard:
    """What may be asked: schemes with their ports (None: any), which addresses, how much, how long."""

    schemes: dict[str, int | None] = field(default_factory=lambda: {"https": 443})
    permits: Callable[[Address], bool] = is_public
    redirects: int = 3
    most: int = 2_000_000
    seconds: float = 10.0
    types: tuple[str, ...] = (
        "text/calendar",
        "text/plain",
        "application/octet-stream",
        "application/ics",
        "",
    )


def fetch(address: str, *, guard: Guard) -> str:
    """The text at the address; raises Trouble with a code."""
    ends = time.monotonic() + guard.seconds
    for _hop in range(guard.redirects + 1):
        parts = judged(address, guard)
        with connected(parts, guard, ends) as connection, closing(asked(connection, parts)) as answer:
            if answer.status not in REDIRECTS:
                return text_of(answer, guard, ends)
            address = urljoin(address, answer.getheader("Location", ""))
    raise Trouble("too_many_hops")


def judged(address: str, guard: Guard) -> SplitResult:
    """The parts of an address whose scheme, port and form are allowed."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Trouble("no_address") from None
    if parts.scheme not in guard.schemes:
        raise Trouble("not_https")
    usual = guard.schemes[parts.scheme]
    if not parts.hostname or parts.username is not None or not address.isprintable() or " " in address:
        raise Trouble("no_address")
    if usual is not None and port not in (None, usual):
        raise Trouble("no_address")
    return parts


def resolved(host: str, port: int, ends: float) -> list[tuple[socket.AddressFamily, str]]:
    """Every address of a name. Asked in a thread, for the system's own patience is longer than ours."""
    found: list[tuple[socket.AddressFamily, str]] = []

    def ask() -> None:
        try:
            for family, _kind, _proto, _name, place in socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            ):
                found.append((family, str(place[0])))
        except (OSError, UnicodeError):
            return

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(max(0.0, ends - time.monotonic()))
    if thread.is_alive():
        raise Trouble("too_slow")
    if not found:
        raise Trouble("not_found")
    return list(found)


@contextmanager
def connected(parts: SplitResult, guard: Guard, ends: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to a judged address of the host; cut off when the time is over, whatever it does then."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    places = resolved(host, port, ends)
    if not all(guard.permits(ipaddress.ip_address(place.split("%")[0])) for _family, place in places):
        raise Trouble("internal")
    raw = dialled(places, port, ends)
    spare = raw.dup()  # TLS takes the first one over; the connection is cut off by this one
    watch = threading.Timer(max(0.0, ends - time.monotonic()), hang_up, [spare])
    watch.daemon = True
    watch.start()
    connection = http.client.HTTPConnection(host, port)
    connection.sock = raw
    try:
        if parts.scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        yield connection
    except (OSError, http.client.HTTPException, ValueError) as error:
        slow = isinstance(error, TimeoutError) or time.monotonic() >= ends
        raise Trouble("too_slow" if slow else "not_found") from None
    finally:
        watch.cancel()
        connection.close()
        raw.close()
        spare.close()


def dialled(places: list[tuple[socket.AddressFamily, str]], port: int, ends: float) -> socket.socket:
    """A socket to the first of the addresses that answers."""
    for family, place in places:
        left = ends - time.monotonic()
        if left <= 0:
            raise Trouble("too_slow")
        raw = socket.socket(family, socket.SOCK_STREAM)
        raw.settimeout(left)
        try:
            raw.connect((place, port))
        except OSError:
            raw.close()
            continue
        return raw
    raise Trouble("too_slow" if time.monotonic() >= ends else "not_found")


def hang_up(raw: socket.socket) -> None:
    """End a connection from outside, so that whoever waits for a byte waits no more."""
    try:
        raw.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def asked(connection: http.client.HTTPConnection, parts: SplitResult) -> http.client.HTTPResponse:
    """Ask for the address; tells nothing of who asks."""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "Piiri"}
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def text_of(answer: http.client.HTTPResponse, guard: Guard, ends: float) -> str:
    """The body, if it is allowed, not too large and comes in time."""
    if answer.status != http.client.OK:
        raise Trouble("not_found")
    kind = answer.getheader("Content-Type", "").split(";")[0].strip().lower()
    if kind not in guard.types or answer.getheader("Content-Encoding", "identity") != "identity":
        raise Trouble("no_calendar")
    body = b""
    while piece := answer.read1(A_PIECE):
        body += piece
        if len(body) > guard.most:
            raise Trouble("too_large")
        if time.monotonic() >= ends:
            raise Trouble("too_slow")
    if time.monotonic() >= ends:
        raise Trouble("too_slow")
    return body.decode("utf-8-sig", errors="replace")
