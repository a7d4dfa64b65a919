"""Pages speak the reader's language."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from piiri.base import spoken
from piiri.people.models import Person


def speak_the_readers_language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """One's own language when signed in; else what the address, the cookie or the browser says.

    Doors for everybody (base.kept) ask for no person; so that they speak one's own language too, the
    cookie is kept in step with it.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        speak(request, spoken.spoken_by(request))
        response = get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if getattr(request, "is_for_everybody", False):
            return response
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        own, cookie = getattr(request, "own_language", ""), settings.LANGUAGE_COOKIE_NAME
        if own and own != request.COOKIES.get(cookie) and cookie not in response.cookies:
            spoken.keep(response, own)
        return response

    def before_the_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if getattr(view, "is_for_everybody", False):
            request.is_for_everybody = True  # type: ignore[attr-defined]
        else:
            hear(request)

    answer.process_view = before_the_view  # type: ignore[attr-defined]
    return answer


def hear(request: HttpRequest) -> None:
    """Answer a person who is signed in in their own language."""
    request.is_for_everybody = False  # type: ignore[attr-defined]
    if isinstance(request.user, Person):
        # From here on the person itself, not Django's stand-in that asks at every touch.
        request.user = getattr(request, "_cached_user", request.user)
        request.own_language = request.user.language  # type: ignore[attr-defined]
        speak(request, request.user.language)


def speak(request: HttpRequest, language: str) -> None:
    """Let this request be answered in this language."""
    translation.activate(language)
    request.LANGUAGE_CODE = language
