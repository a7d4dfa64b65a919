"""What is fetched from an address somebody gave us, and what never is; with real servers on this machine."""

import ipaddress
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from piiri.meetings import fetching
from piiri.meetings.fetching import Guard, Trouble

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
# The open internet of these tests is 127.0.0.1; 127.0.0.2 stays what it is: inside.
OUTSIDE = ipaddress.ip_address("127.0.0.1")
HERE = Guard(schemes={"http": None}, permits=lambda address: address == OUTSIDE, seconds=2)


@contextmanager
def serving(answer, host="127.0.0.1"):
    """A server whose every answer is `answer(handler)`; gives its address and the requests it got."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, dict(self.headers)))
            answer(self)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}/", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def saying(body=CALENDAR, kind="text/calendar; charset=utf-8", status=200, **headers):
    def answer(handler):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return answer


def leading_to(address):
    return saying("", status=302, Location=address)


def trouble(address, guard=HERE):
    with pytest.raises(Trouble) as caught:
        fetching.fetch(address, guard=guard)
    return caught.value.code


def test_a_calendar_is_fetched_and_nothing_is_told_of_who_asks():
    with serving(saying()) as (address, asked):
        assert fetching.fetch(f"{address}me.ics?key=1", guard=HERE) == CALENDAR

    [(path, headers)] = asked
    assert path == "/me.ics?key=1"
    assert set(headers) == {"Host", "Accept", "Accept-Encoding", "User-Agent"}


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://localhost/x.ics",
        "https://[::1]/",
        "https://0.0.0.0/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[fec0::1]/",
        "https://224.0.0.1/",
        "https://[::ffff:127.0.0.2]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://100.64.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
    ],
)
def test_nothing_inside_is_ever_asked(address):
    assert trouble(address, Guard(seconds=2)) in ("internal", "not_found")


@pytest.mark.parametrize("text", ["8.8.8.8", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_the_open_internet_may_be_asked(text):
    assert fetching.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://example.org/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("ftp://example.org/", "not_https"),
        ("https://", "no_address"),
        ("https://name:word@example.org/", "no_address"),
        ("https://example.org:22/", "no_address"),
        ("https://example.org:99999/", "no_address"),
        ("https://example.org/a\r\nHost: b", "no_address"),
        ("https://[nonsense/", "no_address"),
        ("", "not_https"),
    ],
)
def test_addresses_of_another_kind_are_refused_before_anything_is_asked(monkeypatch, address, code):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **words: pytest.fail("asked"))

    assert trouble(address, Guard()) == code


def test_a_redirect_inside_is_not_followed():
    with (
        serving(saying(), host="127.0.0.2") as (inside, asked),
        serving(leading_to(inside)) as (address, _asked),
    ):
        assert trouble(address) == "internal"

    assert asked == []


def test_three_redirects_are_followed_and_no_fourth():
    def answer(handler):
        left = int(handler.path.strip("/") or 0)
        (leading_to(f"/{left - 1}") if left else saying())(handler)

    with serving(answer) as (address, _asked):
        assert fetching.fetch(f"{address}3", guard=HERE) == CALENDAR
        assert trouble(f"{address}4") == "too_many_hops"


def test_a_redirect_to_another_scheme_is_refused():
    with serving(leading_to("ftp://127.0.0.1/x")) as (address, _asked):
        assert trouble(address) == "not_https"


def test_the_name_is_asked_once_and_the_judged_address_is_the_one_connected_to(monkeypatch):
    """A name that points outside when it is judged and inside a moment later gains nothing."""
    asked = []

    def changing(host, port, **words):
        asked.append(host)
        place = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]

    with serving(saying()) as (address, got):
        monkeypatch.setattr(socket, "getaddrinfo", changing)
        assert fetching.fetch(address.replace("127.0.0.1", "calendar.example"), guard=HERE) == CALENDAR

    assert asked == ["calendar.example"]
    assert got[0][1]["Host"].startswith("calendar.example")


def test_a_name_with_one_address_inside_is_refused_whole(monkeypatch):
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 80)) for place in ("127.0.0.1", "127.0.0.2")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **words: both)

    assert trouble("http://calendar.example/") == "internal"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (saying("x" * 2_000_001), "too_large"),
        (saying("<html>", kind="text/html"), "no_calendar"),
        (saying(Content_Encoding="gzip"), "no_calendar"),
        (saying(status=404), "not_found"),
        (saying(status=401), "not_found"),
        (leading_to(""), "too_many_hops"),
    ],
)
def test_what_is_no_calendar_is_told_by_its_code(answer, code):
    with serving(answer) as (address, _asked):
        assert trouble(address) == code


def test_nobody_there_is_told_and_so_is_a_name_that_is_none(monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert trouble(f"http://127.0.0.1:{port}/") == "not_found"

    def unknown(*args, **words):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert trouble("http://nowhere.example/") == "not_found"


@pytest.mark.parametrize("where", ["before", "headers", "body"])
def test_who_answers_drop_by_drop_is_left_when_the_time_is_over(where):
    over = threading.Event()

    def answer(handler):
        def drip(drop):
            for _ in range(100):
                if over.wait(0.1):
                    return
                handler.wfile.write(drop)

        try:
            if where == "before":
                over.wait(10)
            if where == "headers":
                handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
                drip(b"X: y\r\n")
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR")
            drip(b"\r\n")
        except OSError:
            return

    begun = time.monotonic()
    with serving(answer) as (address, _asked):
        code = trouble(address, Guard(schemes={"http": None}, permits=HERE.permits, seconds=0.5))
        took = time.monotonic() - begun
        over.set()

    assert code == "too_slow"
    assert took < 3


def test_a_slow_name_server_is_not_waited_for(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **words: over.wait(10) and [])

    code = trouble("http://slow.example/", Guard(schemes={"http": None}, permits=HERE.permits, seconds=0.2))
    over.set()

    assert code == "too_slow"


def test_a_server_without_a_certificate_for_its_name_is_not_believed():
    with serving(saying()) as (address, asked):
        guard = Guard(schemes={"https": None}, permits=HERE.permits, seconds=2)
        assert trouble(address.replace("http://", "https://"), guard) == "not_found"

    assert asked == []
