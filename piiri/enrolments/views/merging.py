"""A short group and another: the proposals, the question to every member, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from piiri.base import clock
from piiri.base.doors import door, require
from piiri.enrolments import actions, forms, merging, queries, rules
from piiri.enrolments.merging import Idea
from piiri.enrolments.queries import Start
from piiri.enrolments.situations import Situation
from piiri.enrolments.views.applications import own, reader
from piiri.enrolments.views.starting import Deed, asked, group_of
from piiri.groups.models import Group
from piiri.programmes import access as programme_access


@dataclass(frozen=True)
class Proposal:
    """A group that could take the members of a short one, with what speaks for and against it."""

    start: Start
    idea: Idea
    reasons: Sequence[str]
    doubts: Sequence[str]


def mergeable(request: HttpRequest, uid: str) -> Group:
    """A group whose members the person may move: those who work in its office may, nobody above them."""
    group = group_of(request, uid)
    require(programme_access.can_coordinate_programme(reader(request), group.programme))
    return group


@door("18")
@login_required
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, group: str) -> HttpResponse:
    """The best three groups with reasons; for a chosen one the mails; then each member is asked."""
    row, now = mergeable(request, group), clock.now()
    one = queries.start_of(row)
    if one.situation == Situation.ASKED:
        return under_way(request, one)
    ideas = queries.merge_ideas(row, now=now) if one.taken else []
    targets = [target for target, _idea in ideas]
    form = forms.MergeForm(request.POST or request.GET or None, targets=targets)
    into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and into:
        asked_for = actions.ask_to_merge(row, into=into, by=reader(request), now=now)
        words = ngettext(
            "%(n)s participant has been asked.", "%(n)s participants have been asked.", len(asked_for)
        )
        messages.success(request, words % {"n": len(asked_for)})
        return redirect("enrolments:merge", row.uid)
    if into:
        return asked(request, row.programme, ask_deed(one, into))
    page = {
        "programme": row.programme,
        "nav": "groups",
        "start": one,
        "group": row,
        "early": rules.why_not_decide(row, programme=row.programme, now=now),
        "proposals": [
            Proposal(stand, idea, merging.reasons(idea), merging.doubts(idea))
            for stand, (_target, idea) in zip(queries.stand_of(targets), ideas, strict=True)
        ],
    }
    return render(request, "enrolments/merge.html", page)


def ask_deed(one: Start, into: Group) -> Deed:
    """What asking the members means."""
    programme, group, now = one.group.programme, one.group, clock.now()
    people = ngettext(
        "%(n)s participant of “%(group)s” is asked; nobody is moved before saying yes.",
        "%(n)s participants of “%(group)s” are asked; nobody is moved before saying yes.",
        one.taken,
    )
    return Deed(
        _("Ask them to move to “%(name)s”?") % {"name": into.name},
        people % {"n": one.taken, "group": group.name},
        ngettext("Ask %(n)s participant", "Ask %(n)s participants", one.taken) % {"n": one.taken},
        points=[
            _("A place in the other group is held for each of them for %(hours)s hours.")
            % {"hours": programme.rules.offer_hours},
            _("Until all have answered nobody joins “%(name)s”, and it cannot start.") % {"name": group.name},
            _("When all have answered, the groups are merged. Whoever said no, or nothing, waits again."),
            _("If nobody says yes, nothing changes, and you decide anew."),
        ],
        parcels=queries.ask_letters(one, into=into, programme=programme, now=now),
        hidden={"into": into.uid},
    )


def under_way(request: HttpRequest, one: Start) -> HttpResponse:
    """How far the answers are, and the way to take the question back."""
    page = {
        "programme": one.group.programme,
        "nav": "groups",
        "start": one,
        "group": one.group,
        "into": one.group.merged_into,
    }
    return render(request, "enrolments/merge_asked.html", page)


@door("18")
@login_required
@require_http_methods(["GET", "POST"])
def stop_merge(request: HttpRequest, group: str) -> HttpResponse:
    """Take the question back from those who have not answered."""
    row = mergeable(request, group)
    if request.method == "POST":
        actions.stop_asking(row, by=reader(request), now=clock.now())
        messages.success(request, _("The question has been taken back. Whoever has moved stays there."))
        return redirect("enrolments:starts", row.programme.uid)
    one = queries.start_of(row)
    deed = Deed(
        _("Ask the participants of “%(name)s” no more?") % {"name": row.name},
        _("Whoever has said yes has moved and stays there. The others keep their place here."),
        _("Take the question back"),
        parcels=queries.stop_letters(row, offers=queries.unanswered(row)),
        careful=True,
        is_ready=one.situation == Situation.ASKED,
    )
    return asked(request, row.programme, deed)


# --- for somebody whose group did not start ---------------------------------------------------


@door("13")
@login_required
@require_http_methods(["GET", "POST"])
def instead(request: HttpRequest, application: str) -> HttpResponse:
    """What else there is: up to three groups, each one press away; the waiting list; next year."""
    row = own(request, application)
    others = queries.instead_of([row]).get(row.person_id, [])
    waits = row.state == row.State.WAITING
    chosen = next((one for one in others if one.uid == request.POST.get("group")), None)
    if request.method == "POST" and chosen:
        chosen.programme = row.programme
        if actions.come_instead(row, group=chosen, by=reader(request), now=clock.now()):
            messages.success(request, _("You have a place. The mail with the first date is on its way."))
        else:
            messages.success(request, _("You are on the waiting list of this group."))
        return redirect("enrolments:application", row.uid)
    page = {
        "application": row,
        "programme": row.programme,
        "organisation": row.programme.organisation,
        "others": others if waits else [],
        "waits": waits,
        "lists": queries.lines_of(row),
    }
    return render(request, "enrolments/instead.html", page)
