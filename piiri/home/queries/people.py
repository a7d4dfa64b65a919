"""Who sits in which group, in two queries for any number of groups."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from piiri.base.ring import Seat
from piiri.groups.models import Group, Membership, Mentorship
from piiri.meetings import queries as meeting_queries
from piiri.meetings.models import Attendance
from piiri.meetings.queries import Sitting
from piiri.people.models import Person

Role = Attendance.Role
Chair = meeting_queries.Chair
WHO = ("group", "person__name", "person__email")


def sitting(groups: Iterable[int], *, you: Person) -> dict[int, list[Chair]]:
    """By group (its key) everybody who is in: mentors first, then participants as they joined."""
    leading = Mentorship.objects.active().filter(group__in=groups, person__isnull=False)
    joined = Membership.objects.active().filter(group__in=groups, person__isnull=False)
    found: dict[int, list[Chair]] = {}
    for row in leading.select_related("person").only(*WHO).order_by("started_at", "pk"):
        found.setdefault(row.group_id, []).append(chair(row.person, Role.MENTOR, you=you))
    for member in joined.select_related("person").only(*WHO).order_by("joined_at", "pk"):
        found.setdefault(member.group_id, []).append(chair(member.person, Role.PARTICIPANT, you=you))
    return found


@dataclass(frozen=True)
class Table:
    """Who is in a group now, who was from when to when, and how the reader sits: not at all, or paused."""

    chairs: list[Chair]
    sat: Sitting
    members: list[Membership]
    is_mine: bool
    is_paused: bool


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
    )


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
