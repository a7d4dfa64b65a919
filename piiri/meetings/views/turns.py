"""A group that runs itself: whose turn a meeting is; and what a break beside a meeting asks for."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from piiri.base import clock
from piiri.base.doors import door, found, next_or
from piiri.meetings import access, actions, queries, rules
from piiri.meetings.models import Meeting
from piiri.meetings.views import reader
from piiri.people.models import Person


@door("152")
@login_required
@require_POST
def take_turn(request: HttpRequest, meeting: str) -> HttpResponse:
    """Say "I take it": see to a meeting of a group that runs itself."""
    person = reader(request)
    rows = access.meetings_of(person).select_related("group__programme")
    row = found(rows.filter(uid=meeting).first())
    actions.take_turn(row, by=person, now=clock.now())
    messages.success(request, _("It is your turn now: you see to this meeting. Thank you."))
    return redirect(next_or(request, f"/meetings/{row.uid}/"))


def beside(meeting: Meeting, person: Person, *, now: datetime) -> dict[str, Any]:
    """What stands beside a meeting on its page: the breaks, and who sees to it."""
    turns = rules.why_not_convene(meeting, meeting.group, now=now) is None
    convener = meeting.convener if turns else None
    return {
        "beside": queries.beside(meeting),
        "turns": turns,
        "convener": convener,
        "my_turn": convener == person,
    }
