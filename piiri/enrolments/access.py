"""Who may see and do what with applications and imports."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.enrolments.models import Application, ImportFile
from piiri.people.models import Person
from piiri.programmes import access as programme_access

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


def visible_imports(person: Reader) -> QuerySet[ImportFile]:
    """Files brought to the programmes one runs."""
    return ImportFile.objects.filter(programme__in=programme_access.programmes_run_by(person).values("pk"))
