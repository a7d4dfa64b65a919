"""Who may see and do what in a programme."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.networks.models import OrganisationAdmin
from piiri.people.models import Person
from piiri.programmes.models import Event, Programme

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
    administers = OrganisationAdmin.objects.filter(person=person).values("organisation")
    coordinates = Programme.objects.filter(coordinators__person=person).values("pk")
    return Programme.objects.filter(Q(organisation__in=administers) | Q(pk__in=coordinates))


def visible_programmes(person: Reader) -> QuerySet[Programme]:
    """Published programmes for everybody, drafts for those who run them."""
    if not person.is_authenticated:
        return Programme.objects.published()
    return Programme.objects.filter(
        ~Q(state=Programme.State.DRAFT) | Q(pk__in=programmes_run_by(person).values("pk"))
    )


def visible_events(person: Reader) -> QuerySet[Event]:
    """Joint events of the programmes that the person can see."""
    return Event.objects.filter(programme__in=visible_programmes(person).values("pk"))


def can_coordinate_programme(person: Reader, programme: Programme) -> bool:
    """Return whether the person works in the programme's office."""
    return programmes_coordinated_by(person).filter(pk=programme.pk).exists()


def can_edit_programme(person: Reader, programme: Programme) -> bool:
    """Return whether the person coordinates the programme or administers its organisation."""
    return programmes_run_by(person).filter(pk=programme.pk).exists()
