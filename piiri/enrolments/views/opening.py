"""What the waiting page asks again and again: is it open? The server's clock answers everybody alike."""

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from piiri.base import clock, kept
from piiri.base.doors import door
from piiri.base.kept import for_everybody
from piiri.enrolments import queries
from piiri.enrolments.views.programme import programme_at


@door("1")
@require_safe
@for_everybody
def opening(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """When enrolment opens, as a fragment; made once a second however many ask."""
    key = kept.Key.of(request, "")

    def made() -> tuple[str, Mapping[str, str]]:
        with translation.override(key.language):
            row = programme_at(AnonymousUser(), organisation_slug, programme_slug)
            html = render_to_string(
                "enrolments/_opening.html", {"opens": queries.opening(row, now=clock.now())}
            )
        return html, kept.headers(key.language, named=False)

    return kept.shelf.get(key, made).answer(request)
