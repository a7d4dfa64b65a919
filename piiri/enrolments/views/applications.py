"""One's own application, and the office's list of all."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.enrolments import access, actions, forms, queries, rules
from piiri.enrolments.models import Application
from piiri.people.models import Person
from piiri.programmes import access as programme_access

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
    row, now = own(request, application), clock.now()
    state = queries.state_of(row)
    is_ahead = state.next_on is not None and state.next_on >= clock.today(row.programme.zone)
    page = {
        "application": row,
        "programme": row.programme,
        "organisation": row.programme.organisation,
        "state": state,
        "next_on": state.next_on if is_ahead else None,
        "wishes": queries.wishes_of(row),
        "coming": queries.coming(row, now=now),
        "can_change": rules.why_not_change(row, now=now) is None,
        "can_withdraw": rules.why_not_withdraw(row) is None,
    }
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


@door("14")
@login_required
@require_GET
def applications(request: HttpRequest, programme: str) -> HttpResponse:
    """Who has applied: by name, state or wish; never what they wrote to their group.

    An administrator of the organisation sees names, workplaces and states only.
    """
    row = found(programme_access.programmes_run_by(reader(request)).filter(uid=programme).first())
    decides = programme_access.can_coordinate_programme(reader(request), row)
    wishes = queries.wish_choices(row, sensitive=True) if decides else []
    form = forms.ListForm(request.GET, choices=wishes)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = queries.listed(
        row,
        words=asked.get("q", ""),
        state=asked.get("state", ""),
        wish=asked.get("wish", ""),
        addresses=decides,
    )
    kept = request.GET.copy()
    kept.pop("page", None)
    page = {
        "programme": row,
        "nav": "people",
        "decides": decides,
        "form": form,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "asked": kept.urlencode(),
        "is_filtered": any(asked.values()),
    }
    return render(request, "enrolments/applications.html", page)


@door("15")
@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, programme: str, application: str) -> HttpResponse:
    """Say no, with a reason the person reads."""
    row = found(access.programmes_known_by(reader(request)).filter(uid=programme).first())
    require(programme_access.can_coordinate_programme(reader(request), row))
    visible = access.visible_applications(reader(request)).select_related("person", "programme")
    asked = found(visible.filter(programme=row, uid=application).first())
    form = forms.DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decline_application(
            asked, reason=form.cleaned_data["reason"], by=reader(request), now=clock.now()
        )
        messages.success(request, _("The reason is on its way by mail."))
        return redirect("enrolments:applications", programme=row.uid)
    page = {"programme": row, "application": asked, "form": form, "nav": "people"}
    return render(request, "enrolments/decline.html", page, status=422 if form.errors else 200)
