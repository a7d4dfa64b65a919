"""Doors of the room: a group's board, its topics, its links and files, and what left the groups."""

from collections.abc import Callable
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from piiri.base import clock
from piiri.base.doors import found
from piiri.base.errors import Refused
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.notes import access, actions, queries, rules
from piiri.notes.models import Line
from piiri.people.models import Person

A_PAGE = 20
PAGES = {Line.Kind.TOPIC: "notes:topics", Line.Kind.LINK: "notes:files", Line.Kind.FILE: "notes:files"}


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


def one_group(request: HttpRequest, uid: str) -> Group:
    """A group the person sits in; for everybody else there is nothing here."""
    rows = access.groups_of(reader(request)).select_related("programme", "theme")
    group: Group = found(rows.filter(uid=uid).first())
    return group


def open_to(request: HttpRequest, lines: QuerySet[Line]) -> QuerySet[Line]:
    """Those of a group's lines that open to the reader: who came later does not read what was before."""
    return lines.filter(group_access.visible_past(reader(request)))


def one_line(request: HttpRequest, uid: str) -> Line:
    """A line of a group the person sits in."""
    rows = access.visible_lines(reader(request)).select_related("group__programme", "group__theme")
    line: Line = found(rows.filter(uid=uid).first())
    return line


def own_line(request: HttpRequest, uid: str) -> Line:
    """A line the person wrote; another's is not there to be changed."""
    rows = access.own_lines(reader(request)).select_related("group__programme", "group__theme")
    line: Line = found(rows.filter(uid=uid).first())
    return line


def page_of(line: Line) -> str:
    """The address at which the line stands."""
    at = line.answers.uid if line.answers else line.uid
    return reverse(PAGES.get(Line.Kind(line.kind), "notes:board"), args=[line.group.uid]) + f"#l-{at}"


def around(request: HttpRequest, group: Group) -> dict[str, Any]:
    """What all three pages share. Whoever opens one has seen that there is something new."""
    person = reader(request)
    if queries.news(person, group):
        actions.look(group, person=person, by=person, now=clock.now())
    return {
        "group": group,
        "programme": group.programme,
        "tabs": [
            (reverse("notes:board", args=[group.uid]), _("Board")),
            (reverse("notes:topics", args=[group.uid]), _("Topics")),
            (reverse("notes:files", args=[group.uid]), _("Links and files")),
        ],
        "can_write": rules.why_not_write(group) is None,
        "nav": "home",
    }


def written(
    request: HttpRequest, form: Form, deed: Callable[..., Line], about: Group | Line, **more: Any
) -> Line | None:
    """The line that the deed makes of the form; None, with the reason in the form, where that cannot be."""
    if not form.is_valid():
        return None
    try:
        return deed(about, by=reader(request), now=clock.now(), **more, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None


def turned(request: HttpRequest, lines: Any) -> Page[Line]:
    """The asked page of a list."""
    return Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
