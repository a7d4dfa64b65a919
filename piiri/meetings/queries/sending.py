"""Whose calendar has not yet been told what holds now."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from piiri.groups.models import Group, Membership, Mentorship
from piiri.meetings.models import Invitation, Meeting

MEETING = (Group.State.FORMING, Group.State.RUNNING)
Pair = tuple[int, int]  # a meeting and a person, by their keys


def not_invited(now: datetime, limit: int) -> list[Pair]:
    """Who sits in a group with a coming meeting and has not been told of it as it is now.

    Two queries for any number of groups; derived anew each time, so nothing can get lost.
    """
    told = Invitation.objects.filter(
        meeting=OuterRef("meeting"), person=OuterRef("person"), sequence=OuterRef("sequence"), cancelled=False
    )
    found: list[Pair] = []
    for sitting in (Membership.objects.active(), Mentorship.objects.active()):
        here = sitting.filter(person__isnull=False, group__state__in=MEETING).annotate(
            meeting=F("group__meetings"),
            sequence=F("group__meetings__sequence"),
            state=F("group__meetings__state"),
            starts_at=F("group__meetings__starts_at"),
        )
        due = here.filter(~Exists(told), state=Meeting.State.PLANNED, starts_at__gt=now)
        found += list(due.values_list("meeting", "person")[: limit - len(found)])
    return found


def called_off(now: datetime, limit: int) -> list[Invitation]:
    """Invitations that still stand in calendars for coming meetings and no longer hold.

    The meeting is cancelled, the group has ended, or the person has left. One query.
    """
    newer = Invitation.objects.filter(
        meeting=OuterRef("meeting"), person=OuterRef("person"), sequence__gt=OuterRef("sequence")
    )
    here = {"group": OuterRef("meeting__group"), "person": OuterRef("person")}
    sits = Exists(Membership.objects.active().filter(**here)) | Exists(
        Mentorship.objects.active().filter(**here)
    )
    standing = Invitation.objects.filter(cancelled=False, meeting__starts_at__gt=now).filter(~Exists(newer))
    gone = standing.filter(
        Q(meeting__state=Meeting.State.CANCELLED) | ~Q(meeting__group__state__in=Group.LIVING) | ~sits
    )
    return list(gone.select_related("meeting__group", "person")[:limit])


def organiser(meeting: Meeting) -> str:
    """Who invites, as calendars show it: the programme's organisation."""
    return str(meeting.group.programme.organisation)
