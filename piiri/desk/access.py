"""Who works in an office, and in which."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Q, QuerySet

from piiri.base.prepared import Prepared
from piiri.desk.models import SupportRequest
from piiri.enrolments import access as enrolment_access
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.networks.models import NetworkAdmin, OrganisationAdmin
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Coordinator, Programme

Reader = Person | AnonymousUser

# Asked at every page of somebody signed in, for the link at its top.
in_offices = Prepared(
    lambda person: Person.objects.filter(
        Exists(Coordinator.objects.filter(person=person))
        | Exists(OrganisationAdmin.objects.filter(person=person))
        | Exists(NetworkAdmin.objects.filter(person=person)),
        pk=person,
    ).values("id"),
    numbers=["person"],
)


def has_office(person: Reader) -> bool:
    """Return whether the person coordinates a programme or administers an organisation or a network."""
    if not person.is_authenticated:
        return False
    return in_offices.first(person=person.pk) is not None


def has_organisation(person: Reader) -> bool:
    """Return whether the person administers an organisation or a network."""
    if not person.is_authenticated:
        return False
    administers = OrganisationAdmin.objects.filter(person=person).values("pk")
    return bool(administers.union(NetworkAdmin.objects.filter(person=person).values("pk"))[:1])


def visible_desks(person: Reader) -> QuerySet[Programme]:
    """Programmes whose office is no secret to the person: there they read 403, elsewhere 404.

    An operator keeps the service running and has no business in offices.
    """
    if person.is_authenticated and person.is_operator:
        return programme_access.programmes_run_by(person)
    return Programme.objects.filter(
        Q(pk__in=programme_access.visible_offices(person).values("pk"))
        | Q(pk__in=enrolment_access.programmes_known_by(person).values("pk"))
    )


def visible_groups_to_ask_from(person: Reader) -> QuerySet[Group]:
    """Groups from which the person can ask for a talk in confidence: their own, also while paused."""
    return group_access.groups_held_by(person)


def visible_support_requests(person: Reader) -> QuerySet[SupportRequest]:
    """Talks in confidence between the person and one other; coordinators and administrators see no others."""
    if not person.is_authenticated:
        return SupportRequest.objects.none()
    return SupportRequest.objects.filter(Q(asker=person) | Q(contact=person))


def own_support_requests(person: Reader) -> QuerySet[SupportRequest]:
    """Those the person asked for."""
    if not person.is_authenticated:
        return SupportRequest.objects.none()
    return SupportRequest.objects.filter(asker=person)
