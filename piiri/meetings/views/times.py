"""Doors of one's own times: a calendar that is read for busy times, and what one says by hand."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from piiri.base import clock
from piiri.base.doors import door
from piiri.base.errors import Refused
from piiri.meetings import access, actions, forms
from piiri.meetings.models import OwnCalendar
from piiri.meetings.rules import CalendarTrouble
from piiri.meetings.views import reader


@door("171")
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is known of one's own times, besides the usual week."""
    return page(request)


def page(request: HttpRequest, *, status: int = 200, **bound: Form) -> HttpResponse:
    """The page, with a form as it was sent where something was wrong with it."""
    person, now = reader(request), clock.now()
    calendar = access.own_calendar(person)
    shown: dict[str, Any] = {
        "calendar": calendar,
        "trouble": trouble_of(calendar),
        "busy": access.visible_busy_times(person).filter(ends_at__gt=now).order_by("starts_at"),
        "zone": settings.TIME_ZONE,
        "calendar_form": forms.CalendarForm(),
        "busy_form": forms.BusyForm(),
        "nav": "home",
    }
    return render(request, "meetings/my_times.html", shown | bound, status=status)


def trouble_of(calendar: OwnCalendar | None) -> str:
    """What went wrong when the calendar was read last, as a sentence."""
    if not calendar or not calendar.trouble:
        return ""
    return str(CalendarTrouble(calendar.trouble).label)


@door("171")
@login_required
@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    """Let a calendar of one's own be read."""
    form = forms.CalendarForm(request.POST)
    if form.is_valid():
        try:
            actions.connect_calendar(
                reader(request), address=form.cleaned_data["address"], by=reader(request), now=clock.now()
            )
        except Refused as refusal:
            form.add_error("address", refusal.sentence)
        else:
            messages.success(request, _("The calendar is read within a minute, and then every six hours."))
            return redirect("meetings:my-times")
    return page(request, status=422, calendar_form=form)


@door("171")
@login_required
@require_POST
def take_away(request: HttpRequest) -> HttpResponse:
    """Forget the calendar and all that came from it."""
    actions.take_calendar_away(reader(request), by=reader(request), now=clock.now())
    messages.success(request, _("The calendar is taken away, with all busy times that came from it."))
    return redirect("meetings:my-times")


@door("171")
@login_required
@require_POST
def say_busy(request: HttpRequest) -> HttpResponse:
    """Say when one cannot meet."""
    form = forms.BusyForm(request.POST)
    if form.is_valid():
        begin, end = span_of(form.cleaned_data)
        try:
            actions.say_busy(
                reader(request), starts_at=begin, ends_at=end, by=reader(request), now=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Noted. No time is offered to your groups then."))
            return redirect("meetings:my-times")
    return page(request, status=422, busy_form=form)


def span_of(said: dict[str, Any]) -> tuple[datetime, datetime]:
    """From when to when: whole days where no times are said."""
    zone = ZoneInfo(settings.TIME_ZONE)
    begin = datetime.combine(said["first"], said["start"] or time(), zone)
    if said["end"]:
        return begin, datetime.combine(said["last"], said["end"], zone)
    return begin, datetime.combine(said["last"] + timedelta(days=1), time(), zone)


@door("171")
@login_required
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take back a time that one said by hand."""
    key = request.POST.get("busy", "")
    rows = access.visible_busy_times(reader(request)).select_related("person")
    busy = rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    if busy:
        actions.take_busy_back(busy, by=reader(request), now=clock.now())
    return redirect("meetings:my-times")
