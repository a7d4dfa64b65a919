"""A group's public page, and the one press that takes a place."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.base.uids import new_uid
from piiri.enrolments import access, actions, forms, queries
from piiri.enrolments.queries import Doorstep
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person


@door("2")
@never_cache
@require_GET
def group(request: HttpRequest, organisation_slug: str, programme_slug: str, group: str) -> HttpResponse:
    """What the group is, and the one button that matters now."""
    visible = access.visible_group_pages(request.user).select_related("programme__organisation", "theme")
    row = found(
        visible.filter(
            uid=group, programme__slug=programme_slug, programme__organisation__slug=organisation_slug
        ).first()
    )
    page = {
        "group": row,
        "programme": row.programme,
        "organisation": row.programme.organisation,
        "key": new_uid(),
        "next": queries.next_date(row, programme=row.programme, now=clock.now()),
    }
    return render(request, "enrolments/group.html", page)


@door("12")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, organisation_slug: str, programme_slug: str, group: str) -> HttpResponse:
    """Take a place by one press: every statement of this path is counted, for thousands press at once."""
    person = request.user
    assert isinstance(person, Person)
    step = found(
        queries.doorstep(
            access.visible_group_pages,
            person=person,
            organisation=organisation_slug,
            programme=programme_slug,
            group=group,
        )
    )
    require(not step.in_office or access.can_apply(person, step.programme))
    if request.method == "GET" or request.POST.get(forms.HONEY):
        return HttpResponseRedirect(request.path.removesuffix("take/"))
    form = forms.PressForm(request.POST, known=step.workplace)
    if not form.is_valid():
        raise NotImplementedError
    work: actions.Work = {
        "workplace": form.cleaned_data["workplace"],
        "job": form.cleaned_data["job"],
        "beginning": form.cleaned_data["beginning"],
    }
    press = actions.Press(form.cleaned_data["key"], sent(request))
    try:
        outcome = actions.take_place(step, work=work, press=press, by=person, now=clock.now())
    except Refused as refusal:
        if refusal.reason == GroupRefusal.FULL:
            return full(request, step)
        raise
    return HttpResponseRedirect(outcome)


def sent(request: HttpRequest) -> str:
    """The form as it was sent, without what differs at every look at the page."""
    told = [(name, value) for name, value in request.POST.lists() if name != "csrfmiddlewaretoken"]
    return f"{request.path}?{urlencode(told, doseq=True)}"


def full(request: HttpRequest, step: Doorstep) -> HttpResponse:
    """All places are taken."""
    page = {"group": step.group, "programme": step.programme}
    return render(request, "enrolments/full.html", page, status=409)
