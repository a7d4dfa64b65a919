"""Doors of a line manager's signed link: the page for the year, the answer, the calendar."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from piiri.base import clock, dates, ics, signed
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.enrolments import actions as enrolment_actions
from piiri.enrolments import links
from piiri.enrolments.models import Approval, LineManager
from piiri.hours import access, forms, queries, rules
from piiri.hours.queries import Staff

View = Callable[[HttpRequest, LineManager], HttpResponse]
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}

OWN_NAMES = (("fi", "Suomi"), ("sv", "Svenska"), ("en", "English"))
SAID = {
    "yes": gettext_lazy("Thank you. Your answer is written down."),
    "no": gettext_lazy("Thank you. The person and the programme office are told; they look at it together."),
}


def by_link(view: View) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Open the signed link in its holder's language; say kindly that it has ended; leave no trace of it."""

    @wraps(view)
    def through(request: HttpRequest, manager: str, manager_signature: str) -> HttpResponse:
        row, version = found(access.own_manager_link(request.user, uid=manager, signature=manager_signature))
        with translation.override(language_of(request, row)):
            ended = rules.link_has_ended(row.programme, version=version, holds=row.version, now=clock.now())
            response = gone(request, row) if ended else view(request, row)
            response.headers["Content-Language"] = language_of(request, row)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return through


def language_of(request: HttpRequest, manager: LineManager) -> str:
    """What the address or the form asks for, else the manager's own."""
    asked = request.POST.get("lang") or request.GET.get("lang") or ""
    return asked if asked in dict(settings.LANGUAGES) else manager.language


def gone(request: HttpRequest, manager: LineManager) -> HttpResponse:
    return render(request, "hours/manager_gone.html", {"programme": manager.programme}, status=410)


def shown(request: HttpRequest, manager: LineManager, *, refusal: str = "") -> HttpResponse:
    """The page: what is asked first, then everybody with their dates."""
    now = clock.now()
    staff = queries.staff_of(manager, now=now)
    asked = [one for one in staff if one.is_asked]
    path = links.manager_path(manager)
    page = {
        "manager": manager,
        "programme": manager.programme,
        "staff": staff,
        "asked": asked,
        "headline": headline(manager, staff, asked),
        "reasons": Approval.Reason.choices,
        "answer": f"{path}answer/",
        "calendar": f"{settings.ORIGIN}{path}calendar.ics",
        "languages": [(code, name, code == translation.get_language()) for code, name in OWN_NAMES],
        "said": SAID.get(request.GET.get("said", "")),
        "refusal": refusal,
        "known_by": manager.programme.answers_by,
        "dates_to_come": now.astimezone(manager.programme.tz).date() <= manager.programme.answers_by,
    }
    return render(request, "hours/manager.html", page, status=409 if refusal else 200)


def headline(manager: LineManager, staff: list[Staff], asked: list[Staff]) -> str:
    """The situation in a sentence."""
    if len(asked) == 1:
        hours = {"name": asked[0].name, "hours": dates.hours(asked[0].cap)}
        return _("Can %(name)s use %(hours)s for peer-group mentoring?") % hours
    if asked:
        words = ngettext("%(n)s of your staff asks for time", "%(n)s of your staff ask for time", len(asked))
        return words % {"n": len(asked)}
    if staff:
        return _("When your staff meet their groups")
    return _("Nobody of your staff takes part now")


@door("83")
@require_safe
@by_link
def manager(request: HttpRequest, manager: LineManager) -> HttpResponse:
    """Own staff who named this manager: what is asked, their dates, hours."""
    return shown(request, manager)


@door("83")
@csrf_exempt  # whoever does not hold the link cannot forge a press; and no-referrer hides where it came from
@require_POST
@by_link
def answer_approvals(request: HttpRequest, manager: LineManager) -> HttpResponse:
    """One answer about one of the staff, or about all who ask."""
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        return shown(request, manager, refusal=_("That did not work. Choose again."))
    approved = form.cleaned_data["answer"] == "yes"
    try:
        enrolment_actions.answer_approvals(
            manager,
            approvals=form.cleaned_data["approval"],
            approved=approved,
            reason=form.cleaned_data["reason"],
            language=request.POST.get("lang", ""),
            now=clock.now(),
        )
    except Refused as refused:
        return shown(request, manager, refusal=refused.sentence)
    asked = {"said": "yes" if approved else "no", "lang": translation.get_language()}
    return redirect(f"{links.manager_path(manager)}?{urlencode(asked)}")


@door("83", channel="feed")
@require_safe
@by_link
def manager_calendar(request: HttpRequest, manager: LineManager) -> HttpResponse:
    """The same dates for a calendar program; each under a name that tells two of one group not apart."""
    now = clock.now()
    host = urlsplit(settings.ORIGIN).hostname or "localhost"
    away = [
        ics.Entry(
            uid=f"{signed.signature('piiri.hours.feed', one.uid, line.thing)}@{host}",
            sequence=line.sequence,
            starts_at=line.starts_at,
            ends_at=line.ends_at,
            summary=_("%(name)s: peer-group mentoring") % {"name": rules.short_name(one.name)},
            cancelled=line.cancelled,
            zone=manager.programme.zone,
            stamp=now,
            free=True,
        )
        for one in queries.staff_of(manager, now=now)
        for line in one.dates
    ]
    text = ics.calendar_text(away, name=_("Peer-group mentoring of my staff"))
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
