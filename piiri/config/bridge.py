"""From the server's events to Django's WSGI handler on a fixed pool of threads.

A form is read before a thread is asked, and a page is sent after it is let go: a thread is busy with
nothing but the page, and changes hands once a request. Only what is streamed is sent from its thread.
"""

import asyncio
import contextvars
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Pages = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

IN_MEMORY = 1024 * 1024
NOT_A_HEADER = {b"content-length": "CONTENT_LENGTH", b"content-type": "CONTENT_TYPE"}


class Gone(Exception):
    """Whoever asked went away before they had asked to the end."""


class Bridge:
    """Answers requests with `pages`, as many at once as there are `threads`."""

    def __init__(self, pages: Pages, *, threads: int, most_bytes: int) -> None:
        self.pages, self.most_bytes = pages, most_bytes
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            body = await self.read(scope, receive)
        except Gone:
            return
        await self.answer(scope, body, send)

    async def read(self, scope: Message, receive: Receive) -> IO[bytes]:
        """What came with the request; nothing where it is more than is taken. Raises Gone."""
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or not 0 < int(told) <= self.most_bytes:
            return BytesIO()
        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the request
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                raise Gone
            body.write(message.get("body", b""))
            more = message.get("more_body", False)
        body.seek(0)
        return body

    async def answer(self, scope: Message, body: IO[bytes], send: Send) -> None:
        loop = asyncio.get_running_loop()
        job = Job(self.pages, environ_of(scope, body), loop, send)
        # Each request has a context of its own: nothing of the last one on this thread is left in it.
        context = contextvars.copy_context()
        whole = await loop.run_in_executor(self.pool, context.run, job.run)
        if whole is not None:
            await send(job.start)
            await send({"type": "http.response.body", "body": whole})


class Job:
    """One request in its thread."""

    def __init__(
        self, pages: Pages, environ: dict[str, Any], loop: asyncio.AbstractEventLoop, send: Send
    ) -> None:
        self.pages, self.environ, self.loop, self.send = pages, environ, loop, send
        self.start: Message = {}

    def run(self) -> bytes | None:
        """The whole body; None where it was streamed and is sent already."""
        response = self.pages(self.environ, self.start_response)
        try:
            if not getattr(response, "streaming", False):
                return b"".join(response)
            self.send_from_here(self.start)
            for chunk in response:
                self.send_from_here({"type": "http.response.body", "body": chunk, "more_body": True})
            self.send_from_here({"type": "http.response.body", "body": b""})
            return None
        finally:
            getattr(response, "close", lambda: None)()
            self.environ["wsgi.input"].close()

    def start_response(self, status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        named = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
        self.start = {"type": "http.response.start", "status": int(status[:3]), "headers": named}

    def send_from_here(self, message: Message) -> None:
        """Wait until it is on its way."""
        asyncio.run_coroutine_threadsafe(self.send(message), self.loop).result()  # type: ignore[arg-type]


def environ_of(scope: Message, body: IO[bytes]) -> dict[str, Any]:
    """The request as WSGI tells it (PEP 3333)."""
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name = NOT_A_HEADER.get(raw) or "HTTP_" + raw.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        environ[name] = f"{environ[name]},{text}" if name in environ else text
    return environ
