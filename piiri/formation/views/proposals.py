"""The office asks for groups and looks at what was found."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from piiri.base import clock
from piiri.base.doors import door
from piiri.base.errors import Refused
from piiri.formation import actions, queries, rules
from piiri.formation.models import Run
from piiri.formation.views.office import office, office_run, reader

GROUPS_A_PAGE = 24
UNPLACED_SHOWN = 100


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
