"""What `piiri serve` runs: through the gate to the WSGI handler on a fixed pool of threads."""

from piiri.config.wsgi import application as pages  # sets Django up, so it comes first

# isort: split
from io import BytesIO

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from piiri.base import views
from piiri.base.kept import Kept, shelf
from piiri.base.middleware import HEADERS, security_headers
from piiri.config.gate import Gate, Message

FILE_THREADS = 1  # files need no database, and must not wait behind pages


def busy_page(*, again: bool) -> HttpResponse:
    """With the headers that the middleware gives to pages."""
    page = views.busy(again=again)
    for name, value in HEADERS.items():
        page.headers[name] = value
    return page


def kept_page(scope: Message) -> HttpResponse | None:
    """A page for everybody that was made a moment ago, with the headers that all pages have."""
    if scope.get("method") != "GET" or not shelf.has(scope["path"]):
        return None
    request = ASGIRequest(scope, BytesIO())
    page = shelf.fresh(request)
    return with_headers(page, request) if page else None


def with_headers(page: Kept, request: HttpRequest) -> HttpResponse:
    answer = SecurityMiddleware(security_headers(page.answer))
    return answer(request)  # type: ignore[return-value]  # a page that lies ready is nothing to await


application = Gate(
    WSGIMiddleware(pages, workers=settings.THREADS),  # type: ignore[arg-type]  # Django types its answer wider
    files=WSGIMiddleware(pages, workers=FILE_THREADS),  # type: ignore[arg-type]
    at=settings.STATIC_URL,
    most=settings.MOST_WAITING,
    busy_read=busy_page(again=True),
    busy_sent=busy_page(again=False),
    kept=kept_page,
)
