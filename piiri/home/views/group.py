"""A group for those who sit in it, and what the office may see of it."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from piiri.agreements import queries as agreement_queries
from piiri.agreements.models import Goal
from piiri.agreements.queries import AgreementCard
from piiri.base import clock, dates
from piiri.base.doors import door, found
from piiri.formation import queries as formation_queries
from piiri.formation.queries.explaining import weekly_time
from piiri.groups import access as group_access
from piiri.groups import queries as group_queries
from piiri.groups import rules as group_rules
from piiri.groups.models import Group
from piiri.home import queries, rules
from piiri.home.queries import MyGroup, Table
from piiri.home.views.course import Agreed, Course
from piiri.home.views.phases import phases
from piiri.home.views.steps import next_three
from piiri.meetings import queries as meeting_queries
from piiri.meetings.models import Meeting
from piiri.methods import queries as method_queries
from piiri.notes import queries as note_queries
from piiri.people.models import Person

PAGES = (
    ("home:group", _("Meetings")),
    ("agreements:agreement", _("Agreement")),
    ("notes:board", _("Between meetings")),
    ("home:people", _("People")),
)


@door("25")
@login_required
@require_safe
def group(request: HttpRequest, group: str) -> HttpResponse:
    """The group's page: its year for its members and mentors, no content for its programme's office.

    Whose access is paused reads why, and what happens next.
    """
    person = cast("Person", request.user)
    row = one_group(person, group)
    table = queries.at_table(row, you=person)
    if table.is_paused:
        office = queries.office_contact(row)
        page = {"group": row, "programme": row.programme, "office_address": office, "nav": "home"}
        return render(request, "home/paused.html", page)
    if not table.is_mine:
        return for_office(request, row, table)
    return render(request, "home/group.html", inside(row, table, person))


@door("25")
@login_required
@require_safe
def people(request: HttpRequest, group: str) -> HttpResponse:
    """Who is in the group, who is new, and quiet doors of one's own seat; the office reads its own page."""
    person = cast("Person", request.user)
    row = one_group(person, group)
    table = queries.at_table(row, you=person)
    if table.is_paused or not table.is_mine:
        return redirect("home:group", row.uid)
    mine = MyGroup(row, table.chairs, len(table.chairs))
    page = around(row, mine) | {
        "people": queries.contacts(row, mine.chairs, for_mentor=mine.leads),
        "profiles": queries.profiles(row, mine.chairs, for_mentor=mine.leads),
        "why": None if mine.leads else formation_queries.reason_for(person, group=row),
        "office_address": queries.office_contact(row),
        "newcomers": [one for one in new_in(row, table, person) if not one.you],
        "members": table.members,
        "newcomer_policy": row.programme.rules.newcomers if row.state == Group.State.RUNNING else "",
        "is_living": row.state in Group.LIVING,
    }
    return render(request, "home/people.html", page)


def one_group(person: Person, uid: str) -> Group:
    """A group the person may see, or that waits for them."""
    visible = group_access.visible_groups_and_paused
    row: Group = found(queries.visible_group(visible, person=person, uid=uid))
    return row


def around(row: Group, mine: MyGroup) -> dict[str, Any]:
    """What stands on each of the group's pages that this room shows."""
    other = next((chair for chair in mine.chairs if not chair.you), None)
    return {
        "group": row,
        "programme": row.programme,
        "mine": mine,
        "seats": queries.round_table(mine.chairs),
        "other": other if row.guidance == Group.Guidance.PAIR else None,
        "weekly": weekly_time(row),
        "tabs": [(reverse(name, args=[row.uid]), str(label)) for name, label in PAGES],
        "nav": "home",
    }


def new_in(row: Group, table: Table, person: Person) -> list[queries.Newcomer]:
    """Who came lately."""
    return queries.newcomers(row, members=table.members, you=person, now=clock.now())


def inside(row: Group, table: Table, person: Person) -> dict[str, Any]:
    """What members and mentors see: what is agreed, the year, what comes next, who is new."""
    now, common = clock.now(), queries.common(row.programme)
    meetings = queries.meetings(row)
    year = meeting_queries.Year(row, meetings, common.sessions)
    coming = next((one for one in meetings if one.state == Meeting.State.PLANNED and one.ends_at > now), None)
    mine = MyGroup(row, table.chairs, len(table.chairs), meeting=coming, meetings=meetings)
    card, goals = agreement_queries.card(row, person), agreement_queries.goals(row)
    new = new_in(row, table, person)
    year_now = Course(
        row,
        meetings,
        common.sessions,
        queries.pauses_of(common),
        now=now,
        agreed=agreed_by(card, goals),
        newcomers=sum(not one.buddy for one in new),
    )
    used, cap = year.minutes(now), row.programme.rules.cap_hours * 60
    moments = meeting_queries.timeline(year, now=now, for_mentor=mine.leads, sitting=table.sat)
    return (
        around(row, mine)
        | {
            "agreement": card,
            "goals": goals,
            "shows_goals": bool(goals) or mine.works,
            "moments": moments,
            "phases": phases(year_now),
            "next_steps": next_three(year_now) if mine.leads_now else [],
            "used": used,
            "cap": cap,
            "left": max(0, cap - used),
            "has_news": note_queries.news(person, row),
            "goodbyes": queries.goodbyes(row, left_at=table.left_at, now=now),
            "gathers": mine.leads and row.by_link and row.state in (Group.State.OFFERED, Group.State.FORMING),
            "missing": rules.missing(row, taken=mine.taken),
            "can_begin": rules.can_begin(row, taken=mine.taken, leads=mine.leads),
            "pack": next((one for one in new if one.you), None),
            "newcomers": [one for one in new if not one.you],
        }
        | dates_of(mine, year_now)
        | history(row, table, person, year_now)
        | of_a_pair(row, mine, person, year_now)
    )


def agreed_by(card: AgreementCard | None, goals: Sequence[Goal]) -> Agreed:
    """What the rules need to know of agreement and goals."""
    moments = [goal.agreed_at for goal in goals] + [card.ready_at if card else None]
    last = max((moment for moment in moments if moment), default=None)
    zone = card.group.programme.tz if card else goals[0].group.programme.tz if goals else None
    on = last.astimezone(zone).date() if last else None
    return Agreed(signed=bool(card and card.is_complete), goals=bool(goals), on=on)


def dates_of(mine: MyGroup, course: Course) -> dict[str, Any]:
    """Whether the reader sets dates, the one that the rhythm proposes, and what a break near asks for."""
    row, coming = mine.group, course.coming
    sets = mine.runs_meetings and mine.works
    days = [one.local_date for one in course.meetings]
    beside = meeting_queries.beside_of(coming[0].local_date, days, course.breaks) if coming else []
    wants_date = sets and row.state == Group.State.RUNNING and not coming
    proposed = (
        meeting_queries.proposed(row, course.meetings, course.breaks, now=course.now) if wants_date else None
    )
    return {"can_meet": sets, "beside": beside, "wants_date": wants_date, "proposed": proposed}


def history(row: Group, table: Table, person: Person, course: Course) -> dict[str, Any]:
    """The group's past in facts for a newcomer; whether it is to be opened to a mentor who came later."""
    held = [one for one in course.meetings if one.state == Meeting.State.HELD]
    names = method_queries.method_names()
    waits = group_queries.history_open_to_say(table.successors, person)
    return {
        "held": held,
        "held_days": ", ".join(dates.day(one.starts_at, one.zone) for one in held),
        "methods": list(dict.fromkeys(names[one.method] for one in held if one.method in names)),
        "successors": table.successors,
        "may_open_history": waits,
        "reads_from_now": table.reads_from_now,
    }


def of_a_pair(row: Group, mine: MyGroup, person: Person, course: Course) -> dict[str, Any]:
    """What only a pair's page says: what each wrote while it prepares, and whether roles may change."""
    facts = course.facts
    if not facts.is_pair:
        return {}
    programme, phase = row.programme, rules.phase_of(facts)
    half_over = course.today >= group_rules.half_of(programme.starts_on, programme.ends_on)
    swaps = not group_rules.why_not_swap(row, allowed=programme.rules.swap, half_over=half_over)
    said = group_queries.swap_said_by(row) if swaps else set()
    prepares = phase == rules.Phase.PREPARING
    return {
        "profiles": queries.profiles(row, mine.chairs, for_mentor=mine.leads) if prepares else [],
        "swaps": swaps,
        "swap_said": person.pk in said,
        "swap_asked": bool(said - {person.pk}),
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
