"""The door of one’s own goals."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from piiri.agreements import access, actions, forms, queries
from piiri.agreements.models import OwnGoal
from piiri.agreements.views import reader
from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.groups.models import Group

WORDS = ("sentence", "why", "sign", "step", "scale", "outcome")


@door("143")
@login_required
@require_http_methods(["GET", "POST"])
def own_goals(request: HttpRequest, group: str) -> HttpResponse:
    """One's own goals in a group: read, written, written anew (`goal`), deleted."""
    person = reader(request)
    row: Group = found(access.visible_groups_of_own_goals(person).filter(uid=group).first())
    goal = chosen(request, row)
    if request.method == "POST" and goal and "delete" in request.POST:
        actions.delete_own_goal(goal, by=person, now=clock.now())
        messages.success(request, _("The goal is deleted."))
        return redirect("agreements:own-goals", group=row.uid)
    first = {name: getattr(goal, name) for name in WORDS} if goal else {}
    form = forms.OwnGoalForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid() and written(request, row, form, goal=goal):
        return redirect("agreements:own-goals", group=row.uid)
    facts = {
        "group": row,
        "goals": queries.private_goals(person, row),
        "form": form,
        "goal": goal,
        "nav": "home",
    }
    return render(
        request, "agreements/own_goals.html", facts, status=422 if request.method == "POST" else 200
    )


def chosen(request: HttpRequest, group: Group) -> OwnGoal | None:
    """The goal that is written anew, or None for a new one."""
    uid = request.POST.get("goal") or request.GET.get("goal")
    if not uid:
        return None
    goal: OwnGoal = found(access.own_goals(reader(request)).filter(group=group, uid=uid).first())
    return goal


def written(request: HttpRequest, group: Group, form: forms.OwnGoalForm, *, goal: OwnGoal | None) -> bool:
    """Write it down; a refusal goes into the form."""
    try:
        actions.write_own_goal(group, goal=goal, by=reader(request), now=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    messages.success(request, _("Saved. Only you read it."))
    return True
