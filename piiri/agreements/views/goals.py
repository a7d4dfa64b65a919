"""Doors of a group's goals: suggesting, saying yes, taking back, saying what became of one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from piiri.agreements import access, actions, forms
from piiri.agreements.models import Goal
from piiri.agreements.rules import AgreementRefusal
from piiri.agreements.views import goals_part, group_to_decide, is_part, own_group, reader
from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.groups.models import Group

WORDS = ("sentence", "why", "sign", "step")


def goal_of(request: HttpRequest, group: Group, uid: str) -> Goal:
    """A goal or suggestion of the group, knowing its group."""
    row: Goal = found(access.visible_goals(reader(request)).filter(group=group, uid=uid).first())
    row.group = group
    return row


def back(request: HttpRequest, group: Group) -> HttpResponse:
    """The goals anew; without htmx the page, at the goals."""
    if not is_part(request):
        return redirect(f"{reverse('agreements:agreement', args=[group.uid])}#goals")
    return render(request, "agreements/_goals_part.html", goals_part(request, group) | {"take": True})


@door("142")
@login_required
@require_http_methods(["GET", "POST"])
def suggest_goal(request: HttpRequest, group: str) -> HttpResponse:
    """Suggest a goal to the group."""
    return suggested(request, own_group(request, group), instead_of=None)


@door("142")
@login_required
@require_http_methods(["GET", "POST"])
def change_goal(request: HttpRequest, group: str, goal: str) -> HttpResponse:
    """Suggest other words for a goal; it stays as it is until everybody has said yes."""
    row = own_group(request, group)
    return suggested(request, row, instead_of=goal_of(request, row, goal))


def suggested(request: HttpRequest, group: Group, *, instead_of: Goal | None) -> HttpResponse:
    """The form of a suggestion, and the suggestion made."""
    if instead_of and instead_of.state != Goal.State.AGREED:
        raise Refused(AgreementRefusal.NOT_AGREED)
    first = {name: str(getattr(instead_of, name)) for name in WORDS} if instead_of else {}
    form = forms.GoalForm(request.POST or None, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and said(request, group, form, instead_of=instead_of):
            return redirect(f"{reverse('agreements:agreement', args=[group.uid])}#goals")
    facts = {"group": group, "form": form, "goal": instead_of, "nav": "home"}
    return render(request, "agreements/goal.html", facts, status=status)


def said(request: HttpRequest, group: Group, form: forms.GoalForm, *, instead_of: Goal | None) -> bool:
    """Suggest; a refusal goes into the form."""
    who: dict[str, Any] = {"by": reader(request), "now": clock.now()}
    try:
        goal = actions.suggest_goal(group, instead_of=instead_of, **who, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    agreed = goal.state == Goal.State.AGREED
    messages.success(
        request,
        _("It is your goal now.")
        if agreed
        else _("It is suggested. It is your goal once everybody has said yes."),
    )
    return True


@door("142")
@login_required
@require_POST
def agree_to_goal(request: HttpRequest, group: str, goal: str) -> HttpResponse:
    """Say yes to a suggestion."""
    row = own_group(request, group)
    actions.agree_to_goal(goal_of(request, row, goal), by=reader(request), now=clock.now())
    return back(request, row)


@door("142")
@login_required
@require_POST
def take_back_suggestion(request: HttpRequest, group: str, goal: str) -> HttpResponse:
    """Take a suggestion back: whoever made it, or who speaks for the table."""
    row = own_group(request, group)
    this = goal_of(request, row, goal)
    if this.suggested_by_id != reader(request).pk and not access.can_make_ready(reader(request), row):
        raise Refused(AgreementRefusal.NOT_YOURS)
    actions.take_back_suggestion(this, by=reader(request), now=clock.now())
    return back(request, row)


@door("141")
@login_required
@require_http_methods(["GET", "POST"])
def end_goal(request: HttpRequest, group: str, goal: str) -> HttpResponse:
    """Say what became of a goal, at midpoint and at the end."""
    row = group_to_decide(request, group)
    this = goal_of(request, row, goal)
    form = forms.OutcomeForm(request.POST or None, initial={"outcome": this.outcome})
    if request.method == "POST" and form.is_valid():
        actions.end_goal(this, outcome=form.cleaned_data["outcome"], by=reader(request), now=clock.now())
        return redirect(f"{reverse('agreements:agreement', args=[row.uid])}#goals")
    facts = {"group": row, "goal": this, "form": form, "nav": "home"}
    return render(request, "agreements/end_goal.html", facts, status=422 if form.errors else 200)
