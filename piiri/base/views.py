"""Doors of the cellar: standing pages, the design page, and the pages for what went wrong."""

import random
import sqlite3
import sys

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.http import require_safe

from piiri.base import specimens
from piiri.base.clock import now
from piiri.base.doors import door, require

COME_BACK_SECONDS = (5, 15)
ROBOTS = """User-agent: *
Allow: /$
Allow: /p/
Allow: /about/
Allow: /static/
Allow: /sitemap.xml
Disallow: /p/*/enrol/
Disallow: /p/*/mine/
Disallow: /
Sitemap: {origin}/sitemap.xml
"""


@door("92")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "base/accessibility.html")


@door("92")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "base/privacy.html")


@door("92")
@require_safe
def source(request: HttpRequest) -> HttpResponse:
    return render(request, "base/source.html")


@door("92", channel="file")
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS.format(origin=settings.ORIGIN), content_type="text/plain; charset=utf-8")


@door("92", channel="file")
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("logo/favicon.svg"))


@door("84")
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every component in every state; for everybody in a demo, else for the operator. In English."""
    if not settings.DEMO:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        require(getattr(request.user, "is_operator", False))
    with translation.override("en"):
        return render(request, "base/design.html", specimens.all_of_them(now()))


def plain(template: str, status: int) -> HttpResponse:
    """A page that knows nothing of the request, so that its bytes cannot tell."""
    return HttpResponse(render_to_string(template), status=status)


def nothing_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for what is not yours and what never was: the same bytes, whatever was asked."""
    return plain("base/nothing_here.html", 404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain("base/not_allowed.html", 403)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain("base/bad_request.html", 400)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Where the database is overrun, full or away for a moment, the page says to come back."""
    if is_passing(sys.exception()):
        return busy(again=request.method in ("GET", "HEAD"))
    return plain("base/our_fault.html", 500)


def is_passing(error: BaseException | None) -> bool:
    """Whether the database could not be used just now, as against being asked for something odd."""
    code = getattr(getattr(error, "__cause__", None), "sqlite_errorcode", None)
    return isinstance(error, OperationalError) and code != sqlite3.SQLITE_ERROR


def busy(*, again: bool) -> HttpResponse:
    """What is read when there are too many at once, in all languages; `again` offers to try again."""
    codes = [code for code, _name in settings.LANGUAGES]
    with translation.override(codes[0]):
        page = render_to_string("base/busy.html", {"codes": codes, "again": again})
    headers = {"Retry-After": come_back_in(), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)


def come_back_in() -> str:
    """Seconds, not the same for everybody, so that not all come back at once."""
    return str(random.randint(*COME_BACK_SECONDS))  # noqa: S311 - nothing secret


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its proof of where it came from."""
    return plain("base/stale_form.html", 403)
