"""The door at which a mentor sets all dates of the year in one sitting."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from piiri.base import clock
from piiri.base.doors import door, next_or
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.meetings import actions, forms
from piiri.meetings.models import Meeting
from piiri.meetings.queries import heat, year
from piiri.meetings.queries.year import Plan, Year
from piiri.meetings.views import reader
from piiri.meetings.views.planning import group_to_run


@door("33")
@login_required
@require_http_methods(["GET", "POST"])
def dates(request: HttpRequest, group: str) -> HttpResponse:
    """Choose the rhythm, look at the dates with who cannot, set them all."""
    row = group_to_run(request, group)
    usual = year.default_plan(row, today=clock.today(row.programme.zone))
    asked = request.POST or request.GET
    form = forms.RhythmForm(asked if "weeks" in asked else None, usual=usual.minutes, initial=said(usual))
    plan = plan_of(usual, form)
    known = Year.of(row, plan.first, plan.last, you=reader(request))
    if plan is usual:
        plan = year.fitting(known, plan)
        form = forms.RhythmForm(usual=usual.minutes, initial=said(plan)) if not form.is_bound else form
    listed = forms.DatesForm(request.POST if request.method == "POST" else QueryDict())
    chosen, left_out = days_of(listed, known, plan, fair="fair" in asked)
    status = 200
    if request.method == "POST" and "look" not in request.POST:
        status = 422
        if form.is_valid() and listed.is_valid() and set_all(request, row, plan, listed):
            return redirect(next_or(request, f"/groups/{row.uid}/"))
    page = page_of(known, plan, chosen, left_out) | {"form": form, "listed": listed, "fair": "fair" in asked}
    return render(request, "meetings/year_dates.html", page, status=status)


def said(plan: Plan) -> dict[str, Any]:
    """A plan as the form says it."""
    at = time(plan.start // 60, plan.start % 60)
    numbers = {"weeks": plan.weeks, "weekday": plan.weekday, "minutes": plan.minutes, "number": plan.number}
    return {**numbers, "at": at, "first": plan.first}


def plan_of(usual: Plan, form: forms.RhythmForm) -> Plan:
    """The plan that was asked for; the usual one where nothing, or nothing that can be, was."""
    if not form.is_bound or not form.is_valid():
        return usual
    asked = dict(form.cleaned_data)
    at = asked.pop("at")
    first = max(asked.pop("first"), usual.first - year.FIRST_AFTER)
    plan = replace(usual, **asked, start=at.hour * 60 + at.minute // 30 * 30, first=first)
    return replace(plan, last=max(plan.first, plan.last))


def days_of(listed: forms.DatesForm, known: Year, plan: Plan, *, fair: bool) -> tuple[list[date], list[date]]:
    """The dates ticked and those left out: as sent, else as the rhythm (or fairness) has them."""
    if listed.is_valid() and (listed.cleaned_data["days"] or listed.cleaned_data["left_out"]):
        inside = [
            [day for day in listed.cleaned_data[name] if plan.first <= day <= plan.last]
            for name in ("days", "left_out")
        ]
        return inside[0], inside[1]
    days = year.planned(known, plan)
    return (year.fairer(known, plan, days) if fair else days), []


def set_all(request: HttpRequest, group: Group, plan: Plan, listed: forms.DatesForm) -> bool:
    """Set the dates; a refusal goes into the form."""
    try:
        found = actions.schedule_year(
            group,
            days=listed.cleaned_data["days"],
            at=time(plan.start // 60, plan.start % 60),
            minutes=plan.minutes,
            form=Meeting.Form.of(group),
            place=group.place,
            by=reader(request),
            now=clock.now(),
        )
    except Refused as refusal:
        listed.add_error(None, refusal.sentence)
        return False
    sentence = ngettext(
        "%(n)s date is set. Invitations for the calendars are on their way.",
        "%(n)s dates are set. Invitations for the calendars are on their way.",
        len(found),
    )
    messages.success(request, sentence % {"n": len(found)})
    return True


def page_of(known: Year, plan: Plan, chosen: Sequence[date], left_out: Sequence[date]) -> dict[str, Any]:
    """What the page shows of a plan."""
    score = year.score_of(known, plan, chosen)
    fairest = year.score_of(known, plan, year.fairer(known, plan, chosen)) if chosen else score
    return {
        "group": known.group,
        "plan": plan,
        "weekly": year.weekly(plan),
        "at": f"{plan.start // 60:02d}:{plan.start % 60:02d}",
        "lines": list(enumerate(year.lines(known, plan, chosen, left_out=left_out))),
        "chosen": chosen,
        "score": year.in_words(score, len(chosen)),
        "fairer": year.in_words(fairest, len(chosen)) if fairest < score else "",
        "others": [(other, year.in_words(other.score, other.number)) for other in year.others(known, plan)],
        "unknown": heat.listed(year.unknown(known.table)),
        "hours": year.hours_of(known, days=chosen, minutes=plan.minutes),
        "standing": [meeting for meeting in known.meetings if meeting.local_date >= plan.first],
        "nav": "home",
    }
