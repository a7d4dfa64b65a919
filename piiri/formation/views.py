"""Doors of the room: the office asks for groups, looks at proposals, publishes one, takes it back."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.formation import access, actions, queries, rules
from piiri.formation.models import Publishing, Run
from piiri.people.models import Person
from piiri.programmes.models import Programme

GROUPS_A_PAGE = 24
UNPLACED_SHOWN = 100


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


def office(request: HttpRequest, uid: str) -> Programme:
    """The programme whose office the person works in; else 403 near it and 404 elsewhere."""
    known = access.programmes_known_by(reader(request)).select_related("organisation")
    programme: Programme = found(known.filter(uid=uid).first())
    require(access.can_form_groups(reader(request), programme))
    return programme


def office_run(request: HttpRequest, uid: str) -> Run:
    """A run of an office the person works in; else 403 near it and 404 elsewhere."""
    known = access.runs_known_by(reader(request)).select_related("programme__organisation").defer("proposal")
    row: Run = found(known.filter(uid=uid).first())
    require(access.can_form_groups(reader(request), row.programme))
    return row


def office_publishing(request: HttpRequest, uid: str) -> Publishing:
    """A publishing of an office the person works in; else 403 near it and 404 elsewhere."""
    known = access.publishings_known_by(reader(request)).select_related("programme__organisation", "run")
    row: Publishing = found(known.defer("run__proposal").filter(uid=uid).first())
    require(access.can_form_groups(reader(request), row.programme))
    return row


@door("15")
@login_required
@require_GET
def board(request: HttpRequest, programme: str) -> HttpResponse:
    """Where forming groups stands, and the one thing to do next."""
    row = office(request, programme)
    runs = queries.runs(row)
    page = {
        "programme": row,
        "nav": "groups",
        "standing": queries.standing(row),
        "runs": runs,
        "is_busy": rules.is_busy(runs),
        "publishing": queries.publishing_under_way(row),
    }
    return render(request, "formation/board.html", page)


@door("15")
@login_required
@require_POST
def ask(request: HttpRequest, programme: str) -> HttpResponse:
    """Ask for a proposal and go to where it appears."""
    row = office(request, programme)
    try:
        run = actions.ask_for_groups(row, by=reader(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("formation:board", programme=row.uid)
    return redirect("formation:run", run=run.uid)


@door("15")
@login_required
@require_GET
def run(request: HttpRequest, run: str) -> HttpResponse:
    """A run: how far it is, why it failed, or its proposal."""
    row = office_run(request, run)
    page: dict[str, Any] = {"run": row, "programme": row.programme, "nav": "groups"}
    is_over = row.state in (Run.State.READY, Run.State.FAILED)
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRefresh() if is_over else render(request, "formation/_progress.html", page)
    if row.state != Run.State.READY:
        return render(request, "formation/run.html", page)
    return render(request, "formation/proposal.html", page | proposal_page(request, row))


def proposal_page(request: HttpRequest, run: Run) -> dict[str, Any]:
    """What the page of a proposal shows: one page of its groups."""
    proposal = queries.proposal_of(run)
    groups = Paginator(list(proposal.members), GROUPS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "proposal": proposal,
        "groups": groups,
        "cards": queries.group_cards(proposal, uids=list(groups)),
        "unplaced": queries.without_a_place(proposal, first=UNPLACED_SHOWN),
        "unplaced_more": max(0, len(proposal.unplaced) - UNPLACED_SHOWN),
        "scarce": queries.scarce(proposal),
        "publishing": queries.publishing_of(run),
        "pairs": queries.suggested_together(proposal, programme=run.programme),
    }


@door("15")
@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, run: str) -> HttpResponse:
    """Say what publishing does, then do it."""
    row = office_run(request, run)
    now = clock.now()
    if request.method == "POST":
        try:
            publishing = actions.publish(row, by=reader(request), now=now)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            return redirect("formation:run", run=row.uid)
        return redirect("formation:publishing", publishing=publishing.uid)
    page = {
        "run": row,
        "programme": row.programme,
        "nav": "groups",
        "preview": queries.preview(row, now=now),
        "published": queries.publishing_of(row),
    }
    return render(request, "formation/publish.html", page)


@door("15")
@login_required
@require_GET
def publishing(request: HttpRequest, publishing: str) -> HttpResponse:
    """How far a publishing is, when its mails go, and who could not be placed after all."""
    row = office_publishing(request, publishing)
    page: dict[str, Any] = {
        "publishing": row,
        "programme": row.programme,
        "nav": "groups",
        "run_address": reverse("formation:run", args=[row.run.uid]),
        "figures": queries.figures(row),
        "may_undo": rules.may_undo(row),
    }
    if request.headers.get("HX-Request") == "true":
        is_moving = row.state == Publishing.State.PREPARING
        return (
            render(request, "formation/_preparing.html", page) if is_moving else HttpResponseClientRefresh()
        )
    return render(request, "formation/publishing.html", page | {"left_out": queries.left_out(row)})


@door("15")
@login_required
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, publishing: str) -> HttpResponse:
    """Take a publishing back, after asking in plain words."""
    row = office_publishing(request, publishing)
    if request.method == "POST":
        actions.undo(row, by=reader(request), now=clock.now())
        messages.success(request, _("Everything is as it was before, and nobody got a mail."))
        return redirect("formation:run", run=row.run.uid)
    page = {"publishing": row, "programme": row.programme, "nav": "groups", "figures": queries.figures(row)}
    return render(request, "formation/undo.html", page)
