"""Doors of the room: one's own hours; the office's list, a person's dates, statements and their files."""

from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from piiri.base import book, clock, dates
from piiri.base.doors import door, found, require
from piiri.hours import access, actions, forms, queries
from piiri.hours.models import Statement
from piiri.meetings import queries as meeting_queries
from piiri.people.models import Person
from piiri.people.views import step_up_first
from piiri.programmes import access as programme_access
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Programme

A_PAGE = 50


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


@door("90")
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own hours with each date, and what was corrected and why."""
    person = reader(request)
    programmes = access.programmes_of(person).select_related("organisation").order_by("-starts_on", "pk")
    years = queries.hours_of(person, programmes)
    return render(request, "hours/mine.html", {"years": years, "nav": "hours"})


@door("55")
@login_required
@require_safe
def office(request: HttpRequest, programme: str) -> HttpResponse:
    """Hours per person, page by page, of one employer or of all; statements and joint events beside."""
    person = reader(request)
    rows = access.programmes_counted_by(person).select_related("organisation")
    row: Programme = found(rows.filter(uid=programme).first())
    employers = list(programme_queries.employers(row))
    chosen = request.GET if "employer" in request.GET else None
    form = forms.EmployerForm(chosen, employers=employers, everybody=True, initial={"employer": "all"})
    listed = Paginator(queries.people_of(row, employer=form.chosen), A_PAGE).get_page(request.GET.get("page"))
    page = {
        "programme": row,
        "form": form,
        "people": listed,
        "rows": queries.hours_by_person(row, listed),
        "total": queries.programme_total(row),
        "cap": queries.cap_of(row.rules),
        "kept": urlencode({"employer": request.GET.get("employer", "all")}),
        "statements": access.visible_statements(person)
        .filter(programme=row)
        .defer("lines")
        .select_related("employer")
        .order_by("-made_at")[:20],
        "sessions": queries.session_counts(row),
        "freeze": forms.EmployerForm(employers=employers, auto_id="freeze_%s"),
        "reads_dates": access.can_read_dates(person, row),
        "nav": "hours",
    }
    return render(request, "hours/office.html", page)


@door("56")
@login_required
@require_safe
def person(request: HttpRequest, programme: str, person: str) -> HttpResponse:
    """One person's dates, to correct one; after a step-up, for names per meeting are for that only."""
    row: Programme = found(access.visible_to_correct(reader(request)).filter(uid=programme).first())
    require(access.can_read_dates(reader(request), row))
    whom: Person = found(queries.people_of(row).filter(uid=person).first())
    if stop := step_up_first(request):
        return stop
    [hours] = queries.hours_of(whom, [row])
    things = meeting_queries.correctable(row, whom, now=clock.now())
    page = {
        "programme": row,
        "person": whom,
        "hours": hours,
        "dates": queries.dates_of(hours, things),
        "nav": "hours",
    }
    return render(request, "hours/person.html", page)


@door("65")
@login_required
@require_POST
def freeze(request: HttpRequest, programme: str) -> HttpResponse:
    """State the hours of one employer's people as they are now."""
    row: Programme = found(programme_access.visible_offices(reader(request)).filter(uid=programme).first())
    require(access.can_export_hours(reader(request), row))
    if stop := step_up_first(request):
        return stop
    form = forms.EmployerForm(request.POST, employers=list(programme_queries.employers(row)))
    if form.is_valid():
        said = form.cleaned_data["employer"]
        employer = None if isinstance(said, str) else said
        actions.freeze_statement(row, employer=employer, by=reader(request), now=clock.now())
        messages.success(request, _("The hours are written down as they are now."))
    return redirect("hours:office", programme=row.uid)


def statement_to_export(request: HttpRequest, uid: str) -> Statement:
    rows = access.visible_statements(reader(request)).select_related("programme", "employer")
    statement: Statement = found(rows.filter(uid=uid).first())
    require(access.can_export_hours(reader(request), statement.programme))
    return statement


@door("65", channel="export")
@login_required
@require_safe
def as_csv(request: HttpRequest, statement: str) -> HttpResponse:
    """A statement for spreadsheets and payroll."""
    row = statement_to_export(request, statement)
    if stop := step_up_first(request):
        return stop
    content = book.as_csv(queries.sheet(row), comma=dates.spoken() in dates.COMMA)
    return file(request, row, content, "csv", "text/csv; charset=utf-8", clock.now())


@door("65", channel="export")
@login_required
@require_safe
def as_xlsx(request: HttpRequest, statement: str) -> HttpResponse:
    """A statement as a workbook."""
    row = statement_to_export(request, statement)
    if stop := step_up_first(request):
        return stop
    content = book.as_xlsx(queries.sheet(row), title=_("Hours"))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return file(request, row, content, "xlsx", kind, clock.now())


def file(
    request: HttpRequest, statement: Statement, content: bytes, form: str, kind: str, now: datetime
) -> HttpResponse:
    """The download, noted in the trail."""
    actions.note_export(statement, form=form, by=reader(request), now=now)
    name = f"hours-{statement.made_at:%Y-%m-%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
