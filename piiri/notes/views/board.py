"""The board: reading, writing, answering, changing and taking away one's own; whether mails tell of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door
from piiri.notes import actions, forms, queries
from piiri.notes.models import Line
from piiri.notes.views import (
    around,
    one_group,
    one_line,
    open_to,
    own_line,
    page_of,
    reader,
    turned,
    written,
)


@door("44")
@login_required
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest, group: str) -> HttpResponse:
    """The group's board, newest first; the form stands above it."""
    row = one_group(request, group)
    form = forms.PostForm(request.POST or None)
    if line := written(request, form, actions.write, row, kind=Line.Kind.POST):
        return redirect(page_of(line))
    status = 422 if form.is_bound else 200
    page = turned(request, open_to(request, queries.posts(row)))
    shown = queries.showing(page, reader=reader(request))
    words = around(request, row) | {"form": form, "page": page, "posts": shown}
    words["is_mailed"] = queries.is_mailed(reader(request), row)
    return render(request, "notes/board.html", words, status=status)


@door("44")
@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, line: str) -> HttpResponse:
    """Answer a post; a page of its own for whoever wrote nothing, or has no script."""
    row = one_line(request, line)
    form = forms.AnswerForm(request.POST or None)
    if said := written(request, form, actions.answer, row):
        return redirect(page_of(said))
    status = 422 if form.is_bound else 200
    page = {"line": row, "group": row.group, "form": form, "back": page_of(row), "nav": "home"}
    return render(request, "notes/answer.html", page, status=status)


@door("43")
@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, line: str) -> HttpResponse:
    """Change one's own line, or take it away."""
    row = own_line(request, line)
    form = forms.edit_form(row, request.POST or None)
    if written(request, form, actions.edit, row):
        messages.success(request, _("Saved."))
        return redirect(page_of(row))
    status = 422 if form.is_bound else 200
    page = {"line": row, "group": row.group, "form": form, "back": page_of(row), "nav": "home"}
    return render(request, "notes/edit.html", page, status=status)


@door("43")
@login_required
@require_POST
def take_away(request: HttpRequest, line: str) -> HttpResponse:
    """Take one's own line away for good."""
    row = own_line(request, line)
    back = page_of(row).partition("#")[0]
    actions.take_away(row, by=reader(request), now=clock.now())
    messages.success(request, _("Taken away. Nobody can read it any more."))
    return redirect(back)


@door("44")
@login_required
@require_POST
def mail(request: HttpRequest, group: str) -> HttpResponse:
    """Switch one's own mails about something new on or off."""
    row = one_group(request, group)
    wanted = request.POST.get("wanted") == "yes"
    actions.choose_mail(row, wanted=wanted, by=reader(request), now=clock.now())
    said = (
        _("You get a mail when there is something new.")
        if wanted
        else _("You get no mails about this group.")
    )
    messages.success(request, said)
    return redirect("notes:board", group=row.uid)
