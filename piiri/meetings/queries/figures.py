"""Numbers of meetings: present of how many, minutes so far, by meeting and by group."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from piiri.groups.models import Group, Membership
from piiri.meetings.models import Attendance, Meeting
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Event, EventSession, Programme

State, Role = Meeting.State, Attendance.Role


@dataclass(frozen=True)
class Present:
    """How many participants came, and how many mentors."""

    participants: int = 0
    mentors: int = 0


def present_counts(meetings: Iterable[Meeting]) -> dict[int, Present]:
    """Numbers present by meeting (its key), in one query; a meeting nobody came to is left out."""
    keys = [meeting.pk for meeting in meetings]
    rows = Attendance.objects.filter(meeting__in=keys).values_list("meeting", "role").annotate(n=Count("pk"))
    counted: dict[int, Counter[str]] = {}
    for meeting, role, n in rows.order_by():
        counted.setdefault(meeting, Counter())[role] = n
    return {key: Present(c[Role.PARTICIPANT], c[Role.MENTOR]) for key, c in counted.items()}


@dataclass(frozen=True)
class GroupFigures:
    """What the office sees of a group's meetings. `minutes` are of meetings held, without joint events.

    `last_of` counts the participants of the group at the last meeting, `last_present` those who came.
    `unrecorded_at` is when the oldest one without a record began.
    """

    held: int = 0
    minutes: int = 0
    last_at: datetime | None = None
    last_uid: str = ""
    last_present: int = 0
    last_of: int = 0
    next_at: datetime | None = None
    support_wanted: bool = False
    unrecorded_at: datetime | None = None


class Row(NamedTuple):
    """What is read of a meeting to add it up."""

    group: int
    pk: int
    uid: str
    state: str
    starts_at: datetime
    minutes: int
    support_wanted: bool


def group_figures(
    programme: Programme, *, now: datetime, groups: Sequence[int] | None = None
) -> dict[int, GroupFigures]:
    """Figures by group (its key), four queries for 40 groups and for 7 500; three with `groups`: only these.

    The rows are added up here: a subquery a group for its last meeting makes SQLite look through the
    meetings of the whole house, group by group.
    """
    within = Q(group__programme=programme) if groups is None else Q(group__in=groups)
    every = Group.objects.filter(programme=programme).values_list("pk", flat=True)
    met: dict[int, list[Row]] = {key: [] for key in (every if groups is None else groups)}
    rows = Meeting.objects.standing().filter(within).order_by("starts_at")
    for row in map(Row._make, rows.values_list(*Row._fields)):
        if row.group in met:
            met[row.group].append(row)
    lasts = {key: last for key, rows in met.items() if (last := last_held(rows))}
    came = came_to(last.pk for last in lasts.values())
    sat = sat_at({key: last.starts_at for key, last in lasts.items()}, within)
    return {
        key: figures_of(rows, last=lasts.get(key), came=came, sat=sat[key], now=now)
        for key, rows in met.items()
    }


def last_held(rows: Sequence[Row]) -> Row | None:
    """The latest meeting held; the rows come in time order."""
    return next((row for row in reversed(rows) if row.state == State.HELD), None)


def figures_of(
    rows: Sequence[Row], *, last: Row | None, came: dict[int, int], sat: int, now: datetime
) -> GroupFigures:
    """The figures of one group from its meetings in time order."""
    held = [row.minutes for row in rows if row.state == State.HELD]
    planned = [row.starts_at for row in rows if row.state == State.PLANNED]
    found = GroupFigures(
        held=len(held),
        minutes=sum(held),
        next_at=next((at for at in planned if at >= now), None),
        unrecorded_at=planned[0] if planned and planned[0] <= now else None,
    )
    if last is None:
        return found
    return replace(
        found,
        last_at=last.starts_at,
        last_uid=last.uid,
        last_present=came.get(last.pk, 0),
        last_of=sat,
        support_wanted=last.support_wanted,
    )


def came_to(meetings: Iterable[int]) -> dict[int, int]:
    """How many participants came, by meeting (its key)."""
    rows = Attendance.objects.filter(meeting__in=list(meetings), role=Role.PARTICIPANT).order_by()
    return dict(rows.values_list("meeting").annotate(n=Count("pk")))


def sat_at(moments: dict[int, datetime], within: Q) -> Counter[int]:
    """How many participants each group (its key) had at its own moment."""
    rows = Membership.objects.filter(within, confirmed_at__isnull=False)
    return Counter(
        key
        for key, joined_at, ended_at in rows.values_list("group", "joined_at", "ended_at")
        if key in moments and joined_at <= moments[key] and (ended_at is None or ended_at > moments[key])
    )


def minutes_used(group: Group, *, now: datetime) -> int:
    """Minutes of meetings held and of joint events that count and are over. Two queries."""
    met = group.meetings.filter(state=State.HELD).aggregate(total=Sum("minutes"))["total"] or 0
    return met + joint_minutes(group.programme, now=now)


def joint_minutes(programme: Programme, *, now: datetime) -> int:
    """Minutes of joint events that count and are over; of several sessions one counts. One query."""
    if not programme.rules.events_count:
        return 0
    begun = programme_queries.sessions(programme).filter(starts_at__lt=now)
    return minutes_over(programme, begun, now=now)


def minutes_over(programme: Programme, sessions: Iterable[EventSession], *, now: datetime) -> int:
    """The same of sessions in time order that have been read, with their events."""
    if not programme.rules.events_count:
        return 0
    lasted = {
        session.event_id: session.minutes
        for session in sessions
        if session.event.counts_hours and session.event.kind != Event.Kind.MENTORS and session.ends_at <= now
    }
    return sum(lasted.values())
