"""Who reads and changes what a group wrote: those who sit in it now. What left it: the programme’s people."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.meetings import access as meeting_access
from piiri.notes.models import Line
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

Reader = Person | AnonymousUser


def groups_of(person: Reader) -> QuerySet[Group]:
    """Groups whose board, basket and files open to the person: not while paused, not after leaving."""
    return group_access.groups_of(person)


def visible_lines(person: Reader) -> QuerySet[Line]:
    """Lines of one's own groups, those from before one came only where the group has opened its past."""
    if not person.is_authenticated:
        return Line.objects.none()
    inside = Line.objects.filter(group__in=groups_of(person).values("pk"))
    return inside.filter(group_access.visible_past(person))


def own_lines(person: Reader) -> QuerySet[Line]:
    """What the person wrote in groups they sit in; nobody else changes it, mentors neither."""
    return visible_lines(person).filter(author=person) if person.is_authenticated else Line.objects.none()


def visible_lines_to_read(person: Reader) -> QuerySet[Line]:
    """Lines of one's own groups, and those that left theirs, in programmes one takes part in or runs."""
    out = Line.objects.released().filter(group__programme__in=programmes_of(person).values("pk"))
    inside = Q(pk__in=visible_lines(person).values("pk"))
    return Line.objects.filter(inside | Q(pk__in=out.values("pk")))


def programmes_of(person: Reader) -> QuerySet[Programme]:
    """Programmes in which the person is a participant or a mentor now, or which they run."""
    if not person.is_authenticated:
        return Programme.objects.none()
    joined = meeting_access.programmes_joined_by(person).values("pk")
    return Programme.objects.filter(Q(pk__in=joined) | programme_access.run_by(person))
