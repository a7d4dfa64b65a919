"""Doors of a group that is reached by a link: opening it, giving the link away, joining by it."""

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from piiri.base import clock, qr
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.enrolments import actions, forms, rules
from piiri.enrolments.rules import EnrolRefusal
from piiri.enrolments.views import confirming
from piiri.groups import access as group_access
from piiri.groups import actions as group_actions
from piiri.groups import queries as group_queries
from piiri.groups import rules as group_rules
from piiri.groups.forms import LANGUAGES
from piiri.groups.models import Group, JoinLink
from piiri.people.models import Person


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


@door("96")
@login_required
@require_http_methods(["GET", "POST"])
def open_group(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """A mentor opens one group in three minutes: it is reached by its link only."""
    person = reader(request)
    offices = group_access.offices_known_by(person).select_related("organisation")
    row = found(offices.filter(organisation__slug=organisation_slug, slug=programme_slug).first())
    require(group_access.can_offer_group(person, row))
    if group_access.own_mentor_role(person, row) is None:
        return redirect("groups:offer", organisation_slug, programme_slug)
    begin = {"places": row.rules.places, "language": person.language, "form": Group.Form.ONSITE}
    form = forms.OpenGroupForm(request.POST or None, programme=row, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            told = {"places": 1} | form.cleaned_data
            opened = actions.open_by_link(row, by=person, now=clock.now(), **told)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Your group is open. Whoever has the link can join."))
            return redirect("enrolments:group-link", opened.group.uid)
    page = {"programme": row, "organisation": row.organisation, "form": form, "nav": "home"}
    return render(request, "enrolments/open_group.html", page, status=422 if form.errors else 200)


@door("22")
@login_required
@require_http_methods(["GET", "POST"])
def group_link(request: HttpRequest, group: str) -> HttpResponse:
    """The link into a group as words and as a code, to copy, print and end."""
    person = reader(request)
    known = group_access.groups_known_by(person).select_related("programme__organisation", "theme")
    row: Group = found(known.filter(uid=group).first())
    require(group_access.can_edit_group(person, row))
    link = group_queries.last_link(row)
    if request.method == "POST":
        if request.POST.get("op") == "end" and link:
            group_actions.revoke_link(link, by=person, now=clock.now())
        elif request.POST.get("op") == "new":
            group_actions.make_link(row, by=person, now=clock.now())
        return redirect("enrolments:group-link", row.uid)
    free = row.places.free().count()
    page = {"group": row, "programme": row.programme, "nav": "home", "link": link, "free": free}
    page["sits"] = group_access.can_enter_group(person, row)
    if link and group_rules.why_not_use(link, now=clock.now()) is None:
        page |= drawn(link) | {"reason": why_not(link, free=free) if free else ""}
    return render(request, "enrolments/group_link.html", page)


def address_of(link: JoinLink) -> str:
    """The path of a link."""
    return reverse("enrolments:join", args=[link.uid, link.signature])


def drawn(link: JoinLink) -> dict[str, Any]:
    """The link as words and as a code."""
    address = settings.ORIGIN + address_of(link)
    # The drawing is made of numbers by the library; the address is in its dots only.
    return {"address": address, "drawn": mark_safe(qr.svg(address))}  # noqa: S308


@door("23")
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, join_link: str, join_signature: str) -> HttpResponse:
    """What the group is, and one press to be in it."""
    person = request.user
    link: JoinLink = found(group_access.visible_link(person, uid=join_link, signature=join_signature))
    require(not (isinstance(person, Person) and person.is_operator))
    if request.method == "POST":
        return joined(request, link, person) if isinstance(person, Person) else written(request, link)
    return join_page(request, link)


def written(request: HttpRequest, link: JoinLink) -> HttpResponse:
    """A visitor's name and address are kept, and hold no place; one press in the mail does the rest."""
    group, form = link.group, forms.JoinForm(request.POST)
    if request.POST.get(forms.HONEY):
        return confirming.to_code(group.programme)
    if not form.is_valid():
        return join_page(request, link, form=form, status=422)
    told = form.cleaned_data
    answers = urlencode({"join_link": link.uid, "join_signature": link.signature, "name": told["name"]})
    kept = confirming.keep(request, form, group.programme, group=group, email=told["email"], answers=answers)
    return confirming.to_code(group.programme) if kept else join_page(request, link, form=form, status=422)


def joined(request: HttpRequest, link: JoinLink, person: Person) -> HttpResponse:
    """In, or why not."""
    try:
        actions.join_by_link(link, person=person, by=person, now=clock.now())
    except Refused as refusal:
        return join_page(request, link, reason=refusal.sentence, status=409)
    messages.success(request, _("You are in. The next date is on its way to you by mail."))
    return redirect("home:group", link.group.uid)


def join_page(
    request: HttpRequest,
    link: JoinLink,
    *,
    status: int = 200,
    reason: str = "",
    form: forms.JoinForm | None = None,
) -> HttpResponse:
    """The group as whoever has the link sees it: mentors' names only as they chose."""
    group, person, free = link.group, request.user, link.group.places.free().count()
    programme = group.programme
    theme = group.theme if group.theme and group.title else None
    names = group_queries.mentor_names(programme, only=[group.pk]).get(group.pk, [])
    page = {
        "group": group,
        "programme": programme,
        "organisation": programme.organisation,
        "theme": theme if theme and (person.is_authenticated or not theme.sensitive) else None,
        "language": dict(LANGUAGES).get(group.language, group.language),
        "free": free,
        "mentors": ", ".join(filter(None, names)),
        "is_in": group_access.groups_held_by(person).filter(pk=group.pk).exists(),
        "reason": reason or why_not(link, free=free),
        "form": form or forms.JoinForm(),
        "honey": forms.HONEY,
        "here": request.path,
    }
    return render(request, "enrolments/join.html", page, status=status)


def why_not(link: JoinLink, *, free: int) -> str:
    """The reason against joining, as far as it can be known before the press."""
    now, group = clock.now(), link.group
    reason: Any = (
        group_rules.why_not_use(link, now=now)
        or group_rules.why_not_join(group, is_mentor=False)
        or group_rules.why_not_newcomer(group, policy=group.programme.rules.newcomers)
        or (EnrolRefusal.OVER if rules.is_over(group.programme, now=now) else None)
        or (None if free > 0 else group_rules.GroupRefusal.FULL)
    )
    return str(reason.label) if reason else ""
