"""The list of programme pages for search engines."""

from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from piiri.base import kept
from piiri.base.doors import door
from piiri.base.kept import for_everybody
from piiri.base.spoken import LANGUAGES
from piiri.programmes import access as programme_access
from piiri.programmes import queries as programme_queries

OPENED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


@door("1", channel="file")
@require_safe
@for_everybody
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every published programme with its three languages."""
    return kept.shelf.get(kept.Key(request.path_info, "", "en"), whole_map).answer(request)


def whole_map() -> tuple[str, dict[str, str]]:
    published = programme_access.visible_programmes(AnonymousUser())
    pages = [reverse("enrolments:programme", args=slugs) for slugs in programme_queries.addresses(published)]
    lines = "".join(line(settings.ORIGIN + page) for page in pages)
    headers = kept.headers("en", named=True) | {"Content-Type": "application/xml; charset=utf-8"}
    return f"{OPENED}{lines}</urlset>\n", headers


def line(address: str) -> str:
    """One page, with its addresses in each language."""
    languages = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(address)}?lang={code}"/>'
        for code in sorted(LANGUAGES)
    )
    return f"<url><loc>{escape(address)}</loc>{languages}</url>\n"
