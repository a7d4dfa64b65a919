"""The page that says "you have a place", drawn once: in a rush thousands come to it from their press."""

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language

from piiri.base.drawn import Drawings, Reader, fill_in, mark, processed
from piiri.base.templatetags.ui import avatar
from piiri.enrolments.models import Application
from piiri.enrolments.queries import OwnApplication
from piiri.people.models import Person

DRAWN = Drawings(most=300)
NAME, FACE = mark("name"), avatar(name=mark("name"), size="s")
# Stand in addresses while the page is drawn.
GROUP, APPLICATION = "g" * 16, "a" * 16


def is_plain(request: HttpRequest, mine: OwnApplication) -> bool:
    """Whether there is a place and nothing else to say of it."""
    row, person = mine.row, request.user
    said = mine.offered or mine.listed or mine.wished or mine.told or mine.named or row.with_address
    named = isinstance(person, Person) and bool(person.name)
    has_place = row.state == Application.State.PLACED and mine.group is not None
    return has_place and named and not said and "messages" not in request.COOKIES


def drawn(request: HttpRequest, mine: OwnApplication, page: dict[str, Any]) -> str:
    """The page; `page` is what its template wants."""
    programme, state, has_office = page["programme"], page["state"], bool(processed(request, "has_office"))
    key = (
        get_language(),
        has_office,
        str(dict(programme.title)),
        programme.slug,
        programme.organisation.slug,
        state.headline,
        state.next,
        page["next_on"],
    )
    html = DRAWN.get(key, lambda: draw(page, has_office=has_office))
    person = request.user
    assert isinstance(person, Person)
    assert mine.group
    return fill_in(
        html,
        {
            "token": get_token(request),
            "name": person.name,
            "avatar": avatar(name=person.name, size="s"),
            "here": request.path,
            "group": mine.group.name,
            "group_uid": mine.group.uid,
            "uid": mine.row.uid,
        },
    )


def draw(page: dict[str, Any], *, has_office: bool) -> str:
    """The page with marks for what is one's own."""
    here = mark("here")
    marked = page | {
        "application": SimpleNamespace(uid=APPLICATION, with_address=""),
        "group": Reader(mark("group"), uid=GROUP),
        "has_office": has_office,
        "csrf_token": mark("token"),
        "user": Reader(NAME),
        "here": here,
        "request": SimpleNamespace(path=here, method="GET", get_full_path=lambda: here),
    }
    html = render_to_string("enrolments/application.html", marked).replace(FACE, mark("avatar"))
    return html.replace(GROUP, mark("group_uid")).replace(APPLICATION, mark("uid"))
