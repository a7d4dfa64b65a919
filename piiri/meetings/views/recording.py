"""Doors after and during a meeting: the record, checking oneself in, corrections by the office."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found, next_or, require
from piiri.base.errors import Refused
from piiri.meetings import access, actions, forms, queries, rules
from piiri.meetings.models import Meeting
from piiri.meetings.queries import Chair
from piiri.meetings.views import reader
from piiri.meetings.views.planning import meeting_to_run, one_meeting
from piiri.people.models import Person
from piiri.people.views import step_up_first
from piiri.programmes.models import EventSession, Programme


@door("54")
@login_required
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, meeting: str) -> HttpResponse:
    """Touch the seats of those who came, and save: under a minute."""
    row, now = meeting_to_run(request, meeting), clock.now()
    if reason := rules.why_not_record(row, now=now):
        raise Refused(reason)
    chairs = queries.chairs(row, you=reader(request))
    form = forms.RecordForm(
        request.POST or None,
        usual=row.minutes,
        people=[chair.person.uid for chair in chairs],
        initial=first_guess(row, chairs),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and recorded(request, row, form):
            return redirect(next_or(request, f"/meetings/{row.uid}/"))
    page = {
        "meeting": row,
        "group": row.group,
        "form": form,
        "seats": [(chair, chair.person.uid in form.ticked) for chair in chairs],
        "number": queries.number_of(row),
        "used": queries.minutes_used(row.group, now=now),
        "most": row.group.programme.rules.cap_hours * 60,
        "locks_at": rules.locks_at(row),
        "nav": "home",
    }
    return render(request, "meetings/record.html", page, status=status)


def first_guess(meeting: Meeting, chairs: list[Chair]) -> dict[str, object]:
    """What the page begins with: the record, or everybody who did not say no."""
    held = meeting.state == Meeting.State.HELD
    came = [chair.person.uid for chair in chairs if chair.present or (not held and chair.coming is not False)]
    return {
        "came": came,
        "minutes": meeting.minutes,
        "form": meeting.form,
        "method": meeting.method,
        "support_wanted": meeting.support_wanted,
        "next_at": meeting.local_time,
    }


def recorded(request: HttpRequest, meeting: Meeting, form: forms.RecordForm) -> bool:
    """Save the record; a refusal goes into the form."""
    try:
        actions.record(meeting, by=reader(request), now=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    messages.success(request, _("The record is saved, and the hours are counted."))
    return True


@door("54")
@login_required
@require_POST
def here(request: HttpRequest, meeting: str) -> HttpResponse:
    """Mark oneself as present while the meeting runs."""
    row = one_meeting(request, meeting)
    require(access.can_enter_meeting(reader(request), row))
    present = request.POST.get("present", "yes") != "no"
    actions.check_in_meeting(
        row, person=reader(request), present=present, by=reader(request), now=clock.now()
    )
    return redirect(next_or(request, f"/meetings/{row.uid}/"))


@door("56")
@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, meeting: str, person: str) -> HttpResponse:
    """The office corrects one person's attendance of a meeting."""
    rows = access.visible_to_correct(reader(request)).select_related("group__programme")
    row: Meeting = found(rows.filter(uid=meeting).first())
    require(access.can_correct_attendance(reader(request), row.group.programme))
    sat = {one.uid: one for one, _role in queries.sat_in(row).values()}
    whom: Person = found(sat.get(person))
    return step_up_first(request) or correction_page(request, whom, row.group.programme, row)


@door("56")
@login_required
@require_http_methods(["GET", "POST"])
def correct_session(request: HttpRequest, session: str, person: str) -> HttpResponse:
    """The office corrects one person's attendance of a session of a joint event."""
    rows = access.visible_sessions_to_correct(reader(request)).select_related("event__programme")
    row: EventSession = found(rows.filter(uid=session).first())
    require(access.can_correct_attendance(reader(request), row.event.programme))
    whom: Person = found(queries.roll(row).filter(uid=person).first())
    return step_up_first(request) or correction_page(request, whom, row.event.programme, row)


def correction_page(
    request: HttpRequest, person: Person, programme: Programme, what: Meeting | EventSession
) -> HttpResponse:
    """Ask for minutes and reason; the person reads both."""
    of: dict[str, Any] = {"meeting": what} if isinstance(what, Meeting) else {"session": what}
    minutes = queries.minutes_of(person, what)
    form = forms.CorrectionForm(request.POST or None, initial={"minutes": minutes})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and corrected(request, person, form, of):
            return redirect(next_or(request, f"/office/{programme.uid}/"))
    page = {
        "person": person,
        "programme": programme,
        "starts_at": what.starts_at,
        "minutes": minutes,
        "form": form,
        "next": next_or(request, ""),
        "nav": "hours",
    }
    return render(request, "meetings/correct.html", page, status=status)


def corrected(request: HttpRequest, person: Person, form: forms.CorrectionForm, of: dict[str, Any]) -> bool:
    """Correct; a refusal goes into the form."""
    try:
        actions.correct_attendance(person, by=reader(request), now=clock.now(), **of, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    messages.success(request, _("Corrected. The person is told and reads why."))
    return True
