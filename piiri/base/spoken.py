"""Which language a request speaks, as far as the request itself says it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
A_YEAR = 60 * 60 * 24 * 365


def asked_for(request: HttpRequest) -> str:
    """The language named in the address (`?lang=sv`), or ""."""
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else ""


def spoken_by(request: HttpRequest) -> str:
    """What the address says, else the cookie, else what the browser asks for. Touches no session."""
    return asked_for(request) or translation.get_language_from_request(request)


def keep(response: HttpResponse | HttpResponseBase, language: str) -> None:
    """Let the browser remember the language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
