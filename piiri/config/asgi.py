"""What `piiri serve` runs: through the gate to the WSGI handler on a fixed pool of threads."""

from piiri.config.wsgi import application as pages  # sets Django up, so it comes first

# isort: split
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.http import HttpResponse

from piiri.base import views
from piiri.base.middleware import HEADERS
from piiri.config.gate import Gate

FILE_THREADS = 1  # files need no database, and must not wait behind pages


def busy_page(*, again: bool) -> HttpResponse:
    """With the headers that the middleware gives to pages."""
    page = views.busy(again=again)
    for name, value in HEADERS.items():
        page.headers[name] = value
    return page


application = Gate(
    WSGIMiddleware(pages, workers=settings.THREADS),  # type: ignore[arg-type]  # Django types its answer wider
    files=WSGIMiddleware(pages, workers=FILE_THREADS),  # type: ignore[arg-type]
    at=settings.STATIC_URL,
    most=settings.MOST_WAITING,
    busy_read=busy_page(again=True),
    busy_sent=busy_page(again=False),
)
