"""The enrolment form: works without an account, saves itself with one, is sent by one press."""

from typing import Any

from django.contrib import messages
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from piiri.base import clock
from piiri.base.doors import door, require
from piiri.base.uids import new_uid
from piiri.enrolments import access, actions, forms, queries, rules
from piiri.enrolments.models import Application
from piiri.enrolments.rules import Stage
from piiri.enrolments.views import confirming
from piiri.enrolments.views.papers import draft_key, paper_of, remember, remembered
from piiri.enrolments.views.programme import programme_at
from piiri.people import actions as people
from piiri.people.models import Person
from piiri.programmes.models import Programme

RANKING = ("add", "remove", "up", "down")


@door("12")
@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """The form. Every button in it posts the whole form; only "Send" asks for all of it."""
    programme = programme_at(request.user, organisation_slug, programme_slug)
    require(access.can_apply(request.user, programme))
    if request.method == "POST" and request.POST.get(forms.HONEY):
        return confirming.to_code(programme)
    if before := sent_before(request):
        return HttpResponseRedirect(before)
    application = access.own_open_application_of(request.user, programme)
    if (reason := why_not_now(programme, application)) or waits_outside(request, programme):
        return not_now(request, programme, application, reason)
    if request.method == "POST":
        return posted(request, programme, application)
    paper = paper_of(request, programme, application, data=remembered(request, programme))
    return form_page(request, unjudged(paper), application)


def sent_before(request: HttpRequest) -> str | None:
    """Where the same press led before: a double click, a retry, a reload."""
    key = request.POST.get("key", "")
    if not key or operation(request) != "send" or not isinstance(request.user, Person):
        return None
    return people.pressed_before(request.user, key=key[:32], sent=as_sent(request))


def operation(request: HttpRequest) -> str:
    """Which button of the form was pressed."""
    return request.POST.get("op", "send")


def as_sent(request: HttpRequest) -> str:
    """The form as it was sent, without what differs at every look at the page."""
    told = request.POST.copy()
    told.pop("csrfmiddlewaretoken", None)
    return f"{request.path}?{told.urlencode()}"


def why_not_now(programme: Programme, application: Application | None) -> rules.EnrolRefusal | None:
    """The reason why the form cannot be opened."""
    if application:
        return rules.why_not_change(application, now=clock.now())
    return rules.why_not_draft(programme, now=clock.now())


def is_before(programme: Programme) -> bool:
    return rules.stage(programme, now=clock.now()) == Stage.BEFORE


def waits_outside(request: HttpRequest, programme: Programme) -> bool:
    """Whether a visitor is here before enrolment opens: a draft is kept under a name only."""
    return is_before(programme) and not request.user.is_authenticated


def not_now(
    request: HttpRequest,
    programme: Programme,
    application: Application | None,
    reason: rules.EnrolRefusal | None,
) -> HttpResponse:
    """Why not, and where to go from here; before enrolment opens the waiting page."""
    reason = reason or rules.EnrolRefusal.BEFORE
    page = {
        "programme": programme,
        "organisation": programme.organisation,
        "sentence": reason.label,
        "application": application,
        "way": queries.way_in_words(programme),
    }
    if reason == rules.EnrolRefusal.BEFORE:
        page["opens"] = queries.opening(programme, now=clock.now())
    status = 409 if request.method == "POST" or "opens" not in page else 200
    return render(request, "enrolments/not_now.html", page, status=status)


def posted(request: HttpRequest, programme: Programme, application: Application | None) -> HttpResponse:
    """One press on a button of the form, or the form saving itself."""
    paper = paper_of(request, programme, application, data=request.POST)
    op = operation(request)
    if op == "send" and not is_before(programme):
        return sent(request, paper, application)
    if op not in ("save", "send"):
        paper.press(op)
    application = keep(request, paper, application)
    if request.headers.get("HX-Request") == "true":
        ranking = op.partition(":")[0] in RANKING
        name = "enrolments/_ranks.html" if ranking else "enrolments/_saved.html"
        return render(request, name, around(request, unjudged(paper), application) | {"swap": True})
    # Whoever sends too early has lost nothing: it is saved, and the page says when enrolment opens.
    return form_page(request, unjudged(paper), application, status=409 if op == "send" else 200)


def keep(request: HttpRequest, paper: forms.Paper, application: Application | None) -> Application | None:
    """Save a draft, or what was sent already when it is whole; a visitor's goes into the session."""
    savable = paper.savable()
    if not isinstance(request.user, Person):
        remember(request, paper)
        return None
    whole = application is None or application.state == Application.State.DRAFT or paper.sendable()
    return save(request.user, paper) if savable and whole else application


def save(person: Person, paper: forms.Paper) -> Application:
    """Write the answers down."""
    return actions.save_application(
        paper.programme,
        person=person,
        wishes=paper.wishes,
        mask=paper.week.mask,
        by=person,
        now=clock.now(),
        **paper.form.answers(),
    )


def sent(request: HttpRequest, paper: forms.Paper, application: Application | None) -> HttpResponse:
    """Send it: at once for those signed in, after a press in a mail for visitors."""
    if not paper.sendable():
        return form_page(request, paper, application, status=422)
    if isinstance(request.user, Person):
        return finish(request, request.user, paper, application)
    answers, email = remember(request, paper), paper.form.cleaned_data["email"]
    if not confirming.keep(request, paper.form, paper.programme, group=None, email=email, answers=answers):
        return form_page(request, paper, application, status=422)
    return confirming.to_code(paper.programme)


def finish(
    request: HttpRequest, person: Person, paper: forms.Paper, application: Application | None
) -> HttpResponse:
    """Save and send; what was sent before is only saved."""
    if paper.form.cleaned_data.get("name") and not person.name:
        confirming.name_oneself(person, name=paper.form.cleaned_data["name"])
    outcome = actions.submit_application(
        paper.programme,
        press=actions.Press(paper.form.cleaned_data.get("key") or new_uid(), as_sent(request)),
        person=person,
        by=person,
        now=clock.now(),
        wishes=paper.wishes,
        mask=paper.week.mask,
        apart=paper.form.cleaned_data.get("apart", ""),
        **paper.form.answers(),
    )
    if application and application.state != Application.State.DRAFT:
        messages.success(request, _("Your changes have been saved."))
    else:
        messages.success(request, _("It has been sent. A confirmation is on its way to you by mail."))
    request.session.pop(draft_key(paper.programme), None)
    return HttpResponseRedirect(outcome)


def unjudged(paper: forms.Paper) -> forms.Paper:
    """The form with what was written and without a word about what is still missing."""
    paper.form._errors = ErrorDict() if paper.form.is_bound else None  # type: ignore[attr-defined]  # noqa: SLF001
    paper.wish_error = paper.times_error = ""
    return paper


def around(request: HttpRequest, paper: forms.Paper, application: Application | None) -> dict[str, Any]:
    """What the form and its fragments show."""
    programme = paper.programme
    page = {
        "programme": programme,
        "organisation": programme.organisation,
        "paper": paper,
        "form": paper.form,
        "week": paper.week,
        "application": application,
        "is_sent": application is not None and application.state != Application.State.DRAFT,
        "visitor": not request.user.is_authenticated,
        "manager": programme.rules.manager,
        "terms": programme.rules,
        "way": queries.way_in_words(programme),
        "opens": queries.opening(programme, now=clock.now()) if is_before(programme) else None,
        "profiles": queries.profiles(programme, groups=paper.others) if paper.is_for_pairs else [],
    }
    return page | shared(request, paper, application)


def shared(request: HttpRequest, paper: forms.Paper, application: Application | None) -> dict[str, Any]:
    """How many share one's times, counted when a draft was saved and told from five people up."""
    if application is None or not paper.wishes or not isinstance(request.user, Person):
        return {}
    wish = paper.wishes[0]
    if not paper.week.ticked:
        return {}
    count = queries.sharing(paper.programme, wish=wish, mask=paper.week.mask, person=request.user)
    return {"sharing": count if rules.is_told(count.people) else None, "dearest": str(wish)}


def form_page(
    request: HttpRequest, paper: forms.Paper, application: Application | None, *, status: int = 200
) -> HttpResponse:
    """The whole page."""
    return render(request, "enrolments/enrol.html", around(request, paper, application), status=status)
