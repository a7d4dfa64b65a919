"""The office publishes a proposal, sees how far that is, and takes it back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from piiri.base import clock
from piiri.base.doors import door
from piiri.base.errors import Refused
from piiri.formation import actions, queries, rules
from piiri.formation.models import Publishing
from piiri.formation.views.office import office_publishing, office_run, reader
from piiri.programmes.models import Programme


@door("15")
@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, run: str) -> HttpResponse:
    """Say what publishing does, then do it."""
    row = office_run(request, run)
    now = clock.now()
    if request.method == "POST":
        try:
            until = _mails_at(request, row.programme, now=now)
            publishing = actions.publish(row, by=reader(request), now=now, hold_until=until)
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


def _mails_at(request: HttpRequest, programme: Programme, *, now: datetime) -> datetime | None:
    """When the mails shall go out, as it was pressed; None: after the programme's hold."""
    is_tomorrow = request.POST.get("mails") == "tomorrow"
    return queries.tomorrow_morning(programme, now=now) if is_tomorrow else None


@door("15")
@login_required
@require_POST
def hold(request: HttpRequest, publishing: str) -> HttpResponse:
    """Let the mails of a publishing go out tomorrow morning, however long they were to wait."""
    row, now = office_publishing(request, publishing), clock.now()
    until = queries.tomorrow_morning(row.programme, now=now)
    try:
        actions.hold_mails(row, until=until, by=reader(request), now=now)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The mails go out tomorrow at eight."))
    return redirect("formation:publishing", publishing=row.uid)


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
        "tomorrow": queries.tomorrow_morning(row.programme, now=clock.now()),
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
