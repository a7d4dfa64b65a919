"""Doors of one's own calendar: the page with its secret address, and what calendar programs read there."""

from hashlib import sha256
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from piiri.base import clock, ics, qr
from piiri.base.doors import door, found
from piiri.meetings import access, actions, links, queries
from piiri.meetings.views import reader
from piiri.people.models import Person

HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow, noarchive"}


@door("180")
@login_required
@never_cache
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """One's own calendar address: to copy, to open, to point a phone at, to replace."""
    person = reader(request)
    path = links.calendar_path(person.uid, queries.calendar_number(person))
    webcal = f"webcal://{urlsplit(settings.ORIGIN).netloc}{path}"
    # The drawing is made of numbers by the library; the address is in its dots only.
    drawn = mark_safe(qr.svg(webcal))  # noqa: S308
    page = {"address": settings.ORIGIN + path, "webcal": webcal, "drawn": drawn, "nav": "home"}
    return render(request, "meetings/calendar.html", page)


@door("180")
@login_required
@require_POST
def replace_address(request: HttpRequest) -> HttpResponse:
    """The old address is dead, a new one stands."""
    actions.replace_calendar_address(reader(request), by=reader(request), now=clock.now())
    messages.success(request, _("Your calendar has a new address. The old one shows nothing any more."))
    return redirect("meetings:calendar")


@door("181", channel="feed")
@require_safe
def feed(request: HttpRequest, feed: str, feed_signature: str) -> HttpResponseBase:
    """All of one's dates for a calendar program; whoever holds the address reads them."""
    person: Person = found(access.visible_calendar(request.user, uid=feed, given=feed_signature))
    with translation.override(person.language):
        dates = queries.calendar_of(access.meetings_of(person), access.sessions_of(person), now=clock.now())
        text = ics.calendar_text(dates, name=_("Peer-group mentoring"))
    etag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers = HEADERS | {"ETag": etag}
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
    answer = get_conditional_response(request, etag=etag, response=response)
    return cast("HttpResponseBase", answer)
