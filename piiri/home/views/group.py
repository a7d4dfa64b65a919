"""A group for those who sit in it, and what the office may see of it."""

from datetime import datetime
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
from piiri.home import queries, rules
from piiri.home.queries import MyGroup, Table
from piiri.meetings import queries as meeting_queries
from piiri.people.models import Person


@door("25")
@login_required
@require_safe
def group(request: HttpRequest, group: str) -> HttpResponse:
    """The group's page: everything for its members and mentors, no content for its programme's office.

    Whose access is paused reads why, and what happens next.
    """
    person = cast("Person", request.user)
    rows = group_access.visible_groups_and_paused(person).select_related("programme__organisation", "theme")
    row: Group = found(rows.filter(uid=group).first())
    table = queries.at_table(row, you=person)
    if table.is_paused:
        office = queries.office_contact(row)
        page = {"group": row, "programme": row.programme, "office_address": office, "nav": "home"}
        return render(request, "home/paused.html", page)
    if not table.is_mine:
        return for_office(request, row, table)
    return render(request, "home/group.html", inside(row, table, person))


def inside(row: Group, table: Table, person: Person) -> dict[str, Any]:
    """What members and mentors see."""
    now, year = clock.now(), meeting_queries.Year.of(row)
    mine = MyGroup(row, table.chairs, len(table.chairs))
    used, cap = year.minutes(now), row.programme.rules.cap_hours * 60
    return {
        "group": row,
        "programme": row.programme,
        "mine": mine,
        "weekly": weekly_time(row),
        "people": queries.contacts(row, mine.chairs, for_mentor=mine.leads),
        "profiles": queries.profiles(row, mine.chairs, for_mentor=mine.leads),
        "seats": queries.round_table(mine.chairs),
        "moments": meeting_queries.timeline(year, now=now, for_mentor=mine.leads, sitting=table.sat),
        "used": used,
        "cap": cap,
        "left": max(0, cap - used),
        "can_meet": mine.runs_meetings and row.state in (Group.State.FORMING, Group.State.RUNNING),
        "why": None if mine.leads else formation_queries.reason_for(person, group=row),
        "office_address": queries.office_contact(row),
        "nav": "home",
        **coming_and_going(row, table, mine, person, now=now),
    }


def coming_and_going(
    row: Group, table: Table, mine: MyGroup, person: Person, *, now: datetime
) -> dict[str, Any]:
    """Who is new and who shows them around, goodbyes, and what the group decides about newcomers."""
    new = queries.newcomers(row, members=table.members, you=person, now=now)
    return {
        "pack": next((one for one in new if one.you), None),
        "newcomers": [one for one in new if not one.you],
        "members": table.members,
        "goodbyes": queries.goodbyes(row, now=now),
        "newcomer_policy": row.programme.rules.newcomers if row.state == Group.State.RUNNING else "",
        "is_living": row.state in Group.LIVING,
        "gathers": mine.leads and row.by_link and row.state in (Group.State.OFFERED, Group.State.FORMING),
        "missing": rules.missing(row, taken=mine.taken),
        "can_begin": rules.can_begin(row, taken=mine.taken, leads=mine.leads),
    }


def for_office(request: HttpRequest, row: Group, table: Table) -> HttpResponse:
    """Dates, minutes, form, method, number present, support wanted, names: what the office needs, no more."""
    now, chairs = clock.now(), table.chairs
    rows = queries.without_content(row, sat=table.sat, now=now)
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
