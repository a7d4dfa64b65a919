"""Joint events of a year: add one, change it, take it out."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.programmes import access, actions, forms
from piiri.programmes.models import Event, Programme
from piiri.programmes.views.setup import PersonRequest, office_of, one_more


@door("4")
@login_required
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest, programme: str) -> HttpResponse:
    """Add a joint event to the year."""
    row = office_of(request, programme)
    begin = {"kind": Event.Kind.ENCOUNTER, "counts_hours": row.rules.events_count}
    return event_page(request, row, None, begin=begin, sessions=[{"minutes": row.rules.event_minutes}])


@door("4")
@login_required
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, event: str) -> HttpResponse:
    """Change a joint event and its sessions."""
    row = office_event(request, event)
    sessions = [forms.begin_session(session, row.programme.tz) for session in row.sessions.all()]
    return event_page(request, row.programme, row, begin=forms.begin_event(row), sessions=sessions)


@door("4")
@login_required
@require_POST
def remove(request: PersonRequest, event: str) -> HttpResponse:
    """Take a joint event out of the year."""
    row = office_event(request, event)
    actions.remove_event(row, by=request.user, now=clock.now())
    messages.success(request, _("The event is gone from the year."))
    return redirect("programmes:setup", row.programme.uid, "dates")


def office_event(request: PersonRequest, uid: str) -> Event:
    """The event: 404 from outside the programme, 403 for those without the right."""
    rows = access.visible_office_events(request.user).select_related("programme__organisation")
    event: Event = found(rows.filter(uid=uid).first())
    require(access.can_edit_programme(request.user, event.programme))
    return event


def event_page(
    request: PersonRequest,
    programme: Programme,
    event: Event | None,
    *,
    begin: dict[str, Any],
    sessions: Sequence[dict[str, Any]],
) -> HttpResponse:
    """The form of one event; saving leads back to the dates."""
    adding = "add" in request.POST
    posted = one_more(request, "sessions", 60) if adding else request.POST or None
    form = forms.EventForm(posted, initial=begin, languages=programme.languages or ["fi"])
    rows = forms.SessionFormSet(posted, initial=sessions, prefix="sessions")
    if posted is not None and not adding and form.is_valid() and rows.is_valid():
        try:
            write(request, programme, event, form=form, rows=rows)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("programmes:setup", programme.uid, "dates")
    wrong = not adding and rows.is_bound and bool(form.errors or not rows.is_valid())
    page = {"programme": programme, "event": event, "form": form, "rows": rows, "nav": "setup"}
    return render(request, "programmes/event.html", page, status=422 if wrong else 200)


def write(
    request: PersonRequest, programme: Programme, event: Event | None, *, form: forms.EventForm, rows: Any
) -> None:
    actions.write_event(
        programme,
        event=event,
        kind=form.cleaned_data["kind"],
        title=form.texts("title", before=event.title if event else None),
        text=form.texts("text", before=event.text if event else None),
        counts_hours=form.cleaned_data["counts_hours"],
        sessions=[row.session(programme.tz) for row in rows if row.is_written()],
        by=request.user,
        now=clock.now(),
    )
