"""A group for those who sit in it, and what the office may see of it."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.formation import queries as formation_queries
from piiri.formation.queries.explaining import weekly_time
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.home import queries
from piiri.home.queries import Chair, MyGroup
from piiri.meetings import queries as meeting_queries
from piiri.meetings.queries import Sitting
from piiri.people.models import Person


@door("25")
@login_required
@require_safe
def group(request: HttpRequest, group: str) -> HttpResponse:
    """The group's page: everything for its members and mentors, no content for its programme's office."""
    person = cast("Person", request.user)
    rows = group_access.visible_groups(person).select_related("programme", "theme")
    row: Group = found(rows.filter(uid=group).first())
    chairs, sat = queries.at_table(row, you=person)
    if not any(chair.you for chair in chairs):
        return for_office(request, row, chairs, sat)
    return render(request, "home/group.html", inside(row, MyGroup(row, chairs, len(chairs)), sat, person))


def inside(row: Group, mine: MyGroup, sat: Sitting, person: Person) -> dict[str, Any]:
    """What members and mentors see."""
    now, year = clock.now(), meeting_queries.Year.of(row)
    used, cap = year.minutes(now), row.programme.rules.cap_hours * 60
    return {
        "group": row,
        "programme": row.programme,
        "mine": mine,
        "weekly": weekly_time(row),
        "people": queries.contacts(row, mine.chairs, for_mentor=mine.leads),
        "seats": queries.round_table(mine.chairs),
        "moments": meeting_queries.timeline(year, now=now, for_mentor=mine.leads, sitting=sat),
        "used": used,
        "cap": cap,
        "left": max(0, cap - used),
        "can_meet": mine.runs_meetings and row.state in (Group.State.FORMING, Group.State.RUNNING),
        "why": None if mine.leads else formation_queries.reason_for(person, group=row),
        "office_address": queries.office_contact(row),
        "nav": "home",
    }


def for_office(request: HttpRequest, row: Group, chairs: list[Chair], sat: Sitting) -> HttpResponse:
    """Dates, minutes, form, method, number present, support wanted, names: what the office needs, no more."""
    now = clock.now()
    rows = queries.without_content(row, sat=sat, now=now)
    page = {
        "group": row,
        "programme": row.programme,
        "weekly": weekly_time(row),
        "chairs": chairs,
        "seats": queries.round_table(chairs),
        "participants": sum(not chair.is_mentor for chair in chairs),
        "rows": rows,
        "support": queries.wants_support(rows),
        "used": meeting_queries.minutes_used(row, now=now),
        "cap": row.programme.rules.cap_hours * 60,
        "write_to": queries.addresses(chairs),
        "nav": "groups",
    }
    return render(request, "home/group_for_office.html", page)
