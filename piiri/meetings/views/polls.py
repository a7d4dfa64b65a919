"""Doors of finding a time: asking the group, marking one's times, booking the best."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found, next_or, require
from piiri.base.errors import Refused
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.meetings import access, actions, forms, rules
from piiri.meetings.finder import Frame
from piiri.meetings.models import Meeting, Poll
from piiri.meetings.queries import heat, polls
from piiri.meetings.rules import PollRefusal
from piiri.meetings.views import reader
from piiri.meetings.views.planning import group_to_run, require_runner

DAY = timedelta(days=1)


def one_poll(request: HttpRequest, group: str, uid: str) -> Poll:
    """A poll the person may know of, with all that its page needs."""
    related = ("group__programme", "group__theme", "moves__group", "booked", "asked_by")
    rows = access.visible_polls(reader(request)).select_related(*related)
    poll: Poll = found(rows.filter(uid=uid, group__uid=group).first())
    return poll


def poll_to_run(request: HttpRequest, group: str, uid: str) -> Poll:
    poll = one_poll(request, group, uid)
    require_runner(reader(request), poll.group)
    return poll


@door("33")
@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, group: str) -> HttpResponse:
    """Ask the group for times: for a new meeting, or for one to be moved (`?moves=`)."""
    row = group_to_run(request, group)
    moves = to_move(request, row)
    usual = moves.minutes if moves else row.programme.rules.meeting_minutes
    form = forms.PollForm(request.POST or None, usual=usual, initial=first_guess(row, moves))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (poll := asked(request, row, moves, form)):
            return redirect("meetings:poll", group=row.uid, poll=poll.uid)
    page = {"group": row, "moves": moves, "form": form, "nav": "home"}
    return render(request, "meetings/new_poll.html", page, status=status)


def to_move(request: HttpRequest, group: Group) -> Meeting | None:
    """The meeting of the group that the address names, or None."""
    uid = request.GET.get("moves", "")
    meeting: Meeting | None = access.visible_meetings(reader(request)).filter(uid=uid, group=group).first()
    if meeting and (reason := rules.why_not_move(meeting)):
        raise Refused(reason)
    return meeting


def first_guess(group: Group, moves: Meeting | None) -> dict[str, Any]:
    """Next month, the programme's length; of a meeting to be moved two weeks from tomorrow."""
    today = clock.today(group.programme.zone)
    form = Meeting.Form.of(group)
    first = (today.replace(day=1) + 32 * DAY).replace(day=1)
    last = (first + 31 * DAY).replace(day=1) - DAY
    if moves:
        first, last, form = today + DAY, today + 14 * DAY, Meeting.Form(moves.form)
    return {
        "first_on": first,
        "last_on": last,
        "minutes": moves.minutes if moves else group.programme.rules.meeting_minutes,
        "form": form,
        "place": moves.place if moves else group.place,
        "answer_on": today + 2 * DAY if moves else min(today + 7 * DAY, first),
    }


def asked(request: HttpRequest, group: Group, moves: Meeting | None, form: forms.PollForm) -> Poll | None:
    """Ask; a refusal goes into the form."""
    said = dict(form.cleaned_data)
    answer_by = datetime.combine(said.pop("answer_on"), time(23, 59), group.programme.tz)
    try:
        poll = actions.ask_for_time(
            group, moves=moves, answer_by=answer_by, by=reader(request), now=clock.now(), **said
        )
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None
    messages.success(request, _("Everybody in the group is asked by mail. Mark your own times first."))
    return poll


@door("170")
@login_required
@require_http_methods(["GET", "POST"])
def poll(request: HttpRequest, group: str, poll: str) -> HttpResponse:
    """Mark one's times, see everybody's and the best so far."""
    row, person = one_poll(request, group, poll), reader(request)
    if request.method == "POST":
        require(group_access.can_enter_group(person, row.group))
        return marked(request, row)
    table = polls.poll_table(row, you=person)
    require(table.you is not None)
    return render(request, "meetings/poll.html", page_of(request, row, table))


def marked(request: HttpRequest, poll: Poll) -> HttpResponse:
    """Save a week of marks and go where one wants next: the same week, another, or everybody's."""
    form = forms.MarksForm(request.POST, size=Frame(poll.first_on, poll.last_on).size)
    if form.is_valid():
        actions.mark_times(
            poll, person=reader(request), by=reader(request), now=clock.now(), **form.cleaned_data
        )
        messages.success(request, _("Your times are saved. Change them as long as no time is booked."))
    address = reverse("meetings:poll", args=[poll.group.uid, poll.uid])
    week = request.POST.get("go") or request.POST.get("week") or "1"
    return redirect(f"{address}?week={week}" if week.isdecimal() else f"{address}?show=everyone")


def page_of(request: HttpRequest, poll: Poll, table: polls.Table) -> dict[str, Any]:
    """What the page shows of a week."""
    weeks = heat.weeks(table)
    now = clock.now().astimezone(poll.group.programme.tz)
    runs = heat.best(table, minutes=poll.minutes, now=now) if not poll.ended_at else []
    week = chosen_week(request, weeks, runs[0].day if runs else None)
    everyone, all_day = request.GET.get("show") == "everyone", request.GET.get("hours") == "all"
    days = weeks[week] if weeks else []
    lines = heat.lines(table, days, best=runs[0] if runs else None, all_day=all_day)
    leads = table.you is not None and table.you.is_mentor
    return {
        "poll": poll,
        "group": poll.group,
        "table": table,
        "weeks": [(number, days) for number, days in enumerate(weeks, 1)],
        "week": week + 1,
        "days": days,
        "lines": lines,
        "columns": heat.columns(lines, days),
        "best": [heat.choice(table, run) for run in runs],
        "everyone": everyone,
        "all_day": all_day,
        "looked_at": looked_at(request, poll, table) if everyone else None,
        "waiting": ", ".join(sitter.call for sitter in table.waiting),
        "ring": "".join("w" if not each.answered and not each.you else seat(each) for each in table.sitters),
        "closed": rules.why_not_answer_poll(poll, now=now),
        "runs": leads or poll.group.self_run,
        "mentors": heat.listed([each.person.first_name for each in table.sitters if each.is_mentor]),
        "nav": "home",
    }


def seat(sitter: polls.Sitter) -> str:
    """One's own seat is now while one has not answered."""
    if sitter.you and not sitter.answered:
        return "n"
    return "m" if sitter.is_mentor else "p"


def chosen_week(request: HttpRequest, weeks: list[list[date]], best: date | None) -> int:
    """The week asked for, from 0; else that of the best time."""
    asked = request.GET.get("week", "")
    if asked.isdecimal() and len(asked) < 4 and 1 <= int(asked) <= len(weeks):
        return int(asked) - 1
    return next((number for number, days in enumerate(weeks) if best in days), 0)


def looked_at(request: HttpRequest, poll: Poll, table: polls.Table) -> heat.Choice | None:
    """The time that somebody looking at everybody's has pointed at."""
    asked = request.GET.get("at", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else table.frame.size
    if number >= table.frame.size:
        return None
    day, start = poll.first_on + number // 48 * DAY, number % 48 * 30
    run = next((run for run in table.runs(poll.minutes) if (run.day, run.start) == (day, start)), None)
    return heat.choice(table, run) if run else None


@door("33")
@login_required
@require_POST
def book(request: HttpRequest, group: str, poll: str) -> HttpResponse:
    """Set the meeting and end the search, in one press."""
    row = poll_to_run(request, group, poll)
    form = forms.BookForm(request.POST)
    if not form.is_valid():
        raise Refused(PollRefusal.NOT_A_TIME)
    meeting = actions.book_time(row, by=reader(request), now=clock.now(), **form.cleaned_data)
    messages.success(request, _("The time is booked. Invitations for the calendars are on their way."))
    return redirect("meetings:meeting", meeting=meeting.uid)


@door("33")
@login_required
@require_POST
def stop(request: HttpRequest, group: str, poll: str) -> HttpResponse:
    """End the search without a meeting."""
    row = poll_to_run(request, group, poll)
    actions.stop_asking(row, by=reader(request), now=clock.now())
    messages.success(request, _("The search for a time has ended. Nobody is asked any more."))
    return redirect(next_or(request, f"/groups/{row.group.uid}/"))
