"""What may leave a group: saying yes or no, and the page of what left."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.notes import access, actions, queries
from piiri.notes.views import one_line, page_of, reader


@door("160")
@login_required
@require_http_methods(["GET", "POST"])
def may_leave(request: HttpRequest, line: str) -> HttpResponse:
    """Ask whether a line may leave the group; say yes, say no, or take it back."""
    row = one_line(request, line)
    if request.method != "POST":
        page = {"line": row, "group": row.group, "back": page_of(row), "nav": "home"}
        return render(request, "notes/may_leave.html", page)
    if request.POST.get("said") != "yes":
        actions.keep_here(row, by=reader(request), now=clock.now())
        messages.success(request, _("It stays in the group."))
        return redirect(page_of(row))
    named, read = request.POST.get("names_group") == "yes", request.POST.get("read", "")
    left = actions.agree(row, by=reader(request), now=clock.now(), names_group=named, read=read)
    said = _("All of you said yes. The programme can read it now.") if left else _("Your yes is noted.")
    messages.success(request, said)
    return redirect(page_of(row))


@door("161")
@login_required
@require_safe
def released(request: HttpRequest, programme: str) -> HttpResponse:
    """What the groups of a programme let out, for the people of the programme."""
    rows = access.programmes_of(reader(request)).filter(uid=programme)
    row = found(rows.first())
    page = {"programme": row, "lines": queries.released(row), "nav": "home"}
    return render(request, "notes/released.html", page)
