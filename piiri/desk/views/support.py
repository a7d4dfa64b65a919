"""Doors of talks in confidence: asking from one's group, going on, taking back. No count stands anywhere."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.desk import access, actions, forms, rules
from piiri.desk.models import SupportRequest
from piiri.desk.queries import support as queries
from piiri.desk.views.shell import PersonRequest
from piiri.groups.models import Group


@door("51")
@login_required
@require_http_methods(["GET", "POST"])
def ask(request: PersonRequest, group: str) -> HttpResponse:
    """Write to a contact person of the programme; who that is and when an answer comes is said before."""
    rows = access.visible_groups_to_ask_from(request.user).select_related(
        "theme", "programme__contact_person"
    )
    row: Group = found(rows.filter(uid=group).first())
    contacts = queries.contacts_for(row, asker=request.user)
    form = forms.SupportForm(request.POST or None, contacts=contacts)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (asked := asked_of(request, row, form)):
            return redirect("desk:support", support=asked.uid)
    page = {
        "group": row,
        "programme": row.programme,
        "form": form,
        "contacts": contacts,
        "answer_by": answer_by(row),
        "nav": "home",
    }
    return render(request, "desk/ask_support.html", page, status=status)


def answer_by(group: Group) -> Any:
    """The moment by which an answer would be promised now."""
    programme, now = group.programme, clock.now()
    days, closed = programme.rules.support_answer_days, queries.closed_days(programme, now=now)
    return rules.promise(now, days=days, zone=programme.tz, closed=closed)[1]


def asked_of(request: PersonRequest, group: Group, form: forms.SupportForm) -> SupportRequest | None:
    """Ask; a refusal goes into the form, and nothing that was written is lost."""
    try:
        return actions.ask_support(group, by=request.user, now=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None


@door("162")
@login_required
@require_safe
def asked(request: PersonRequest) -> HttpResponse:
    """The talks one takes part in, asked or asking."""
    talks = queries.talks(access.visible_support_requests(request.user), reader=request.user)
    return render(request, "desk/talks.html", {"talks": talks, "nav": "home"})


@door("52")
@login_required
@require_http_methods(["GET", "POST"])
def talk(request: PersonRequest, support: str) -> HttpResponse:
    """What the two wrote, and the form to go on."""
    rows = access.visible_support_requests(request.user).select_related(
        "asker", "contact", "group__programme"
    )
    row: SupportRequest = found(rows.filter(uid=support).first())
    form = forms.SupportLineForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and written(request, row, form):
            return redirect("desk:support", support=row.uid)
    page = {
        "talk": queries.talk_of(row, reader=request.user),
        "programme": row.group.programme,
        "lines": queries.lines_of(row),
        "form": form,
        "nav": "home",
    }
    return render(request, "desk/talk.html", page, status=status)


def written(request: PersonRequest, row: SupportRequest, form: forms.SupportLineForm) -> bool:
    """Go on writing; a refusal goes into the form."""
    try:
        actions.write_support(row, by=request.user, now=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


@door("163")
@login_required
@require_POST
def take_back(request: PersonRequest, support: str) -> HttpResponse:
    """Take one's own talk back, for good."""
    rows = access.own_support_requests(request.user).select_related("group")
    row: SupportRequest = found(rows.filter(uid=support).first())
    actions.take_back_support(row, by=request.user, now=clock.now())
    messages.success(request, _("Taken back. Nobody can read it any more."))
    return redirect("desk:asked")
