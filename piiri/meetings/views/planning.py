"""Doors of those who meet: their meetings, one meeting, setting, moving, cancelling, answering."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piiri.base import clock, ics
from piiri.base.doors import door, found, next_or, require
from piiri.base.errors import Refused
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.meetings import access, actions, forms, queries, rules
from piiri.meetings.models import Meeting
from piiri.meetings.rules import MeetingRefusal
from piiri.meetings.views import agreed, near, reader, turns
from piiri.methods import queries as methods
from piiri.people.models import Person
from piiri.programmes import queries as programme_queries


def one_meeting(request: HttpRequest, uid: str) -> Meeting:
    """A meeting the person may know of, with its group and programme."""
    rows = access.visible_meetings(reader(request)).select_related(
        "group__programme__organisation", "group__theme"
    )
    meeting: Meeting = found(rows.filter(uid=uid).first())
    return meeting


def require_runner(person: Person, group: Group) -> None:
    """403 for the office; a participant of a group with a mentor reads who sets its meetings."""
    if group_access.can_run_meetings_of_group(person, group):
        return
    require(group_access.can_enter_group(person, group))
    raise Refused(MeetingRefusal.MENTOR_RUNS)


def group_to_run(request: HttpRequest, uid: str) -> Group:
    """A group whose meetings the person sets."""
    rows = group_access.visible_groups(reader(request)).select_related("programme", "theme")
    group: Group = found(rows.filter(uid=uid).first())
    require_runner(reader(request), group)
    return group


def meeting_to_run(request: HttpRequest, uid: str) -> Meeting:
    meeting = one_meeting(request, uid)
    require_runner(reader(request), meeting.group)
    return meeting


@door("90")
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The year of each group one sits in."""
    person, now = reader(request), clock.now()
    groups = list(group_access.groups_of(person).select_related("programme", "theme").order_by("-pk"))
    living = [group for group in groups if group.state in rules.MEETING_STATES]
    waiting = queries.unrecorded([group.pk for group in living], now=now)
    mentored = set(group_access.groups_mentored_by(person).values_list("pk", flat=True))
    years = [
        {
            "group": group,
            "moments": queries.timeline(queries.Year.of(group), now=now, for_mentor=group.pk in mentored),
            "runs": group.pk in mentored or group.self_run,
            "unrecorded": waiting.get(group.pk),
        }
        for group in living
    ]
    return render(request, "meetings/index.html", {"years": years, "nav": "home"})


@door("31")
@login_required
@require_safe
def meeting(request: HttpRequest, meeting: str) -> HttpResponse:
    """One meeting: for the group with everything, for the office without title, link and names."""
    person, now = reader(request), clock.now()
    row = one_meeting(request, meeting)
    page: dict[str, Any] = {
        "meeting": row,
        "group": row.group,
        "programme": row.group.programme,
        "method": methods.method_name(row.method),
        "locked": rules.is_locked(row, now=now),
    }
    if not access.can_enter_meeting(person, row):
        page |= {
            "sees_day": access.can_see_day(person, row),
            "present": queries.present_counts([row]).get(row.pk, queries.Present()),
            "sat": queries.participants_of(row),
            "nav": "groups",
        }
        return render(request, "meetings/meeting_for_office.html", page)
    page |= inside(row, person, now=now) | turns.beside(row, person, now=now)
    page |= agreed.beside(row, person, number=page["number"])
    page |= near.beside(row, person, page["chairs"], now=now)
    return render(request, "meetings/meeting.html", page)


def inside(row: Meeting, person: Person, *, now: Any) -> dict[str, Any]:
    """What those who sit in the group see of a meeting, and what they can do now."""
    chairs = queries.chairs(row, you=person)
    held = row.state == Meeting.State.HELD
    mine = next((chair for chair in chairs if chair.you), None)
    return {
        "chairs": chairs,
        "seats": queries.seats_of(chairs, held=held),
        "mine": mine,
        "said_yes": sum(chair.coming is True for chair in chairs),
        "came": sum(chair.present and not chair.is_mentor for chair in chairs),
        "sat": sum(not chair.is_mentor for chair in chairs),
        "number": queries.number_of(row),
        "runs": access.can_run_meeting(person, row),
        "held": held,
        "cancelled": row.state == Meeting.State.CANCELLED,
        "can_answer": mine and not held and rules.why_not_answer(row, now=now) is None,
        "late": rules.LATE if mine and not held and rules.why_not_be_late(row, now=now) is None else (),
        "can_check_in": mine and rules.why_not_check_in(row, now=now) is None,
        "can_record": rules.why_not_record(row, now=now) is None,
        "can_move": rules.why_not_move(row) is None,
        "locks_at": rules.locks_at(row),
        "nav": "home",
    }


@door("33")
@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, group: str) -> HttpResponse:
    """Set a meeting of the group."""
    row = group_to_run(request, group)
    usual = row.programme.rules.meeting_minutes
    first = {
        "minutes": usual,
        "place": row.place,
        "at": row.local_time,
        "form": Meeting.Form.of(row),
    }
    form = forms.MeetingForm(request.POST or None, usual=usual, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (meeting := scheduled(request, row, form)):
            return redirect(next_or(request, f"/meetings/{meeting.uid}/"))
    page = {"group": row, "programme": row.programme, "form": form, "nav": "home"}
    return render(request, "meetings/new.html", page, status=status)


def scheduled(request: HttpRequest, group: Group, form: forms.MeetingForm) -> Meeting | None:
    """Set the meeting; a refusal goes into the form."""
    try:
        meeting = actions.schedule(group, by=reader(request), now=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None
    messages.success(request, _("The meeting is set. Invitations for the calendars are on their way."))
    warn_of_breaks(request, meeting)
    return meeting


def warn_of_breaks(request: HttpRequest, meeting: Meeting) -> None:
    """Say that the day is a holiday or in a break; the meeting stands all the same."""
    name = programme_queries.why_no_meeting_on(meeting.group.programme, meeting.local_date)
    if name:
        said = _("That day is %(name)s. The meeting stands; change it if you did not mean that.")
        messages.warning(request, said % {"name": name})


@door("33")
@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, meeting: str) -> HttpResponse:
    """Move a meeting or change what is said of it."""
    row = meeting_to_run(request, meeting)
    if reason := rules.why_not_move(row):
        raise Refused(reason)
    written = {"on": row.local_date, "at": row.local_time, "minutes": row.minutes, "form": row.form}
    written |= {"place": row.place, "title": row.title, "link": row.link}
    form = forms.MeetingForm(request.POST or None, usual=row.minutes, initial=written)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and changed(request, row, form):
            return redirect("meetings:meeting", meeting=row.uid)
    page = {"meeting": row, "group": row.group, "form": form, "nav": "home"}
    return render(request, "meetings/change.html", page, status=status)


def changed(request: HttpRequest, meeting: Meeting, form: forms.MeetingForm) -> bool:
    """Change the meeting; a refusal goes into the form."""
    told = meeting.sequence
    try:
        after = actions.change(meeting, by=reader(request), now=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    saved = _("Saved. The calendars are told.") if after.sequence > told else _("Saved.")
    messages.success(request, saved)
    warn_of_breaks(request, after)
    return True


@door("33")
@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, meeting: str) -> HttpResponse:
    """Cancel a meeting, after asking in plain words."""
    row = meeting_to_run(request, meeting)
    if request.method == "POST":
        actions.cancel(row, by=reader(request), now=clock.now())
        messages.success(request, _("The meeting is cancelled. Everybody who was invited is told."))
        return redirect("meetings:meeting", meeting=row.uid)
    return render(request, "meetings/cancel.html", {"meeting": row, "group": row.group, "nav": "home"})


@door("54")
@login_required
@require_POST
def answer(request: HttpRequest, meeting: str) -> HttpResponse:
    """Say whether one comes."""
    row = one_meeting(request, meeting)
    require(access.can_enter_meeting(reader(request), row))
    form = forms.AnswerForm(request.POST)
    if form.is_valid():
        person = reader(request)
        actions.answer(row, person=person, by=person, now=clock.now(), **form.cleaned_data)
    return redirect(next_or(request, f"/meetings/{row.uid}/"))


@door("99", channel="file")
@login_required
@require_safe
def invitation(request: HttpRequest, meeting: str) -> HttpResponse:
    """The meeting as a calendar file, in the same neutral words as the mail."""
    row = one_meeting(request, meeting)
    require(access.can_see_day(reader(request), row))
    method = ics.CANCEL if row.state == Meeting.State.CANCELLED else ics.PUBLISH
    notice = actions.notice_for(row, person=reader(request), method=method, now=clock.now())
    text = ics.calendar_text([notice], method=method)
    name = f'attachment; filename="{row.local_date:%Y-%m-%d}.ics"'
    headers = {"Content-Disposition": name}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
