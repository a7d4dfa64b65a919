"""Who may see and run meetings, check in at joint events, correct attendance."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.groups import access as group_access
from piiri.groups.models import Group, Membership, Mentor
from piiri.meetings import links
from piiri.meetings.models import Busy, Feed, Meeting, OwnCalendar, Poll
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Event, EventSession, Programme

Reader = Person | AnonymousUser


def meetings_of(person: Reader) -> QuerySet[Meeting]:
    """Meetings of the groups the person sits in."""
    return Meeting.objects.filter(group__in=group_access.groups_of(person).values("pk"))


def visible_meetings(person: Reader) -> QuerySet[Meeting]:
    """Meetings of one's own groups, and time, place and number present of the groups one runs."""
    return Meeting.objects.filter(group__in=group_access.visible_groups(person).values("pk"))


def can_enter_meeting(person: Reader, meeting: Meeting) -> bool:
    """Return whether the person sits in the meeting's group: sees title, link and who comes."""
    return group_access.can_enter_group(person, meeting.group)


def can_run_meeting(person: Reader, meeting: Meeting) -> bool:
    """Return whether the person may move, cancel and record: a mentor, or any member of a self-run group."""
    return group_access.can_run_meetings_of_group(person, meeting.group)


def can_see_day(person: Reader, meeting: Meeting) -> bool:
    """Return whether the person reads the day and the hour; an administrator of the organiser: the month."""
    return can_enter_meeting(person, meeting) or group_access.can_coordinate_group(person, meeting.group)


def visible_to_correct(person: Reader) -> QuerySet[Meeting]:
    """Meetings of groups one mentors (that may know of corrections and makes none) or one runs."""
    groups = Q(pk__in=group_access.groups_mentored_by(person).values("pk"))
    office = Q(programme__in=programme_access.programmes_run_by(person).values("pk"))
    return Meeting.objects.filter(group__in=Group.objects.filter(groups | office).values("pk"))


def can_correct_attendance(person: Reader, programme: Programme) -> bool:
    """Return whether the person works in the programme's office."""
    return programme_access.can_coordinate_programme(person, programme)


def programmes_joined_by(person: Reader) -> QuerySet[Programme]:
    """Programmes in which the person is a participant or an accepted mentor now."""
    if not person.is_authenticated:
        return Programme.objects.none()
    return Programme.objects.filter(
        Q(pk__in=Membership.objects.active().filter(person=person).values("programme"))
        | Q(pk__in=Mentor.objects.filter(person=person, ended_at=None).values("programme"))
    )


def sessions_of(person: Reader) -> QuerySet[EventSession]:
    """Sessions at which the person may check in; those of the mentors' own event for mentors only."""
    if not person.is_authenticated:
        return EventSession.objects.none()
    mentors = Mentor.objects.filter(person=person, ended_at=None).values("programme")
    joined = EventSession.objects.filter(event__programme__in=programmes_joined_by(person).values("pk"))
    return joined.filter(~Q(event__kind=Event.Kind.MENTORS) | Q(event__programme__in=mentors))


def sessions_in_office_of(person: Reader) -> QuerySet[EventSession]:
    """Sessions of the programmes the person runs."""
    return EventSession.objects.filter(
        event__programme__in=programme_access.programmes_run_by(person).values("pk")
    )


def visible_sessions(person: Reader) -> QuerySet[EventSession]:
    """Sessions of joint events that the person may attend, and those of programmes the person runs."""
    return EventSession.objects.filter(
        Q(pk__in=sessions_of(person).values("pk")) | Q(pk__in=sessions_in_office_of(person).values("pk"))
    )


def can_check_in(person: Reader, session: EventSession) -> bool:
    """Return whether the person is one of those for whom the session is held."""
    return sessions_of(person).filter(pk=session.pk).exists()


def visible_sessions_to_correct(person: Reader) -> QuerySet[EventSession]:
    """Sessions of programmes one runs, or mentors in (and so may know of corrections)."""
    if not person.is_authenticated:
        return EventSession.objects.none()
    mentors = Mentor.objects.filter(person=person, ended_at=None).values("programme")
    run = programme_access.programmes_run_by(person).values("pk")
    return EventSession.objects.filter(Q(event__programme__in=mentors) | Q(event__programme__in=run))


def visible_calendar(person: Reader, *, uid: str, given: str) -> Person | None:
    """Whose calendar stands at the address: whoever has it may read, signed in or not; the number decides."""
    owner = Person.objects.select_related("calendar_feed").filter(uid=uid, is_active=True).first()
    if owner is None:
        return None
    replaced: Feed | None = getattr(owner, "calendar_feed", None)
    number = replaced.number if replaced else 1
    return owner if links.is_calendar(uid, number, given=given) else None


def visible_reply(person: Reader, *, meeting: str, invited: str, given: str) -> tuple[Meeting, Person] | None:
    """The meeting of an invitation's link and who was invited, while they sit in its group.

    Whoever has the link may answer, signed in or not.
    """
    if not links.is_reply(meeting, invited, given=given):
        return None
    row = Meeting.objects.select_related("group__programme__organisation").filter(uid=meeting).first()
    guest = Person.objects.filter(uid=invited, is_active=True).first()
    return (row, guest) if row and guest and can_enter_meeting(guest, row) else None


def visible_polls(person: Reader) -> QuerySet[Poll]:
    """Polls of one's own groups; of those of programmes one runs it is known that they are, no more."""
    return Poll.objects.filter(group__in=group_access.visible_groups(person).values("pk"))


def visible_busy_times(person: Reader) -> QuerySet[Busy]:
    """What the person has said by hand of their own time; nobody else's."""
    return (
        Busy.objects.filter(person=person, by_hand=True) if person.is_authenticated else Busy.objects.none()
    )


def own_calendar(person: Person) -> OwnCalendar | None:
    """The person's own calendar that is read for busy times."""
    return OwnCalendar.objects.filter(person=person).first()
