"""Which groups start: the office's page, and each decision with its mails shown before it is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext, ngettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from piiri.base import clock, dates
from piiri.base.doors import door, found, require
from piiri.enrolments import actions, forms, queries, rules
from piiri.enrolments.queries import Parcel, Preview, Start, Starts
from piiri.enrolments.situations import Situation
from piiri.enrolments.views.applications import reader
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

A_PAGE = 50
# In the order of the sentence that says the whole situation.
ORDER = (Situation.READY, Situation.SHORT, Situation.NO_MENTOR, Situation.ASKED, Situation.EMPTY)
# To whom each kind of mail goes.
TO = {
    "starts": ngettext_lazy("To %(n)s participant", "To %(n)s participants", "n"),
    "starts_mentor": ngettext_lazy("To %(n)s mentor", "To %(n)s mentors", "n"),
    "postponed": ngettext_lazy("To %(n)s participant", "To %(n)s participants", "n"),
    "postponed_mentor": ngettext_lazy("To %(n)s mentor", "To %(n)s mentors", "n"),
    "not_starting": ngettext_lazy("To %(n)s participant", "To %(n)s participants", "n"),
    "not_starting_mentor": ngettext_lazy("To %(n)s mentor", "To %(n)s mentors", "n"),
    "offer_over": ngettext_lazy(
        "To %(n)s person for whom a place is held", "To %(n)s people for whom a place is held", "n"
    ),
    "list_over": ngettext_lazy(
        "To %(n)s person on the waiting list", "To %(n)s people on the waiting list", "n"
    ),
    "merge_asked": ngettext_lazy("To %(n)s participant", "To %(n)s participants", "n"),
    "merge_asked_mentor": ngettext_lazy("To %(n)s mentor", "To %(n)s mentors", "n"),
    "merge_stopped": ngettext_lazy(
        "To %(n)s participant who has not answered", "To %(n)s participants who have not answered", "n"
    ),
}


@dataclass(frozen=True)
class Shown:
    """The mails of one kind as the page shows them."""

    to: str
    preview: Preview


@dataclass(frozen=True)
class Deed:
    """A decision as its page asks for it: what happens, which mails go out, and the button."""

    title: str
    lead: str
    button: str
    points: Sequence[str] = ()
    parcels: Iterable[Parcel] = ()
    careful: bool = False
    form: Form | None = None
    # Whether there is enough to do it; else the form asks first.
    is_ready: bool = True
    hidden: dict[str, str] = field(default_factory=dict)
    back: str = ""


def office(request: HttpRequest, uid: str) -> Programme:
    """The programme whose groups the person may decide about; else 403 near it and 404 elsewhere."""
    rows = group_access.offices_known_by(reader(request)).select_related("organisation")
    programme: Programme = found(rows.filter(uid=uid).first())
    require(programme_access.can_edit_programme(reader(request), programme))
    return programme


def group_of(request: HttpRequest, uid: str) -> Group:
    """A group whose programme the person runs; else 403 near it and 404 elsewhere."""
    rows = group_access.groups_known_by(reader(request))
    group: Group = found(
        rows.select_related("programme__organisation", "theme", "merged_into__theme").filter(uid=uid).first()
    )
    require(programme_access.can_edit_programme(reader(request), group.programme))
    return group


def asked(request: HttpRequest, programme: Programme, deed: Deed, *, status: int = 200) -> HttpResponse:
    """The page of one decision: nothing has happened yet."""
    shown = [
        Shown(str(TO[one.kind] % {"n": one.number}), one)
        for one in queries.previews(deed.parcels, language=get_language() or "en")
    ]
    page = {
        "programme": programme,
        "nav": "groups",
        "deed": deed,
        "shown": shown,
        "mails": sum(one.preview.number for one in shown),
        "back": deed.back or reverse("enrolments:starts", args=[programme.uid]),
    }
    return render(request, "enrolments/starts_deed.html", page, status=status)


# --- the list ---------------------------------------------------------------------------------


@door("120")
@login_required
@require_safe
def starts(request: HttpRequest, programme: str) -> HttpResponse:
    """Where every group stands, most urgent first; before the day of decision as a preview."""
    row, now = office(request, programme), clock.now()
    all_of_them = queries.starts(row)
    form = forms.StartsForm(request.GET, counts=all_of_them.counts)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    rows = all_of_them.of(show) if show else all_of_them.undecided
    today = clock.today(row.zone)
    page = {
        "programme": row,
        "nav": "groups",
        "headline": headline(all_of_them),
        "lead": lead(row, all_of_them, is_open=row.answers_by <= today),
        "ready": [one for one in all_of_them.of(Situation.READY) if one.decided_on <= today],
        "next": next((one for one in all_of_them.of(Situation.SHORT) if one.decided_on <= today), None),
        "merges": programme_access.can_coordinate_programme(reader(request), row),
        "running": all_of_them.counts[Situation.RUNNING],
        "is_over": rules.is_over(row, now=now) or row.ends_on <= today,
        "today": today,
        "form": form,
        "show": show,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "enrolments/starts.html", page)


def headline(found: Starts) -> str:
    """The whole situation in one sentence."""
    if not found.undecided:
        return _("No group waits for a decision")
    told = [found.counts[one] for one in ORDER]
    ready, short, alone, asked_for, empty = told
    said = [
        ngettext("%(n)s group can start", "%(n)s groups can start", ready),
        ngettext("%(n)s is short of people", "%(n)s are short of people", short),
        ngettext("%(n)s has no mentor", "%(n)s have no mentor", alone),
        ngettext("%(n)s is being merged", "%(n)s are being merged", asked_for),
        ngettext("%(n)s is empty", "%(n)s are empty", empty),
    ]
    parts = [words % {"n": number} for words, number in zip(said, told, strict=True) if number]
    return ", ".join(parts if ready else [_("No group can start yet"), *parts])


def lead(programme: Programme, found: Starts, *, is_open: bool) -> str:
    """Whether it is time to decide, and until when."""
    if not found.undecided:
        return _("Groups that run are in the list of groups.")
    day = {"day": dates.full_day(programme.answers_by)}
    if is_open:
        return _("It is time to decide: everybody was promised an answer by %(day)s.") % day
    return (
        _("This is how it would look today. From %(day)s on you decide here; nobody has been told anything.")
        % day
    )


# --- starting ---------------------------------------------------------------------------------


@door("120")
@login_required
@require_http_methods(["GET", "POST"])
def start_all(request: HttpRequest, programme: str) -> HttpResponse:
    """Start every group that has enough participants and whose day has come."""
    row = office(request, programme)
    today = clock.today(row.zone)
    ready = [one for one in queries.starts(row).of(Situation.READY) if one.decided_on <= today]
    if request.method == "POST":
        return started(request, row, [one.group for one in ready])
    return asked(request, row, start_deed(row, ready))


@door("120")
@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, group: str) -> HttpResponse:
    """Start one group."""
    row = group_of(request, group)
    if request.method == "POST":
        return started(request, row.programme, [row])
    return asked(request, row.programme, start_deed(row.programme, [queries.start_of(row)]))


def started(request: HttpRequest, programme: Programme, groups: Sequence[Group]) -> HttpResponse:
    """Do it, say how many, and go back to the list."""
    begun = actions.start_groups(programme, groups=groups, by=reader(request), now=clock.now())
    words = ngettext(
        "%(n)s group has started. Participants and mentors are told by mail.",
        "%(n)s groups have started. Participants and mentors are told by mail.",
        len(begun),
    )
    messages.success(request, words % {"n": len(begun)})
    return redirect("enrolments:starts", programme.uid)


def start_deed(programme: Programme, found: Sequence[Start]) -> Deed:
    """What starting these groups means."""
    parcels = queries.start_letters(programme, found=found, now=clock.now())
    words = {"n": len(found), "people": sum(one.taken for one in found)}
    if len(found) == 1:
        title = _("Start “%(name)s”?") % {"name": found[0].group.name}
        button = _("Start the group")
    else:
        title = ngettext("Start %(n)s group?", "Start %(n)s groups?", len(found)) % words
        button = ngettext("Start %(n)s group", "Start %(n)s groups", len(found)) % words
    people = ngettext(
        "%(people)s participant gets to know that the year begins.",
        "%(people)s participants get to know that the year begins.",
        words["people"],
    )
    return Deed(
        title,
        people % words,
        button,
        points=[_("This cannot be taken back. A group that runs can only be called off.")],
        parcels=parcels,
        is_ready=bool(found),
    )


# --- another day, no start --------------------------------------------------------------------


@door("120")
@login_required
@require_http_methods(["GET", "POST"])
def postpone(request: HttpRequest, group: str) -> HttpResponse:
    """Decide about a group on another day: choose it, see the mails, then do it."""
    row, now = group_of(request, group), clock.now()
    programme, one = row.programme, queries.start_of(row)
    form = forms.DayForm(request.POST or request.GET or None, programme=programme, now=now)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and on:
        told = actions.postpone_group(row, on=on, by=reader(request), now=now)
        said = _("It is decided on %(day)s.") % {"day": dates.full_day(on)}
        by_mail = _("Participants and mentors are told by mail.")
        messages.success(request, f"{said} {by_mail}" if told else said)
        return redirect("enrolments:starts", programme.uid)
    parcels = queries.postpone_letters(one, on=on, programme=programme) if on and on > one.decided_on else []
    deed = Deed(
        _("Decide about “%(name)s” on another day") % {"name": row.name},
        _("Now it is to be decided on %(day)s.") % {"day": dates.full_day(one.decided_on)},
        _("Decide on %(day)s") % {"day": dates.day(on)} if on else "",
        points=[] if parcels else [_("An earlier day is told to nobody; a later one goes out by mail.")],
        parcels=parcels,
        form=form,
        is_ready=on is not None,
        hidden={"on": on.isoformat()} if on else {},
    )
    return asked(request, programme, deed, status=422 if form.errors else 200)


@door("98")
@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, group: str) -> HttpResponse:
    """Call a group off: it does not start, or ends before its time. Everybody hears why."""
    row, now = group_of(request, group), clock.now()
    programme, one = row.programme, queries.start_of(row)
    must_say = rules.must_say_why(one.situation)
    form = forms.WhyForm(request.POST or request.GET or None, must_say=must_say)
    why = form.cleaned_data["why"] if form.is_bound and form.is_valid() else ""
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or row.state
        told = actions.call_off(row, why=why, seen=seen, by=reader(request), now=now)
        words = ngettext("%(n)s mail tells why.", "%(n)s mails tell why.", told)
        done = _("The group has been called off.")
        messages.success(request, f"{done} {words % {'n': told}}")
        return redirect("enrolments:starts", programme.uid)
    is_ready = row.state in Group.LIVING and (bool(why) or not must_say)
    deed = end_deed(one, form, why=why, is_ready=is_ready)
    return asked(request, programme, deed, status=422 if form.errors else 200)


def end_deed(one: Start, form: Form, *, why: str, is_ready: bool) -> Deed:
    """What calling the group off means."""
    people = ngettext(
        "%(n)s person has a place in it and waits for another afterwards.",
        "%(n)s people have a place in it and wait for another afterwards.",
        one.taken,
    )
    said = people % {"n": one.taken} if one.taken else _("Nobody has a place in it.")
    return Deed(
        _("Call “%(name)s” off for good?") % {"name": one.group.name},
        said,
        _("Call it off"),
        points=[
            _("Everybody is told why, and what else there is."),
            _("Places held for somebody are taken back, and its waiting list ends."),
            _("This cannot be taken back."),
        ],
        parcels=queries.end_letters(one, why=why, programme=one.group.programme) if is_ready else [],
        careful=True,
        form=form,
        is_ready=is_ready,
        hidden={"why": why, "seen": one.group.state},
    )


# --- the end of the year ----------------------------------------------------------------------


@door("120")
@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, group: str) -> HttpResponse:
    """End one running group."""
    row = group_of(request, group)
    if request.method == "POST":
        return closed(request, row.programme, [row])
    title, running = _("End “%(name)s”?") % {"name": row.name}, row.state == Group.State.RUNNING
    return asked(request, row.programme, close_deed(title, _("End the group"), is_ready=running))


@door("120")
@login_required
@require_http_methods(["GET", "POST"])
def close_all(request: HttpRequest, programme: str) -> HttpResponse:
    """End all groups that still run, when the year is over."""
    row = office(request, programme)
    running = [one.group for one in queries.starts(row).of(Situation.RUNNING)]
    if request.method == "POST":
        return closed(request, row, running)
    words = {"n": len(running)}
    title = ngettext("End %(n)s running group?", "End all %(n)s running groups?", len(running)) % words
    button = ngettext("End %(n)s group", "End %(n)s groups", len(running)) % words
    return asked(request, row, close_deed(title, button, is_ready=bool(running)))


def close_deed(title: str, button: str, *, is_ready: bool) -> Deed:
    """What ending running groups means."""
    return Deed(
        title,
        _("No more dates are set in them and nobody joins; records, hours and pages stay."),
        button,
        points=[_("Nobody is written to."), _("This cannot be taken back.")],
        careful=True,
        is_ready=is_ready,
    )


def closed(request: HttpRequest, programme: Programme, groups: Sequence[Group]) -> HttpResponse:
    """Do it, say how many, and go back to the list."""
    ended = actions.close_groups(programme, groups=groups, by=reader(request), now=clock.now())
    words: Any = ngettext("%(n)s group has ended.", "%(n)s groups have ended.", len(ended))
    messages.success(request, words % {"n": len(ended)})
    return redirect("enrolments:starts", programme.uid)
