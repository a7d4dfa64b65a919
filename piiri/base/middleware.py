"""What surrounds every door: headers that keep a page to itself, and refusals said in a sentence."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from piiri.base import kept
from piiri.base.errors import Refused
from piiri.base.views import plain

MOST_BYTES = 100 * 1024 * 1024  # of a request; a form that takes a file says its own, lower limit

Handler = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self';"
    " base-uri 'none'; object-src 'none'",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def security_headers(get_response: Handler) -> Handler:
    """Add the headers of HEADERS; pages made for a session are kept in no cache."""

    def through(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        cookie = settings.SESSION_COOKIE_NAME
        if cookie in request.COOKIES or cookie in response.cookies:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return through


def answer_what_is_kept(get_response: Handler) -> Handler:
    """Pages for everybody that were made a moment ago are answered here, before anything else is asked."""

    def through(request: HttpRequest) -> HttpResponse:
        if request.method == "GET":
            page = kept.shelf.fresh(request)
            if page:
                return page.answer(request)
        return get_response(request)

    return through


def limit_bodies(get_response: Handler) -> Handler:
    """Turn away what is far larger than any file we take, before a byte of it is read."""

    def through(request: HttpRequest) -> HttpResponse:
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not told.isdecimal() or int(told) > MOST_BYTES:
            return plain("base/bad_request.html", 413)
        return get_response(request)

    return through


def way_back(request: HttpRequest) -> str:
    """The page of ours the person came from, or the front page."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return "/"
    address = urlsplit(came_from)
    return f"{address.path}?{address.query}" if address.query else address.path or "/"


def answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """A refused deed as a page (409) or, for htmx, as a line among the messages (422)."""
    if not isinstance(error, Refused):
        return None
    words = {"sentence": error.sentence, "back": way_back(request)}
    if request.headers.get("HX-Request") != "true":
        return render(request, "base/refused.html", words, status=409)
    response = render(request, "base/_refused.html", words, status=422)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML"
    patch_vary_headers(response, ["HX-Request"])
    return response


def answer_refusals(get_response: Handler) -> Handler:
    """Turn a Refused that a view let through into its sentence."""

    def through(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    through.process_exception = answer  # type: ignore[attr-defined]
    return through
