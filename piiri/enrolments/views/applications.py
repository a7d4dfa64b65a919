"""One's own application."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.enrolments import access, actions, queries, rules
from piiri.enrolments.models import Application
from piiri.enrolments.views import placed
from piiri.people.models import Person

A_PAGE = 50


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


def own(request: HttpRequest, uid: str) -> Application:
    """One's own application; anybody else's is not there."""
    mine = access.own_applications(reader(request)).select_related("programme__organisation", "unit")
    application: Application = found(mine.filter(uid=uid).first())
    return application


@door("13")
@login_required
@require_GET
def application(request: HttpRequest, application: str) -> HttpResponse:
    """Where it stands, what comes next, and the way to change it or take it back."""
    reading, now = reader(request), clock.now()
    mine = found(queries.own_application(access.own_applications, person=reading, uid=application))
    row = mine.row
    offer = queries.offer_open_to(row) if mine.offered else None
    lines = queries.lines_of(row) if mine.listed else []
    held = queries.held(offer, named=True, now=now) if offer else None
    ended = queries.last_end(row) if row.state == Application.State.WITHDRAWN else ""
    state = queries.state_of(row, asked=bool(held and held.is_open), lists=len(lines), ended=ended)
    if mine.group and row.state == Application.State.PLACED:
        state = queries.with_next_date(state, group=mine.group, now=now)
    is_ahead = state.next_on is not None and state.next_on >= clock.today(row.programme.zone)
    page = {
        "application": row,
        "programme": row.programme,
        "organisation": row.programme.organisation,
        "state": state,
        "next_on": state.next_on if is_ahead else None,
        "group": mine.group,
        "wishes": queries.wishes_of(row) if mine.wished else [],
        "coming": queries.coming(row, now=now),
        "held": held if held and held.is_open else None,
        "lines": lines,
        "comes_with": queries.comes_with(row),
        "approval": queries.approval_of(row) if mine.told else None,
        "named_count": queries.named_count(reading, programme=row.programme) if mine.named else 0,
        "can_change": rules.why_not_change(row, now=now) is None,
        "can_withdraw": rules.why_not_withdraw(row) is None,
    }
    if placed.is_plain(request, mine):
        return HttpResponse(placed.drawn(request, mine, page))
    return render(request, "enrolments/application.html", page)


@door("13")
@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, application: str) -> HttpResponse:
    """Take it back, after asking in plain words."""
    row = own(request, application)
    programme = row.programme
    if request.method == "POST":
        actions.withdraw_application(row, by=reader(request), now=clock.now())
        messages.success(request, _("Your application has been taken back."))
        return redirect("enrolments:programme", programme.organisation.slug, programme.slug)
    page = {"application": row, "programme": programme, "is_placed": row.state == Application.State.PLACED}
    return render(request, "enrolments/withdraw.html", page)
