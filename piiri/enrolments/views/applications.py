"""One's own application, and the office's list of all."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.enrolments import access, actions, forms, queries, rules
from piiri.enrolments.models import Application
from piiri.groups import access as group_access
from piiri.groups import actions as group_actions
from piiri.groups import queries as group_queries
from piiri.groups.models import KeptApart
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

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


def office(request: HttpRequest, uid: str) -> Programme:
    """The programme whose office the person works in; for everybody else it is not there."""
    offices = programme_access.programmes_coordinated_by(reader(request)).select_related("organisation")
    programme: Programme = found(offices.filter(uid=uid).first())
    return programme


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
