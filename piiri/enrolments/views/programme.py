"""The programme page: public, the same for everybody, in every state of the year."""

from collections.abc import Callable, Mapping

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from piiri.base import clock, kept
from piiri.base.doors import door, found
from piiri.base.kept import for_everybody
from piiri.enrolments.views.look import Look
from piiri.enrolments.views.page import Page
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

Made = tuple[str, Mapping[str, str]]
Make = Callable[[Programme, Look], Made]

# Shown on any site, and able to do nothing there.
FRAMED = (
    "default-src 'self'; frame-ancestors *; form-action 'none'; base-uri 'none'; object-src 'none';"
    " script-src 'none'"
)


def programme_at(person: Person | AnonymousUser, organisation_slug: str, programme_slug: str) -> Programme:
    """The programme at this address, or the page for things that never were."""
    visible = programme_access.visible_programmes(person).select_related("organisation")
    programme: Programme = found(
        visible.filter(organisation__slug=organisation_slug, slug=programme_slug).first()
    )
    return programme


def published_or_own(person: Person | AnonymousUser, *address: str) -> Programme:
    """The published programme at this address, or the draft that the person runs."""
    try:
        return programme_at(AnonymousUser(), *address)
    except Http404:
        return programme_at(person, *address)


@door("1")
@require_safe
@for_everybody
def programme(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """What the programme is, which groups there are, and the one button that matters now."""
    return kept_page(request, organisation_slug, programme_slug, make=whole_page)


@door("1")
@require_safe
@for_everybody
def embed(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """The groups with their numbers, to be shown on other sites; read only, without script."""
    response = kept_page(request, organisation_slug, programme_slug, make=little_page)
    response.xframe_options_exempt = True
    return response


def kept_page(
    request: HttpRequest, organisation_slug: str, programme_slug: str, *, make: Make
) -> HttpResponse:
    """A published programme's page from the shelf; a draft's is made anew for those who run it."""
    look, address = Look.of(request.GET), (organisation_slug, programme_slug)
    key = kept.Key.of(request, look.query)

    def made() -> Made:
        with translation.override(look.lang or key.language):
            return make(programme_at(AnonymousUser(), *address), look)

    try:
        return kept.shelf.get(key, made).answer(request)
    except Http404:
        html, headers = make(programme_at(request.user, *address), look)
    response = HttpResponse(html, headers={**headers})
    del response.headers["Cache-Control"]
    add_never_cache_headers(response)
    return response


def whole_page(programme: Programme, look: Look) -> Made:
    """The page itself."""
    page = Page(programme, look, now=clock.now())
    html = render_to_string("enrolments/programme.html", page.whole())
    return html, kept.headers(page.language, named=bool(look.lang))


def little_page(programme: Programme, look: Look) -> Made:
    """The page for other sites: no cookie is sent there, so the address or the browser says the language."""
    page = Page(programme, look, now=clock.now())
    html = render_to_string("enrolments/embed.html", page.little())
    framed = {"Content-Security-Policy": FRAMED, "Cross-Origin-Resource-Policy": "cross-origin"}
    headers = kept.headers(page.language, named=bool(look.lang)) | framed
    return html, {name: value for name, value in headers.items() if name != "X-Frame-Options"}
