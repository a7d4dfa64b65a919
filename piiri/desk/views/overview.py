"""The office's first page: how the programme stands, which groups need it, and what it can do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dateformat
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from piiri.base import clock, dates
from piiri.base.doors import door
from piiri.desk import access, bands, queries, rules
from piiri.desk.bands import Band, Reason, Standing
from piiri.desk.queries import Survey, Told, nudging
from piiri.desk.views.shell import PersonRequest, office_of
from piiri.enrolments import queries as enrolment_queries
from piiri.enrolments import rules as enrolment_rules
from piiri.formation import access as formation_access
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Programme


@dataclass(frozen=True)
class GroupCard:
    """A group in its band: what is, why, and whom to write to."""

    group: Group
    seats: str
    mentors: str
    why: str
    line: str
    span: str
    num: str
    hours_pct: int
    write_to: str = ""
    find_mentor: bool = False


@dataclass(frozen=True)
class Step:
    """One bar of the funnel."""

    label: str
    number: int
    most: int
    small: str = ""


@door("89")
@login_required
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """The programmes one runs; whoever runs one and nothing else goes straight to it."""
    run = list(queries.offices(programme_access.programmes_run_by(request.user)))
    looks_after = access.has_organisation(request.user)
    if len(run) == 1 and not looks_after:
        return redirect("desk:overview", run[0].uid)
    may_begin = programme_access.can_set_up_programmes(request.user)
    page = {"programmes": run, "looks_after": looks_after, "may_begin": may_begin, "nav": "office"}
    return render(request, "desk/index.html", page)


@door("64")
@login_required
@require_safe
def overview(request: PersonRequest, programme: str) -> HttpResponse:
    """How the programme stands."""
    row, now = office_of(request, programme), clock.now()
    survey = queries.current_survey(row, now=now)
    may_form = formation_access.can_form_groups(request.user, row)
    page: dict[str, Any] = {
        "programme": row,
        "survey": survey,
        "headline": headline(row, survey, now=now),
        "lead": lead(survey),
        "next_step": next_step(row, survey, may_form=may_form, now=now),
        "may_form": may_form,
        # Looked up only where the part of the page that is the same for all of the office is not at hand.
        "months": SimpleLazyObject(lambda: months_of(row, now=now)),
        "cards": SimpleLazyObject(lambda: cards_of(row, survey, now=now)),
        "coming_up": SimpleLazyObject(lambda: queries.coming_up(row, now=now)),
        "silenced": SimpleLazyObject(lambda: nudging.silenced(row, now=now)),
        "edition": f"{row.uid} {queries.fingerprint(survey)} {short(now, row.zone)} {may_form}",
        "counts": survey.counts,
        "more": {band: number > queries.A_BAND for band, number in survey.counts.items()},
        "funnel": funnel(survey.figures),
        "hours": working_time(row, survey),
        "no_next": no_next(survey),
        "undecided": undecided(row, now=now),
        "waits_for_managers": survey.figures.wait_for_managers,
        "stopped": survey.figures.stopped if may_form else 0,
        "nav": "overview",
    }
    return render(request, "desk/overview.html", page)


# --- groups -----------------------------------------------------------------------------------


def cards_of(programme: Programme, survey: Survey, *, now: datetime) -> dict[Band, list[GroupCard]]:
    """The cards of each band, names looked up now: the roll-up holds none. Two queries."""
    groups = queries.named(told.standing.pk for told in survey.shown)
    mentors = queries.mentors_of(groups)
    return {
        band: [
            card_of(programme, told, groups[told.standing.pk], mentors.get(told.standing.pk, []), now=now)
            for told in survey.of_band(band)
            if told.standing.pk in groups
        ]
        for band in Band
    }


def card_of(
    programme: Programme, told: Told, group: Group, mentors: Iterable[Person], *, now: datetime
) -> GroupCard:
    """One group with its reason in words and its dates."""
    standing, zone = told.standing, programme.zone
    last = short(standing.last_at, zone) if standing.last_at else ""
    coming = short(standing.next_at, zone) if standing.next_at else ""
    line = [
        _("Last %(day)s") % {"day": last} if last else _("Not met yet"),
        _("next %(day)s") % {"day": coming} if coming else _("no next date"),
        dates.hours(standing.minutes),
    ]
    return GroupCard(
        group=group,
        seats=queries.letters(standing),
        mentors=", ".join(str(person) for person in mentors),
        why=well(standing) if told.reason == Reason.WELL else bands.in_words(told.reason, standing, now=now),
        line=" · ".join(line),
        span=f"{last or '–'} → {coming or '–'}" if last or coming else "",
        num=sign(told.reason, standing.held),
        hours_pct=round(100 * standing.minutes / (programme.rules.cap_hours * 60)),
        write_to=",".join(person.email for person in mentors),
        find_mentor=told.reason == Reason.NO_MENTOR,
    )


def short(day: date | datetime, zone: str) -> str:
    """13.1. in every language: many dates in little room."""
    return dateformat.format(dates.local(day, zone), "j.n.")


def well(standing: Standing) -> str:
    """What there is to say of a group that needs nobody: 5 of 6 · 9 h."""
    numbers = {"here": standing.last_present, "all": standing.last_of, "hours": dates.hours(standing.minutes)}
    return _("%(here)s of %(all)s · %(hours)s") % numbers if standing.held else _("About to begin.")


def sign(reason: Reason, held: int) -> str:
    """What stands in the middle of a glyph that needs the office."""
    return {Reason.NO_MENTOR: "–", Reason.SUPPORT_WANTED: "!"}.get(reason, str(held))


# --- sentences --------------------------------------------------------------------------------


def headline(programme: Programme, survey: Survey, *, now: datetime) -> str:
    """The programme in one sentence."""
    if survey.groups and survey.counts[Band.GLANCE] == survey.groups:
        return _("No group needs you now")
    if survey.groups:
        numbers = {"well": survey.groups - survey.counts[Band.NEED], "all": survey.groups}
        words = ngettext(
            "%(well)s of %(all)s group is well on its way",
            "%(well)s of %(all)s groups are well on their way",
            survey.groups,
        )
        return words % numbers
    if programme.state == Programme.State.DRAFT:
        return _("This programme is still a draft")
    stage = enrolment_rules.stage(programme, now=now)
    told = {
        enrolment_rules.Stage.BEFORE: _("Enrolment has not opened yet"),
        enrolment_rules.Stage.OPEN: _("Enrolment is open"),
        enrolment_rules.Stage.CLOSED: _("Enrolment has closed; the groups can be formed"),
        enrolment_rules.Stage.OVER: _("This year is over"),
    }
    return told[stage]


def lead(survey: Survey) -> str:
    """What needs the office, in a sentence or two."""
    need, glance = survey.counts[Band.NEED], survey.counts[Band.GLANCE]
    if not survey.groups:
        applied = survey.figures.applied
        return ngettext("%(n)s person has applied.", "%(n)s people have applied.", applied) % {"n": applied}
    said = [
        ngettext("%(n)s needs you now.", "%(n)s need you now.", need) % {"n": need} if need else "",
        ngettext("%(n)s is worth a glance.", "%(n)s are worth a glance.", glance) % {"n": glance}
        if glance
        else "",
    ]
    return " ".join(filter(None, said)) or _("Nothing needs you now.")


def next_step(
    programme: Programme, survey: Survey, *, may_form: bool, now: datetime
) -> tuple[str, str] | None:
    """The one thing to do before there are groups: its address and its words."""
    if programme.state == Programme.State.DRAFT:
        return reverse("programmes:setup", args=[programme.uid, "check"]), _("Go on setting it up")
    if survey.groups:
        return None
    if may_form and enrolment_rules.stage(programme, now=now) == enrolment_rules.Stage.CLOSED:
        return reverse("formation:board", args=[programme.uid]), _("Form the groups")
    return reverse("enrolments:applications", args=[programme.uid]), _("See the applications")


def no_next(survey: Survey) -> str:
    """How many groups have no date ahead, as a sentence; nothing where all have."""
    number = survey.reasons.get(Reason.NO_NEXT, 0)
    if not number:
        return ""
    words = ngettext("%(n)s group still lacks a next date", "%(n)s groups still lack a next date", number)
    return words % {"n": number}


def undecided(programme: Programme, *, now: datetime) -> str:
    """Which groups are to be decided about, and by when; nothing before enrolment has closed."""
    if enrolment_rules.stage(programme, now=now) != enrolment_rules.Stage.CLOSED:
        return ""
    found = enrolment_queries.undecided(programme)
    words = {"ready": found.ready, "short": found.short}
    said = [
        ngettext("%(short)s group is short of people.", "%(short)s groups are short of people.", found.short)
        % words
        if found.short
        else "",
        ngettext("%(ready)s group can start.", "%(ready)s groups can start.", found.ready) % words
        if found.ready
        else "",
        _("Decide by %(day)s.") % {"day": dates.day(found.first_on)} if found.first_on else "",
    ]
    return " ".join(filter(None, said))


def months_of(programme: Programme, *, now: datetime) -> list[rules.Month]:
    """The year as a strip. Of several things in a month a joint event is said, else what comes first."""
    zone = programme.zone
    today = now.astimezone(programme.tz).date()
    marks = [
        (
            session.starts_at.astimezone(programme.tz).date(),
            f"{session.event} {short(session.starts_at, zone)}",
        )
        for session in programme_queries.sessions(programme)
    ]
    marks += [
        (programme.enrol_opens_at.astimezone(programme.tz).date(), _("Enrolment")),
        (programme.answers_by, _("Groups formed")),
    ]
    said_today = _("Today %(day)s") % {"day": short(now, zone)}
    strip = rules.months(programme, today=today, marks=marks)
    return [
        rules.Month(month.first, month.state, said_today) if month.state == "now" else month
        for month in strip
    ]


# --- figures ----------------------------------------------------------------------------------


def funnel(figures: queries.Figures) -> list[Step]:
    """From wish to group, in people."""
    most = max(figures.applied, figures.placed, 1)
    waiting = ""
    if figures.waiting:
        waiting = ngettext("%(n)s waits", "%(n)s wait", figures.waiting) % {"n": figures.waiting}
    return [
        Step(_("Applied"), figures.applied, most),
        Step(_("Placed in a group"), figures.placed, most, waiting),
        Step(_("Came to the opening"), figures.came_to_opening, most),
        Step(_("Still in a group"), figures.still_in, most),
    ]


def working_time(programme: Programme, survey: Survey) -> dict[str, int]:
    """Participants' minutes of those planned, and the mentors' own."""
    planned = survey.figures.still_in * programme.rules.cap_hours * 60
    return {
        "used": survey.figures.minutes,
        "planned": planned,
        "mentors": survey.figures.mentor_minutes,
    }
