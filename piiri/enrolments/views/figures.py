"""Figures for the office: supply and demand of themes, and which workplaces take part."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from piiri.base.doors import door, found, require
from piiri.enrolments import access, queries
from piiri.enrolments.views.applications import A_PAGE, reader
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme


def figures_of(request: HttpRequest, uid: str) -> Programme:
    """A programme whose figures the person may read; 403 where its office is no secret to them, else 404."""
    run = programme_access.programmes_run_by(reader(request)).select_related("organisation")
    if row := run.filter(uid=uid).first():
        return row
    found(access.visible_figures(reader(request)).filter(uid=uid).first())
    require(False)
    raise AssertionError("require has answered")


@door("64")
@login_required
@require_safe
def demand(request: HttpRequest, programme: str) -> HttpResponse:
    """What is offered against what is wished for, by theme, area and language."""
    row = figures_of(request, programme)
    decides = programme_access.can_coordinate_programme(reader(request), row)
    told = queries.demand(row, whole=decides)
    page = {"programme": row, "nav": "people", "decides": decides, "demand": told}
    return render(request, "enrolments/demand.html", page)


@door("64")
@login_required
@require_safe
def coverage(request: HttpRequest, programme: str) -> HttpResponse:
    """Which workplaces take part, employer by employer; small numbers are hidden from everybody."""
    row = figures_of(request, programme)
    told = queries.coverage(row)
    asked = request.GET.get("employer", "")
    chosen = next((part for part in told.employers if part.uid == asked), None)
    chosen = chosen or next(iter(told.employers), None)
    taking_part = Paginator(chosen.taking_part if chosen else [], A_PAGE)
    page = {
        "programme": row,
        "nav": "people",
        "decides": programme_access.can_coordinate_programme(reader(request), row),
        "coverage": told,
        "chosen": chosen,
        "page": taking_part.get_page(request.GET.get("page")),
        "asked": f"employer={chosen.uid}" if chosen else "",
    }
    return render(request, "enrolments/coverage.html", page)
