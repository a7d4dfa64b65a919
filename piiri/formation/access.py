"""Who may see and start formations: the programme's office."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from piiri.formation.models import Publishing, Run
from piiri.people.models import Person
from piiri.programmes import access as programme_access

Reader = Person | AnonymousUser


def visible_runs(person: Reader) -> QuerySet[Run]:
    """Runs of the programmes in whose office the person works."""
    return Run.objects.filter(programme__in=programme_access.programmes_coordinated_by(person).values("pk"))


def visible_publishings(person: Reader) -> QuerySet[Publishing]:
    """Publishings of the programmes in whose office the person works."""
    return Publishing.objects.filter(
        programme__in=programme_access.programmes_coordinated_by(person).values("pk")
    )
