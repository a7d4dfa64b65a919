"""The office decides about one or many: who, and the mail as it goes out, before anything happens."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.uids import new_uid
from piiri.enrolments import access, actions, forms, queries
from piiri.enrolments.models import Application, Bulk
from piiri.enrolments.views.applications import A_PAGE, reader
from piiri.enrolments.views.office import table_form
from piiri.mail.letter import Letter
from piiri.people import actions as people
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

Deed = Bulk.Deed
NAMES = 200  # how many are named before the act; the rest is behind the filter


@dataclass
class Choice:
    """What is to be decided, about whom, and the look of the table one came from."""

    deed: str
    chosen: QuerySet[Application]
    back: str

    @cached_property
    def keys(self) -> list[int]:
        """Those for whom it can be done now, in the order in which they are decided."""
        return list(queries.decidable(self.chosen, deed=self.deed).values_list("pk", flat=True))

    @cached_property
    def left(self) -> int:
        """How many of those who were chosen stay as they are."""
        return self.chosen.count() - len(self.keys)

    @property
    def seen(self) -> str:
        """A mark of exactly these people: what was looked at is what is decided."""
        return sha256(" ".join(map(str, self.keys)).encode()).hexdigest()[:16]


def choice_of(request: HttpRequest, programme: Programme) -> Choice | None:
    """Who was ticked in the table, or all that fit its filter; None where nobody or nothing was chosen."""
    form = table_form(request, programme, decides=True)
    rows = queries.listed(programme, form.look, addresses=True)
    picked = request.GET.getlist("pick")
    if "all" not in request.GET:
        every = queries.listed(programme, queries.Look(), addresses=True)
        rows = every.filter(uid__in=picked)
    deed = request.GET.get("deed", "")
    if deed not in Deed.values or not ("all" in request.GET or picked):
        return None
    return Choice(deed, rows, form.address)


@door("15")
@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, programme: str) -> HttpResponse:
    """Show who and what they will read; a second press does it, once however often it comes."""
    row: Programme = found(access.programmes_known_by(reader(request)).filter(uid=programme).first())
    require(programme_access.can_coordinate_programme(reader(request), row))
    choice, press = choice_of(request, row), press_of(request)
    if press and (before := people.pressed_before(reader(request), key=press.key, sent=press.form)):
        return redirect(before)
    if choice is None or not choice.keys:
        return nothing_to_do(request, row, choice)
    form = form_of(request, row, choice)
    is_ready = form.is_valid() if request.method == "POST" else choice.deed == Deed.WAIT
    is_ready = is_ready and request.POST.get("op") != "write"
    is_same = request.POST.get("seen") == choice.seen
    if press and is_ready and is_same:
        press = press._replace(back=choice.back)
        return redirect(done(request, row, choice, form.order(choice.deed), press))
    page = page_of(row, choice, form, is_ready=is_ready)
    page["changed"] = "seen" in request.POST and not is_same
    status = 422 if form.errors or page["changed"] else 200
    return render(request, "enrolments/decide.html", page, status=status)


def press_of(request: HttpRequest) -> actions.Sent | None:
    """The press that acts, as it was sent; None for a look."""
    key = request.POST.get("key", "")[:32]
    if request.POST.get("op") != "do" or not key:
        return None
    said = [request.POST.get(name, "") for name in ("seen", "group", "reason")]
    return actions.Sent(key, " ".join([request.GET.urlencode(), *said]))


def nothing_to_do(request: HttpRequest, programme: Programme, choice: Choice | None) -> HttpResponse:
    """Back to the table, with what was missing."""
    if choice is None:
        messages.warning(request, _("Choose at least one application, or all that fit, then what to do."))
    else:
        messages.warning(request, _("For none of those chosen this can be done now."))
    table = reverse("enrolments:applications", args=[programme.uid])
    return redirect(f"{table}?{choice.back}" if choice and choice.back else table)


def form_of(request: HttpRequest, programme: Programme, choice: Choice) -> forms.DecisionForm:
    """What still has to be said: the group, or the reason."""
    data = request.POST or None
    if choice.deed == Deed.PLACE:
        groups = queries.groups_to_place_into(programme)
        dearest = "" if data else queries.group_wished_for(choice.keys[0], groups=groups)
        return forms.GroupForm(data, groups=groups, initial={"group": dearest})
    return forms.ReasonForm(data, needed=choice.deed != Deed.WAIT)


def done(
    request: HttpRequest, programme: Programme, choice: Choice, order: actions.Order, press: actions.Sent
) -> str:
    """Do it; the address of the page that says what became of it and leads back to the same table."""
    return actions.decide_about(
        programme,
        order=order,
        applications=choice.keys,
        sent=press,
        by=reader(request),
        now=clock.now(),
    )


def page_of(
    programme: Programme, choice: Choice, form: forms.DecisionForm, *, is_ready: bool
) -> dict[str, Any]:
    """Who it is about, and the mail to the first of them once there is enough to write it."""
    order = form.order(choice.deed) if form.is_bound and is_ready else actions.Order(choice.deed)
    named = queries.applications_called(choice.keys[:NAMES])
    for one in named:
        one.programme = programme
    number = len(choice.keys)
    return {
        "programme": programme,
        "nav": "people",
        "choice": choice,
        "form": form,
        "named": named,
        "number": number,
        "more": max(0, number - NAMES),
        "order": order,
        "short": max(0, number - order.group.places.free().count()) if order.group else 0,
        "letters": [letter_to(named[0], order)] if is_ready else [],
        "key": new_uid(),
    }


def letter_to(application: Application, order: actions.Order) -> Letter:
    """The mail as it goes out."""
    return queries.letter_before(
        application, deed=order.deed, reason=order.reason, group=order.group, now=clock.now()
    )


@door("15")
@login_required
@require_GET
def bulk(request: HttpRequest, bulk: str) -> HttpResponse:
    """How far a decision about many is, and what became of it."""
    known = access.bulks_known_by(reader(request)).select_related("programme__organisation", "group__theme")
    row: Bulk = found(known.filter(uid=bulk).first())
    require(programme_access.can_coordinate_programme(reader(request), row.programme))
    report = queries.bulk_report(row)
    page = {
        "bulk": row,
        "programme": row.programme,
        "nav": "people",
        "report": report,
        "said": queries.done_in_words(row, report.done),
        "back": QueryDict(request.GET.get("back", "")).urlencode(),
    }
    if request.headers.get("HX-Request") == "true":
        if report.is_over:
            return HttpResponseClientRefresh()
        return render(request, "enrolments/_bulk_progress.html", page)
    page["left"] = Paginator(queries.lines_left(row), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "enrolments/bulk.html", page)
