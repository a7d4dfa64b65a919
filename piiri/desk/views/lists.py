"""The office's lists: groups and people, by name, searchable, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.desk import bands, forms, queries
from piiri.desk.bands import Band, Reason, Standing
from piiri.desk.queries import Told
from piiri.desk.views import rows
from piiri.desk.views.shell import PersonRequest, office_of
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

A_PAGE = 40


@dataclass(frozen=True)
class GroupRow:
    """One line of the list of groups."""

    group: Group
    standing: Standing
    seats: str
    why: str
    tone: str
    mentors: str


TONES = {Band.NEED: "care", Band.GLANCE: "watch", Band.WELL: "good"}


def asked(form: Form) -> dict[str, str]:
    """What was really asked for; what makes no sense is left out."""
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


def page_of(listed: QuerySet[Any], query: QueryDict) -> Page[Any]:
    """The page asked for, or the nearest there is."""
    return Paginator(listed, A_PAGE).get_page(query.get("page"))


@door("64")
@login_required
@require_safe
def groups(request: PersonRequest, programme: str) -> HttpResponse:
    """The groups of the programme."""
    row, now = office_of(request, programme), clock.now()
    form = forms.GroupsForm(request.GET)
    words = asked(form)
    keys = queries.keys_of_band(row, Band(words["band"]), now=now) if "band" in words else None
    listed = queries.groups_listed(row, words=words.get("q", ""), keys=keys)
    page = page_of(listed, request.GET)
    shown = group_rows(row, list(page), now=now)
    context = {
        "programme": row,
        "form": form,
        "page": page,
        "rows": shown,
        "lines": [rows.drawn(group_face(one, zone=row.zone)) for one in shown],
        "asked": urlencode(words),
        "nav": "groups",
    }
    return render(request, "desk/groups.html", context)


def group_rows(programme: Programme, groups: Sequence[Group], *, now: datetime) -> list[GroupRow]:
    """The lines of a page of groups; the same queries for any number."""
    standings = queries.standings(programme, now=now, groups=groups)
    told = {one.standing.pk: one for one in queries.judged(programme, standings, now=now)}
    mentors = queries.mentors_of(group.pk for group in groups)
    return [group_row(group, told.get(group.pk), mentors.get(group.pk, []), now=now) for group in groups]


def group_row(group: Group, told: Told | None, mentors: Sequence[Person], *, now: datetime) -> GroupRow:
    """One line: a group at work with its reason, or one on offer."""
    names = ", ".join(str(person) for person in mentors)
    if told is None:
        offered = Standing(pk=group.pk, mentors=len(mentors))
        return GroupRow(group, offered, queries.letters(offered), _("On offer"), "", names)
    well = told.reason == Reason.WELL
    why = _("Going well") if well else bands.in_words(told.reason, told.standing, now=now)
    return GroupRow(group, told.standing, queries.letters(told.standing), why, TONES[told.band], names)


def group_face(row: GroupRow, *, zone: str) -> rows.GroupFace:
    """How the line of a group looks."""
    standing = row.standing
    return rows.GroupFace(
        language=get_language() or "en",
        uid=row.group.uid,
        name=row.group.name,
        seats=row.seats,
        why=row.why,
        tone=row.tone,
        mentors=row.mentors,
        taken=standing.taken,
        last_at=standing.last_at,
        next_at=standing.next_at,
        zone=zone,
        minutes=standing.minutes,
    )


def person_face(row: queries.PersonRow) -> rows.PersonFace:
    """How the line of a person looks."""
    return rows.PersonFace(
        language=get_language() or "en",
        name=row.name,
        email=row.person.email,
        workplace=row.workplace,
        state=row.state,
        groups=tuple((group.uid, group.name) for group in row.groups),
        minutes=row.minutes,
    )


@door("74")
@login_required
@require_safe
def people(request: PersonRequest, programme: str) -> HttpResponse:
    """The people of the programme: participants, mentors, and those who wait."""
    run = programme_access.programmes_run_by(request.user).select_related("organisation")
    row: Programme = found(run.filter(uid=programme).first())
    form = forms.PeopleForm(request.GET)
    words = asked(form)
    listed = queries.people_listed(row, words=words.get("q", ""), role=words.get("role", ""))
    page = page_of(listed, request.GET)
    shown = queries.with_facts(row, list(page))
    context = {
        "programme": row,
        "form": form,
        "page": page,
        "rows": shown,
        "lines": [rows.drawn(person_face(one)) for one in shown],
        "asked": urlencode(words),
        "nav": "people",
    }
    return render(request, "desk/people.html", context)
