"""A group's page in pieces that are drawn once: thousands look at it in the minutes around the opening.

The shell of a programme, what the group is, the card with the one button and the numbers, the next best
groups. Only pages without a draft of the reader's and without a faulty form are put together so; see
views.groups. A key names all that its piece is drawn from, so nothing goes stale.
"""

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from piiri.base.drawn import Drawings, Reader, fill_in, mark
from piiri.base.templatetags.ui import avatar
from piiri.base.uids import new_uid
from piiri.enrolments import forms
from piiri.enrolments.queries import Doorstep
from piiri.enrolments.views.stand import Stand
from piiri.people.models import Person

SHELLS, HEADS, FACTS = Drawings(most=300), Drawings(most=3000), Drawings(most=3000)
CARDS, NEAR = Drawings(most=2000), Drawings(most=500)
ALIKE = ("take", "wait", "full", "wish", "complete", "closed", "over")
NAME, FACE = mark("name"), avatar(name=mark("name"), size="s")
# Of the card: where its buttons lead.
ADDRESSES = ("take", "wait", "enrol", "wish")


def is_alike(request: HttpRequest, stand: Stand) -> bool:
    """Whether everybody sees the same, but for their name, their tokens and where they work."""
    person = request.user
    nameless = isinstance(person, Person) and not person.name
    return (
        stand.what in ALIKE and stand.step.mine is None and not nameless and "messages" not in request.COOKIES
    )


def drawn(request: HttpRequest, stand: Stand, *, just_full: bool = False) -> str:
    """The page, put together from its pieces."""
    person, step, spoken = request.user, stand.step, get_language()
    looks = (spoken, step.looks, tuple(step.mentors), stand.next)
    values: dict[str, str] = {
        "token": get_token(request),
        "key": new_uid(),
        "workplace": step.workplace,
        "job": step.known.job if step.known else "",
        "title": step.group.name,
        "here": stand.here,
        "head": safe(HEADS.get(looks, lambda: draw(stand, "_group_head"))),
        "facts": safe(FACTS.get(looks, lambda: draw(stand, "_group_facts"))),
        "near": safe(near_of(stand, spoken)),
    }
    if isinstance(person, Person):
        values |= {"name": person.name, "avatar": avatar(name=person.name, size="s")}
    values["card"] = safe(fill_in(card_of(stand, spoken, just_full=just_full), values | stand.addresses))
    is_known = isinstance(person, Person)
    shell = SHELLS.get((spoken, step.shell, is_known), lambda: draw_shell(stand, is_known=is_known))
    return fill_in(shell, values)


def draw(stand: Stand, piece: str, **more: Any) -> str:
    """One piece."""
    return render_to_string(f"enrolments/{piece}.html", stand.page() | more)


def draw_shell(stand: Stand, *, is_known: bool) -> str:
    """The page round the pieces."""
    here = mark("here")
    page = {
        "name": mark("title"),
        "head": mark("head"),
        "facts": mark("facts"),
        "beside": mark("near"),
        "card": mark("card"),
        "csrf_token": mark("token"),
        "user": Reader(NAME, is_known),
        "here": here,
        "request": SimpleNamespace(path=here, method="GET", get_full_path=lambda: here),
    }
    return draw(stand, "group", **page).replace(FACE, mark("avatar"))


def card_of(stand: Stand, spoken: str | None, *, just_full: bool) -> str:
    """The card with marks for what is one's own and for its addresses."""
    step, takes = stand.step, stand.what in ("take", "wait")
    is_known, has_job = bool(step.workplace), bool(step.known and step.known.job)
    units = stand.units if takes and not is_known else ()
    sight = (spoken, step.signed_in, is_known, has_job, units, stand.what, just_full, step.programme.rules)
    numbers = (step.in_all, step.free, stand.to_start, stand.wished, stand.seats, stand.hue)

    def drawn_now() -> str:
        page: dict[str, Any] = {name: mark(name) for name in ADDRESSES} | {"csrf_token": mark("token")}
        page |= {"units": units, "just_full": just_full, "visitor": not step.signed_in}
        page |= {
            "workplace": mark("workplace") if is_known else "",
            "form": marked_form(step) if takes else None,
        }
        return draw(stand, "_group_now", **page)

    return CARDS.get((*sight, *numbers), drawn_now)


def near_of(stand: Stand, spoken: str | None) -> str:
    """The next best groups, where this one is full."""
    if not stand.near:
        return ""
    return NEAR.get((spoken, stand.number is None, *stand.near), lambda: draw(stand, "_near"))


def marked_form(step: Doorstep) -> forms.PlaceForm:
    """The form with marks in place of what is known of one reader."""
    has_job = bool(step.known and step.known.job)
    told = {"key": True, "workplace": bool(step.workplace), "job": has_job}
    marks = {name: mark(name) if is_told else "" for name, is_told in told.items()}
    own_address = "signed in" if step.signed_in else ""
    return forms.PlaceForm(None, step=step, own_address=own_address, named=True, initial=marks)


def safe(html: str) -> SafeString:
    """Drawn by our own templates, and filled in escaped."""
    return mark_safe(html)  # noqa: S308
