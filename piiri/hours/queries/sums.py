"""What attendance adds up to: by person, by programme, as the rows of a statement."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from piiri.base.book import Cell
from piiri.enrolments.models import Application
from piiri.groups.models import Membership, Mentorship
from piiri.hours import counting
from piiri.hours.models import Statement
from piiri.meetings import queries as meeting_queries
from piiri.meetings.models import Attendance, Correction, Meeting
from piiri.networks.models import Affiliation, Organisation
from piiri.people.models import Person
from piiri.programmes.models import EventSession, Programme
from piiri.programmes.parameters import Rules

Role = Attendance.Role
Employer = Organisation | Literal["all", "none"]
Sums = dict[tuple[int, str], int]


@dataclass(frozen=True)
class Line:
    """One date of a person: a meeting or a joint event, the minutes there and what they count for."""

    starts_at: datetime
    event: str
    group: str
    role: str
    minutes: int
    counts: int
    thing: Meeting | EventSession
    corrections: list[Correction] = field(default_factory=list)

    @property
    def is_meeting(self) -> bool:
        return isinstance(self.thing, Meeting)


@dataclass(frozen=True)
class Hours:
    """A person's hours in one programme, with their parts. Minutes are as they count."""

    programme: Programme
    lines: list[Line]

    @property
    def meeting_minutes(self) -> int:
        return sum(line.counts for line in self.lines if line.is_meeting)

    @property
    def event_minutes(self) -> int:
        return sum(line.counts for line in self.lines if not line.is_meeting)

    @property
    def total(self) -> int:
        return self.meeting_minutes + self.event_minutes

    @property
    def cap(self) -> int:
        return cap_of(self.programme.rules)

    @property
    def leads(self) -> bool:
        """Whether some of it was led, and so counts by the mentor's factor."""
        return any(line.is_meeting and line.role == Role.MENTOR for line in self.lines)


def cap_of(rules: Rules) -> int:
    """Minutes a person is meant to use at most. They guide planning and stop nobody."""
    return rules.cap_hours * 60


def counted(rules: Rules, *, role: str, met: int, joint: int) -> tuple[int, int]:
    """Minutes of meetings and of joint events as they count by the programme's rules."""
    return counting.counted(
        role=role,
        meeting_minutes=met,
        event_minutes=joint,
        mentor_factor=rules.mentor_factor,
        events_count=rules.events_count,
    )


def hours_of(person: Person, programmes: Iterable[Programme]) -> list[Hours]:
    """The person's dates in each programme, in order, with what was corrected and why. Two queries."""
    chosen = {programme.pk: programme for programme in programmes}
    lines: dict[int, list[Line]] = {key: [] for key in chosen}
    rows = list(meeting_queries.attendances_of(person, programmes=chosen))
    found: dict[tuple[bool, int], list[Correction]] = defaultdict(list)
    for correction in meeting_queries.corrections_of(person, programmes=chosen):
        found[thing_key(correction)].append(correction)
    for row in rows:
        programme = chosen[programme_of(row)]
        lines[programme.pk].append(line_of(row, programme.rules, found.pop(thing_key(row), [])))
    # What was corrected down to nothing has no attendance any more, and is shown all the same.
    for corrections in found.values():
        programme = chosen[programme_of(corrections[-1])]
        lines[programme.pk].append(line_of(corrections[-1], programme.rules, corrections))
    return [
        Hours(programme, sorted(lines[key], key=lambda line: line.starts_at))
        for key, programme in chosen.items()
    ]


def thing_key(row: Attendance | Correction) -> tuple[bool, int]:
    """Which meeting (True) or session (False) a row is about."""
    return (True, row.meeting_id) if row.meeting_id else (False, row.session_id or 0)


def programme_of(row: Attendance | Correction) -> int:
    """The key of the programme a row belongs to."""
    if row.meeting:
        return row.meeting.group.programme_id
    assert row.session
    return row.session.event.programme_id


def line_of(row: Attendance | Correction, rules: Rules, corrections: list[Correction]) -> Line:
    """A date with its minutes; those of a correction down to nothing are 0."""
    thing = row.meeting or row.session
    assert thing
    role, minutes = (row.role, row.minutes) if isinstance(row, Attendance) else (Role.PARTICIPANT, 0)
    counts = isinstance(thing, Meeting) or thing.event.counts_hours
    met, joint = counted(
        rules,
        role=role,
        met=minutes if isinstance(thing, Meeting) else 0,
        joint=minutes if counts and not isinstance(thing, Meeting) else 0,
    )
    return Line(
        starts_at=thing.starts_at,
        event="" if isinstance(thing, Meeting) else str(thing.event),
        group=thing.group.name if isinstance(thing, Meeting) else "",
        role=role,
        minutes=minutes,
        counts=met + joint,
        thing=thing,
        corrections=corrections,
    )


# --- many people ------------------------------------------------------------------------------


def last_application(programme: Programme) -> QuerySet[Application]:
    """Of each person (OuterRef "pk") the last application that was sent: it says whose staff they are."""
    sent = Application.objects.filter(programme=programme, person=OuterRef("pk"), sent_at__isnull=False)
    return sent.order_by("-sent_at", "-pk")


def people_of(programme: Programme, *, employer: Employer = "all") -> QuerySet[Any]:
    """Participants and mentors of the programme, past ones too, by name; each with `leads` and `works_at`.

    Whoever never applied (mentors, mostly) belongs to the organiser. "none": people without employer.
    """
    joined = Membership.objects.filter(programme=programme, confirmed_at__isnull=False)
    leading = Mentorship.objects.filter(group__programme=programme)
    came = Attendance.objects.filter(session__event__programme=programme)
    people = Person.objects.filter(
        Q(pk__in=joined.filter(person__isnull=False).values("person"))
        | Q(pk__in=leading.filter(person__isnull=False).values("person"))
        | Q(pk__in=came.filter(person__isnull=False).values("person"))
    ).annotate(
        leads=Exists(leading.filter(person=OuterRef("pk"))),
        works_at=Subquery(last_application(programme).values("employer")[:1]),
    )
    if employer == "all":
        return people.order_by("name", "pk")
    applied = Exists(last_application(programme))
    if employer == "none":
        return people.filter(applied, works_at=None).order_by("name", "pk")
    theirs = Q(works_at=employer.pk)
    if employer.pk == programme.organisation_id:
        theirs |= Q(~applied)
    return people.filter(theirs).order_by("name", "pk")


@dataclass(frozen=True)
class PersonHours:
    """One person in one role. Minutes are as they count; the cap is shown and stops nobody."""

    person: Person
    name: str
    workplace: str
    role: str
    meeting_minutes: int
    event_minutes: int
    cap: int

    @property
    def total(self) -> int:
        return self.meeting_minutes + self.event_minutes

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)


def hours_by_person(programme: Programme, people: Iterable[Any]) -> list[PersonHours]:
    """Hours of these people (of `people_of`: a page, or all) in their order; four queries for any number.

    Somebody who both led and took part has two rows; who has no hours yet has one.
    """
    listed = list(people)
    # A page goes by its keys; a whole programme by its own people, so that no list grows too long.
    only = [person.pk for person in listed] if len(listed) <= 200 else None
    met, joint = sums(programme, only=only)
    names = known_as(programme, only=only)
    found = []
    for person in listed:
        roles = [role for role in Role.values if (person.pk, role) in met or (person.pk, role) in joint]
        for role in roles or [Role.MENTOR if person.leads else Role.PARTICIPANT]:
            minutes, events = counted(
                programme.rules,
                role=role,
                met=met.get((person.pk, role), 0),
                joint=joint.get((person.pk, role), 0),
            )
            name, workplace = names.get(person.pk, ("", ""))
            cap = cap_of(programme.rules)
            found.append(PersonHours(person, name or str(person), workplace, role, minutes, events, cap))
    return found


def sums(programme: Programme, *, only: list[int] | None = None) -> tuple[Sums, Sums]:
    """Minutes by person and role, added up by the database: of meetings, and of joint events that count."""
    met = Attendance.objects.filter(meeting__group__programme=programme)
    joint = Attendance.objects.filter(session__event__programme=programme, session__event__counts_hours=True)

    def added(rows: QuerySet[Attendance]) -> Sums:
        rows = rows.filter(person__isnull=False) if only is None else rows.filter(person__in=only)
        grouped = rows.order_by().values_list("person", "role").annotate(total=Sum("minutes"))
        return {(person, role): total for person, role, total in grouped}

    return added(met), added(joint)


def known_as(programme: Programme, *, only: list[int] | None = None) -> dict[int, tuple[str, str]]:
    """Name and workplace by person, as written in the application, else as the organiser knows them."""
    affiliations = Affiliation.objects.filter(organisation=programme.organisation_id)
    applications = Application.objects.filter(programme=programme, sent_at__isnull=False)
    if only is not None:
        affiliations, applications = (
            affiliations.filter(person__in=only),
            applications.filter(person__in=only),
        )
    told = {
        person: (name, unit or workplace)
        for person, name, workplace, unit in affiliations.values_list(
            "person", "name_as_written", "workplace", "unit__name"
        )
    }
    written = applications.order_by("sent_at", "pk").values_list(
        "person", "name_as_written", "workplace", "unit__name"
    )
    for person, name, workplace, unit in written:
        before = told.get(person, ("", ""))
        told[person] = (name or before[0], unit or workplace or before[1])
    return told


@dataclass(frozen=True)
class Totals:
    """A programme's hours so far. Minutes are as they count."""

    people: int
    meeting_minutes: int
    event_minutes: int

    @property
    def total(self) -> int:
        return self.meeting_minutes + self.event_minutes


def programme_total(programme: Programme) -> Totals:
    """What all attendance of a programme adds up to, of erased people too; three queries."""
    met = Attendance.objects.filter(meeting__group__programme=programme)
    joint = Attendance.objects.filter(session__event__programme=programme, session__event__counts_hours=True)

    def added(rows: QuerySet[Attendance]) -> dict[str, int]:
        return dict(rows.order_by().values_list("role").annotate(total=Sum("minutes")))

    by_role, joint_by_role = added(met), added(joint)
    parts = [
        counted(programme.rules, role=role, met=by_role.get(role, 0), joint=joint_by_role.get(role, 0))
        for role in Role.values
    ]
    people = Attendance.objects.filter(
        Q(meeting__in=Meeting.objects.filter(group__programme=programme).values("pk"))
        | Q(session__in=EventSession.objects.filter(event__programme=programme).values("pk"))
    )
    number = people.aggregate(n=Count("person", distinct=True))["n"]
    return Totals(number, sum(part[0] for part in parts), sum(part[1] for part in parts))


def session_counts(programme: Programme) -> list[tuple[EventSession, int]]:
    """Sessions of joint events in time order, each with how many came. One query."""
    sessions = EventSession.objects.filter(event__programme=programme).select_related("event")
    counted = sessions.annotate(came=Count("attendances")).order_by("starts_at")
    return [(session, session.came) for session in counted]


@dataclass(frozen=True)
class Date:
    """A meeting or a session a person was or could have been at, for the office to correct."""

    thing: Meeting | EventSession
    minutes: int
    title: str
    corrected: bool

    @property
    def is_meeting(self) -> bool:
        return isinstance(self.thing, Meeting)


def dates_of(hours: Hours, things: Iterable[Meeting | EventSession]) -> list[Date]:
    """Each of the things with the person's minutes there; 0 where they were not."""
    lines = {(line.is_meeting, line.thing.pk): line for line in hours.lines}
    found = []
    for thing in things:
        is_meeting = isinstance(thing, Meeting)
        line = lines.get((is_meeting, thing.pk))
        title = "" if isinstance(thing, Meeting) else str(thing.event)
        found.append(Date(thing, line.minutes if line else 0, title, bool(line and line.corrections)))
    return found


def sheet(statement: Statement) -> list[list[Cell]]:
    """The statement as rows for a sheet, in the reader's language: nothing of groups or themes."""
    heads = [_("Name"), _("Workplace"), _("Role"), _("Hours in meetings"), _("Hours in joint events")]
    rows: list[list[Cell]] = [[*heads, _("Hours in total"), _("Hours at most")]]
    for line in statement.lines:
        met, joint = line["minutes"], line["events_minutes"]
        numbers = [counting.as_hours(minutes) for minutes in (met, joint, met + joint, line["cap"])]
        rows.append([line["name"], line["workplace"], str(Role(line["role"]).label), *numbers])
    return rows
