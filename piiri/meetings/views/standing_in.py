"""Doors of a mentor who cannot come: the meeting goes on without, or another time is looked for."""

from datetime import datetime, time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from piiri.base import clock
from piiri.base.doors import door
from piiri.base.errors import Refused
from piiri.groups import access as group_access
from piiri.meetings import actions, queries
from piiri.meetings.rules import MeetingRefusal
from piiri.meetings.views import reader
from piiri.meetings.views.planning import meeting_to_run
from piiri.meetings.views.polls import first_guess


@door("33")
@login_required
@require_POST
def without(request: HttpRequest, meeting: str) -> HttpResponse:
    """The group meets without its mentor; somebody of it sees to the meeting."""
    row, person = meeting_to_run(request, meeting), reader(request)
    if not group_access.can_mentor_group(person, row.group):
        raise Refused(MeetingRefusal.RUN_BY_MENTOR)
    named = request.POST.get("convener", "")
    convener = next((one for one, _role in queries.sat_in(row).values() if one.uid == named), person)
    actions.meet_without(row, convener=convener, by=person, now=clock.now())
    words = {"name": convener.first_name}
    said = _("Everybody is told that you do not come. %(name)s sees to the meeting.")
    messages.success(request, said % words)
    return redirect("meetings:meeting", meeting=row.uid)


@door("33")
@login_required
@require_POST
def another_time(request: HttpRequest, meeting: str) -> HttpResponse:
    """Ask the group for another time within two weeks, in one press; the meeting stands until then."""
    row, now = meeting_to_run(request, meeting), clock.now()
    guess = first_guess(row.group, row)
    answer_by = datetime.combine(guess.pop("answer_on"), time(23, 59), row.group.programme.tz)
    poll = actions.ask_for_time(
        row.group, moves=row, answer_by=answer_by, by=reader(request), now=now, **guess
    )
    said = _("Everybody is asked by mail for another time. Until you book one, this one stands.")
    messages.success(request, said)
    return redirect("meetings:poll", group=row.group.uid, poll=poll.uid)
