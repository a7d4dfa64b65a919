"""Doors of the agreement: reading, beginning, signing; its draft; its history."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piiri.agreements import access, actions, forms, queries
from piiri.agreements.models import Agreement
from piiri.agreements.views import (
    draft_of,
    draft_to_write,
    goals_part,
    group_to_decide,
    is_part,
    own_group,
    reader,
    sent_with,
)
from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.groups.models import Group

State = Agreement.State


@door("27")
@login_required
@require_safe
def agreement(request: HttpRequest, group: str) -> HttpResponse:
    """The agreement and the goals for those who sit in the group; numbers alone for the office.

    Who signed and has left reads that they did. A first draft stands here until it is ready.
    """
    person = reader(request)
    row: Group = found(access.visible_groups_to_count(person).filter(uid=group).first())
    if access.can_enter_group(person, row):
        return page(request, row)
    if access.can_count_signatures(person, row):
        counted = queries.signed_of([row]).get(row.pk)
        facts = {"group": row, "programme": row.programme, "counted": counted, "nav": "groups"}
        return render(request, "agreements/agreement_for_office.html", facts)
    own = queries.own_signature(row, person)
    return render(request, "agreements/agreement_after.html", {"group": row, "signature": own, "nav": "home"})


def page(
    request: HttpRequest, group: Group, *, wants_draft: bool = False, form: Any = None, status: int = 200
) -> HttpResponse:
    """The version in force, or the draft where it is asked for or there is nothing else."""
    rows = queries.counted(group, you=reader(request))
    drafts = [row for row in rows if row.state == State.DRAFT]
    shown = drafts[0] if drafts and (wants_draft or len(rows) == 1) else rows[0] if rows else None
    facts = goals_part(request, group) | {
        "shown": shown,
        "is_draft": shown is not None and shown.state == State.DRAFT,
        "draft": drafts[0] if drafts else None,
        "holds": rows[0] if len(rows) > 1 else None,
        "clauses": queries.clauses_of(shown) if shown else queries.ready_clauses(group),
    }
    if facts["is_draft"]:
        there = frozenset(clause.code for clause in facts["clauses"])
        facts["left_out"] = queries.ready_clauses(group, without=there)
    facts |= signing(request, group, shown, form=form)
    return render(request, "agreements/agreement.html", facts, status=status)


def signing(request: HttpRequest, group: Group, shown: Any, *, form: Any = None) -> dict[str, Any]:
    """What the card beside the text needs: the circle, and the form of who has not signed."""
    person = reader(request)
    number = shown.number if shown else 0
    people = queries.sitting(group, number=number, you=person)
    return {
        "group": group,
        "shown": shown,
        "seats": queries.seats(people, asked=bool(number)),
        "signed": sum(one.signed_at is not None for one in people),
        "of": len(people),
        "mine": next((one.signed_at for one in people if one.you), None),
        "form": form or forms.SignForm(initial={"number": number}),
        "name": str(person),
    }


@door("140")
@login_required
@require_POST
def begin(request: HttpRequest, group: str) -> HttpResponse:
    """Begin to write, from the ready clauses or from the version in force."""
    row = own_group(request, group)
    actions.begin(row, by=reader(request), now=clock.now())
    return redirect("agreements:draft", group=row.uid)


@door("140")
@login_required
@require_POST
def sign(request: HttpRequest, group: str) -> HttpResponse:
    """Sign in one's own name; htmx gets the card, all others the page."""
    row, form = own_group(request, group), forms.SignForm(request.POST)
    signed = form.is_valid()
    if signed:
        actions.sign(row, number=form.cleaned_data["number"], by=reader(request), now=clock.now())
        if not is_part(request):
            messages.success(request, _("You have signed. Your seat is filled."))
            return redirect("agreements:agreement", group=row.uid)
    status = 200 if signed else 422
    if not is_part(request):
        return page(request, row, form=form, status=status)
    shown = next(iter(queries.counted(row, you=reader(request))), None)
    facts = signing(request, row, shown, form=form) | {"take": signed}
    return render(request, "agreements/_sign.html", facts, status=status)


@door("140")
@login_required
@require_safe
def draft(request: HttpRequest, group: str) -> HttpResponse:
    """What is being written; the agreement where nothing is."""
    row = own_group(request, group)
    if draft_of(request, row) is None:
        return redirect("agreements:agreement", group=row.uid)
    return page(request, row, wants_draft=True)


@door("141")
@login_required
@require_http_methods(["GET", "POST"])
def make_ready(request: HttpRequest, group: str) -> HttpResponse:
    """Read the whole draft once more, and let it hold."""
    row = group_to_decide(request, group)
    written = draft_to_write(request, row)
    is_first = queries.standing_of(row) is None
    form = forms.ReadyForm(request.POST or None, is_first=is_first, initial={"edits": written.edits})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and made_ready(request, written, form):
            return redirect("agreements:agreement", group=row.uid)
        # What is on the page now is what is read next.
        form.data = sent_with(request, "edits", written.edits)
    facts = {"group": row, "form": form, "is_first": is_first, "clauses": queries.clauses_of(written)}
    return render(request, "agreements/make_ready.html", facts | {"nav": "home"}, status=status)


def made_ready(request: HttpRequest, written: Agreement, form: forms.ReadyForm) -> bool:
    """Make the draft ready; a refusal goes into the form."""
    words = {"edits": form.cleaned_data["edits"], "meaning": form.is_of_meaning}
    try:
        after = actions.make_ready(written, by=reader(request), now=clock.now(), **words)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    is_fix = after.cause == Agreement.Cause.SPELLING
    said = (
        _("The spelling is put right. Nobody is asked.")
        if is_fix
        else _("It is ready. Now each of you signs.")
    )
    messages.success(request, said)
    return True


@door("141")
@login_required
@require_POST
def put_away_draft(request: HttpRequest, group: str) -> HttpResponse:
    """Give up what is being written."""
    row = group_to_decide(request, group)
    actions.put_away_draft(draft_to_write(request, row), by=reader(request), now=clock.now())
    messages.success(request, _("The change is put away. The agreement stays as it was."))
    return redirect("agreements:agreement", group=row.uid)


@door("140")
@login_required
@require_safe
def history(request: HttpRequest, group: str) -> HttpResponse:
    """Every version and every change of spelling, newest first."""
    row = own_group(request, group)
    versions = queries.history(row)
    facts = {"group": row, "programme": row.programme, "versions": versions, "nav": "home"}
    return render(request, "agreements/history.html", facts)
