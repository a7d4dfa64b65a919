"""Pages for everybody are handed out at the gate, with the headers they have inside."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from piiri.base import kept
from piiri.config import asgi
from piiri.groups.tests.factories import GroupFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PACKED = [(b"host", b"127.0.0.1"), (b"accept-encoding", b"gzip"), (b"accept-language", b"en")]


def scope(path, *, method="GET", headers=PACKED):
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}


@pytest.fixture
def address(client, monkeypatch):
    """A programme page that lies ready."""
    shelf = kept.Shelf(lasts=60.0)
    monkeypatch.setattr(kept, "shelf", shelf)
    monkeypatch.setattr(asgi, "shelf", shelf)
    programme = GroupFactory().programme
    path = f"/p/{programme.organisation.slug}/{programme.slug}/"
    client.get(path, headers={"accept-language": "en"})
    return path


def test_the_gate_hands_out_what_the_pages_would_have_answered(client, address):
    inside = client.get(address, headers={"accept-language": "en", "accept-encoding": "gzip"})

    at_the_gate = asgi.kept_page(scope(address))

    assert at_the_gate.content == inside.content
    assert dict(at_the_gate.headers) == dict(inside.headers)
    assert {"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options"} <= {*at_the_gate.headers}


def test_the_gate_keeps_no_page_for_others_than_readers_and_no_language_but_the_asked(address):
    finnish = [*PACKED[:2], (b"accept-language", b"fi")]

    assert asgi.kept_page(scope(address, method="POST")) is None
    assert asgi.kept_page(scope("/about/privacy/")) is None
    assert asgi.kept_page(scope(address, headers=finnish)) is None


def test_somebody_who_has_the_page_gets_it_once(address):
    tag = asgi.kept_page(scope(address)).headers["ETag"].encode()
    told = []

    async def send(message):
        told.append(message)

    asked = asgi.application(scope(address, headers=[*PACKED, (b"if-none-match", tag)]), None, send)
    # In a thread of its own: a browser's tests may have left a loop running in this one.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(asyncio.run, asked).result()

    assert (told[0]["status"], told[1]["body"]) == (304, b"")
