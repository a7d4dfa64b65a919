"""The office asks for groups, sees how far that is, and looks at what was found."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from piiri.base import clock
from piiri.base.doors import door
from piiri.base.errors import Refused
from piiri.formation import actions, forms, queries
from piiri.formation.models import Run
from piiri.formation.queries import beside
from piiri.formation.views.office import office, office_run, reader
from piiri.formation.views.workbench import is_part, workbench
from piiri.programmes.models import Programme

UNCLEAR = 422


@door("15")
@login_required
@require_GET
def board(request: HttpRequest, programme: str) -> HttpResponse:
    """Where forming groups stands, and the one thing to do next."""
    row = office(request, programme)
    return _board(request, row, forms.WishesForm())


@door("15")
@login_required
@require_POST
def ask(request: HttpRequest, programme: str) -> HttpResponse:
    """Ask for a proposal and go to where it appears."""
    row = office(request, programme)
    form = forms.WishesForm(request.POST)
    if not form.is_valid():
        return _board(request, row, form, status=UNCLEAR)
    return _asked(request, row, weights=form.wishes)


@door("15")
@login_required
@require_POST
def again(request: HttpRequest, run: str) -> HttpResponse:
    """Look for groups once more with the same wishes; who is locked stays."""
    row = office_run(request, run)
    return _asked(request, row.programme, weights=row.weights, keep=row)


@door("15")
@login_required
@require_POST
def stop(request: HttpRequest, run: str) -> HttpResponse:
    """End a search with the best it has found."""
    row = office_run(request, run)
    _tell(request, row, actions.stop_search, said=_("The search stops with the best it has found."))
    return redirect("formation:run", run=row.uid)


@door("15")
@login_required
@require_POST
def set_aside(request: HttpRequest, run: str) -> HttpResponse:
    """Take a proposal from the three that stand side by side."""
    row = office_run(request, run)
    said = _("The proposal is set aside. You find it among the earlier ones.")
    _tell(request, row, actions.set_aside, said=said)
    return redirect("formation:board", programme=row.programme.uid)


@door("15")
@login_required
@require_GET
def run(request: HttpRequest, run: str) -> HttpResponse:
    """A run: how far it is, why it failed, or its proposal."""
    row = office_run(request, run)
    if row.state == Run.State.READY and not _polls(request):
        return workbench(request, row)
    page: dict[str, Any] = {"run": row, "programme": row.programme, "nav": "groups"}
    if not is_part(request):
        return render(request, "formation/run.html", page)
    if row.state in (Run.State.READY, Run.State.FAILED):
        return HttpResponseClientRefresh()
    return render(request, "formation/_progress.html", page)


def _polls(request: HttpRequest) -> bool:
    """Whether a page that shows the progress asks, and not for a person or a group."""
    return is_part(request) and not {"person", "group"} & set(request.GET)


def _board(
    request: HttpRequest, row: Programme, form: forms.WishesForm, *, status: int = 200
) -> HttpResponse:
    standing, cards = queries.standing(row), beside.side_by_side(row)
    page = {
        "programme": row,
        "nav": "groups",
        "form": form,
        "standing": standing,
        "side_by_side": cards,
        "scarce": queries.scarce(row, runs=[card.run for card in cards], people=standing.people),
        "earlier": beside.earlier(row),
        "publishing": queries.publishing_under_way(row),
    }
    return render(request, "formation/board.html", page, status=status)


def _asked(request: HttpRequest, row: Programme, **about: Any) -> HttpResponse:
    try:
        run = actions.ask_for_groups(row, by=reader(request), now=clock.now(), **about)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("formation:board", programme=row.uid)
    return redirect("formation:run", run=run.uid)


def _tell(request: HttpRequest, row: Run, deed: Callable[..., None], *, said: str) -> None:
    """Do it and say so, or why not."""
    try:
        deed(row, by=reader(request), now=clock.now())
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
