"""A mentor's link into a made-up group, a newcomer in another, and a name that nobody knows yet."""

from datetime import timedelta
from typing import TYPE_CHECKING

from piiri.desk.actions.seeded import World
from piiri.desk.actions.seeded_groups import Peopled
from piiri.enrolments.models import Conflict
from piiri.groups.models import JoinLink, Membership
from piiri.groups.rules import LINK_LASTS, MOST_PLACES

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort

GIVEN, NEW = timedelta(days=3), timedelta(days=5)


def make_seats(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """In a running programme: a link that works, somebody new in the second group, a line to the office."""
    if cohort.year.phase != "running" or not peopled:
        return
    _link(world, cohort, peopled[0])
    for each in peopled[1:2]:
        newest = each.members[-1:]
        Membership.objects.filter(group=each.group, person__in=newest, ended_at=None).update(
            joined_at=world.now - NEW, confirmed_at=world.now - NEW, welcomed_at=world.now - NEW
        )
    for person in cohort.waiting[:1]:
        line = Conflict.objects.create(
            uid=world.dice.uid(),
            programme=cohort.programme,
            person=person,
            named="Eeva Entinen",
            declared_at=world.now - NEW,
        )
        world.tell("conflict", line.uid, cohort.organisation, cohort.programme)


def _link(world: World, cohort: "Cohort", first: Peopled) -> None:
    made = world.now - GIVEN
    link = JoinLink.objects.create(
        uid=world.dice.uid(),
        group=first.group,
        made_by=first.mentor,
        made_at=made,
        expires_at=made + LINK_LASTS,
        uses_at_most=MOST_PLACES,
    )
    at = (cohort.organisation, cohort.programme, first.group)
    world.tell("join_link", link.uid, *at)
    world.tell("join_signature", link.signature, *at)
