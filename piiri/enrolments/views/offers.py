"""A place that is held: looked at, taken or let go, on one's own page or by the signed link of the mail."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.enrolments import access, actions, queries
from piiri.enrolments.views.applications import reader
from piiri.groups.models import Offer

NEEDED = ("group__theme", "group__programme__organisation", "person")


@door("17")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, offer: str) -> HttpResponse:
    """A place held for oneself: GET asks, POST acts."""
    mine = access.own_offers(reader(request)).select_related(*NEEDED)
    return asked(request, found(mine.filter(uid=offer).first()), named=True)


@door("101")
@never_cache
@require_http_methods(["GET", "POST"])
def offer_by_mail(request: HttpRequest, offer: str, offer_signature: str) -> HttpResponse:
    """The same by the link of the mail, without signing in. Whoever holds it answers for the person."""
    linked = access.visible_signed_offers(request.user, offer, given=offer_signature)
    row: Offer = found(linked.select_related(*NEEDED).first())
    return asked(request, row, named=request.user == row.person)


def asked(request: HttpRequest, row: Offer, *, named: bool) -> HttpResponse:
    """The page, or what became of a press on it; a second press leads to the same page."""
    sentence = ""
    if request.method == "POST" and request.POST.get("op") in ANSWERS:
        try:
            ANSWERS[request.POST["op"]](row, by=row.person, now=clock.now())
        except Refused as refusal:
            row.refresh_from_db(fields=["state"])
            sentence = refusal.sentence
        else:
            return redirect(request.path)
    held = queries.held(row, named=named, now=clock.now())
    page = {
        "frame": "base/app.html" if named else "base/public.html",
        "held": held,
        "offer": row,
        "group": row.group,
        "programme": row.group.programme,
        "organisation": row.group.programme.organisation,
        "named": named,
        "waits_still": not held.is_open and queries.waits_still(row),
        "sentence": sentence,
    }
    return render(request, "enrolments/offer.html", page, status=409 if sentence else 200)


ANSWERS = {"accept": actions.accept_place, "decline": actions.decline_place}


@door("102")
@login_required
@require_POST
def leave_list(request: HttpRequest, turn: str) -> HttpResponse:
    """Leave one list by one press."""
    mine = access.own_turns(reader(request)).select_related("application__programme", "application__person")
    row = found(mine.filter(uid=turn).first())
    actions.leave_list(row, by=reader(request), now=clock.now())
    return redirect("enrolments:application", application=row.application.uid)
