"""Doors of the room: the agreement and its draft, clauses, goals, one’s own goals."""

from typing import Any, cast

from django.http import HttpRequest, QueryDict

from piiri.agreements import access, queries
from piiri.agreements.models import Agreement
from piiri.agreements.rules import AgreementRefusal
from piiri.base.doors import found
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.people.models import Person


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def sent_with(request: HttpRequest, name: str, value: int) -> QueryDict:
    """What was sent, with one value as it is now: the form comes back with it."""
    data = request.POST.copy()
    data[name] = str(value)
    return data


def own_group(request: HttpRequest, uid: str) -> Group:
    """A group the person sits in; the page for things that never were to everybody else."""
    row: Group = found(access.visible_groups_to_agree(reader(request)).filter(uid=uid).first())
    return row


def group_to_decide(request: HttpRequest, uid: str) -> Group:
    """The same for who speaks for the table; a participant of a group with a mentor reads who does."""
    row = own_group(request, uid)
    if not access.can_make_ready(reader(request), row):
        raise Refused(AgreementRefusal.MENTOR_SAYS)
    return row


def draft_of(request: HttpRequest, group: Group) -> Agreement | None:
    """The draft of the person's group, knowing its group."""
    draft = access.visible_agreements(reader(request)).draft().filter(group=group).first()
    if draft:
        draft.group = group
    return draft


def draft_to_write(request: HttpRequest, group: Group) -> Agreement:
    """The draft of the group; Refused where there is none any more."""
    draft = draft_of(request, group)
    if draft is None:
        raise Refused(AgreementRefusal.NOT_A_DRAFT)
    return draft


def goals_part(request: HttpRequest, group: Group) -> dict[str, Any]:
    """What `_goals_part.html` needs: goals, suggestions, and what the reader can do."""
    person = reader(request)
    goals, suggestions = queries.goals(group), queries.suggestions(group, person)
    most = group.programme.rules.goals_most
    taken = {goal.place for goal in goals} | {one.goal.place for one in suggestions}
    return {
        "group": group,
        "goals": goals,
        "suggestions": suggestions,
        "most": most,
        "can_suggest": len(taken) < most,
        "changing": {one.changes.pk for one in suggestions if one.changes},
        "runs": access.can_make_ready(person, group),
        "nav": "home",
    }
