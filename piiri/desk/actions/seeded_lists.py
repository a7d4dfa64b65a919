"""Who waits in the lists of a made-up programme, and the place that is held for the first of them."""

from datetime import timedelta
from typing import TYPE_CHECKING

from piiri.desk.actions.seeded import World, keep
from piiri.desk.actions.seeded_groups import Peopled
from piiri.enrolments import offer_link
from piiri.enrolments.models import Application, Waiting, Wish
from piiri.groups.models import Group, Offer, Place

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort

ANSWERED = timedelta(days=5)  # after the end of enrolment
HELD, ASKED = timedelta(hours=72), timedelta(hours=9)


def make_lists(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """A turn for every theme somebody wished for in vain; a place held in a group that takes newcomers."""
    waiting = list(
        Application.objects.filter(programme=cohort.programme, state=Application.State.WAITING)
        .defer("wish")
        .order_by("pk")
    )
    _turns(world, cohort, waiting)
    if waiting:
        _offer(world, cohort, waiting[0], peopled)


def _turns(world: World, cohort: "Cohort", waiting: list[Application]) -> None:
    wishes = Wish.objects.filter(application__in=[one.pk for one in waiting]).order_by("application", "rank")
    by_key, since = {one.pk: one for one in waiting}, cohort.programme.enrol_closes_at + ANSWERED
    turns = keep(
        Waiting,
        (
            Waiting(
                uid=world.dice.uid(),
                application=by_key[wish.application_id],
                theme_id=wish.theme_id,
                priority=by_key[wish.application_id].priority,
                order=by_key[wish.application_id].order,
                since_at=since,
            )
            for wish in wishes
        ),
    )
    for turn in turns:
        world.tell("turn", turn.uid, cohort.organisation, cohort.programme)


def _offer(world: World, cohort: "Cohort", application: Application, peopled: list[Peopled]) -> None:
    """One place, asked a few hours ago; nobody who is in the group minds."""
    groups = [each.group.pk for each in peopled]
    place = Place.objects.free().filter(group__in=groups).order_by("group", "number").first()
    if place is None:
        return
    Group.objects.filter(pk=place.group_id).update(takes_newcomers=True)
    made = world.now - ASKED
    place.offer = Offer.objects.create(
        uid=world.dice.uid(),
        group=place.group,
        programme=cohort.programme,
        person_id=application.person_id,
        made_at=made,
        expires_at=made + HELD,
        due_at=made + HELD,
    )
    place.save()
    uid = place.offer.uid
    world.tell("offer", uid, cohort.organisation, cohort.programme)
    world.tell("offer_signature", offer_link.signature(uid), cohort.organisation, cohort.programme)
