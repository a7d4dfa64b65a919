"""A programme where places are taken first come first served, and people who wait in its lists."""

from datetime import timedelta

from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.models import Offer
from piiri.groups.tests.factories import NOW, GroupFactory, ProgrammeFactory

FIRST_COME = {"enrol_way": "place", "wish_for": "group", "newcomers": "open"}


def first_come(**parameters):
    """A programme whose places are taken at once."""
    return ProgrammeFactory(parameters=FIRST_COME | parameters)


def full_group(programme=None, *, places=2, **about):
    """A group without a free place."""
    programme = programme or first_come()
    return GroupFactory(programme=programme, places=places, members=places, **{"language": "en"} | about)


def waiting(wants, *, minutes=0, priority=1, **about):
    """An application that waits for a group or a theme since so many minutes after the others."""
    sent_at = NOW + timedelta(minutes=minutes)
    application = ApplicationFactory(
        programme=wants.programme,
        state=Application.State.WAITING,
        sent_at=sent_at,
        saved_at=sent_at,
        decided_at=sent_at,
        priority=priority,
        order=int(sent_at.timestamp() * 1_000_000),
        **about,
    )
    stand(application, wants)
    return application


def stand(application, wants):
    """One more turn."""
    kind = "theme" if wants._meta.model_name == "theme" else "group"
    return Waiting.objects.create(
        application=application,
        **{kind: wants},
        priority=application.priority,
        order=application.order,
        since_at=application.decided_at,
    )


def free_a_place(group):
    """Somebody leaves."""
    place = group.places.exclude(membership=None).last()
    membership = place.membership
    place.membership = None
    place.save()
    membership.ended_at = NOW
    membership.save()


def offers_of(group):
    """Who is asked now, in the order of asking."""
    return [offer.person for offer in Offer.objects.open().filter(group=group).order_by("pk")]
