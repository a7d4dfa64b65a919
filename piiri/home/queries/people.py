"""Who sits in which group, in two queries for any number of groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Value
from django.utils.translation import gettext as _

from piiri.base.ring import Seat
from piiri.groups.models import Group, Membership, Mentorship
from piiri.meetings import queries as meeting_queries
from piiri.meetings.models import Attendance
from piiri.meetings.queries import Sitting
from piiri.people.models import Person

Role = Attendance.Role
ROLES = {1: Role.MENTOR, 2: Role.PARTICIPANT}
Chair = meeting_queries.Chair
WHO = ("group", "person", "person__name", "person__email", "pk")


def sitting(groups: Iterable[int], *, you: Person) -> dict[int, list[Chair]]:
    """By group (its key) everybody who is in: mentors first, then participants as they joined. One query."""
    keys = list(groups)
    leading = Mentorship.objects.active().filter(group__in=keys, person__isnull=False)
    joined = Membership.objects.active().filter(group__in=keys, person__isnull=False)
    rows = (
        leading.annotate(kind=Value(1))
        .values_list("kind", "started_at", *WHO)
        .union(joined.annotate(kind=Value(2)).values_list("kind", "joined_at", *WHO), all=True)
    )
    found: dict[int, list[Chair]] = {}
    for kind, _since, group, key, name, email, _pk in sorted(rows, key=lambda row: (row[0], row[1], row[-1])):
        who = Person(pk=key, name=name, email=email)
        found.setdefault(group, []).append(chair(who, ROLES[kind], you=you))
    return found


@dataclass(frozen=True)
class Table:
    """Who is in a group now, who was from when to when, and how the reader sits: not at all, or paused."""

    chairs: list[Chair]
    sat: Sitting
    members: list[Membership]
    is_mine: bool
    is_paused: bool
    # Whoever leads the group since later and is not let into what was said before; the reader may say yes.
    successors: list[Mentorship]
    asks_history: bool
    # When somebody left last.
    left_at: datetime | None


def at_table(group: Group, *, you: Person) -> Table:
    """Everybody who is or was in the group. Two queries, and nothing sealed among what they fetch."""
    leading = Mentorship.objects.filter(group=group).select_related("person")
    joined = Membership.objects.filter(group=group, confirmed_at__isnull=False).select_related("person")
    led: list[Mentorship] = list(leading.order_by("started_at", "pk"))
    sat = list(joined.defer("goodbye").order_by("joined_at", "pk"))
    everybody: list[Mentorship | Membership] = [*led, *sat]
    here = [row for row in everybody if row.ended_at is None and row.person]
    mine = [row for row in here if row.person_id == you.pk]
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
        successors=[row for row in led if came_later(row, group)],
        asks_history=any(
            row.person_id != you.pk and since(one) < row.started_at
            for row in led
            if came_later(row, group)
            for one in mine
        ),
        left_at=max((row.ended_at for row in sat if row.ended_at), default=None),
    )


def came_later(row: Mentorship, group: Group) -> bool:
    """Whether somebody leads a group since later than it began, and does not read what was said before."""
    is_later = group.started_at is not None and row.started_at > group.started_at
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
