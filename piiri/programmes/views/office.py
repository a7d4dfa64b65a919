"""Programmes one runs: begin a new one, publish, close, copy; who works in the office."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.networks.models import Organisation
from piiri.people.models import Person
from piiri.people.views import step_up_first
from piiri.programmes import access, actions, forms, queries
from piiri.programmes.models import Programme
from piiri.programmes.presets import Preset, presets, year_plan
from piiri.programmes.presets import preset as preset_of
from piiri.programmes.views.setup import PersonRequest, office_of, steps_of

YEARS_AHEAD = 3
TURN = 10


@door("4")
@login_required
@require_GET
def index(request: PersonRequest) -> HttpResponse:
    """The programmes one runs, newest year first."""
    run = access.programmes_run_by(request.user)
    may_begin = access.can_set_up_programmes(request.user)
    require(may_begin or run.exists())
    page = {"programmes": queries.programmes_listed(run), "may_begin": may_begin, "nav": "setup"}
    return render(request, "programmes/index.html", page)


@door("4")
@login_required
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Two pages under one address: what to begin with, then the names."""
    require(access.can_set_up_programmes(request.user))
    now = clock.now()
    # From October on one sets up the next year.
    this_year, coming = now.year, now.year + (now.month >= TURN)
    begin = forms.BeginForm(
        request.GET or None,
        initial={"year": coming},
        organisations=access.organisations_programmed_by(request.user),
        presets=presets(),
        years=range(this_year, this_year + YEARS_AHEAD),
    )
    if request.GET and begin.is_valid():
        return new_programme(request, **begin.cleaned_data)
    page = {"form": begin, "presets": presets(), "steps": steps_of(None, "name"), "nav": "setup"}
    return render(request, "programmes/begin.html", page, status=422 if begin.errors else 200)


def new_programme(
    request: PersonRequest, *, organisation: Organisation, preset: str, year: int
) -> HttpResponse:
    """The names of a new programme; saving makes the draft."""
    idea = preset_of(preset)
    form = forms.AboutForm(
        request.POST or None,
        initial=begin_new(organisation, idea, year=year, by=request.user),
        employers=queries.possible_employers(organisation),
    )
    if request.method == "POST" and form.is_valid():
        try:
            programme = actions.create_programme(
                organisation, preset=idea, year=year, about=form.about(), by=request.user, now=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("programmes:setup", programme.uid, "rules")
    page = {"form": form, "preset": idea, "organisation": organisation, "steps": steps_of(None, "name")}
    return render(request, "programmes/new.html", page | {"nav": "setup"}, status=422 if form.errors else 200)


def begin_new(organisation: Organisation, idea: Preset, *, year: int, by: Person) -> dict[str, Any]:
    """What the form of a new programme begins with; whoever sets it up is the one to ask, unless changed."""
    years = year_plan(idea, year).years
    return {
        "languages": idea.languages,
        "employers": [organisation.uid],
        "takes_private": idea.takes_private,
        "contact_name": by.name,
        "contact_address": organisation.contact_address or by.email,
        **{f"title_{code}": text.replace("{years}", years) for code, text in idea.title.items()},
        **{f"lead_{code}": text for code, text in idea.lead.items()},
    }


@door("4")
@login_required
@require_POST
def publish(request: PersonRequest, programme: str) -> HttpResponse:
    """Open the programme to the world; what stands against it is shown on the page this came from."""
    row = office_of(request, programme)
    try:
        actions.publish_programme(row, by=request.user, now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The programme is open to the world."))
    return redirect("programmes:setup", row.uid, "check")


@door("4")
@login_required
@require_http_methods(["GET", "POST"])
def close(request: PersonRequest, programme: str) -> HttpResponse:
    """Ask once, then end the year."""
    row = office_of(request, programme)
    if request.method == "POST":
        actions.close_programme(row, by=request.user, now=clock.now())
        messages.success(request, _("The year has ended. Everything stays readable."))
        return redirect("programmes:setup", row.uid, "check")
    page = {"programme": row, "nav": "setup", "is_running": row.state == Programme.State.PUBLISHED}
    return render(request, "programmes/close.html", page)


@door("4")
@login_required
@require_POST
def copy(request: PersonRequest, programme: str) -> HttpResponse:
    """Make next year's draft and open it."""
    row = office_of(request, programme)
    later = actions.copy_to_next_year(row, by=request.user, now=clock.now())
    messages.success(request, _("Next year’s draft is ready. Nobody was taken along but the office."))
    return redirect("programmes:setup", later.uid, "dates")


@door("100")
@login_required
@require_http_methods(["GET", "POST"])
def coordinators(request: PersonRequest, programme: str) -> HttpResponse:
    """Who works in the programme's office; give somebody the role."""
    row = grantable(request, programme)
    if stop := step_up_first(request):
        return stop
    form = forms.CoordinatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_coordinator(row, email=form.cleaned_data["email"], by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error("email", refusal.sentence)
        else:
            return redirect("programmes:coordinators", row.uid)
    page = {
        "programme": row,
        "nav": "setup",
        "coordinators": queries.coordinators(row, reader=request.user),
        "form": form,
    }
    return render(request, "programmes/coordinators.html", page, status=422 if form.errors else 200)


@door("100")
@login_required
@require_POST
def remove_coordinator(request: PersonRequest, programme: str, person: str) -> HttpResponse:
    """Take the role away from somebody else."""
    row = grantable(request, programme)
    whom = found(queries.coordinator(row, person))
    if stop := step_up_first(request):
        return stop
    actions.remove_coordinator(row, person=whom, by=request.user, now=clock.now())
    return redirect("programmes:coordinators", row.uid)


def grantable(request: PersonRequest, uid: str) -> Programme:
    """The programme whose coordinators one may choose: its organisation's administrators only."""
    rows = access.visible_offices(request.user).select_related("organisation")
    programme: Programme = found(rows.filter(uid=uid).first())
    require(access.can_grant_coordinator(request.user, programme))
    return programme
