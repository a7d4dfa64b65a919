"""Who is new in a running group, who hears of it, and whose application a seat belongs to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F

from piiri.enrolments.models import Application
from piiri.enrolments.queries.mending import lists_wished_for
from piiri.groups.models import Group, Membership
from piiri.people.models import Person
from piiri.programmes.models import Theme

A_SWEEP = 200
TOLD_WITHIN = timedelta(days=14)


def newcomers_to_tell(now: datetime) -> Sequence[Membership]:
    """Who came into a running group within two weeks, and the group has not been told. One query."""
    came = Membership.objects.active().filter(
        group__state=Group.State.RUNNING,
        joined_at__gt=F("group__started_at"),
        confirmed_at__gt=now - TOLD_WITHIN,
        welcomed_at=None,
    )
    return list(came.select_related("group__programme").order_by("pk")[:A_SWEEP])


def people_inside(group: Group, *, but: Membership) -> list[Person]:
    """Mentors and members to whom the group is open, one of them left out. Two queries."""
    leading = group.mentorships.entering().filter(person__isnull=False).select_related("person")
    joined = group.memberships.entering().filter(person__isnull=False).exclude(pk=but.pk)
    found = [*leading.order_by("pk"), *joined.select_related("person").order_by("pk")]
    return [seat.person for seat in found if seat.person]


def application_inside(group: Group, *, person: Person) -> Application | None:
    """The person's placed application, where they have a place in this group already."""
    if not group.memberships.active().filter(person=person).exists():
        return None
    mine = Application.objects.filter(
        programme=group.programme_id, person=person, state=Application.State.PLACED
    )
    return mine.first()


def other_lists(application: Application, *, but: Group) -> list[Theme | Group]:
    """The lists somebody stands in who leaves a group and would like another: what they wished for before.

    Whoever wished for nothing else waits for any theme that is not sensitive.
    """
    wished = [want for want in lists_wished_for(application) if want != but]
    if wished:
        return wished
    return list(Theme.objects.filter(programme=application.programme_id, sensitive=False))
