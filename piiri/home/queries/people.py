"""Who sits in which group, in two queries for any number of groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from piiri.base.ring import Seat
from piiri.groups.models import Group, Membership, Mentorship
from piiri.home.queries import swift
from piiri.meetings import queries as meeting_queries
from piiri.meetings.models import Attendance
from piiri.meetings.queries import Sitting
from piiri.people.models import Person

Role = Attendance.Role
ROLES = {1: Role.MENTOR, 2: Role.PARTICIPANT}
Chair = meeting_queries.Chair


def sitting(you: Person) -> dict[int, list[Chair]]:
    """By one's own group (its key) everybody who is in: mentors first, then participants. One query."""
    rows = swift.round_tables().rows(person=you.pk)
    found: dict[int, list[Chair]] = {}
    for row in sorted(rows, key=lambda row: (row["kind"], row["since"], row["pk"])):
        who = Person(pk=row["person"], name=row["person__name"], email=row["person__email"])
        found.setdefault(row["group"], []).append(chair(who, ROLES[row["kind"]], you=you))
    return found


@dataclass(frozen=True)
class Table:
    """Who is in a group now, who was from when to when, and how the reader sits: not at all, or paused."""

    chairs: list[Chair]
    sat: Sitting
    members: list[Membership]
    is_mine: bool
    is_paused: bool
    # Whoever leads the group since later and is not let into what was said before: the reader themselves,
    # and those about whom the reader is asked.
    reads_from_now: bool
    successors: list[Mentorship]
    # When somebody left last.
    left_at: datetime | None


def at_table(group: Group, *, you: Person) -> Table:
    """Everybody who is or was in the group. Two queries, and nothing sealed among what they fetch."""
    led, sat = swift.led(group), swift.sat(group)
    everybody: list[Mentorship | Membership] = [*led, *sat]
    here = [row for row in everybody if row.ended_at is None and row.person]
    mine = [row for row in here if row.person_id == you.pk]
    firsts: dict[int | None, datetime] = {}
    for row in everybody:
        firsts[row.person_id] = min(since(row), firsts.get(row.person_id, since(row)))
    later = [row for row in led if came_later(row, group, came=firsts[row.person_id])]
    return Table(
        chairs=[
            chair(row.person, Role.MENTOR if isinstance(row, Mentorship) else Role.PARTICIPANT, you=you)
            for row in here
        ],
        sat=Sitting(
            [(row.joined_at, row.ended_at) for row in sat], [(row.started_at, row.ended_at) for row in led]
        ),
        members=[row for row in here if isinstance(row, Membership)],
        is_mine=bool(mine),
        is_paused=any(row.paused_at for row in mine),
        reads_from_now=any(row.person_id == you.pk for row in later),
        successors=[row for row in later if mine and firsts[you.pk] < firsts[row.person_id]],
        left_at=max((row.ended_at for row in sat if row.ended_at), default=None),
    )


def came_later(row: Mentorship, group: Group, *, came: datetime) -> bool:
    """Whether somebody who leads a group first came later than it began, and does not read its past."""
    is_later = group.started_at is not None and came > group.started_at
    return is_later and row.ended_at is None and row.history_opened_at is None


def since(row: Mentorship | Membership) -> datetime:
    """When somebody sat down."""
    return row.started_at if isinstance(row, Mentorship) else row.joined_at


def chair(person: Person | None, role: str, *, you: Person) -> Chair:
    """A place at the table, without an answer."""
    assert person is not None, "erased people are left out above"
    return Chair(person, role, you=person.pk == you.pk)


def round_table(chairs: Iterable[Chair]) -> list[Seat]:
    """The circle of the group itself: everybody by first name, the mentors marked."""
    return [
        Seat(
            name=chair.name,
            call=chair.call,
            you=chair.you,
            small=_("mentor") if chair.is_mentor else "",
        )
        for chair in chairs
    ]
