"""Doors of a programme's own mail texts: what can be said in own words, writing it, how it would look."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.desk import forms
from piiri.desk.views.shell import PersonRequest, office_of
from piiri.mail import actions, queries, texts
from piiri.mail.texts import Own, OwnKind
from piiri.programmes.models import Programme


@door("191")
@login_required
@require_safe
def mails(request: PersonRequest, programme: str) -> HttpResponse:
    """Every kind of mail that can be said in own words, in each language."""
    row = office_of(request, programme)
    own = queries.own_texts(row.uid)
    listed = [
        {
            "kind": kind,
            "languages": [(code, name, (kind.kind, code) in own) for code, name in settings.LANGUAGES],
        }
        for kind in texts.all_kinds().values()
    ]
    return render(request, "desk/mails.html", {"programme": row, "listed": listed, "nav": "settings"})


@door("191")
@login_required
@require_http_methods(["GET", "POST"])
def mail(request: PersonRequest, programme: str, mail_code: str, mail_language: str) -> HttpResponse:
    """One mail in one language: its words, its names, and how it would look."""
    row = office_of(request, programme)
    kind = found(next((one for one in texts.all_kinds().values() if one.code == mail_code), None))
    language = found(mail_language if mail_language in dict(settings.LANGUAGES) else None)
    kept = queries.own_text(row.uid, kind=kind.kind, language=language)
    begun = kept or queries.as_everywhere(kind, language=language)
    form = forms.MailTextForm(request.POST or None, initial={"subject": begun.subject, "body": begun.body})
    status = 200
    if request.method == "POST":
        if request.POST.get("op") == "forget":
            actions.forget_text(kind, of=row, language=language, by=request.user, now=clock.now())
            messages.success(request, _("This mail is said as everywhere again."))
            return redirect(request.path)
        status = 200 if form.is_valid() else 422
        if form.is_valid() and request.POST.get("op") == "save" and saved(request, row, kind, language, form):
            return redirect(request.path)
    page = {
        "programme": row,
        "kind": kind,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "form": form,
        "is_own": kept is not None,
        "preview": preview(kind, language, kept, form),
        "nav": "settings",
    }
    return render(request, "desk/mail.html", page, status=status)


def saved(
    request: PersonRequest, programme: Programme, kind: OwnKind, language: str, form: forms.MailTextForm
) -> bool:
    """Save the text; a refusal goes into the form."""
    by, now, text = request.user, clock.now(), form.cleaned_data
    try:
        actions.write_text(kind, of=programme, language=language, by=by, now=now, **text)
    except Refused as refusal:
        form.add_error("body", refusal.sentence)
        return False
    messages.success(request, _("Saved. From now on this mail goes out so."))
    return True


def preview(kind: OwnKind, language: str, kept: Own | None, form: forms.MailTextForm) -> Any:
    """The mail as it is written now, with invented dates."""
    own = Own(**form.cleaned_data) if form.is_bound and form.is_valid() else kept
    with translation.override(language):
        return queries.preview(
            kind.kind, words=kind.sample, language=language, has_link=kind.has_link, own=own
        )
