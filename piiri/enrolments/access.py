"""Who may see and do what with applications and imports."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.enrolments.models import Application, ImportFile
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.networks.models import NetworkAdmin
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

Reader = Person | AnonymousUser


def own_applications(person: Reader) -> QuerySet[Application]:
    """The person's own applications, in every state."""
    if not person.is_authenticated:
        return Application.objects.none()
    return Application.objects.filter(person=person)


def visible_applications(person: Reader) -> QuerySet[Application]:
    """One's own, and (once sent) those of the programmes whose office one works in."""
    if not person.is_authenticated:
        return Application.objects.none()
    offices = programme_access.programmes_coordinated_by(person).values("pk")
    sent = Q(programme__in=offices) & ~Q(state=Application.State.DRAFT)
    return Application.objects.filter(Q(person=person) | sent)


def imports_known_by(person: Reader) -> QuerySet[ImportFile]:
    """Files brought to programmes near the person; what is in them is for those who run the programme."""
    return ImportFile.objects.filter(programme__in=programmes_known_by(person).values("pk"))


def programmes_known_by(person: Reader) -> QuerySet[Programme]:
    """Programmes near the person, those one has applied to among them: their offices are no secret."""
    if not person.is_authenticated:
        return Programme.objects.none()
    near = group_access.offices_known_by(person).values("pk")
    applied = Application.objects.filter(person=person).values("programme")
    return Programme.objects.filter(Q(pk__in=near) | Q(pk__in=applied))


def visible_group_pages(person: Reader) -> QuerySet[Group]:
    """Groups with a page of their own on a published programme's: not those reached by their link only.

    Sensitive themes are shown after sign-in only.
    """
    shown = Group.objects.living().filter(by_link=False).exclude(programme__state=Programme.State.DRAFT)
    return shown if person.is_authenticated else shown.exclude(theme__sensitive=True)


def can_apply(person: Reader, programme: Programme) -> bool:
    """Return whether the person may apply: the office and those above it do so with an account of their own.

    Whoever has applied already may go on, whatever else they are.
    """
    if not person.is_authenticated or own_applications(person).filter(programme=programme).exists():
        return True
    above = NetworkAdmin.objects.filter(person=person, network=programme.organisation.network_id).exists()
    runs = programme_access.can_edit_programme(person, programme)
    return not (above or runs or person.is_operator)


def own_open_application_of(person: Reader, programme: Programme) -> Application | None:
    """The person's own application to the programme that is a draft or stands."""
    if not person.is_authenticated:
        return None
    mine = own_applications(person).filter(programme=programme, state__in=Application.OPEN)
    found = mine.select_related("unit", "programme__organisation").first()
    if found:
        found.programme = programme
    return found
