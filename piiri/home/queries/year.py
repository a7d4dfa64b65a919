"""A person's own year: the groups they sit in, what comes next, how many hours it has been."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count

from piiri.base import ring
from piiri.base.ring import Seat
from piiri.groups.models import Group, Place
from piiri.home.queries import swift
from piiri.home.queries.kept import common
from piiri.home.queries.people import Chair, sitting
from piiri.hours import queries as hour_queries
from piiri.meetings import queries as meeting_queries
from piiri.meetings.models import Attendance, Meeting
from piiri.people.models import Person
from piiri.programmes.models import Break, Event, EventSession, Programme

COMING_UP = 3
OPEN_PROGRAMMES = 24


@dataclass(frozen=True)
class MyGroup:
    """One group of the person, with everything its card says. `places` are counted only while it forms.

    `meeting` is the next one planned, also while it runs; `held` counts those held; `unrecorded` is the
    oldest that is over and has no record. `chairs` carry the answers to `meeting`.
    """

    group: Group
    chairs: Sequence[Chair]
    places: int
    held: int = 0
    meeting: Meeting | None = None
    unrecorded: Meeting | None = None
    meetings: Sequence[Meeting] = ()

    @property
    def programme(self) -> Programme:
        return self.group.programme

    @property
    def mentors(self) -> list[Chair]:
        return [chair for chair in self.chairs if chair.is_mentor]

    @property
    def taken(self) -> int:
        return len(self.chairs) - len(self.mentors)

    @property
    def me(self) -> Chair | None:
        return next((chair for chair in self.chairs if chair.you), None)

    @property
    def leads(self) -> bool:
        return self.me is not None and self.me.is_mentor

    @property
    def runs_meetings(self) -> bool:
        """Mentors set the meetings; of a self-run group every member does."""
        return self.leads or self.group.self_run

    @property
    def works(self) -> bool:
        """Whether the group works together now: it agrees, looks for times, meets."""
        return self.group.state in (Group.State.FORMING, Group.State.RUNNING)

    @property
    def leads_now(self) -> bool:
        """Mentors do; of a self-run group whose turn the next meeting is, or all while it is nobody's."""
        turn = self.meeting.convener_id if self.meeting else None
        return self.leads or (self.group.self_run and turn in (None, self.me.person.pk if self.me else None))

    @property
    def seats(self) -> list[Seat]:
        """The circle of the next meeting, with answers."""
        return meeting_queries.seats_of(self.chairs, held=False)

    @property
    def coming(self) -> int:
        return sum(chair.coming is True for chair in self.chairs)

    @property
    def letters(self) -> str:
        """Mentors, participants and free places for the glyph."""
        free = max(0, self.places - self.taken)
        return ring.letters(mentors=len(self.mentors), taken=self.taken, free=free)

    @property
    def resting_letters(self) -> str:
        return ring.letters(mentors=0, away=len(self.chairs))


class Mine(NamedTuple):
    """One's own groups: those open, the soonest meeting first, and those that wait for the person."""

    groups: list[MyGroup]
    paused: list[Group]


def my_groups(person: Person, *, now: datetime) -> Mine:
    """The person's groups; four queries, or five while one forms. Of those paused only that they are."""
    rows = swift.own_groups().rows(person=person.pk)
    paused = [group for group in rows if group.waits and group.state in Group.LIVING]
    return Mine(open_groups([group for group in rows if not group.waits], person, now=now), paused)


def open_groups(groups: Sequence[Group], person: Person, *, now: datetime) -> list[MyGroup]:
    """What the cards of these groups say; three queries, none for no group."""
    if not groups:
        return []
    chairs, places = sitting(person), places_of(group.pk for group in groups if is_forming(group))
    meetings = meetings_of(groups, person)
    found = [
        with_meetings(
            MyGroup(group, chairs.get(group.pk, []), places.get(group.pk, 0)),
            meetings.get(group.pk, []),
            now=now,
        )
        for group in groups
    ]
    return sorted(with_answers(found, you=person), key=soonest)


def is_forming(group: Group) -> bool:
    """Whether there may be free places to show."""
    return group.state in (Group.State.OFFERED, Group.State.FORMING)


def soonest(mine: MyGroup) -> tuple[bool, bool, float]:
    """Living groups before ended ones, those with a meeting first, by its start."""
    start = mine.meeting.starts_at.timestamp() if mine.meeting else 0.0
    return mine.group.state not in Group.LIVING, mine.meeting is None, start


def places_of(groups: Iterable[int]) -> dict[int, int]:
    """Places by group; no query for no group."""
    keys = list(groups)
    rows = Place.objects.filter(group__in=keys).order_by()
    return dict(rows.values_list("group").annotate(n=Count("pk"))) if keys else {}


def meetings_of(groups: Iterable[Group], person: Person) -> dict[int, list[Meeting]]:
    """All meetings that stand, by group, in time order. One query; titles stay sealed until they are read."""
    by_key = {group.pk: group for group in groups}
    found: dict[int, list[Meeting]] = {}
    for meeting in swift.own_meetings().rows(person=person.pk):
        if group := by_key.get(meeting.group_id):
            meeting.group = group
            found.setdefault(group.pk, []).append(meeting)
    return found


def with_meetings(mine: MyGroup, meetings: Sequence[Meeting], *, now: datetime) -> MyGroup:
    """The group with its next meeting, its oldest one without a record, and how many were held."""
    planned = [meeting for meeting in meetings if meeting.state == Meeting.State.PLANNED]
    return replace(
        mine,
        held=len(meetings) - len(planned),
        meeting=next((meeting for meeting in planned if meeting.ends_at > now), None),
        unrecorded=next((meeting for meeting in planned if meeting.ends_at <= now), None),
        meetings=meetings,
    )


def with_answers(groups: Sequence[MyGroup], *, you: Person) -> list[MyGroup]:
    """Everybody's answer to the next meeting of each group. One query."""
    rows = swift.own_answers().rows(person=you.pk) if any(mine.meeting for mine in groups) else []
    said = {(row["meeting"], row["person"]): row["coming"] for row in rows}
    return [
        replace(
            mine,
            chairs=[
                replace(chair, coming=said.get((mine.meeting.pk if mine.meeting else 0, chair.person.pk)))
                for chair in mine.chairs
            ],
        )
        for mine in groups
    ]


@dataclass(frozen=True)
class Hours:
    """Minutes of the person, as they count: in groups, and in joint events."""

    meeting_minutes: int = 0
    event_minutes: int = 0

    @property
    def total(self) -> int:
        return self.meeting_minutes + self.event_minutes


def hours_of(person: Person, *, programmes: Sequence[Programme]) -> dict[int, Hours]:
    """The person's minutes by programme (its key), counted as in the hour room. One narrow query."""
    met: Counter[tuple[int, str]] = Counter()
    joint: Counter[tuple[int, str]] = Counter()
    for row in swift.own_attendances().rows(person=person.pk):
        if group_in := row["meeting__group__programme"]:
            met[group_in, row["role"]] += row["minutes"]
        elif row["session__event__counts_hours"]:
            joint[row["session__event__programme"], row["role"]] += row["minutes"]
    return {programme.pk: hours_in(programme, met, joint) for programme in programmes}


def hours_in(
    programme: Programme, met: Mapping[tuple[int, str], int], joint: Mapping[tuple[int, str], int]
) -> Hours:
    """Minutes of one programme by its rules, of both roles together."""
    parts = [
        hour_queries.counted(
            programme.rules,
            role=role,
            met=met.get((programme.pk, role), 0),
            joint=joint.get((programme.pk, role), 0),
        )
        for role in Attendance.Role.values
    ]
    return Hours(sum(part[0] for part in parts), sum(part[1] for part in parts))


class Coming(NamedTuple):
    """A session of a joint event and the zone its hours are told in."""

    session: EventSession
    zone: str


def resting(programme: Programme, *, today: date) -> Break | None:
    """The break the programme is in today; of several the one that ends last."""
    holding = [row for row in common(programme).breaks if row.holds(today)]
    return max(holding, key=lambda row: row.ends_on, default=None)


def coming_up(programmes: Sequence[Programme], *, now: datetime, for_mentor: bool) -> list[Coming]:
    """The next sessions of joint events; the mentors' own for mentors only."""
    found = [
        Coming(session, programme.zone)
        for programme in programmes
        for session in common(programme).sessions
        if session.starts_at > now - timedelta(hours=1)
        and (for_mentor or session.event.kind != Event.Kind.MENTORS)
    ]
    return sorted(found, key=lambda one: one.session.starts_at)[:COMING_UP]


@dataclass(frozen=True)
class Front:
    """What the front page shows of programmes: open ones first, then those that open, then the rest."""

    open: list[Programme] = field(default_factory=list)
    soon: list[Programme] = field(default_factory=list)
    under_way: list[Programme] = field(default_factory=list)


def front(*, now: datetime) -> Front:
    """Published programmes by where their enrolment stands, those of past years left out. One query."""
    running = Programme.objects.running().filter(ends_on__gte=now.date(), organisation__suspended_at=None)
    found = Front()
    for programme in running.select_related("organisation").order_by("enrol_closes_at")[:OPEN_PROGRAMMES]:
        if now < programme.enrol_opens_at:
            found.soon.append(programme)
        elif now <= programme.enrol_closes_at:
            found.open.append(programme)
        else:
            found.under_way.append(programme)
    return found
