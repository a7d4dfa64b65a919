"""Who may see hours and statements."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from piiri.hours.models import Statement
from piiri.people.models import Person
from piiri.programmes import access as programme_access

Reader = Person | AnonymousUser


def visible_statements(person: Reader) -> QuerySet[Statement]:
    """Statements of the programmes one runs."""
    return Statement.objects.filter(programme__in=programme_access.programmes_run_by(person).values("pk"))
