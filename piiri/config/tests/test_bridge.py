"""From the server's events to WSGI and back: forms, files, streams, people who go away."""

import asyncio
import threading

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation

from piiri.config.bridge import Bridge


def scope(method="POST", path="/", headers=()):
    return {
        "type": "http", "method": method, "path": path, "query_string": b"q=1", "http_version": "1.1",
        "headers": list(headers), "client": ("10.0.0.7", 4321), "server": ("127.0.0.1", 8000),
    }  # fmt: skip


def talk(pages, *, said=(), headers=(), most_bytes=100, **about):
    """What is sent when the browser sends the pieces of `said`; a piece of None is going away."""
    sent, pieces = [], list(said)

    async def receive():
        piece = pieces.pop(0) if pieces else b""
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message):
        sent.append(message)

    bridge = Bridge(pages, threads=2, most_bytes=most_bytes)
    asyncio.run(bridge(scope(headers=headers, **about), receive, send))
    bridge.pool.shutdown()
    return sent


def answering(response, seen=None):
    """An application that notes what it was asked."""

    def pages(environ, start_response):
        if seen is not None:
            seen.update(environ, read=environ["wsgi.input"].read())
        start_response("200 OK", [("X-Word", " spaced ")])
        return response

    return pages


def length(number):
    return [(b"content-length", str(number).encode())]


def test_a_form_is_there_as_a_whole_and_the_page_is_sent_at_once():
    seen = {}

    sent = talk(
        answering(HttpResponse("page"), seen),
        said=[b"a=1&", b"b=2"],
        headers=[*length(7), (b"x-two", b"one"), (b"x-two", b"other"), (b"content-type", b"text/plain")],
        path="/häme/",
    )

    assert seen["read"] == b"a=1&b=2"
    assert (seen["CONTENT_LENGTH"], seen["CONTENT_TYPE"], seen["HTTP_X_TWO"]) == (
        "7",
        "text/plain",
        "one,other",
    )
    assert (seen["REQUEST_METHOD"], seen["QUERY_STRING"], seen["REMOTE_ADDR"]) == ("POST", "q=1", "10.0.0.7")
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/häme/"
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (sent[0]["status"], sent[0]["headers"]) == (200, [(b"x-word", b"spaced")])
    assert sent[1]["body"] == b"page"


@pytest.mark.parametrize("headers", [length(101), [], length("odd")])
def test_what_is_too_long_or_does_not_say_its_length_is_not_read(headers):
    seen = {}

    talk(answering(HttpResponse(), seen), said=[b"x" * 101], headers=headers)

    assert seen["read"] == b""


def test_whoever_goes_away_while_sending_asks_nothing():
    seen = {}

    assert talk(answering(HttpResponse(), seen), said=[b"half", None], headers=length(8)) == []
    assert seen == {}


def test_a_stream_is_sent_piece_by_piece_from_one_thread_and_closed():
    threads, closed = set(), []

    def pieces():
        for piece in (b"one", b"two"):
            threads.add(threading.get_ident())
            yield piece

    response = StreamingHttpResponse(pieces())
    response._resource_closers.append(lambda: closed.append(threading.get_ident()))

    sent = talk(answering(response), method="GET")

    assert [message.get("body") for message in sent] == [None, b"one", b"two", b""]
    assert [message.get("more_body", False) for message in sent] == [False, True, True, False]
    assert threads == set(closed)


def test_a_page_that_breaks_is_closed_and_told():
    closed = []

    class Breaking(HttpResponse):
        def __iter__(self):
            raise RuntimeError("a secret")

        def close(self):
            closed.append(True)

    with pytest.raises(RuntimeError):
        talk(answering(Breaking()))
    assert closed == [True]


def test_nothing_of_one_request_is_left_for_the_next():
    spoken = []

    def pages(environ, start_response):
        spoken.append(translation.get_language())
        translation.activate("sv")
        start_response("200 OK", [])
        return HttpResponse()

    async def both():
        bridge = Bridge(pages, threads=1, most_bytes=0)

        async def send(message):
            return None

        for _time in range(2):
            await bridge(scope(method="GET"), None, send)
        bridge.pool.shutdown()

    asyncio.run(both())

    assert spoken == ["en", "en"]
