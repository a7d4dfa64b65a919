"""The office's table of applications, one application as the office sees it, and the table as a file."""

import tempfile
from collections.abc import Callable
from typing import IO, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from piiri.base import book, clock, dates
from piiri.base.doors import door, found, require
from piiri.enrolments import access, actions, forms, queries
from piiri.enrolments.models import Application
from piiri.enrolments.views.applications import A_PAGE, reader
from piiri.people.views import step_up_first
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 1_000_000  # bytes of a file that are kept in memory; what is longer is written to a disk


def run_by(request: HttpRequest, uid: str) -> tuple[Programme, bool]:
    """A programme the person runs, and whether they decide in it; for everybody else it is not there."""
    rows = programme_access.programmes_run_by(reader(request)).select_related("organisation")
    row: Programme = found(rows.filter(uid=uid).first())
    return row, programme_access.can_coordinate_programme(reader(request), row)


def table_form(request: HttpRequest, programme: Programme, *, decides: bool) -> forms.TableForm:
    """What the address asks of the table; an administrator asks for names, workplaces and states only."""
    return forms.TableForm(
        request.GET,
        wishes=queries.wish_choices(programme, sensitive=True) if decides else [],
        units=queries.units_applied_from(programme, asked=request.GET.get("unit", "")) if decides else [],
        decides=decides,
        first=queries.order_first(programme),
    )


@door("14")
@login_required
@require_GET
def applications(request: HttpRequest, programme: str) -> HttpResponse:
    """Who has applied, as far as the office asks for it; never what they wrote to their group.

    An administrator of the organisation sees names, workplaces and states only.
    """
    row, decides = run_by(request, programme)
    form = table_form(request, row, decides=decides)
    rows = queries.listed(row, form.look, addresses=decides)
    listed = queries.with_wishes(rows) if decides else rows
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "programme": row,
        "nav": "people",
        "decides": decides,
        "form": form,
        "page": page,
        "rows": [queries.TableRow(one) for one in page],
        "asked": form.address,
        "is_filtered": form.look.narrows,
        "is_ticked": "tick" in request.GET,
    }
    if decides:
        free = queries.free_places(row)
        context["rows"] = queries.table_rows(row, list(page), free=free)
        context["under_way"] = queries.bulks_under_way(row)
        if row.rules.enrol_way == "office":
            context["demand"] = queries.unplaced_demand(row, free=free)
    return render(request, "enrolments/applications.html", context)


@door("14")
@login_required
@require_GET
def office_application(request: HttpRequest, programme: str, application: str) -> HttpResponse:
    """One application as the office reads it: never the text to the group, nor whom somebody avoids."""
    row, decides = run_by(request, programme)
    rows = access.visible_office_applications(reader(request)).filter(programme=row, uid=application)
    one: Application = found(queries.with_wishes(rows.select_related("person", "unit", "employer")).first())
    one.programme = row
    page: dict[str, Any] = {"programme": row, "nav": "people", "decides": decides, "application": one}
    if decides:
        [page["row"]] = queries.table_rows(row, [one])
        page["lines"] = queries.lines_of(one)
        page["pairs"] = queries.said_of(page["row"])
    return render(request, "enrolments/office_application.html", page)


# --- the table as a file ----------------------------------------------------------------------


@door("130", channel="export")
@login_required
@require_safe
def applications_csv(request: HttpRequest, programme: str) -> HttpResponseBase:
    """The table as it is filtered, for spreadsheets."""
    comma = dates.spoken() in dates.COMMA
    return exported(
        request,
        programme,
        form="csv",
        kind="text/csv; charset=utf-8",
        write=lambda file, rows: book.write_csv(file, rows, comma=comma),
    )


@door("130", channel="export")
@login_required
@require_safe
def applications_xlsx(request: HttpRequest, programme: str) -> HttpResponseBase:
    """The table as it is filtered, as a workbook."""
    return exported(
        request,
        programme,
        form="xlsx",
        kind=XLSX,
        write=lambda file, rows: book.write_xlsx(file, rows, title=_("Applications")),
    )


def exported(
    request: HttpRequest, uid: str, *, form: str, kind: str, write: Callable[[IO[bytes], Any], int]
) -> HttpResponseBase:
    """After a step-up: write the rows one by one, note how many went out, then send the file."""
    row: Programme = found(access.programmes_known_by(reader(request)).filter(uid=uid).first())
    require(programme_access.can_edit_programme(reader(request), row))
    if stop := step_up_first(request):
        return stop
    decides = programme_access.can_coordinate_programme(reader(request), row)
    look = table_form(request, row, decides=decides).look
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    number = write(file, queries.sheet_of_table(row, look, decides=decides)) - 1
    actions.note_table_export(row, form=form, number=number, by=reader(request), now=clock.now())
    size = file.tell()
    file.seek(0)
    name = f"applications-{clock.today(row.zone):%Y-%m-%d}.{form}"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    answer.headers["Content-Length"] = str(size)
    return answer
