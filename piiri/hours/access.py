"""Who may see hours and statements."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.enrolments import links
from piiri.enrolments.models import LineManager
from piiri.groups.models import Membership, Mentorship
from piiri.hours.models import Statement
from piiri.meetings.models import Attendance
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

Reader = Person | AnonymousUser


def visible_statements(person: Reader) -> QuerySet[Statement]:
    """Statements of programmes whose office the person may know of; to read one takes `can_export_hours`."""
    return Statement.objects.filter(programme__in=programme_access.visible_offices(person).values("pk"))


def programmes_of(person: Reader) -> QuerySet[Programme]:
    """Programmes in which the person has been a participant or a mentor, or has hours."""
    if not person.is_authenticated:
        return Programme.objects.none()
    came = Attendance.objects.filter(person=person)
    return Programme.objects.filter(
        Q(pk__in=Membership.objects.filter(person=person, confirmed_at__isnull=False).values("programme"))
        | Q(pk__in=Mentorship.objects.filter(person=person).values("group__programme"))
        | Q(pk__in=came.filter(session__isnull=False).values("session__event__programme"))
    )


def programmes_counted_by(person: Reader) -> QuerySet[Programme]:
    """Programmes whose hours the person may read: those they run."""
    return programme_access.programmes_run_by(person)


def visible_to_correct(person: Reader) -> QuerySet[Programme]:
    """Programmes one runs, or mentors in (and so may know of corrections, and makes none)."""
    if not person.is_authenticated:
        return Programme.objects.none()
    mentored = Q(mentors__person=person, mentors__ended_at=None)
    run = Q(pk__in=programme_access.programmes_run_by(person).values("pk"))
    return Programme.objects.filter(mentored | run).distinct()


def can_export_hours(person: Reader, programme: Programme) -> bool:
    """Return whether the person runs the programme (after a step-up, which the door asks for)."""
    return programme_access.can_edit_programme(person, programme)


def can_read_dates(person: Reader, programme: Programme) -> bool:
    """Return whether the person works in the office and so may correct single dates."""
    return programme_access.can_coordinate_programme(person, programme)


def own_manager_link(person: Reader, *, uid: str, signature: str) -> tuple[LineManager, int] | None:
    """The line manager whose signed link this is, and the version it was signed for.

    Whoever asks: the link identifies its holder, and opens nothing but that manager's own page.
    """
    manager = LineManager.objects.filter(uid=uid).select_related("programme__organisation").first()
    version = links.was_signed(manager, given=signature) if manager else 0
    return (manager, version) if manager and version else None
