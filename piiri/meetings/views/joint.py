"""Doors of joint events: checking in, the list and the code at the door, who sits at which table."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from piiri.base import clock, qr
from piiri.base.doors import door, found
from piiri.meetings import access, actions, forms, queries, rules
from piiri.meetings.views import reader
from piiri.programmes.models import EventSession

A_LIST, A_HALL = 100, 60


def office_session(request: HttpRequest, uid: str) -> EventSession:
    """A session of a programme the person runs."""
    rows = access.sessions_in_office_of(reader(request)).select_related("event__programme")
    session: EventSession = found(rows.filter(uid=uid).first())
    return session


@door("91")
@login_required
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, session: str) -> HttpResponse:
    """One press: I am here. The code at the door leads here."""
    person, now = reader(request), clock.now()
    rows = access.visible_sessions(person).select_related("event__programme")
    row: EventSession = found(rows.filter(uid=session).first())
    if not access.can_check_in(person, row):
        return redirect("meetings:attendance", session=row.uid)
    if request.method == "POST":
        actions.check_in(row, person=person, by=person, now=now)
        return redirect("meetings:check-in", session=row.uid)
    page = {
        "session": row,
        "programme": row.event.programme,
        "is_in": bool(queries.minutes_of(person, row)),
        "reason": rules.why_not_check_in(row, now=now),
        "nav": "home",
    }
    return render(request, "meetings/check_in.html", page)


@door("95")
@login_required
@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, session: str) -> HttpResponse:
    """The list at the door, page by page or by name."""
    row, search = office_session(request, session), request.GET.get("q", "").strip()[:60]
    if request.method == "POST":
        form = forms.RollForm(request.POST)
        if form.is_valid():
            actions.mark_roll(row, by=reader(request), now=clock.now(), **form.cleaned_data)
            messages.success(request, _("The list is saved."))
        return redirect(request.get_full_path())
    listed = Paginator(queries.roll(row, search=search), A_LIST).get_page(request.GET.get("page"))
    page = {
        "session": row,
        "programme": row.event.programme,
        "people": listed,
        "came": queries.came_to(row),
        "asked": queries.roll(row).count(),
        "search": search,
        "kept": urlencode({"q": search}) if search else "",
        "reason": rules.why_not_check_in(row, now=clock.now()) == rules.MeetingRefusal.CHECK_IN_EARLY,
        "nav": "hours",
    }
    return render(request, "meetings/attendance.html", page)


@door("95")
@login_required
@require_safe
def code(request: HttpRequest, session: str) -> HttpResponse:
    """A page to print or to show on a wall: the code that leads to checking in."""
    row = office_session(request, session)
    address = settings.ORIGIN + reverse("meetings:check-in", args=[row.uid])
    # The drawing is made of numbers by the library; the address is in its dots only.
    drawn = mark_safe(qr.svg(address))  # noqa: S308
    page = {"session": row, "programme": row.event.programme, "drawn": drawn, "address": address}
    return render(request, "meetings/code.html", page | {"nav": "hours"})


@door("95")
@login_required
@require_safe
def tables(request: HttpRequest, session: str) -> HttpResponse:
    """Who sits at which table, for the wall."""
    row = office_session(request, session)
    hall = Paginator(queries.groups_at_tables(row.event.programme), A_HALL).get_page(request.GET.get("page"))
    seated = queries.tables(list(hall), first=hall.start_index())
    page = {"session": row, "programme": row.event.programme, "hall": hall, "tables": seated, "nav": "hours"}
    return render(request, "meetings/tables.html", page)
