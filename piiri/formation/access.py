"""Who may see and start formations: the programme's office."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from piiri.enrolments import access as enrolment_access
from piiri.formation.models import Publishing, Run
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

Reader = Person | AnonymousUser


def programmes_known_by(person: Reader) -> QuerySet[Programme]:
    """Programmes near the person: that groups are formed there is no secret, how is the office's."""
    return enrolment_access.programmes_known_by(person)


def runs_known_by(person: Reader) -> QuerySet[Run]:
    """Runs of programmes near the person: there they read 403, elsewhere 404."""
    return Run.objects.filter(programme__in=programmes_known_by(person).values("pk"))


def publishings_known_by(person: Reader) -> QuerySet[Publishing]:
    """Publishings of programmes near the person: there they read 403, elsewhere 404."""
    return Publishing.objects.filter(programme__in=programmes_known_by(person).values("pk"))


def can_form_groups(person: Reader, programme: Programme) -> bool:
    """Return whether the person works in the programme's office."""
    return programme_access.can_coordinate_programme(person, programme)
