"""The enrolment form: works without an account, saves itself with one, is sent after a code or at once."""

from typing import Any

from django.contrib import messages
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from piiri.base import clock
from piiri.base.doors import door, require
from piiri.enrolments import access, actions, forms, queries, rules
from piiri.enrolments.models import Application
from piiri.enrolments.views.programme import programme_at
from piiri.people import actions as people
from piiri.people import forms as people_forms
from piiri.people import views as people_views
from piiri.people.models import Person
from piiri.programmes import queries as programme_queries
from piiri.programmes import windows
from piiri.programmes.models import Programme

# Never kept in a session: who a browser belongs to is not known, and the wish is confidential.
NOT_IN_SESSION = ("csrfmiddlewaretoken", "op", "wish")
RANKING = ("add", "remove", "up", "down")


def draft_key(programme: Programme) -> str:
    """Where the session keeps a visitor's answers."""
    return f"enrol:{programme.uid}"


def remembered(request: HttpRequest, programme: Programme) -> QueryDict | None:
    """What a visitor wrote in this browser so far."""
    kept = request.session.get(draft_key(programme), {}).get("answers")
    if not kept:
        return None
    answers = QueryDict(kept, mutable=True)
    answers.setlist("wishes", [*answers.getlist("wishes"), *request.GET.getlist("wish")])
    return answers


def remember(request: HttpRequest, paper: forms.Paper, *, ready: bool = False) -> None:
    """Keep a visitor's answers until the code has been shown."""
    answers = request.POST.copy()
    for name in NOT_IN_SESSION:
        answers.pop(name, None)
    answers.setlist("wishes", paper.ranked)
    address = paper.form.cleaned_data.get("email", "") if ready else ""
    kept = {"answers": answers.urlencode(), "ready": ready, "email": address}
    request.session[draft_key(paper.programme)] = kept


def paper_of(
    request: HttpRequest, programme: Programme, application: Application | None, *, data: QueryDict | None
) -> forms.Paper:
    """The form as this person left it, or as it was just sent."""
    person = request.user if isinstance(request.user, Person) else None
    return forms.Paper(
        data,
        programme=programme,
        choices=queries.wish_choices(programme, sensitive=person is not None),
        mask=programme_queries.times_of(programme, person=person) if person else windows.NOTHING,
        ranked=first_ranks(request, application),
        initial=initial(request, application),
        units=queries.unit_choices(programme),
        visitor=person is None,
        nameless=person is not None and not person.name,
    )


def first_ranks(request: HttpRequest, application: Application | None) -> list[str]:
    """What was wished for before, and what was pressed on the programme page."""
    before = [wish.uid for wish in queries.wishes_of(application)] if application else []
    return [*before, *request.GET.getlist("wish")]


def initial(request: HttpRequest, application: Application | None) -> dict[str, Any]:
    """The answers before anything was sent."""
    if application is None:
        return {"way": "either", "languages": [request.LANGUAGE_CODE]}
    names = (
        "workplace", "job", "years", "languages", "manager_name", "wish", "any_theme",
        "other_workplaces", "contact_ok",
    )  # fmt: skip
    unit = application.unit.uid if application.unit else forms.OTHER if application.workplace else ""
    told = {name: getattr(application, name) for name in names}
    return told | {"unit": unit, "way": application.form}


@door("12")
@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """The form. Every button in it posts the whole form; only "Send" asks for all of it."""
    programme = programme_at(request.user, organisation_slug, programme_slug)
    require(access.can_apply(request.user, programme))
    application = access.own_open_application_of(request.user, programme)
    if reason := why_not_now(programme, application):
        page = {"programme": programme, "sentence": reason.label, "application": application}
        return render(request, "enrolments/not_now.html", page, status=409)
    if request.method == "POST":
        return posted(request, programme, application)
    paper = paper_of(request, programme, application, data=remembered(request, programme))
    return form_page(request, unjudged(paper), application)


def why_not_now(programme: Programme, application: Application | None) -> rules.EnrolRefusal | None:
    """The reason why the form cannot be opened."""
    if application:
        return rules.why_not_change(application, now=clock.now())
    return rules.why_not_apply(programme, now=clock.now())


def posted(request: HttpRequest, programme: Programme, application: Application | None) -> HttpResponse:
    """One press on a button of the form, or the form saving itself."""
    paper = paper_of(request, programme, application, data=request.POST)
    op = request.POST.get("op", "send")
    if op == "send":
        return sent(request, paper, application)
    if op != "save":
        paper.press(op)
    application = keep(request, paper, application)
    if request.headers.get("HX-Request") == "true":
        ranking = op.partition(":")[0] in RANKING
        name = "enrolments/_ranks.html" if ranking else "enrolments/_saved.html"
        return render(request, name, around(request, unjudged(paper), application) | {"swap": True})
    return form_page(request, unjudged(paper), application)


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
    """Send it: at once for those signed in, after a code for visitors."""
    if not paper.sendable():
        return form_page(request, paper, application, status=422)
    programme = paper.programme
    if isinstance(request.user, Person):
        return finish(request, request.user, paper)
    remember(request, paper, ready=True)
    if not people_views.send_code(request, paper.form, email=paper.form.cleaned_data["email"]):  # type: ignore[arg-type]
        return form_page(request, paper, application, status=422)
    return redirect("enrolments:code", programme.organisation.slug, programme.slug)


def finish(request: HttpRequest, person: Person, paper: forms.Paper) -> HttpResponse:
    """Save and send; what was sent before is only saved."""
    if paper.form.cleaned_data.get("name") and not person.name:
        name = paper.form.cleaned_data["name"]
        people.describe_oneself(person, name=name, language=person.language, by=person, now=clock.now())
    application = save(person, paper)
    if application.state == Application.State.DRAFT:
        actions.send_application(application, by=person, now=clock.now())
        messages.success(request, _("Your wish has been sent. A confirmation is on its way to you by mail."))
    else:
        messages.success(request, _("Your changes have been saved."))
    request.session.pop(draft_key(paper.programme), None)
    return redirect("enrolments:application", application=application.uid)


@door("12")
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """Ask a visitor for the code; the right one signs in and sends what was written before, in one press."""
    programme = programme_at(request.user, organisation_slug, programme_slug)
    require(access.can_apply(request.user, programme))
    form_address = reverse("enrolments:enrol", args=[organisation_slug, programme_slug])
    kept = request.session.get(draft_key(programme), {})
    asked = people_views.code_asked(request)
    if request.user.is_authenticated or not kept.get("ready") or not asked or asked.email != kept["email"]:
        return redirect(form_address)
    if request.method == "POST" and "code" not in request.POST:
        people_views.mail_code(request, email=asked.email)
        return redirect(request.path)
    form = people_forms.CodeForm(request.POST or None)
    if form.is_valid() and (person := people_views.confirmed(form, asked)):
        people_views.let_in(request, person, now=clock.now())
        return send_kept(request, person, programme)
    return people_views.code_page(request, form, asked, again=request.path, back=form_address)


def send_kept(request: HttpRequest, person: Person, programme: Programme) -> HttpResponse:
    """Send what the visitor wrote before the code, or show the form again where it cannot be sent."""
    application = access.own_open_application_of(person, programme)
    paper = paper_of(request, programme, application, data=remembered(request, programme))
    sendable = access.can_apply(person, programme) and paper.sendable()
    if why_not_now(programme, application) or not sendable:
        return redirect("enrolments:enrol", programme.organisation.slug, programme.slug)
    return finish(request, person, paper)


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
