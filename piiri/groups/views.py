"""Doors of the room: mentors offer and describe groups; the office keeps mentors and pairs."""

from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found, next_or, require
from piiri.base.errors import Refused
from piiri.groups import access, actions, forms, queries
from piiri.groups.models import Group
from piiri.groups.rules import GroupRefusal
from piiri.people import actions as people
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes import actions as programme_actions
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Programme

GroupFormT = TypeVar("GroupFormT", bound=forms.GroupForm)


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


def office(request: HttpRequest, uid: str) -> Programme:
    """The programme of an office the person may work in; else 403 near it and 404 elsewhere."""
    programme: Programme = found(access.offices_known_by(reader(request)).filter(uid=uid).first())
    require(programme_access.can_edit_programme(reader(request), programme))
    return programme


def week_of(request: HttpRequest, programme: Programme, person: Person) -> forms.WeekForm:
    """The week table with what the person said before, or with what was just sent."""
    mask = programme_queries.times_of(programme, person=person)
    week = forms.WeekForm(request.POST or None, rules=programme.rules, mask=mask)
    if asked := opening(request):
        week.toggled(asked)
    return week


def opening(request: HttpRequest) -> str:
    """The part of the day whose hours are to be shown or hidden; else nothing."""
    op, _colon, code = request.POST.get("op", "").partition(":")
    return code if op == "open" else ""


@door("96")
@login_required
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """A mentor offers a group, or the office does for a mentor."""
    person = reader(request)
    programmes = access.offices_known_by(person).select_related("organisation")
    programme = found(programmes.filter(organisation__slug=organisation_slug, slug=programme_slug).first())
    require(access.can_offer_group(person, programme))
    role = access.own_mentor_role(person, programme)
    form = forms.OfferForm(
        request.POST or None,
        programme=programme,
        for_office=role is None,
        mentors=queries.free_mentors(programme, without=person),
        initial={"places": programme.rules.places, "form": Group.Form.ONSITE, "language": person.language},
    )
    week = week_of(request, programme, person) if role else None
    page = {"programme": programme, "form": form, "week": week, "role": role}
    if request.method == "POST" and not opening(request):
        if form.is_valid() and offered(request, programme, form, week):
            return redirect(next_or(request, request.path))
        return render(request, "groups/offer.html", page, status=422)
    if opening(request):
        form = unjudged(form)
    mine = queries.offers_of(person, programme=programme)
    return render(request, "groups/offer.html", page | {"form": form, "mine": mine})


def unjudged(form: GroupFormT) -> GroupFormT:
    """The form with what was written and without a word about what is missing yet."""
    form._errors = ErrorDict()  # type: ignore[attr-defined]  # noqa: SLF001  (there is no other way)
    return form


def offered(
    request: HttpRequest, programme: Programme, form: forms.OfferForm, week: forms.WeekForm | None
) -> bool:
    """Save the mentor's times and offer the group; a refusal goes into the form."""
    told: dict[str, Any] = dict(form.cleaned_data)
    lead = told.pop("mentor", None) if week is None else reader(request)
    mentors = [one for one in (lead, told.pop("co_mentor", None)) if one]
    now = clock.now()
    if week is not None:
        told["times"] = week.codes
        save_times(programme, reader(request), week.mask)
    try:
        actions.offer_group(
            programme, mentors=mentors, self_run=not mentors, by=reader(request), now=now, **told
        )
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    messages.success(request, _("Your group is on the programme page."))
    return True


def save_times(programme: Programme, person: Person, mask: str) -> None:
    """Keep when the mentor can meet."""
    programme_actions.save_availability(programme, person=person, mask=mask, by=person, now=clock.now())


@door("24")
@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, group: str) -> HttpResponse:
    """Change what a group says of itself."""
    person = reader(request)
    row = found(access.groups_known_by(person).select_related("programme", "theme").filter(uid=group).first())
    require(access.can_edit_group(person, row))
    about = ("theme", "text", "language", "form", "area", "place")
    form = forms.GroupForm(
        request.POST or None,
        programme=row.programme,
        on_offer=row.state == Group.State.OFFERED,
        initial={name: getattr(row, name) for name in about} | {"theme": row.theme and row.theme.uid},
    )
    runs = programme_access.can_edit_programme(person, row.programme)
    week = week_of(request, row.programme, person) if access.can_mentor_group(person, row) else None
    page = {"group": row, "programme": row.programme, "form": form, "week": week, "runs": runs}
    if request.method == "POST" and not opening(request):
        if not form.is_valid():
            return render(request, "groups/edit.html", page, status=422)
        told: dict[str, Any] = dict(form.cleaned_data)
        if week is not None:
            save_times(row.programme, person, week.mask)
            told["times"] = week.codes
        actions.edit_group(row, by=person, now=clock.now(), **told)
        messages.success(request, _("Saved."))
        return redirect(next_or(request, request.path))
    if opening(request):
        page["form"] = unjudged(form)
    places = forms.PlacesForm(initial={"places": row.places.count()})
    return render(request, "groups/edit.html", page | {"places": places})


@door("98")
@login_required
@require_POST
def resize(request: HttpRequest, group: str) -> HttpResponse:
    """Set how many places a group has: the office's."""
    person = reader(request)
    row = found(access.groups_known_by(person).select_related("programme").filter(uid=group).first())
    require(programme_access.can_edit_programme(person, row.programme))
    form = forms.PlacesForm(request.POST)
    if form.is_valid():
        actions.resize_places(row, places=form.cleaned_data["places"], by=person, now=clock.now())
    return redirect("groups:edit", group=row.uid)


@door("150")
@login_required
@require_POST
def open_history(request: HttpRequest, group: str) -> HttpResponse:
    """Say yes to opening what was said before to whoever leads the group since later."""
    person = reader(request)
    row = found(access.groups_of(person).filter(uid=group).first())
    later = access.visible_successors(person, row).select_related("person", "group")
    seats = [seat for seat in later if person.pk in queries.asked_about_history(seat)]
    if not seats:
        raise Refused(GroupRefusal.NOT_ASKED)
    opened = [actions.open_history(seat, by=person, now=clock.now()) for seat in seats]
    one = _("Your yes is noted. It opens once all of you have said yes.")
    everybody = _("All of you have said yes: your mentor reads what was said before.")
    messages.success(request, everybody if all(opened) else one)
    return redirect("home:group", row.uid)


@door("151")
@login_required
@require_POST
def swap(request: HttpRequest, group: str) -> HttpResponse:
    """Say yes to changing roles in a pair; with the yes of both they change."""
    person = reader(request)
    row = found(access.groups_of(person).select_related("programme").filter(uid=group).first())
    try:
        swapped = actions.swap_roles(row, by=person, now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        both, one = (
            _("You have changed roles."),
            _("Your yes is noted. Roles change once both have said yes."),
        )
        messages.success(request, both if swapped else one)
    return redirect("home:group", row.uid)


@door("97")
@login_required
@require_POST
def name_on_card(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """The mentor's choice to be named on the public cards."""
    person = reader(request)
    programmes = access.offices_known_by(person)
    programme = found(programmes.filter(organisation__slug=organisation_slug, slug=programme_slug).first())
    role = access.own_mentor_role(person, programme)
    require(role is not None)
    show = forms.ShowNameForm(request.POST)
    if role and show.is_valid():
        actions.show_name(role, show=show.cleaned_data["show"], by=person, now=clock.now())
    return redirect("groups:offer", organisation_slug, programme_slug)


@door("9")
@login_required
@require_http_methods(["GET", "POST"])
def mentors(request: HttpRequest, programme: str) -> HttpResponse:
    """The office accepts mentors by address."""
    row = office(request, programme)
    form = forms.MentorForm(request.POST or None, initial={"groups_at_most": row.rules.mentor_groups})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and accepted(request, row, form):
            return redirect("groups:mentors", programme=row.uid)
    page = {"programme": row, "form": form, "mentors": queries.mentors(row), "nav": "people"}
    return render(request, "groups/mentors.html", page, status=status)


def accepted(request: HttpRequest, programme: Programme, form: forms.MentorForm) -> bool:
    """Introduce the mentor and give the role; a refusal goes into the form."""
    told, now = form.cleaned_data, clock.now()
    person = people.introduce(told["email"], name=told["name"], language=programme.languages[0], now=now)
    try:
        actions.accept_mentor(
            programme, person=person, groups_at_most=told["groups_at_most"], by=reader(request), now=now
        )
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    messages.success(request, _("The mentor can now offer groups."))
    return True


@door("9")
@login_required
@require_POST
def end_mentor(request: HttpRequest, programme: str, person: str) -> HttpResponse:
    """Take a mentor's role back."""
    row = office(request, programme)
    roles = access.visible_mentors(reader(request)).select_related("person", "programme")
    role = found(roles.filter(programme=row, person__uid=person, ended_at=None).first())
    actions.end_mentor(role, by=reader(request), now=clock.now())
    return redirect("groups:mentors", programme=row.uid)
