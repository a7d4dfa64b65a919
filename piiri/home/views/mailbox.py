"""The demo's mailbox: every mail as its reader would have got it."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from piiri.base.doors import door, found
from piiri.mail import queries as mail_queries

A_PAGE = 40
# Inline styles are what mails are made of. Nothing is loaded and nothing runs; links open a new page.
FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox;"
    " frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


def only_in_a_demo() -> None:
    """Elsewhere these addresses never were."""
    if not settings.DEMO:
        raise Http404


@door("93")
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """All mails, or those to one address, newest first."""
    only_in_a_demo()
    address = request.GET.get("to", "").strip().lower()
    copies = mail_queries.demo_copies(address or None).defer("text", "html", "ics")
    page = Paginator(copies, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "home/mailbox.html", {"page": page, "address": address})


@door("93")
@require_safe
def mail(request: HttpRequest, mail: str) -> HttpResponse:
    """One mail: as text and, in a frame, as HTML."""
    only_in_a_demo()
    copy = found(mail_queries.demo_copies().filter(uid=mail).first())
    return render(request, "home/mail.html", {"mail": copy})


@door("93")
@xframe_options_sameorigin
@require_safe
def mail_html(request: HttpRequest, mail: str) -> HttpResponse:
    """What the frame shows."""
    only_in_a_demo()
    copy = found(mail_queries.demo_copies().filter(uid=mail).first())
    return HttpResponse(copy.html, headers={"Content-Security-Policy": FRAME})
