"""Who sits in which group, in two queries for any number of groups."""

from collections.abc import Iterable

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


def at_table(group: Group, *, you: Person) -> tuple[list[Chair], Sitting]:
    """Who is in the group now, as in `sitting`, and who was from when to when. Two queries."""
    leading = Mentorship.objects.filter(group=group).select_related("person")
    joined = Membership.objects.filter(group=group, confirmed_at__isnull=False).select_related("person")
    led, sat = list(leading.order_by("started_at", "pk")), list(joined.order_by("joined_at", "pk"))
    chairs = [
        chair(row.person, role, you=you)
        for role, rows in ((Role.MENTOR, led), (Role.PARTICIPANT, sat))
        for row in rows
        if row.ended_at is None and row.person
    ]
    return chairs, Sitting(
        [(row.joined_at, row.ended_at) for row in sat], [(row.started_at, row.ended_at) for row in led]
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
