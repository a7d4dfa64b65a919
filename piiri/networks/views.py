"""Doors of the room: an organisation for its administrators, a network for its own."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.networks import access, actions, forms, queries
from piiri.networks.models import Network, Organisation
from piiri.people.models import Person
from piiri.people.views import step_up_first


class PersonRequest(HttpRequest):
    """A request below login_required."""

    user: Person


@door("89")
@login_required
@require_GET
def index(request: PersonRequest) -> HttpResponse:
    """Networks and organisations one looks after."""
    page = {
        "networks": access.networks_run_by(request.user),
        "organisations": access.organisations_run_by(request.user),
        "nav": "office",
    }
    return render(request, "networks/index.html", page)


@door("71")
@login_required
@require_GET
def affiliations(request: PersonRequest) -> HttpResponse:
    """What each organisation knows of oneself."""
    page = {"affiliations": access.own_affiliations(request.user)}
    return render(request, "networks/affiliations.html", page)


@door("7")
@login_required
@require_http_methods(["GET", "POST"])
def organisation(request: PersonRequest, organisation: str) -> HttpResponse:
    """The organisation's texts and units."""
    place = found(access.visible_organisations(request.user).filter(uid=organisation).first())
    require(access.can_edit_organisation(request.user, place))
    begin = forms.names(place.name) | {"contact_address": place.contact_address}
    form = forms.DescribeForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        actions.describe_organisation(place, **form.cleaned_data, by=request.user, now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("networks:organisation", place.uid)
    return organisation_page(request, place, form=form, unit_form=forms.UnitForm())


@door("7")
@login_required
@require_POST
def add_unit(request: PersonRequest, organisation: str) -> HttpResponse:
    """Add a workplace to the organisation."""
    place = found(access.visible_organisations(request.user).filter(uid=organisation).first())
    require(access.can_edit_organisation(request.user, place))
    form = forms.UnitForm(request.POST)
    if form.is_valid():
        try:
            actions.add_unit(place, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error("name", refusal.sentence)
        else:
            return redirect("networks:organisation", place.uid)
    begin = forms.names(place.name) | {"contact_address": place.contact_address}
    return organisation_page(request, place, form=forms.DescribeForm(initial=begin), unit_form=form)


def organisation_page(
    request: PersonRequest,
    place: Organisation,
    *,
    form: forms.DescribeForm,
    unit_form: forms.UnitForm,
) -> HttpResponse:
    """The page of an organisation with its two forms."""
    page = {"organisation": place, "units": queries.units(place), "form": form, "unit_form": unit_form}
    page |= {"nav": "office"}
    return render(request, "networks/organisation.html", page, status=status_of(form, unit_form))


def status_of(*shown: django_forms.Form) -> int:
    """422 when one of the forms has something wrong with it."""
    return 422 if any(form.is_bound and form.errors for form in shown) else 200


@door("7")
@login_required
@require_http_methods(["GET", "POST"])
def unit(request: PersonRequest, unit: str) -> HttpResponse:
    """Rename a workplace or move it to another area."""
    row = found(access.visible_units(request.user).select_related("organisation").filter(uid=unit).first())
    require(access.can_edit_unit(request.user, row))
    form = forms.UnitForm(request.POST or None, initial={"name": row.name, "area": row.area})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_unit(row, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error("name", refusal.sentence)
        else:
            return redirect("networks:organisation", row.organisation.uid)
    return render(
        request, "networks/unit.html", {"unit": row, "form": form, "nav": "office"}, status=status_of(form)
    )


@door("10")
@login_required
@require_http_methods(["GET", "POST"])
def administrators(request: PersonRequest, organisation: str) -> HttpResponse:
    """Who looks after the organisation; give somebody the role."""
    place = found(access.visible_organisations(request.user).filter(uid=organisation).first())
    require(access.can_grant_organisation_admin(request.user, place))
    if stop := step_up_first(request):
        return stop
    form = forms.AdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_organisation_admin(place, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error("email", refusal.sentence)
        else:
            return redirect("networks:administrators", place.uid)
    page = {
        "organisation": place,
        "administrators": queries.administrators(place, reader=request.user),
        "form": form,
        "nav": "office",
    }
    return render(request, "networks/administrators.html", page, status=status_of(form))


@door("10")
@login_required
@require_POST
def remove_administrator(request: PersonRequest, organisation: str, person: str) -> HttpResponse:
    """Take the role away from somebody else."""
    place = found(access.visible_organisations(request.user).filter(uid=organisation).first())
    require(access.can_grant_organisation_admin(request.user, place))
    whom = found(queries.administrator(place, person))
    if stop := step_up_first(request):
        return stop
    actions.remove_organisation_admin(place, person=whom, by=request.user, now=clock.now())
    return redirect("networks:administrators", place.uid)


@door("6")
@login_required
@require_http_methods(["GET", "POST"])
def network(request: PersonRequest, network: str) -> HttpResponse:
    """The organisations of a network; make another one."""
    row = found(access.visible_networks(request.user).filter(uid=network).first())
    if stop := stopped_at(request, row):
        return stop
    form = forms.NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_organisation(row, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refusal:
            form.add_error("slug", refusal.sentence)
        else:
            return redirect("networks:network", row.uid)
    page = {"network": row, "organisations": queries.organisations(row), "form": form}
    page |= {"nav": "office"}
    return render(request, "networks/network.html", page, status=status_of(form))


def stopped_at(request: PersonRequest, network: Network) -> HttpResponse | None:
    """Refuse all but those who run the network; an operator from outside steps up first."""
    require(access.can_run_network(request.user, network))
    if access.can_administer_network(request.user, network):
        return None
    return step_up_first(request)


@door("6")
@login_required
@require_POST
def suspend(request: PersonRequest, organisation: str) -> HttpResponse:
    """Let nothing change in an organisation for the time being."""
    return turn(request, organisation, deed=actions.suspend_organisation)


@door("6")
@login_required
@require_POST
def reopen(request: PersonRequest, organisation: str) -> HttpResponse:
    """End a suspension."""
    return turn(request, organisation, deed=actions.reopen_organisation)


def turn(request: PersonRequest, uid: str, *, deed: Any) -> HttpResponse:
    """Suspend or reopen, then show the network again."""
    place = found(
        access.visible_organisations(request.user).select_related("network").filter(uid=uid).first()
    )
    if stop := stopped_at(request, place.network):
        return stop
    deed(place, by=request.user, now=clock.now())
    return redirect("networks:network", place.network.uid)
