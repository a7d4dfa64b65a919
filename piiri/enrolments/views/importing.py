"""The office brings people from files: upload, columns, report, decisions, taking, telling."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.enrolments import access, actions, columns, forms, queries, sheets
from piiri.enrolments.models import ImportFile
from piiri.people.models import Person
from piiri.people.views import step_up_first
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

A_PAGE = 50
State = ImportFile.State
UNDER_WAY = (State.READING, State.TAKING)


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


def office(request: HttpRequest, uid: str) -> Programme:
    """The programme the person runs; else 403 near it and 404 elsewhere."""
    known = access.programmes_known_by(reader(request)).select_related("organisation")
    programme: Programme = found(known.filter(uid=uid).first())
    require(programme_access.can_edit_programme(reader(request), programme))
    return programme


def office_file(request: HttpRequest, uid: str) -> ImportFile:
    """A file of a programme the person runs; else 403 near it and 404 elsewhere."""
    known = access.imports_known_by(reader(request)).select_related("programme__organisation", "brought_by")
    row: ImportFile = found(known.defer("data").filter(uid=uid).first())
    require(programme_access.can_edit_programme(reader(request), row.programme))
    return row


def back(import_file: ImportFile) -> HttpResponse:
    return redirect("enrolments:import-file", import_file=import_file.uid)


@door("21")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, programme: str) -> HttpResponse:
    """Bring a file, see those brought before, tell the people."""
    row = office(request, programme)
    if stop := step_up_first(request):
        return stop
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (brought := read(request, row, form)):
        return back(brought)
    page = {
        "programme": row,
        "nav": "people",
        "form": form,
        "files": queries.imports_of(row)[:A_PAGE],
        "untold": queries.untold_counts(row),
    }
    return render(request, "enrolments/imports.html", page, status=422 if form.errors else 200)


def read(request: HttpRequest, programme: Programme, form: forms.UploadForm) -> ImportFile | None:
    """The uploaded file, read; or None, with what is wrong with it in the form."""
    file = form.cleaned_data["file"]
    try:
        return actions.read_file(
            programme,
            kind=form.cleaned_data["kind"],
            name=file.name or "",
            data=file.read(),
            by=reader(request),
            now=clock.now(),
        )
    except sheets.SheetError as error:
        form.add_error("file", str(error.sentence))
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
    return None


@door("21")
@never_cache
@login_required
@require_GET
def import_file(request: HttpRequest, import_file: str) -> HttpResponse:
    """How far it is; what is in it and what to decide; or what became of it."""
    row = office_file(request, import_file)
    if stop := step_up_first(request):
        return stop
    page = {"import_file": row, "programme": row.programme, "nav": "people"}
    if request.headers.get("HX-Request") == "true":
        if row.state not in UNDER_WAY:
            return HttpResponseClientRefresh()
        return render(request, "enrolments/_import_progress.html", page)
    if row.state == State.READ and columns.missing(row.mapping, row.kind):
        return redirect("enrolments:import-columns", import_file=row.uid)
    if row.state == State.READ:
        return render(request, "enrolments/import_report.html", page | report_page(request, row))
    untold = [one for one in queries.untold_counts(row.programme) if one[0] == row.kind]
    done = {"done": queries.done_of(row), "untold": untold}
    return render(request, "enrolments/import_file.html", page | done)


def report_page(
    request: HttpRequest, import_file: ImportFile, form: forms.DecideForm | None = None
) -> dict[str, Any]:
    """What the report page shows."""
    if "figures" not in import_file.report:
        return {"failed": True}
    report = queries.report_of(import_file, show=request.GET.get("show", ""))
    return {
        "report": report,
        "lines": Paginator(report.lines, A_PAGE).get_page(request.GET.get("page")),
        "decide": form or decide_form(import_file, report),
        "take": forms.TakeForm(),
    }


def decide_form(
    import_file: ImportFile, report: queries.Report, data: dict[str, Any] | None = None
) -> forms.DecideForm:
    themes = queries.theme_choices(import_file.programme)
    return forms.DecideForm(data, asked=report.asked, themes=themes)


@door("21")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def import_columns(request: HttpRequest, import_file: str) -> HttpResponse:
    """Correct which column holds what; kept for the next file with the same header."""
    row = office_file(request, import_file)
    if stop := step_up_first(request):
        return stop
    if row.state != State.READ:
        return back(row)
    form = forms.ColumnsForm(
        request.POST or None, kind=row.kind, header=row.report["header"], mapping=row.mapping
    )
    if request.method == "POST" and form.is_valid():
        actions.remap(row, mapping=form.mapping(), by=reader(request), now=clock.now())
        return back(row)
    page = {
        "import_file": row,
        "programme": row.programme,
        "nav": "people",
        "form": form,
        "is_missing": bool(columns.missing(row.mapping, row.kind)),
    }
    return render(request, "enrolments/import_columns.html", page, status=422 if form.errors else 200)


@door("21")
@login_required
@require_POST
def decide_import(request: HttpRequest, import_file: str) -> HttpResponse:
    """Keep what was decided and read the file anew."""
    row = office_file(request, import_file)
    if stop := step_up_first(request):
        return stop
    if row.state != State.READ or "figures" not in row.report:
        return back(row)
    form = decide_form(row, queries.report_of(row), request.POST)
    if not form.is_valid():
        page = {"import_file": row, "programme": row.programme, "nav": "people"}
        page |= report_page(request, row, form)
        return render(request, "enrolments/import_report.html", page, status=422)
    actions.decide(row, decisions=form.decisions(), by=reader(request), now=clock.now())
    return back(row)


@door("21")
@login_required
@require_POST
def take_import(request: HttpRequest, import_file: str) -> HttpResponse:
    """Bring the people in; large files are a worker's."""
    row = office_file(request, import_file)
    if stop := step_up_first(request):
        return stop
    leave_open = "leave_open" in request.POST
    try:
        actions.take(row, leave_open=leave_open, by=reader(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return back(row)


@door("21")
@login_required
@require_POST
def discard_import(request: HttpRequest, import_file: str) -> HttpResponse:
    """Put the file away; what it said is deleted."""
    row = office_file(request, import_file)
    if stop := step_up_first(request):
        return stop
    try:
        actions.discard(row, by=reader(request), now=clock.now())
        messages.success(request, _("The file has been put away, and what it said is deleted."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("enrolments:imports", programme=row.programme.uid)


@door("21")
@login_required
@require_POST
def tell_brought(request: HttpRequest, programme: str) -> HttpResponse:
    """Write to everybody whom files brought and nobody has written to."""
    row = office(request, programme)
    if stop := step_up_first(request):
        return stop
    kind = request.POST.get("kind", "")
    if kind in ImportFile.Kind.values:
        count = actions.tell_brought(row, kind=kind, by=reader(request), now=clock.now())
        said = ngettext("%(n)s mail is on its way.", "%(n)s mails are on their way.", count)
        messages.success(request, said % {"n": count})
    return redirect("enrolments:imports", programme=row.uid)
