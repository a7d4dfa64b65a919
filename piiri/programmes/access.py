"""Who may see and do what in a programme."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.networks import access as network_access
from piiri.networks.models import NetworkAdmin, Organisation
from piiri.people.models import Person
from piiri.programmes.models import Coordinator, Employer, Event, Programme

Reader = Person | AnonymousUser


def programmes_coordinated_by(person: Reader) -> QuerySet[Programme]:
    """Programmes in whose office the person works."""
    if not person.is_authenticated:
        return Programme.objects.none()
    return Programme.objects.filter(coordinators__person=person)


def programmes_run_by(person: Reader) -> QuerySet[Programme]:
    """Programmes the person coordinates, and all of the organisations the person administers."""
    if not person.is_authenticated:
        return Programme.objects.none()
    return Programme.objects.filter(run_by(person))


def run_by(person: Person, *, through: str = "pk") -> Q:
    """The condition of `programmes_run_by` for rows that reach the programme by the column `through`.

    Two lists of keys side by side, nothing nested: quick to write, and each row is found by an index.
    """
    administers = Programme.objects.filter(organisation__admins__person=person).values("pk")
    coordinates = Coordinator.objects.filter(person=person).values("programme")
    return Q(**{f"{through}__in": administers}) | Q(**{f"{through}__in": coordinates})


def visible_programmes(person: Reader) -> QuerySet[Programme]:
    """Published programmes for everybody, drafts for those who run them."""
    if not person.is_authenticated:
        return Programme.objects.published()
    return Programme.objects.filter(~Q(state=Programme.State.DRAFT) | run_by(person))


def visible_offices(person: Reader) -> QuerySet[Programme]:
    """Programmes whose office the person may know to exist: there they read 403, elsewhere 404.

    Those they run; published ones of organisations they belong to or have a role in (the organiser, or an
    employer whose staff is served); drafts too in networks they administer.
    """
    if not person.is_authenticated:
        return Programme.objects.none()
    return Programme.objects.filter(office_seen_by(person))


def office_seen_by(person: Person) -> Q:
    """The condition of `visible_offices`."""
    known = network_access.known_by(person, through="organisation", network="organisation__network")
    siblings = Coordinator.objects.filter(person=person).values("programme__organisation")
    served = Employer.objects.filter(known).values("programme")
    inside = known | Q(organisation__in=siblings) | Q(pk__in=served)
    return run_by(person) | (inside & ~Q(state=Programme.State.DRAFT)) | in_network_run_by(person)


def in_network_run_by(person: Person) -> Q:
    """The condition of programmes in the networks that the person administers."""
    return Q(organisation__network__in=NetworkAdmin.objects.filter(person=person).values("network"))


def visible_office_events(person: Reader) -> QuerySet[Event]:
    """Joint events of the programmes in `visible_offices`."""
    return Event.objects.filter(programme__in=visible_offices(person).values("pk"))


def organisations_programmed_by(person: Reader) -> QuerySet[Organisation]:
    """Where the person may set up a programme: organisations they administer or coordinate in."""
    if not person.is_authenticated:
        return Organisation.objects.none()
    run = network_access.organisations_run_by(person).values("pk")
    coordinated = Coordinator.objects.filter(person=person).values("programme__organisation")
    return Organisation.objects.filter(Q(pk__in=run) | Q(pk__in=coordinated))


def can_coordinate_programme(person: Reader, programme: Programme) -> bool:
    """Return whether the person works in the programme's office."""
    return programmes_coordinated_by(person).filter(pk=programme.pk).exists()


def can_edit_programme(person: Reader, programme: Programme) -> bool:
    """Return whether the person coordinates the programme or administers its organisation."""
    return programmes_run_by(person).filter(pk=programme.pk).exists()


def can_set_up_programmes(person: Reader) -> bool:
    """Return whether there is any organisation in which the person may set up a programme."""
    return organisations_programmed_by(person).exists()


def can_grant_coordinator(person: Reader, programme: Programme) -> bool:
    """Return whether the person administers the programme's organisation; coordinators make no others."""
    return network_access.can_administer_organisation(person, programme.organisation)
