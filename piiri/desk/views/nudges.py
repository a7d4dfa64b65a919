"""Doors of those who see to a group's meetings: what it could use, and putting that aside for a while."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.desk import actions, forms
from piiri.desk.queries import nudging
from piiri.desk.signs import Sign
from piiri.desk.views.shell import PersonRequest
from piiri.groups import access as group_access
from piiri.groups.models import Group

# What helps: the words of a link, and the door it leads to with the group's uid.
HELPS: dict[str, tuple[str | Promise, str]] = {
    Sign.NO_NEXT: (gettext_lazy("Set the next meeting"), "meetings:new"),
    Sign.GAP: (gettext_lazy("Look for a time together"), "meetings:new-poll"),
    Sign.TOO_FEW: (gettext_lazy("Open the group"), "home:group"),
    Sign.NO_AGREEMENT: (gettext_lazy("Write the agreement"), "agreements:agreement"),
    Sign.NO_GOALS: (gettext_lazy("Suggest a goal"), "agreements:suggest-goal"),
}


def group_seen_to(request: PersonRequest, uid: str) -> Group:
    """A group whose meetings the person sees to; 403 for others who know of it."""
    rows = group_access.visible_groups(request.user).select_related("programme", "theme")
    group: Group = found(rows.filter(uid=uid).first())
    require(group_access.can_run_meetings_of_group(request.user, group))
    return group


@door("190")
@login_required
@require_safe
def signs(request: PersonRequest, group: str) -> HttpResponse:
    """What the group could use now, each with what helps."""
    row, now = group_seen_to(request, group), clock.now()
    listed = [
        {
            "nudge": nudge,
            "help": HELPS[nudge.sign][0],
            "url": reverse(HELPS[nudge.sign][1], args=[row.uid]),
            "quiet": nudge.silenced_until is not None and nudge.silenced_until > now,
            "form": forms.SilenceForm(auto_id=f"{nudge.sign}_%s"),
        }
        for nudge in nudging.open_nudges(row)
    ]
    page = {"group": row, "programme": row.programme, "listed": listed, "nav": "home"}
    return render(request, "desk/signs.html", page)


@door("190")
@login_required
@require_POST
def silence(request: PersonRequest, group: str, nudge: str) -> HttpResponse:
    """Put one aside for 30 days."""
    row = group_seen_to(request, group)
    about = found(next((one for one in nudging.open_nudges(row) if one.uid == nudge), None))
    about.group = row
    form = forms.SilenceForm(request.POST)
    if form.is_valid():
        actions.silence_nudge(about, by=request.user, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Put aside for 30 days."))
    return redirect("desk:signs", group=row.uid)
