"""Pages that are the same for everybody, kept for a second as ready bytes.

When enrolment opens, thousands look at one page. One thread of a process makes it, the others answer
with what was made last; nobody waits but at the very first look.
"""

import gzip
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from piiri.base import spoken

# Seconds that a page is kept, and that the old one still answers while a new one is being made.
LASTS = 0.0 if settings.TESTING else 1.0
STANDS_IN = 3.0
MOST_PAGES = 256
View = Callable[..., HttpResponseBase]


class Key(NamedTuple):
    """One page: where it is, and its language; "" where the query names the language already."""

    path: str
    query: str
    language: str

    @classmethod
    def of(cls, request: HttpRequest, query: str) -> "Key":
        named = f"&{query}".find("&lang=") >= 0
        return cls(request.path_info, query, "" if named else spoken.spoken_by(request))


@dataclass(frozen=True)
class Kept:
    """A page as bytes, plain and packed, with its headers; `made` by the monotonic clock, in seconds."""

    body: bytes
    packed: bytes
    tag: str
    headers: Mapping[str, str]
    made: float

    @classmethod
    def of(cls, html: str, headers: Mapping[str, str], *, made: float) -> "Kept":
        body = html.encode()
        tag = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
        return cls(body, gzip.compress(body, 6, mtime=0), tag, {**headers, "ETag": tag}, made)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page, packed for those who can open it; 304 for whoever has it."""
        if self.tag in request.META.get("HTTP_IF_NONE_MATCH", ""):
            return HttpResponseNotModified(headers={**self.headers})
        packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        body = self.packed if packed else self.body
        response = HttpResponse(body, headers={**self.headers, "Content-Length": str(len(body))})
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response


class Shelf:
    """Kept pages of one process, the oldest thrown away first."""

    def __init__(self, *, lasts: float = LASTS, most: int = MOST_PAGES) -> None:
        self.lasts, self.most = lasts, most
        self._pages: dict[Key, Kept] = {}
        self._paths: frozenset[str] = frozenset()
        self._making: set[Key] = set()
        self._locks = [Lock() for _number in range(64)]

    def fresh(self, request: HttpRequest) -> Kept | None:
        """The page at this very address if it is not too old, or a new one is just being made."""
        if not self.has(request.path_info):
            return None
        key = Key.of(request, request.META.get("QUERY_STRING", ""))
        page = self._pages.get(key)
        lasts = STANDS_IN if key in self._making and self.lasts else self.lasts
        return page if page and time.monotonic() - page.made < lasts else None

    def has(self, path: str) -> bool:
        """Whether any page of this path lies here, old or new."""
        return path in self._paths

    def get(self, key: Key, make: Callable[[], tuple[str, Mapping[str, str]]]) -> Kept:
        """The page, made by `make` (as HTML and headers) where there is none or an old one.

        One thread makes it. Meanwhile others get the old page, or wait where there is none.
        """
        began = time.monotonic()
        old = self._pages.get(key)
        if old and began - old.made < self.lasts:
            return old
        lock = self._locks[hash(key) % len(self._locks)]
        stands_in = old is not None and began - old.made < STANDS_IN
        if not lock.acquire(blocking=not stands_in):
            assert old is not None
            return old
        try:
            new = self._pages.get(key)
            if new and new is not old and self.lasts:  # made while we waited
                return new
            self._making.add(key)
            # Its age counts from before it was made: nothing that happens meanwhile is in it.
            made = time.monotonic()
            page = Kept.of(*make(), made=made)
            self._keep(key, page)
            return page
        finally:
            self._making.discard(key)
            lock.release()

    def _keep(self, key: Key, page: Kept) -> None:
        pages = {**self._pages, key: page}
        while len(pages) > self.most:
            del pages[min(pages, key=lambda other: pages[other].made)]
        self._pages, self._paths = pages, frozenset(key.path for key in pages)

    def clear(self) -> None:
        """Forget everything."""
        self._pages, self._paths = {}, frozenset()


shelf = Shelf()


def for_everybody(view: View) -> View:
    """Declare that a view answers everybody alike: what surrounds it asks for no session and no person."""

    view.is_for_everybody = True  # type: ignore[attr-defined]
    return view


def headers(language: str, *, named: bool, **more: str) -> dict[str, str]:
    """The headers of a kept page. Where the address names the language, no cookie decides anything."""
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": language,
        "Cache-Control": f"public, max-age={max(1, int(LASTS))}",
        "Vary": "Accept-Encoding" if named else "Accept-Encoding, Accept-Language, Cookie",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
