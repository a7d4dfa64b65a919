"""The office asks what a year's wishes would leave without a place, before anything is decided."""

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
from piiri.formation import access, actions, queries, rules
from piiri.formation.models import Forecast
from piiri.formation.views.office import office, reader
from piiri.formation.views.workbench import is_part


@door("15")
@login_required
@require_GET
def forecast(request: HttpRequest, programme: str) -> HttpResponse:
    """The newest forecast in sentences, how far it is, and whose wishes another could be made with."""
    row = office(request, programme)
    newest = queries.forecast_of(row)
    is_busy = newest is not None and rules.is_busy([newest])
    if is_part(request) and not is_busy:
        return HttpResponseClientRefresh()
    page: dict[str, Any] = {
        "programme": row,
        "nav": "groups",
        "forecast": newest,
        "is_busy": is_busy,
        "sources": queries.sources(row, now=clock.now()),
    }
    if is_part(request):
        return render(request, "formation/_forecast_progress.html", page)
    if newest is not None and newest.state == Forecast.State.READY:
        whole = access.can_form_groups(reader(request), newest.of)
        page["foretold"] = queries.foretold(newest, whole=whole)
    return render(request, "formation/forecast.html", page)


@door("15")
@login_required
@require_POST
def ask_for_forecast(request: HttpRequest, programme: str) -> HttpResponse:
    """Ask for a forecast and go to where it appears."""
    row = office(request, programme)
    own = request.POST.get("own") == "1"
    try:
        actions.ask_for_forecast(row, own=own, by=reader(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("formation:forecast", programme=row.uid)


@door("15")
@login_required
@require_POST
def stop_forecast(request: HttpRequest, programme: str) -> HttpResponse:
    """End the forecast with what it has found."""
    row = office(request, programme)
    newest = queries.forecast_of(row)
    try:
        if newest is not None:
            actions.stop_search(newest, by=reader(request), now=clock.now())
            messages.success(request, _("The forecast stops with what it has found."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("formation:forecast", programme=row.uid)
