"""Doors of the room: sign-in, step-up, language, one's own account, the demo's accounts."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from piiri.base import clock, spoken
from piiri.base import views as base_views
from piiri.base.doors import door, found, next_or
from piiri.base.errors import Refused
from piiri.people import access, actions, codes, forms, middleware, queries
from piiri.people.models import CodeRequest, Person

BACKEND = "piiri.people.backends.ByCode"


def aim(request: HttpRequest) -> str:
    """Where the person wanted to go."""
    return next_or(request, settings.LOGIN_REDIRECT_URL)


def onward(name: str, request: HttpRequest) -> HttpResponseRedirect:
    """Go to the next page of a flow and keep where the person wanted to go."""
    return redirect(f"{reverse(name)}?{urlencode({'next': aim(request)})}")


def let_in(request: HttpRequest, person: Person, *, now: datetime, fresh: bool = True) -> None:
    """Begin a new session for the person; a code just shown is `fresh` for a step-up, a mail’s link not."""
    login(request, person, backend=BACKEND)
    if fresh:
        request.session["step_up"] = {"person": person.uid, "code_at": now.isoformat()}


def nothing_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what never was; whoever asked is heard here too, for no door has heard them."""
    if hasattr(request, "user"):
        middleware.hear(request)
    return base_views.nothing_here(request, exception)


def step_up_first(request: HttpRequest) -> HttpResponse | None:
    """Return None for whoever showed a fresh code and wrote a reason in the last 15 minutes.

    Everybody else gets 403 and, as its page, the first question of the step-up. A door asks this after
    it found the row and after `require(can_…)`, so that nobody learns more from this page than from 404.
    """
    if access.has_stepped_up(request.user, request.session, now=clock.now()):
        return None
    page = {"form": forms.ReasonForm(), "next": way_back(request)}
    response = render(request, "people/step_up.html", page, status=403)
    response.headers["X-Step-Up"] = reverse("people:step-up")
    return response


def way_back(request: HttpRequest) -> str:
    """The page to return to after a step-up: this one, or the one whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else settings.LOGIN_REDIRECT_URL


@door("85")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address; the answer is the same for every address."""
    if request.user.is_authenticated:
        return redirect(aim(request))
    form = forms.SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and send_code(request, form, email=form.cleaned_data["email"]):
            return onward("people:code", request)
    return render(request, "people/sign_in.html", {"form": form, "next": aim(request)}, status=status)


def send_code(request: HttpRequest, form: forms.SignInForm | forms.ReasonForm, *, email: str) -> bool:
    """Mail a code; or put the refusal into the form."""
    try:
        mail_code(request, email=email)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def mail_code(request: HttpRequest, *, email: str) -> None:
    """Mail a code and let the browser remember the request. Raises Refused."""
    network = codes.network_hash(request.META.get("REMOTE_ADDR", ""))
    language = translation.get_language() or settings.LANGUAGE_CODE
    asked = actions.ask_for_code(email, language=language, network=network, now=clock.now())
    request.session["code"] = asked.uid


@door("85")
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; looking at the page uses up nothing."""
    if request.user.is_authenticated:
        return redirect(aim(request))
    asked = code_asked(request)
    if asked is None:
        return onward("people:sign-in", request)
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (person := confirmed(form, asked)):
        let_in(request, person, now=clock.now())
        return redirect(aim(request))
    return code_page(request, form, asked, again=reverse("people:sign-in"))


def code_asked(request: HttpRequest) -> CodeRequest | None:
    """The request for a code that this browser remembers."""
    return queries.code_request(request.session.get("code", ""))


def confirmed(form: forms.CodeForm, asked: CodeRequest) -> Person | None:
    """Who the code in the form belongs to; or None, with the refusal in the form."""
    try:
        actions.use_code(asked, code=form.cleaned_data["code"], now=clock.now())
        return actions.confirm_address(asked, now=clock.now())
    except Refused as refusal:
        form.add_error("code", refusal.sentence)
        return None


def code_page(
    request: HttpRequest, form: forms.CodeForm, asked: CodeRequest, *, again: str, back: str = ""
) -> HttpResponse:
    """The page with the one field for a code.

    `again` is the address that sends a new one, `back` the page before (without: the page of `again`).
    """
    page = {
        "form": form,
        "address": asked.email,
        "next": aim(request),
        "again": again,
        "back": back or f"{again}?{urlencode({'next': aim(request)})}",
        "reason": request.session.get("reason", ""),
    }
    return render(request, "people/code.html", page, status=422 if form.errors else 200)


@door("85")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; a shared computer forgets the pages too."""
    logout(request)
    response = redirect(settings.LOGIN_REDIRECT_URL)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@door("87")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Ask for the reason, then for a code where the last one is no longer fresh."""
    form = forms.ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            request.session["reason"] = form.cleaned_data["reason"]
            if access.has_fresh_code(request.user, request.session, now=clock.now()):
                return stepped_up(request)
            if send_code(request, form, email=request.user.email):  # type: ignore[union-attr]
                return onward("people:step-up-code", request)
    return render(request, "people/step_up.html", {"form": form, "next": aim(request)}, status=status)


@door("87")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def step_up_code(request: HttpRequest) -> HttpResponse:
    """Ask for the fresh code and go on to the door that wanted it."""
    asked = code_asked(request)
    if asked is None or asked.email != request.user.email or "reason" not in request.session:  # type: ignore[union-attr]
        return onward("people:step-up", request)
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (person := confirmed(form, asked)):
        request.session["step_up"] = {"person": person.uid, "code_at": clock.now().isoformat()}
        return stepped_up(request)
    return code_page(request, form, asked, again=reverse("people:step-up"))


def stepped_up(request: HttpRequest) -> HttpResponse:
    """Keep the reason and open the door that was asked for."""
    person, now = request.user, clock.now()
    assert isinstance(person, Person)
    actions.give_reason(person, reason=request.session.pop("reason"), path=aim(request), by=person, now=now)
    request.session["step_up"] |= {"reason_at": now.isoformat()}
    request.session.cycle_key()
    return redirect(aim(request))


@door("86")
@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Switch the language: for the browser, and for the person when signed in."""
    form = forms.LanguageForm(request.POST)
    response = redirect(aim(request))
    if form.is_valid():
        language = form.cleaned_data["language"]
        if isinstance(request.user, Person):
            actions.choose_language(request.user, language=language, by=request.user, now=clock.now())
        spoken.keep(response, language)
    return response


@door("71")
@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own name, language and sessions."""
    person = request.user
    assert isinstance(person, Person)
    form = forms.AboutMeForm(request.POST or None, initial={"name": person.name, "language": person.language})
    if request.method == "POST" and form.is_valid():
        actions.describe_oneself(person, **form.cleaned_data, by=person, now=clock.now())
        return redirect(next_or(request, reverse("people:account")))
    page = {"form": form, "next": next_or(request, "")}
    return render(request, "people/account.html", page, status=422 if form.errors else 200)


@door("71")
@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out on every device, this one too."""
    assert isinstance(request.user, Person)
    actions.end_sessions(request.user, by=request.user, now=clock.now())
    logout(request)
    return redirect("people:sign-in")


def in_demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door that is not there outside the demo and the tests."""

    @wraps(view)
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEMO or settings.TESTING):
            raise Http404
        return view(request, *args, **kwargs)

    return through


@door("88")
@in_demo_only
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    """Show one account of each role, each a press away."""
    return render(request, "people/demo.html", {"accounts": queries.demo_accounts()})


@door("88")
@in_demo_only
@require_http_methods(["GET", "POST"])
def demo_sign_in(request: HttpRequest, person: str) -> HttpResponse:
    """Sign in as a person of the demo; by GET too, so that a printed path is enough."""
    account = found(queries.demo_account(person))
    let_in(request, account.person, now=clock.now())
    return redirect(aim(request))
