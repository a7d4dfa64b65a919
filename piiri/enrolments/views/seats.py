"""Doors of one's own seat in a group: leaving it, a manager among us, newcomers and who shows them around."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.enrolments import access, actions, forms
from piiri.enrolments.models import Application
from piiri.groups import access as group_access
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership
from piiri.people.models import Person


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


def held(request: HttpRequest, uid: str) -> Group:
    """A group the person sits in, whether or not their access is paused."""
    mine = group_access.groups_held_by(reader(request)).select_related("programme__organisation", "theme")
    row: Group = found(mine.filter(uid=uid).first())
    return row


def entered(request: HttpRequest, uid: str) -> Group:
    """A group that is open to the person."""
    mine = group_access.groups_of(reader(request)).select_related("programme", "theme")
    row: Group = found(mine.filter(uid=uid).first())
    return row


@door("29")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, group: str) -> HttpResponse:
    """Leave a group after a plain question; whoever leads it is told how to hand it over."""
    row, person = held(request, group), reader(request)
    seat = group_access.own_seat(person, row)
    if not isinstance(seat, Membership) or row.state not in Group.LIVING:
        return render(request, "enrolments/leave_not.html", {"group": row, "programme": row.programme})
    placed = access.own_open_application_of(person, row.programme)
    may_wait = row.programme.rules.waiting_list and bool(placed and placed.state == Application.State.PLACED)
    form = forms.LeaveForm(request.POST or None, may_wait=may_wait)
    if request.method == "POST" and form.is_valid():
        actions.leave_group(seat, by=person, now=clock.now(), **form.told)
        messages.success(request, left(form))
        return redirect("enrolments:application", placed.uid) if placed else redirect("home:index")
    is_pair = row.guidance == Group.Guidance.PAIR
    page = {"group": row, "programme": row.programme, "form": form, "is_pair": is_pair}
    return render(request, "enrolments/leave.html", page, status=422 if form.errors else 200)


def left(form: forms.LeaveForm) -> str:
    """What stands above the next page."""
    if form.told["wait_again"]:
        return _("You have left the group, and you wait for a place in another one.")
    return _("You have left the group. Thank you for the time you gave it.")


@door("125")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def manager(request: HttpRequest, group: str) -> HttpResponse:
    """Say that one of us has become the other's manager: what happens is told before anything does."""
    row, person = held(request, group), reader(request)
    seat = group_access.own_seat(person, row)
    assert seat
    beside = group_access.visible_people_beside(person, row)
    form = forms.BecomeManagerForm(request.POST or None, people=beside)
    if request.method == "POST" and form.is_valid():
        actions.become_manager(seat, other=form.cleaned_data["who"], by=person, now=clock.now())
        return redirect("home:group", row.uid)
    page = {"group": row, "programme": row.programme, "form": form, "paused": seat.paused_at is not None}
    return render(request, "enrolments/manager.html", page, status=422 if form.errors else 200)


@door("126")
@login_required
@require_POST
def newcomers(request: HttpRequest, group: str) -> HttpResponse:
    """Say for the group that it takes newcomers, or that it is complete."""
    row = entered(request, group)
    require(group_access.can_run_meetings_of_group(reader(request), row))
    take = request.POST.get("take") == "yes"
    group_actions.say_newcomers(row, take=take, by=reader(request), now=clock.now())
    messages.success(
        request,
        _("Free places are offered to those who wait.") if take else _("Nobody new comes for now."),
    )
    return redirect("home:people", row.uid)


@door("127")
@login_required
@require_POST
def buddy(request: HttpRequest, group: str) -> HttpResponse:
    """Show a newcomer around oneself; whoever leads the group may also choose who does."""
    row, person = entered(request, group), reader(request)
    members = list(group_access.visible_memberships_beside(person, row).select_related("person"))
    form = forms.BuddyForm(request.POST, members=members)
    if form.is_valid():
        mine = next((one for one in members if one.person == person), None)
        newcomer, chosen = form.cleaned_data["newcomer"], form.cleaned_data["buddy"] or mine
        require(chosen == mine or group_access.can_run_meetings_of_group(person, row))
        if chosen and actions.give_buddy(newcomer, buddy=chosen, by=person, now=clock.now()):
            messages.success(request, _("Both have got a mail about it. Thank you."))
    return redirect("home:people", row.uid)


@door("128")
@login_required
@require_POST
def start(request: HttpRequest, group: str) -> HttpResponse:
    """Let a group that came together by its link begin, once enough are in."""
    row = entered(request, group)
    require(group_access.can_mentor_group(reader(request), row))
    try:
        actions.start_own_group(row, by=reader(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Your group has begun. Set the first meeting next."))
    return redirect("home:group", row.uid)
