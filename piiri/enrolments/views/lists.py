"""The office's waiting lists: who waits for what, in which order, and moving somebody with a reason."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.enrolments import access, actions, forms, queries
from piiri.enrolments.views.applications import reader
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

A_PAGE = 50


@door("16")
@login_required
@require_GET
def lists(request: HttpRequest, programme: str) -> HttpResponse:
    """All lists of the programme in numbers, or the people of one. An administrator sees the numbers only."""
    row = found(programme_access.programmes_run_by(reader(request)).filter(uid=programme).first())
    decides = programme_access.can_coordinate_programme(reader(request), row)
    if decides and "of" in request.GET:
        return one_list(request, row, request.GET["of"])
    page = {"programme": row, "nav": "people", "decides": decides, "lists": queries.lists_in(row)}
    return render(request, "enrolments/lists.html", page)


def one_list(request: HttpRequest, programme: Programme, uid: str) -> HttpResponse:
    """One list in its order."""
    of = found(queries.list_called(programme, uid=uid))
    page = Paginator(queries.line_in(programme, of), A_PAGE).get_page(request.GET.get("page"))
    shown = {"programme": programme, "nav": "people", "decides": True, "of": of, "page": page}
    return render(request, "enrolments/list.html", shown)


@door("15")
@login_required
@require_http_methods(["GET", "POST"])
def move_turn(request: HttpRequest, programme: str, turn: str) -> HttpResponse:
    """Move somebody in a list; the reason is asked for and kept."""
    row = found(access.programmes_known_by(reader(request)).filter(uid=programme).first())
    require(programme_access.can_coordinate_programme(reader(request), row))
    visible = access.visible_turns(reader(request)).filter(application__programme=row)
    moving = found(
        visible.filter(uid=turn).select_related("application__person", "group__theme", "theme").first()
    )
    moving.application.programme, of = row, moving.group or moving.theme
    line = list(queries.line_in(row, of).values_list("pk", flat=True))
    at = line.index(moving.pk) + 1 if moving.pk in line else 0
    form = forms.MoveForm(request.POST or None, most=max(1, len(line)), initial={"to": max(1, at - 1)})
    back = f"{reverse('enrolments:lists', args=[row.uid])}?of={of.uid}"
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_turn(moving, by=reader(request), now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The list has a new order. The reason is kept with it."))
            return redirect(back)
    page = {"programme": row, "nav": "people", "turn": moving, "of": of, "form": form, "back": back}
    page |= {"at": at, "people": len(line)}
    return render(request, "enrolments/move_turn.html", page, status=422 if form.errors else 200)
