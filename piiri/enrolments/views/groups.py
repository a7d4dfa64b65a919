"""A group's public page, and the one press that takes a place or a turn in the list."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.enrolments import access, actions, forms, queries, rules
from piiri.enrolments.actions import Press, Work
from piiri.enrolments.queries import Doorstep
from piiri.enrolments.views import confirming, drawing
from piiri.enrolments.views.stand import Stand
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person

Deed = Callable[..., str]


def step_at(request: HttpRequest, organisation: str, programme: str, group: str) -> Doorstep:
    """The group as this reader stands before it, or the page for things that never were."""
    person = request.user if isinstance(request.user, Person) else None
    step: Doorstep = found(
        queries.doorstep(
            access.visible_group_pages,
            person=person,
            organisation=organisation,
            programme=programme,
            group=group,
        )
    )
    return step


def may_apply(request: HttpRequest, step: Doorstep) -> bool:
    """Whether the reader may: the office and those above it do so with an account of their own."""
    person = request.user
    is_above = step.in_office or getattr(person, "is_operator", False)
    return not is_above or access.can_apply(person, step.programme)


@door("2")
@never_cache
@require_GET
def group(request: HttpRequest, organisation_slug: str, programme_slug: str, group: str) -> HttpResponse:
    """What the group is, and the one button that matters now."""
    step = step_at(request, organisation_slug, programme_slug, group)
    return page(request, step)


def page(
    request: HttpRequest, step: Doorstep, form: forms.PlaceForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The whole page: put together from what is drawn already, or, where it is one's own, drawn now."""
    stand = Stand(step, clock.now(), may_apply(request, step))
    if form is None and drawing.is_alike(request, stand):
        return HttpResponse(drawing.drawn(request, stand), status=status)
    return own_page(request, stand, form, status=status)


def own_page(
    request: HttpRequest,
    stand: Stand,
    form: forms.PlaceForm | None,
    *,
    status: int = 200,
    just_full: bool = False,
) -> HttpResponse:
    """The page drawn for one reader."""
    if form is None and stand.what in ("take", "wait"):
        form = form_of(request, stand.step)
    around = stand.page() | {
        "form": form,
        "units": stand.units if form and not stand.step.workplace else (),
        "workplace": stand.step.workplace,
        "visitor": not request.user.is_authenticated,
        "just_full": just_full,
    }
    return render(request, "enrolments/group.html", around, status=status)


def form_of(request: HttpRequest, step: Doorstep, *, sent: bool = False) -> forms.PlaceForm:
    """The form: empty, prefilled, or as it was sent."""
    person = request.user if isinstance(request.user, Person) else None
    return forms.PlaceForm(
        request.POST if sent else None,
        step=step,
        own_address=person.email if person else "",
        named=bool(person and person.name),
    )


@door("12")
@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, organisation_slug: str, programme_slug: str, group: str) -> HttpResponse:
    """Take a place by one press: every statement of this path is counted, for thousands press at once."""
    step = step_at(request, organisation_slug, programme_slug, group)
    return pressed(request, step, actions.take_place)


@door("12")
@never_cache
@require_http_methods(["GET", "POST"])
def wait(request: HttpRequest, organisation_slug: str, programme_slug: str, group: str) -> HttpResponse:
    """Stand in the group's list."""
    step = step_at(request, organisation_slug, programme_slug, group)
    return pressed(request, step, actions.wait_for_group)


def pressed(request: HttpRequest, step: Doorstep, deed: Deed) -> HttpResponse:
    """One press, by somebody signed in or by a visitor."""
    require(may_apply(request, step))
    here = HttpResponseRedirect(request.path.rpartition("/groups/")[0] + f"/groups/{step.group.uid}/")
    if request.method == "GET" or request.POST.get(forms.HONEY):
        return here
    form = form_of(request, step, sent=True)
    if not form.is_valid():
        return page(request, step, form, status=422)
    if not isinstance(request.user, Person):
        return visited(request, step, form)
    work, press = cast("Work", form.work()), Press(form.cleaned_data["key"], sent(request))
    if "name" in form.cleaned_data:
        confirming.name_oneself(request.user, name=form.cleaned_data["name"])
    try:
        outcome = deed(step, work=work, press=press, by=request.user, now=clock.now())
    except Refused as refusal:
        if refusal.reason != GroupRefusal.FULL:
            raise
        return full(request, step, form)
    return HttpResponseRedirect(outcome)


def visited(request: HttpRequest, step: Doorstep, form: forms.PlaceForm) -> HttpResponse:
    """What a visitor wrote is kept, and holds no place; one press in the mail does the rest."""
    reason = rules.why_not_take(step.group, mine=None, terms=step.programme.rules, now=clock.now())
    if reason:
        raise Refused(reason)
    said = form.cleaned_data
    answers = {name: str(value) for name, value in said.items() if value and name != "apart"}
    if not confirming.keep(
        request, form, step.programme, group=step.group, email=said["email"], answers=urlencode(answers)
    ):
        return page(request, step, form, status=422)
    return confirming.to_code(step.programme)


def sent(request: HttpRequest) -> str:
    """The form as it was sent, without what differs at every look at the page."""
    told = [(name, value) for name, value in request.POST.lists() if name != "csrfmiddlewaretoken"]
    return f"{request.path}?{urlencode(told, doseq=True)}"


def full(request: HttpRequest, step: Doorstep, form: forms.PlaceForm) -> HttpResponse:
    """All places are taken: said as it is, with the list and the next best groups a press away."""
    stand = Stand(step, clock.now(), found_full=True)
    wrote_more = set(request.POST) - {"csrfmiddlewaretoken", "key", forms.HONEY}
    if not wrote_more and drawing.is_alike(request, stand):
        return HttpResponse(drawing.drawn(request, stand, just_full=True), status=409)
    return own_page(request, stand, form, status=409, just_full=True)
