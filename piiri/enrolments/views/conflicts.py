"""Doors around conflicts: naming somebody oneself, and what the office does about it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.enrolments import access, actions, forms, queries, rules
from piiri.enrolments.queries import Stopped
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


# --- one's own ----------------------------------------------------------------------------------


@door("19")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def apart(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """Name somebody one should not be in a group with, or take that back. What comes of it is not told."""
    mine = access.programmes_joined_by(reader(request)).select_related("organisation")
    row = found(mine.filter(organisation__slug=organisation_slug, slug=programme_slug).first())
    form = forms.ConflictsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.declare_conflicts(
            row, person=reader(request), lines=form.cleaned_data["apart"], by=reader(request), now=clock.now()
        )
        messages.success(request, _("The programme office takes care of it. Nobody else is told."))
        return redirect("enrolments:apart", organisation_slug, programme_slug)
    named = access.own_conflicts(reader(request)).filter(programme=row).order_by("pk")
    page = {"programme": row, "organisation": row.organisation, "form": form, "named": list(named)}
    return render(request, "enrolments/apart.html", page, status=422 if form.errors else 200)


@door("19")
@login_required
@require_POST
def take_back(request: HttpRequest, conflict: str) -> HttpResponse:
    """Forget somebody one has named."""
    mine = access.own_conflicts(reader(request))
    row = found(mine.select_related("programme__organisation", "pair", "person").filter(uid=conflict).first())
    actions.take_conflict_back(row, by=reader(request), now=clock.now())
    messages.success(request, _("Taken back."))
    return redirect("enrolments:apart", row.programme.organisation.slug, row.programme.slug)


# --- the office ---------------------------------------------------------------------------------


def office(request: HttpRequest, uid: str) -> Programme:
    """The programme whose office the person works in; for everybody else it is not there."""
    offices = programme_access.programmes_coordinated_by(reader(request)).select_related("organisation")
    programme: Programme = found(offices.filter(uid=uid).first())
    return programme


@door("20")
@login_required
@require_http_methods(["GET", "POST"])
def kept_apart(request: HttpRequest, programme: str) -> HttpResponse:
    """Whose seat waits, lines nobody fits, pairs by name with suggested ones first; why is nowhere."""
    row = office(request, programme)
    if request.POST.get("op") == "keep-all":
        group_actions.keep_suggested_apart(row, by=reader(request), now=clock.now())
        return redirect("enrolments:kept-apart", programme=row.uid)
    form = forms.PairForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and paired(request, row, form):
        return redirect("enrolments:kept-apart", programme=row.uid)
    return kept_apart_page(request, row, form)


def kept_apart_page(
    request: HttpRequest, programme: Programme, form: forms.PairForm, **more: Any
) -> HttpResponse:
    """The office's page, with what was just written; `more` is what another of its forms says."""
    stopped = queries.stopped(programme)
    waiting = {one.conflict.pair_id for one in stopped}
    pairs = [pair for pair in group_queries.pairs(programme) if pair.pk not in waiting]
    page = {
        "programme": programme,
        "form": form,
        "pairs": pairs,
        "suggested": sum(pair.state == KeptApart.State.SUGGESTED for pair in pairs),
        "lines": queries.lines_to_match(programme),
        "stopped": stopped,
        "nav": "people",
    }
    status = 422 if form.errors or more else 200
    return render(request, "enrolments/kept_apart.html", page | more, status=status)


def paired(request: HttpRequest, programme: Programme, form: forms.PairForm) -> bool:
    """Keep two people apart who are known to this office; the form says when one is not."""
    known = queries.people_known(programme, addresses=list(form.cleaned_data.values()))
    pair = [known.get(form.cleaned_data[name]) for name in ("first", "second")]
    for name, person in zip(("first", "second"), pair, strict=True):
        if person is None:
            form.add_error(name, unknown())
    first, second = pair
    if first is None or second is None:
        return False
    try:
        group_actions.keep_apart(programme, first=first, second=second, by=reader(request), now=clock.now())
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def unknown() -> str:
    """What the office hears of an address of nobody."""
    return _("Nobody with this address is in the programme.")


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


@door("20")
@login_required
@require_POST
def settle_line(request: HttpRequest, programme: str, conflict: str) -> HttpResponse:
    """Say who is meant by a line, or put it away."""
    row = office(request, programme)
    lines = access.visible_conflicts(reader(request)).select_related("programme", "person")
    line = found(lines.filter(programme=row, group=None, uid=conflict).first())
    other = None
    if request.POST.get("op") != "away":
        form = forms.MeantForm(request.POST)
        address = form.cleaned_data["email"] if form.is_valid() else ""
        other = queries.people_known(row, addresses=[address]).get(address)
        if other is None:
            error = next(iter(form.errors.get("email", [])), unknown())
            more = {"line_error": error, "line_at": line.uid, "line_said": request.POST.get("email", "")}
            return kept_apart_page(request, row, forms.PairForm(), **more)
    actions.settle_conflict(line, other=other, by=reader(request), now=clock.now())
    return redirect("enrolments:kept-apart", programme=row.uid)


@door("18")
@login_required
@require_POST
def solve_conflict(request: HttpRequest, programme: str, conflict: str) -> HttpResponse:
    """Let somebody in again because both agree, or end their seat, perhaps for the waiting list."""
    row = found(access.programmes_known_by(reader(request)).filter(uid=programme).first())
    require(programme_access.can_coordinate_programme(reader(request), row))
    found(access.visible_conflicts(reader(request)).filter(programme=row, uid=conflict).first())
    one = next((one for one in queries.stopped(row) if one.conflict.uid == conflict), None)
    if one is None:
        raise Refused(actions.ConflictRefusal.SETTLED)
    solve(request, one)
    return redirect("enrolments:kept-apart", programme=row.uid)


def solve(request: HttpRequest, one: Stopped) -> None:
    """What the button says."""
    op, by, now = request.POST.get("op"), reader(request), clock.now()
    if op == "agreed":
        actions.let_both_stay(one.conflict, seat=one.seat, by=by, now=now)
        messages.success(request, _("Noted that both agree. The group is open to both again."))
    elif op in ("wait", "end"):
        actions.move_out(one.conflict, seat=one.seat, wait=op == "wait", by=by, now=now)
        messages.success(request, _("The place is free, and the two stay apart."))


@door("129")
@login_required
@require_safe
def leavings(request: HttpRequest, programme: str) -> HttpResponse:
    """Why people left running groups: numbers from five people up, never who or where."""
    row = found(programme_access.programmes_run_by(reader(request)).filter(uid=programme).first())
    reasons = queries.reasons_for_leaving(row, least=rules.FEW)
    page = {"programme": row, "reasons": reasons, "least": rules.FEW, "nav": "people"}
    return render(request, "enrolments/leavings.html", page)
