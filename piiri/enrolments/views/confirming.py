"""From what a visitor wrote to what they wanted: one press in the mail, or the code from it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.base.uids import new_uid
from piiri.enrolments import access, actions, confirm_link
from piiri.enrolments.models import Unconfirmed
from piiri.enrolments.rules import ConfirmRefusal, EnrolRefusal
from piiri.enrolments.views.papers import as_written, draft_key, visitors_paper
from piiri.enrolments.views.programme import programme_at
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.groups.rules import GroupRefusal
from piiri.people import actions as people
from piiri.people import codes
from piiri.people import forms as people_forms
from piiri.people import views as people_views
from piiri.people.models import Person
from piiri.programmes.models import Programme

# A secret of this browser: whoever has it wrote the form here.
BROWSER = "browser"


def keep(
    request: HttpRequest, form: Form, programme: Programme, *, group: Group | None, email: str, answers: str
) -> bool:
    """Keep what was written and mail the link; or put the refusal into the form."""
    browser = request.session.setdefault(BROWSER, new_uid() + new_uid())
    network = codes.network_hash(request.META.get("REMOTE_ADDR", ""), counted="enrolments")
    written = actions.Written(answers=answers, group=group, browser=browser, network=network)
    language = translation.get_language() or settings.LANGUAGE_CODE
    try:
        kept = actions.keep_unconfirmed(
            programme, written=written, email=email, language=language, now=clock.now()
        )
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    request.session[draft_key(programme)] = {
        **request.session.get(draft_key(programme), {}),
        "unconfirmed": kept.unconfirmed.uid,
    }
    request.session["code"] = kept.code.uid
    return True


def to_code(programme: Programme) -> HttpResponse:
    """On to the page that says: look in your mail."""
    return redirect("enrolments:code", programme.organisation.slug, programme.slug)


def name_oneself(person: Person, *, name: str) -> None:
    """Keep the name of somebody who had none."""
    people.describe_oneself(person, name=name, language=person.language, by=person, now=clock.now())


@door("12")
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """Look in your mail: press there, or type the code here. A POST without a code sends a new mail."""
    programme = programme_at(request.user, organisation_slug, programme_slug)
    require(access.can_apply(request.user, programme))
    row, asked = written_here(request, programme), people_views.code_asked(request)
    if request.user.is_authenticated or row is None or asked is None or asked.email != row.email:
        return redirect("enrolments:enrol", organisation_slug, programme_slug)
    form = people_forms.CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST" and not form.is_bound:
        if keep(request, form, programme, group=row.group, email=row.email, answers=row.answers):
            return redirect(request.path)
    elif form.is_valid():
        try:
            people.use_code(asked, code=form.cleaned_data["code"], now=clock.now())
        except Refused as refusal:
            form.add_error("code", refusal.sentence)
        else:
            return carry_out(request, row, fresh=True)
    back = ["enrolments:enrol", organisation_slug, programme_slug]
    page = {"form": form, "address": row.email, "group": row.group, "programme": programme}
    page["back"] = reverse(back[0], args=back[1:])
    return render(request, "enrolments/code.html", page, status=422 if form.errors else 200)


def written_here(request: HttpRequest, programme: Programme) -> Unconfirmed | None:
    """What was written last in this browser for the programme and waits for the press in the mail."""
    uid = request.session.get(draft_key(programme), {}).get("unconfirmed", "")
    browser = request.session.get(BROWSER, "")
    rows = access.visible_unconfirmed(request.user, uid=uid, browser=browser)
    row = rows.filter(programme=programme, confirmed_at=None).select_related("group").first()
    if row:
        row.programme = programme
    return row


@door("106")
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(
    request: HttpRequest, organisation_slug: str, programme_slug: str, unconfirmed: str, signature: str
) -> HttpResponse:
    """The link in the mail: one button; in the browser that wrote the form a script presses it."""
    programme = programme_at(request.user, organisation_slug, programme_slug)
    found(confirm_link.fits(signature, uid=unconfirmed) or None)
    rows = access.visible_unconfirmed(request.user, uid=unconfirmed, signature=signature)
    row = rows.filter(programme=programme).select_related("group__theme").first()
    if row is None or row.expires_at <= clock.now():
        return over(request, programme, ConfirmRefusal.TOO_LATE)
    row.programme = programme
    if row.confirmed_at:
        return done_before(request, row)
    if request.method == "POST":
        row.press = request.POST.get("press", "")[:32]
        return carry_out(request, row, fresh=False)
    page = {
        "programme": programme,
        "organisation": programme.organisation,
        "same_browser": request.session.get(BROWSER) == row.browser,
        "somebody_else": isinstance(request.user, Person) and request.user.email != row.email,
        "press": new_uid() + new_uid(),
    }
    return render(request, "enrolments/confirm.html", page | as_written(row))


def over(request: HttpRequest, programme: Programme, reason: ConfirmRefusal) -> HttpResponse:
    """A link that does nothing any more, and where to go from here."""
    page = {"programme": programme, "sentence": reason.label, "used": reason == ConfirmRefusal.USED}
    return render(request, "enrolments/link_over.html", page, status=409)


def done_before(request: HttpRequest, row: Unconfirmed) -> HttpResponse:
    """A used link shows what became of it to whoever it was; the same press again signs them in again."""
    person = request.user
    if not (isinstance(person, Person) and person.email == row.email):
        if not is_pressed_again(request, row):
            return over(request, row.programme, ConfirmRefusal.USED)
        person = people.confirm_address(row, now=clock.now())
        people_views.let_in(request, person, now=clock.now(), fresh=False)
    mine = access.own_applications(person).filter(programme=row.programme)
    if application := mine.order_by("-pk").first():
        return redirect("enrolments:application", application=application.uid)
    if row.group and not row.group.by_link:
        slugs = [row.programme.organisation.slug, row.programme.slug]
        return redirect("enrolments:group", *slugs, row.group.uid)
    return over(request, row.programme, ConfirmRefusal.USED)


def is_pressed_again(request: HttpRequest, row: Unconfirmed) -> bool:
    """Whether this is a press from the page that was pressed, or in the browser that wrote the form.

    The answer to the first may have been lost, and with it the session that it began. A look is no press.
    """
    if request.method != "POST":
        return False
    pairs = (request.POST.get("press", ""), row.press), (request.session.get(BROWSER, ""), row.browser)
    return any(kept and constant_time_compare(told, kept) for told, kept in pairs)


def carry_out(request: HttpRequest, row: Unconfirmed, *, fresh: bool) -> HttpResponse:
    """Do what was written, sign the person in, show what became of it.

    `fresh`: by a code just typed, not by a link that may be a day old.
    """
    try:
        done = carried_out(row)
    except Refused as refusal:
        if refusal.reason != ConfirmRefusal.USED:
            raise
        # Another press of the same button was quicker; this one waited for it.
        row.refresh_from_db(fields=["press"])
        return done_before(request, row)
    people_views.let_in(request, done.person, now=clock.now(), fresh=fresh)
    request.session.pop(draft_key(row.programme), None)
    if done.refusal and done.refusal.reason == GroupRefusal.FULL and row.group and not row.group.by_link:
        slugs = [row.programme.organisation.slug, row.programme.slug]
        return redirect("enrolments:group", *slugs, row.group.uid)
    if done.refusal:
        raise done.refusal
    messages.success(request, _("Your address is confirmed, and you are signed in."))
    return redirect(done.outcome)


def carried_out(row: Unconfirmed) -> actions.Done:
    """A place by a mentor's link, a place in the group that was pressed on, or the form that was sent."""
    said = QueryDict(row.answers)
    uid, signature = said.get("join_link", ""), said.get("join_signature", "")
    link = group_access.visible_link(AnonymousUser(), uid=uid, signature=signature)
    # Only where the link was pressed on: what the form of a programme says of links is nothing.
    if link and link.group == row.group:
        return actions.join_confirmed(row, link=link, name=said.get("name", ""), now=clock.now())
    return take(row) if row.group else send(row)


def take(row: Unconfirmed) -> actions.Done:
    """The place in the group that was pressed on."""
    said = QueryDict(row.answers)
    work: actions.Work = {}
    for name in ("workplace", "job", "beginning", "with_address", "manager_name", "manager_email"):
        work[name] = said.get(name, "")
    return actions.take_confirmed(row, name=said.get("name", ""), work=work, now=clock.now())


def send(row: Unconfirmed) -> actions.Done:
    """The form as it was written. Raises Refused with UNFINISHED where it can be read no more."""
    paper = visitors_paper(row.programme, data=QueryDict(row.answers))
    if not paper.sendable():
        raise Refused(EnrolRefusal.UNFINISHED)
    return actions.send_confirmed(
        row,
        name=paper.form.cleaned_data["name"],
        wishes=paper.wishes,
        mask=paper.week.mask,
        now=clock.now(),
        **paper.form.answers(),
    )
