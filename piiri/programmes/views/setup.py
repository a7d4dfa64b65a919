"""The set-up of a programme: six steps, each a form that saves and goes on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from piiri.base import clock
from piiri.base.doors import door, found, require
from piiri.base.errors import Refused
from piiri.people.models import Person
from piiri.programmes import access, actions, forms, queries, rules
from piiri.programmes.models import Programme
from piiri.programmes.parameters import Rules
from piiri.programmes.views.meaning import meaning

STEPS = {
    "name": gettext_lazy("Name and year"),
    "rules": gettext_lazy("Rules"),
    "themes": gettext_lazy("Themes"),
    "dates": gettext_lazy("Dates and breaks"),
    "words": gettext_lazy("Words of the page"),
    "check": gettext_lazy("Check and open"),
}
ORDER = list(STEPS)
Refusal = rules.PublishRefusal
# Where each reason against publishing is put right.
PUT_RIGHT_AT = {
    Refusal.PARAMETERS: "rules",
    Refusal.NO_THEME: "themes",
    Refusal.THEME_UNTRANSLATED: "themes",
    Refusal.DATES_OUT_OF_ORDER: "dates",
    Refusal.EVENT_OUTSIDE_YEAR: "dates",
}


class PersonRequest(HttpRequest):
    """A request below login_required."""

    user: Person
    htmx: bool


@dataclass(frozen=True)
class Step:
    """One step as the row of steps shows it."""

    label: str
    state: str
    url: str


def office_of(request: PersonRequest, uid: str) -> Programme:
    """The programme whose office is asked for: 404 from outside, 403 for those without the right."""
    rows = access.visible_offices(request.user).select_related("organisation")
    programme: Programme = found(rows.filter(uid=uid).first())
    require(access.can_edit_programme(request.user, programme))
    return programme


def steps_of(programme: Programme | None, here: str) -> list[Step]:
    """The six steps; of a programme that is not there yet only the first can be opened."""
    at = ORDER.index(here)
    return [
        Step(
            str(label),
            "now" if name == here else ("done" if number < at else ""),
            reverse("programmes:setup", args=[programme.uid, name]) if programme else "",
        )
        for number, (name, label) in enumerate(STEPS.items())
    ]


def neighbours(programme: Programme, step: str) -> dict[str, str]:
    """Addresses of the step before and after, and what comes next in words."""
    at = ORDER.index(step)
    before = reverse("programmes:setup", args=[programme.uid, ORDER[at - 1]]) if at else ""
    following = ORDER[min(at + 1, len(ORDER) - 1)]
    return {"before": before, "next_label": str(STEPS[following])}


@door("4")
@login_required
@require_http_methods(["GET", "POST"])
def setup(request: PersonRequest, programme: str, step: str) -> HttpResponse:
    """One step of the set-up."""
    if step not in STEPS:
        raise Http404
    row = office_of(request, programme)
    return PAGES[step](request, row)


def step_page(
    request: PersonRequest, programme: Programme, step: str, page: Mapping[str, Any], *, wrong: bool = False
) -> HttpResponse:
    """The page of a step with what every step shows."""
    around = {
        "programme": programme,
        "nav": "setup",
        "step": step,
        "steps": steps_of(programme, step),
        "locked": programme.state == Programme.State.CLOSED,
        **neighbours(programme, step),
    }
    return render(request, f"programmes/{step}.html", around | dict(page), status=422 if wrong else 200)


def onward(request: PersonRequest, programme: Programme, step: str) -> HttpResponse:
    """To the next step; or back to this one, saved, when the form asked to stay."""
    if "stay" in request.POST:
        messages.success(request, _("Saved."))
        return redirect("programmes:setup", programme.uid, step)
    return redirect("programmes:setup", programme.uid, ORDER[ORDER.index(step) + 1])


def done(form: Form, deed: Callable[[], object]) -> bool:
    """Do the deed; a refusal becomes a sentence of the form."""
    try:
        deed()
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def name_step(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Names, words, and whose staff is served."""
    form = forms.AboutForm(
        request.POST or None,
        initial=forms.begin_about(programme, queries.employers(programme)),
        employers=queries.possible_employers(programme.organisation),
    )
    if request.method == "POST" and form.is_valid():
        by, now = request.user, clock.now()
        if done(form, lambda: actions.describe_programme(programme, about=form.about(), by=by, now=now)):
            return onward(request, programme, "name")
    return step_page(request, programme, "name", {"form": form}, wrong=bool(form.errors))


def rules_step(request: PersonRequest, programme: Programme) -> HttpResponse:
    """All parameters; the button "Show what this means" and htmx save nothing."""
    now_set = {each.name: getattr(programme.rules, each.name) for each in fields(Rules)}
    form = forms.RulesForm(request.POST or None, initial=now_set)
    whole = form.is_valid()
    wanted = form.rules(programme.rules) if request.method == "POST" else programme.rules
    page = {"form": form, "sections": form.sections(), "meaning": meaning(wanted)}
    if request.htmx:
        return render(request, "programmes/_meaning.html", page)
    saving = whole and "show" not in request.POST
    if saving and done(form, lambda: set_parameters(request, programme, form.cleaned_data)):
        return onward(request, programme, "rules")
    return step_page(request, programme, "rules", page, wrong=bool(form.errors))


def set_parameters(request: PersonRequest, programme: Programme, values: Mapping[str, Any]) -> None:
    actions.set_parameters(programme, values=values, by=request.user, now=clock.now())


def one_more(request: PersonRequest, prefix: str, most: int) -> Any:
    """What was posted, with one more empty row where "Add a row" was pressed."""
    posted = request.POST.copy()
    rows = int(posted.get(f"{prefix}-TOTAL_FORMS") or 0)
    posted[f"{prefix}-TOTAL_FORMS"] = str(min(rows + 1, most))
    return posted


def swapped(request: PersonRequest, prefix: str, move: str) -> tuple[Any, int]:
    """What was posted with one row moved ("up:3", "down:3"), and where that row stands now."""
    posted = request.POST.copy()
    deed, _colon, number = move.partition(":")
    rows = int(posted.get(f"{prefix}-TOTAL_FORMS") or 0)
    row = int(number) if number.isdigit() else 0
    other = row - 1 if deed == "up" else row + 1
    if not (0 <= row < rows and 0 <= other < rows):
        return posted, row
    one, two = f"{prefix}-{row}-", f"{prefix}-{other}-"
    for name in {key.removeprefix(one).removeprefix(two) for key in posted if key.startswith((one, two))}:
        mine, theirs = posted.getlist(one + name), posted.getlist(two + name)
        for key, values in ((one + name, theirs), (two + name, mine)):
            posted.pop(key, None)
            if values:
                posted.setlist(key, values)
    return posted, other


def rows_posted(request: PersonRequest, prefix: str, *, move: str) -> tuple[Any, int]:
    """The posted rows as the pressed button leaves them, and the row it moved."""
    if move:
        return swapped(request, prefix, move)
    return (one_more(request, prefix, 60) if "add" in request.POST else request.POST or None), 0


def themes_step(request: PersonRequest, programme: Programme) -> HttpResponse:
    """The themes in the programme's languages; rows are added and taken away without script too."""
    existing = {theme.uid: theme for theme in queries.themes(programme)}
    move = request.POST.get("move", "")
    editing = "add" in request.POST or bool(move)
    posted, at = rows_posted(request, "themes", move=move)
    rows = forms.ThemeFormSet(
        posted,
        initial=[forms.begin_theme(theme) for theme in existing.values()],
        form_kwargs={"languages": programme.languages or ["fi"]},
        prefix="themes",
    )
    refusal = ""
    if request.method == "POST" and not editing and rows.is_valid():
        written = [row.theme(existing.get(row.cleaned_data["uid"])) for row in rows if row.is_written()]
        try:
            actions.write_themes(programme, themes=written, by=request.user, now=clock.now())
        except Refused as reason:
            refusal = reason.sentence
        else:
            return onward(request, programme, "themes")
    focus = f"{move.partition(':')[0]}:{at}" if move else ""
    page = {"rows": rows, "refusal": refusal, "focus": focus}
    return step_page(request, programme, "themes", page, wrong=not editing and wrong_rows(rows, refusal))


def wrong_rows(rows: Any, refusal: str = "") -> bool:
    """Whether a posted formset has something wrong with it."""
    return bool(refusal) or (rows.is_bound and not rows.is_valid())


def dates_step(request: PersonRequest, programme: Programme) -> HttpResponse:
    """The days of the year and its breaks; joint events have pages of their own."""
    adding = "add" in request.POST
    posted = one_more(request, "breaks", 60) if adding else request.POST or None
    existing = {each.uid: each for each in queries.breaks(programme)}
    form = forms.DatesForm(posted, initial=forms.begin_dates(programme))
    rows = forms.BreakFormSet(
        posted,
        initial=[forms.begin_break(each) for each in existing.values()],
        form_kwargs={"languages": programme.languages or ["fi"]},
        prefix="breaks",
    )
    if posted is not None and not adding and form.is_valid() and rows.is_valid():
        pauses = [row.pause(existing.get(row.cleaned_data["uid"])) for row in rows if row.is_written()]
        by, now = request.user, clock.now()
        days = form.dates()
        if done(form, lambda: actions.write_dates(programme, dates=days, breaks=pauses, by=by, now=now)):
            return onward(request, programme, "dates")
    page = {
        "form": form,
        "rows": rows,
        "events": queries.events(programme),
        "holidays": queries.holidays_between(programme),
    }
    return step_page(
        request, programme, "dates", page, wrong=not adding and (bool(form.errors) or wrong_rows(rows))
    )


def words_step(request: PersonRequest, programme: Programme) -> HttpResponse:
    """What the page says, and the questions it answers; questions are moved and added without script too."""
    existing = {question.uid: question for question in queries.questions(programme)}
    move = request.POST.get("move", "")
    editing = "add" in request.POST or bool(move)
    posted, at = rows_posted(request, "questions", move=move)
    languages = programme.languages or ["fi"]
    form = forms.PageForm(posted, initial=forms.begin_page(programme), languages=languages)
    rows = forms.QuestionFormSet(
        posted,
        initial=[forms.begin_question(question) for question in existing.values()],
        form_kwargs={"languages": languages},
        prefix="questions",
    )
    if posted is not None and not editing and form.is_valid() and rows.is_valid():
        page = form.page(programme)
        asked = [row.question(existing.get(row.cleaned_data["uid"])) for row in rows if row.is_written()]
        by, now = request.user, clock.now()
        if done(form, lambda: actions.write_words(programme, page=page, questions=asked, by=by, now=now)):
            return onward(request, programme, "words")
    wrong = not editing and (bool(form.errors) or wrong_rows(rows))
    focus = f"{move.partition(':')[0]}:{at}" if move else ""
    around = {"form": form, "rows": rows, "focus": focus, "embed": embed_of(programme)}
    return step_page(request, programme, "words", around, wrong=wrong)


def embed_of(programme: Programme) -> str:
    """The whole address of the programme's little page for other sites."""
    slugs = [programme.organisation.slug, programme.slug]
    return settings.ORIGIN + reverse("enrolments:embed", args=slugs)


def check_step(request: PersonRequest, programme: Programme) -> HttpResponse:
    """What is missing, what is worth a look, and the button that opens the programme."""
    themes, sessions = list(queries.themes(programme)), list(queries.sessions(programme))
    employers = list(queries.employers(programme))
    reasons = rules.reasons_not_to_publish(
        programme, themes=themes, sessions=sessions, employers=len(employers)
    )
    page = {
        "missing": missing_tasks(programme, reasons),
        "themes": themes,
        "employers": employers,
        "facts": queries.facts(programme),
        "days": [entry for entry in queries.calendar(programme) if entry.kind != "holiday"],
        "clashes": queries.events_on_closed_days(programme),
        "plan": rules.hours_plan(programme.rules),
        "is_draft": programme.state == Programme.State.DRAFT,
        "is_running": programme.state == Programme.State.PUBLISHED,
        "has_next": programme.following.exists(),
        "may_grant": access.can_grant_coordinator(request.user, programme),
    }
    return step_page(request, programme, "check", page)


def missing_tasks(programme: Programme, reasons: Sequence[Refusal]) -> list[dict[str, str]]:
    """What stands against opening as tasks, the first one now, each with the step that puts it right."""
    missing = [reason for reason in reasons if reason != Refusal.NOT_A_DRAFT]
    return [
        {
            "title": str(reason.label),
            "url": reverse("programmes:setup", args=[programme.uid, PUT_RIGHT_AT.get(reason, "name")]),
            "deed": _("Put it right"),
            "state": "" if number else "now",
        }
        for number, reason in enumerate(missing)
    ]


PAGES: dict[str, Callable[[PersonRequest, Programme], HttpResponse]] = {
    "name": name_step,
    "rules": rules_step,
    "themes": themes_step,
    "dates": dates_step,
    "words": words_step,
    "check": check_step,
}
