"""Doors around conflicts: who is kept out of one group, as the office sees it."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.enrolments import forms, queries
from piiri.groups import access as group_access
from piiri.groups import actions as group_actions
from piiri.groups import queries as group_queries
from piiri.groups.models import KeptApart
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


def office(request: HttpRequest, uid: str) -> Programme:
    """The programme whose office the person works in; for everybody else it is not there."""
    offices = programme_access.programmes_coordinated_by(reader(request)).select_related("organisation")
    programme: Programme = found(offices.filter(uid=uid).first())
    return programme


@door("20")
@login_required
@require_http_methods(["GET", "POST"])
def kept_apart(request: HttpRequest, programme: str) -> HttpResponse:
    """Pairs by name, suggested ones first; why is nowhere."""
    row = office(request, programme)
    if request.POST.get("op") == "keep-all":
        group_actions.keep_suggested_apart(row, by=reader(request), now=clock.now())
        return redirect("enrolments:kept-apart", programme=row.uid)
    form = forms.PairForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and paired(request, row, form):
        return redirect("enrolments:kept-apart", programme=row.uid)
    pairs = list(group_queries.pairs(row))
    suggested = sum(pair.state == KeptApart.State.SUGGESTED for pair in pairs)
    page = {"programme": row, "form": form, "pairs": pairs, "suggested": suggested, "nav": "people"}
    return render(request, "enrolments/kept_apart.html", page, status=422 if form.errors else 200)


def paired(request: HttpRequest, programme: Programme, form: forms.PairForm) -> bool:
    """Keep two people apart who are known to this office; the form says when one is not."""
    known = queries.people_known(programme, addresses=list(form.cleaned_data.values()))
    pair = [known.get(form.cleaned_data[name]) for name in ("first", "second")]
    for name, person in zip(("first", "second"), pair, strict=True):
        if person is None:
            form.add_error(name, _("Nobody with this address is in the programme."))
    first, second = pair
    if first is None or second is None:
        return False
    try:
        group_actions.keep_apart(programme, first=first, second=second, by=reader(request), now=clock.now())
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


@door("20")
@login_required
@require_POST
def decide_pair(request: HttpRequest, programme: str, pair: str) -> HttpResponse:
    """Keep a suggested pair apart, or let the two share a group."""
    pairs = group_access.visible_pairs(reader(request)).select_related("programme", "first", "second")
    row = found(pairs.filter(programme__uid=programme, uid=pair).first())
    if request.POST.get("op") == "keep":
        group_actions.keep_apart(
            row.programme, first=row.first, second=row.second, by=reader(request), now=clock.now()
        )
    else:
        group_actions.dismiss_apart(row, by=reader(request), now=clock.now())
    return redirect("enrolments:kept-apart", programme=programme)
