"""The gate in front of the pages: past a number of waiting requests it asks people to come back.

A short wait for everybody is kind; a wait that outlasts browsers and proxies ends in nothing for
anybody. The gate answers by itself, without a thread, a database or a session.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.http import HttpResponse

from piiri.base import views

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Kept = Callable[[Message], HttpResponse | None]

ALIVE = "/health/live"


class Gate:
    """Lets requests in to `pages` while fewer than `most` are inside; `files` are always let in.

    What `kept` has lying ready is handed out here, however many are inside.
    Whoever is not let in gets `busy_read`, or `busy_sent` where the request came with a form; both are made
    ahead, so that turning people away costs next to nothing.
    """

    def __init__(
        self,
        pages: App,
        *,
        files: App,
        at: str,
        most: int,
        busy_read: HttpResponse,
        busy_sent: HttpResponse,
        kept: Kept = lambda _scope: None,
    ) -> None:
        self.pages, self.files, self.at, self.most, self.kept = pages, files, at, most, kept
        self.busy_read, self.busy_sent = busy_read, busy_sent
        self.inside = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path == ALIVE:
            await answer(HttpResponse("alive", content_type="text/plain"), send)
        elif path.startswith(self.at):
            await self.files(scope, receive, send)
        elif ready := self.kept(scope):
            await answer(ready, send)
        elif self.inside >= self.most:
            await self.turn_away(scope, send)
        else:
            await self.let_in(scope, receive, send)

    async def let_in(self, scope: Message, receive: Receive, send: Send) -> None:
        self.inside += 1
        try:
            await self.pages(scope, receive, send)
        finally:
            self.inside -= 1

    async def turn_away(self, scope: Message, send: Send) -> None:
        response = self.busy_read if scope.get("method") in ("GET", "HEAD") else self.busy_sent
        response.headers["Retry-After"] = views.come_back_in()
        await answer(response, send)


async def answer(response: HttpResponse, send: Send) -> None:
    """A whole answer at once."""
    headers = [(name.lower().encode(), value.encode()) for name, value in response.items()]
    if "Content-Length" not in response.headers and response.content:
        headers.append((b"content-length", str(len(response.content)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})
