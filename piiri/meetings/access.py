"""Who may see and run meetings."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.groups import access as group_access
from piiri.meetings.models import Attendance, Meeting
from piiri.people.models import Person

Reader = Person | AnonymousUser


def meetings_of(person: Reader) -> QuerySet[Meeting]:
    """Meetings of the groups the person sits in."""
    return Meeting.objects.filter(group__in=group_access.groups_of(person).values("pk"))


def visible_meetings(person: Reader) -> QuerySet[Meeting]:
    """Meetings of one's own groups, and time, place and number present of the groups one runs."""
    return Meeting.objects.filter(group__in=group_access.visible_groups(person).values("pk"))


def visible_attendances(person: Reader) -> QuerySet[Attendance]:
    """One's own, and those of the meetings of groups one mentors."""
    if not person.is_authenticated:
        return Attendance.objects.none()
    mentored = group_access.groups_mentored_by(person).values("pk")
    return Attendance.objects.filter(Q(person=person) | Q(meeting__group__in=mentored))


def can_enter_meeting(person: Reader, meeting: Meeting) -> bool:
    """Return whether the person sits in the meeting's group: sees title, link and who comes."""
    return group_access.can_enter_group(person, meeting.group)


def can_run_meeting(person: Reader, meeting: Meeting) -> bool:
    """Return whether the person may move, cancel and record: a mentor, or any member of a self-run group."""
    return group_access.can_run_meetings_of_group(person, meeting.group)
