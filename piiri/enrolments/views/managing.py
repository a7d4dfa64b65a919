"""The office's doors to line managers: who waits for an answer, a reminder, an agreement by other means."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.enrolments import access, actions, forms, queries
from piiri.enrolments.models import Approval
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

A_PAGE = 50


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


@door("115")
@login_required
@require_safe
def managers(request: HttpRequest, programme: str) -> HttpResponse:
    """Who is stuck, since when, with the manager's address; an administrator sees names and states only."""
    run = programme_access.programmes_run_by(reader(request)).select_related("organisation")
    row: Programme = found(run.filter(uid=programme).first())
    decides = programme_access.can_coordinate_programme(reader(request), row)
    form = forms.ManagersForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = queries.approvals_listed(
        row, words=asked.get("q", ""), state=asked.get("state", ""), addresses=decides
    )
    counts = queries.approval_counts(row)
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
        "stuck": counts[Approval.State.ASKED] + counts[Approval.State.DECLINED],
        "counts": [(state.label, counts[state]) for state in Approval.State if counts[state]],
    }
    return render(request, "enrolments/managers.html", page)


def stuck(request: HttpRequest, programme: str, approval: str) -> Approval:
    """An approval of the programme whose office one works in."""
    row: Programme = found(access.programmes_known_by(reader(request)).filter(uid=programme).first())
    require(programme_access.can_coordinate_programme(reader(request), row))
    rows = access.visible_approvals(reader(request)).select_related(
        "application__programme", "application__person", "manager"
    )
    asked: Approval = found(rows.filter(application__programme=row, uid=approval).first())
    return asked


@door("116")
@login_required
@require_POST
def remind_manager(request: HttpRequest, programme: str, approval: str) -> HttpResponse:
    """Another mail to the manager, now."""
    row = stuck(request, programme, approval)
    try:
        actions.remind_manager(row, by=reader(request), now=clock.now())
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(
            request, _("A reminder is on its way to %(address)s.") % {"address": row.manager.email}
        )
    return redirect("enrolments:managers", programme=programme)


@door("116")
@login_required
@require_http_methods(["GET", "POST"])
def note_agreement(request: HttpRequest, programme: str, approval: str) -> HttpResponse:
    """The manager agreed on the phone, in the corridor, on paper: write down how that is known."""
    row = stuck(request, programme, approval)
    form = forms.AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.note_agreement(row, why=form.cleaned_data["why"], by=reader(request), now=clock.now())
        messages.success(request, _("That the manager agrees is written down."))
        return redirect("enrolments:managers", programme=programme)
    page = {"programme": row.application.programme, "approval": row, "form": form, "nav": "people"}
    return render(request, "enrolments/note_agreement.html", page, status=422 if form.errors else 200)
