"""The office works on a proposal: moves people after a look at what it does, locks, undoes, does again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door
from piiri.base.errors import Refused
from piiri.formation import actions, forms, queries
from piiri.formation.models import Run
from piiri.formation.queries import Bench, Effect, beside
from piiri.formation.rules import FormationRefusal
from piiri.formation.views.look import inspected, look_of, page_of
from piiri.formation.views.office import office_run, reader

CONFLICT = 409
UNCLEAR = 422


@door("15")
@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, run: str) -> HttpResponse:
    """Show what moving these people does; posted, move them."""
    row = office_run(request, run)
    form = forms.MoveForm(request.POST if request.method == "POST" else request.GET)
    if row.state != Run.State.READY:
        return _refused(request, row, str(FormationRefusal.NOT_READY.label))
    if not form.is_valid():
        return _unclear(request, row, form)
    if request.method == "GET":
        return _effect(request, row, form)
    about = {"moves": form.moves, "reason": form.cleaned_data["reason"]}
    try:
        changed = actions.move(
            row, seen=form.cleaned_data["seen"], by=reader(request), now=clock.now(), **about
        )
    except Refused as refusal:
        row.refresh_from_db()
        return _effect(request, row, form, refused=refusal)
    first = form.cleaned_data["person"][0]
    return _changed(request, changed, said=_("Moved. You can undo it."), focus=first)


@door("15")
@login_required
@require_POST
def lock(request: HttpRequest, run: str) -> HttpResponse:
    """Lock the places of these people, or unlock them."""
    row = office_run(request, run)
    form = forms.LockForm(request.POST)
    if not form.is_valid():
        return _unclear(request, row, form)
    locked = form.cleaned_data["locked"]

    def deed(**who: Any) -> Run:
        return actions.lock(row, people=form.cleaned_data["person"], locked=locked, **who)

    said = _("Locked. Nobody moves from there.") if locked else _("Not locked any more.")
    return _made(request, row, deed, said=said, focus="lock")


@door("15")
@login_required
@require_POST
def undo_step(request: HttpRequest, run: str) -> HttpResponse:
    """Take the last step back."""
    row = office_run(request, run)

    def deed(**who: Any) -> Run:
        return actions.undo_step(row, **who)

    return _made(request, row, deed, said=_("The last step is undone."), focus="undo")


@door("15")
@login_required
@require_POST
def redo_step(request: HttpRequest, run: str) -> HttpResponse:
    """Take a step again that was undone."""
    row = office_run(request, run)

    def deed(**who: Any) -> Run:
        return actions.redo_step(row, **who)

    return _made(request, row, deed, said=_("The step is done again."), focus="redo")


def workbench(request: HttpRequest, run: Run, *, status: int = 200) -> HttpResponse:
    """The page of a proposal; for htmx the part of it that one person or group is looked at in."""
    look = look_of(request.GET if request.method == "GET" else QueryDict(request.POST.get("look", "")))
    if is_part(request):
        bench = queries.bench(run)
        page: dict[str, Any] = {"run": run, "bench": bench, "look": look, "keep": look.keep, "take": True}
        page["publishing"] = queries.publishing_of(run)
        return render(request, "formation/_inspector.html", page | inspected(run, bench, look))
    page = page_of(run, look)
    page |= inspected(run, page["bench"], look) | {"side_by_side": beside.side_by_side(run.programme)}
    return render(request, "formation/workbench.html", page, status=status)


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def _made(request: HttpRequest, row: Run, deed: Callable[..., Run], *, said: str, focus: str) -> HttpResponse:
    """Do it as whoever knocks, having seen what they saw; answer with what changed."""
    seen = request.POST.get("seen", "")
    try:
        changed = deed(seen=int(seen) if seen.isdecimal() else -1, by=reader(request), now=clock.now())
    except Refused as refusal:
        return _refused(request, row, refusal.sentence)
    return _changed(request, changed, said=said, focus=focus)


def _changed(request: HttpRequest, row: Run, *, said: str, focus: str) -> HttpResponse:
    """The groups of the last step and what counts them; without htmx the page anew."""
    messages.success(request, said)
    look = look_of(QueryDict(request.POST.get("look", "")))
    if not is_part(request):
        where = f"person={look.person}" if look.person else f"group={look.group}" if look.group else ""
        query = "&".join(filter(None, (look.keep, where)))
        return redirect(f"{reverse('formation:run', args=[row.uid])}?{query}")
    page = page_of(row, look)
    bench: Bench = page["bench"]
    steps = [one.number for one in (bench.can_undo, bench.can_redo) if one]
    reached = beside.reached(row, steps=steps)
    page["is_other"] = _came_or_went(bench, reached)
    if not page["is_other"]:
        page["cards"] = [card for card in page["cards"] if card.group.uid in reached.groups]
    page |= inspected(row, bench, look, options=focus == "lock")
    page |= {"focus": _pressable(focus, bench), "swap": True}
    page["beside"] = beside.card(row) if row.letter else None
    return render(request, "formation/changed.html", page)


def _pressable(focus: str, bench: Bench) -> str:
    """Where the focus goes: from a button that has nothing more to do to the one beside it."""
    if focus == "undo" and not bench.can_undo:
        return "redo"
    return "undo" if focus == "redo" and not bench.can_redo else focus


def _came_or_went(bench: Bench, reached: beside.Reached) -> bool:
    """Whether a group may have opened or closed, so that the grid is another."""
    sizes = {one.uid: [row.uid for row in one.members] for one in bench.groups}
    return any(set(sizes.get(uid, ())) <= set(reached.people) for uid in reached.groups)


def _effect(
    request: HttpRequest, row: Run, form: forms.MoveForm, *, refused: Refused | None = None
) -> HttpResponse:
    """What the move would do to the proposal as it is now, and the way to do it."""
    effect = queries.effect(row, form.moves)
    to = form.cleaned_data["to"]
    group = next((one.name for one in effect.groups if one.uid == to), "")
    people = form.cleaned_data["person"]
    seat = queries.seat(row, people[0]) if len(people) == 1 else None
    look = request.POST.get("look") or request.GET.get("look", "")
    page: dict[str, Any] = {
        "run": row,
        "programme": row.programme,
        "nav": "groups",
        "effect": effect,
        "form": form,
        "people": people,
        "name": seat.name if seat else "",
        "to": to,
        "group": group,
        "look_said": look,
        "refused": refused.sentence if refused and _is_worth_saying(refused, effect) else "",
    }
    if not is_part(request):
        return render(request, "formation/effect.html", page, status=CONFLICT if refused else 200)
    if refused:
        page |= page_of(row, look_of(QueryDict(look))) | {"swap": True, "is_other": True, "dialog": True}
        page |= inspected(row, page["bench"], page["look"])
        return render(request, "formation/changed.html", page, status=CONFLICT)
    return render(request, "formation/effect_part.html", page)


def _is_worth_saying(refused: Refused, effect: Effect) -> bool:
    """The effect says itself why a move cannot be; what somebody else did has to be told."""
    return refused.reason == FormationRefusal.STALE or effect.allowed


def _unclear(request: HttpRequest, row: Run, form: forms.PeopleForm) -> HttpResponse:
    """A sentence about what was not chosen."""
    sentence = " ".join(str(one) for errors in form.errors.values() for one in errors)
    return _refused(request, row, sentence, status=UNCLEAR)


def _refused(request: HttpRequest, row: Run, sentence: str, *, status: int = CONFLICT) -> HttpResponse:
    """The proposal as it is now, with a sentence about why nothing was done."""
    row = office_run(request, row.uid)
    if not is_part(request) or row.state != Run.State.READY:
        messages.error(request, sentence)
        if row.state != Run.State.READY:
            return render(
                request, "formation/run.html", {"run": row, "programme": row.programme}, status=status
            )
        return workbench(request, row, status=status)
    if request.method == "GET":
        return render(
            request, "formation/effect_part.html", {"sentence": sentence, "run": row}, status=status
        )
    messages.error(request, sentence)
    look = look_of(QueryDict(request.POST.get("look", "")))
    page = page_of(row, look) | {"swap": True, "is_other": True}
    page |= inspected(row, page["bench"], look)
    return render(request, "formation/changed.html", page, status=status)
