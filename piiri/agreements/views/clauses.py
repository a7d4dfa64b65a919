"""Doors of the draft's clauses: changing, adding, leaving out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from piiri.agreements import access, actions, forms, queries
from piiri.agreements.models import Agreement, Clause
from piiri.agreements.rules import AgreementRefusal
from piiri.agreements.views import draft_to_write, is_part, own_group, reader, sent_with
from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.groups.models import Group


def clause_of(request: HttpRequest, group: Group, uid: str) -> Clause | None:
    """A clause of the group, knowing its group."""
    row = access.visible_clauses(reader(request)).filter(agreement__group=group, uid=uid).first()
    if row:
        row.agreement.group = group
    return row


@door("140")
@login_required
@require_http_methods(["GET", "POST"])
def change_clause(request: HttpRequest, group: str, clause: str) -> HttpResponse:
    """Write one clause anew. Where somebody was faster, both texts come back and nothing is lost."""
    row = own_group(request, group)
    written = clause_of(request, row, clause)
    if written is None and request.POST.get("text"):
        return left_out_meanwhile(request, row)
    this: Clause = found(written)
    if this.agreement.state != Agreement.State.DRAFT and request.method == "GET":
        raise Refused(AgreementRefusal.NOT_A_DRAFT)
    said = queries.said(this, group=row)
    first = {"title": said.title, "text": said.text, "edition": this.edition}
    data = request.POST if request.method == "POST" else None
    form = forms.ClauseForm(data, is_own=said.is_own, initial=first)
    facts: dict[str, Any] = {"group": row, "clause": said, "form": form, "nav": "home"}
    if request.method != "POST":
        return answer(request, facts)
    if form.is_valid() and changed(request, this, form):
        return saved(request, row, this)
    return answer(request, facts | again(request, row, this, form), status=422)


def changed(request: HttpRequest, clause: Clause, form: forms.ClauseForm) -> bool:
    """Change the clause; a refusal goes into the form."""
    words = {
        name: form.cleaned_data[name] for name in ("title", "text", "edition") if name in form.cleaned_data
    }
    language = clause.language or queries.readers_language()
    try:
        actions.change_clause(clause, language=language, by=reader(request), now=clock.now(), **words)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def saved(request: HttpRequest, group: Group, clause: Clause) -> HttpResponse:
    """The clause as it reads now; without htmx the draft, at its place."""
    if not is_part(request):
        return redirect(f"{reverse('agreements:draft', args=[group.uid])}#c-{clause.uid}")
    facts = {"group": group, "clause": queries.said(clause, group=group), "is_draft": True, "take": True}
    return render(request, "agreements/_clause.html", facts)


def again(request: HttpRequest, group: Group, clause: Clause, form: forms.ClauseForm) -> dict[str, Any]:
    """What was written stays in the form; what stands there now is beside it, and is replaced next."""
    now = clause_of(request, group, clause.uid)
    if now is None or now.edition == form.cleaned_data.get("edition"):
        return {}
    form.data = sent_with(request, "edition", now.edition)
    return {"other": queries.said(now, group=group)}


def answer(request: HttpRequest, facts: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The form: in its place in the list for htmx, else as a page."""
    if is_part(request):
        return render(request, "agreements/clause_part.html", facts, status=status)
    return render(request, "agreements/clause.html", facts, status=status)


def left_out_meanwhile(request: HttpRequest, group: Group) -> HttpResponse:
    """The clause is gone: what was written for it can be added as a new one."""
    form = forms.NewClauseForm(request.POST)
    form.add_error(None, _("Somebody left this clause out meanwhile. You can add yours as a new one."))
    return render(
        request, "agreements/new_clause.html", {"group": group, "form": form, "nav": "home"}, status=422
    )


@door("140")
@login_required
@require_http_methods(["GET", "POST"])
def add_clause(request: HttpRequest, group: str) -> HttpResponse:
    """Add a clause of the group's own, or put back a ready one."""
    row = own_group(request, group)
    draft = draft_to_write(request, row)
    form = forms.NewClauseForm(request.POST or None)
    code = request.POST.get("code", "")
    if code in {clause.code for clause in queries.ready_clauses(row)}:
        added = actions.add_clause(draft, code=code, by=reader(request), now=clock.now())
        return redirect(f"{reverse('agreements:draft', args=[row.uid])}#c-{added.uid}")
    if form.is_valid() and (new := written_new(request, draft, form)):
        return redirect(f"{reverse('agreements:draft', args=[row.uid])}#c-{new.uid}")
    status = 422 if request.method == "POST" else 200
    facts = {"group": row, "form": form, "nav": "home"}
    return render(request, "agreements/new_clause.html", facts, status=status)


def written_new(request: HttpRequest, draft: Agreement, form: forms.NewClauseForm) -> Clause | None:
    """Add the clause; a refusal goes into the form, and nothing that was written is lost."""
    words = form.cleaned_data | {"language": queries.readers_language()}
    try:
        return actions.add_clause(draft, by=reader(request), now=clock.now(), **words)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None


@door("140")
@login_required
@require_POST
def leave_out_clause(request: HttpRequest, group: str, clause: str) -> HttpResponse:
    """Take a clause out of the draft."""
    row = own_group(request, group)
    written: Clause = found(clause_of(request, row, clause))
    said = request.POST.get("edition", "")
    edition = int(said) if said.isdecimal() else 0
    actions.leave_out_clause(written, edition=edition, by=reader(request), now=clock.now())
    messages.success(request, _("The clause is left out."))
    return redirect("agreements:draft", group=row.uid)
