"""Whose calendar has not yet been told what holds now."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from piiri.groups.models import Group, Membership, Mentorship
from piiri.meetings.models import Invitation, Meeting

MEETING = (Group.State.FORMING, Group.State.RUNNING)
Pair = tuple[int, int]  # a meeting and a person, by their keys


def not_invited(now: datetime, limit: int, *, since: datetime | None = None) -> list[Pair]:
    """Who sits in a group with a coming meeting and has not been told of it as it is now.

    Two queries for any number of groups; derived anew each time, so nothing can get lost. `since`: only
    where something has changed after it, at a tenth of the cost.
    """
    told = Invitation.objects.filter(
        meeting=OuterRef("meeting"), person=OuterRef("person"), sequence=OuterRef("sequence"), cancelled=False
    )
    found: list[Pair] = []
    for sitting in (Membership.objects.entering(), Mentorship.objects.entering()):
        here = sitting.filter(person__isnull=False, group__state__in=MEETING).annotate(
            meeting=F("group__meetings"),
            sequence=F("group__meetings__sequence"),
            state=F("group__meetings__state"),
            starts_at=F("group__meetings__starts_at"),
        )
        due = here.filter(~Exists(told), state=Meeting.State.PLANNED, starts_at__gt=now)
        if since:
            due = due.filter(meeting__in=touched(since).values("pk"))
        found += list(due.values_list("meeting", "person")[: limit - len(found)])
    return found


def called_off(now: datetime, limit: int, *, since: datetime | None = None) -> list[Invitation]:
    """Invitations that still stand in calendars for coming meetings and no longer hold.

    The meeting is cancelled, the group has ended, or the person has left or is paused. One query.
    `since`: only where something has changed after it.
    """
    newer = Invitation.objects.filter(
        meeting=OuterRef("meeting"), person=OuterRef("person"), sequence__gt=OuterRef("sequence")
    )
    here = {"group": OuterRef("meeting__group"), "person": OuterRef("person")}
    sits = Exists(Membership.objects.entering().filter(**here)) | Exists(
        Mentorship.objects.entering().filter(**here)
    )
    standing = Invitation.objects.filter(cancelled=False, meeting__starts_at__gt=now).filter(~Exists(newer))
    gone = standing.filter(
        Q(meeting__state=Meeting.State.CANCELLED) | ~Q(meeting__group__state__in=Group.LIVING) | ~sits
    )
    if since:
        gone = gone.filter(meeting__in=touched(since).values("pk"))
    return list(gone.select_related("meeting__group__programme", "person")[:limit])


def touched(since: datetime) -> QuerySet[Meeting]:
    """Meetings that changed after `since`, and those of groups that ended or whose people did after it.

    Who was paused and is in again is found when everything is looked through.
    """
    left = Q(ended_at__gte=since)
    paused = Q(paused_at__gte=since)
    joined = Membership.objects.filter(left | paused | Q(confirmed_at__gte=since))
    led = Mentorship.objects.filter(left | paused | Q(started_at__gte=since))
    return Meeting.objects.filter(
        Q(changed_at__gte=since)
        | Q(group__in=Group.objects.filter(left | Q(started_at__gte=since)).values("pk"))
        | Q(group__in=joined.values("group"))
        | Q(group__in=led.values("group"))
    )


def organiser(meeting: Meeting) -> str:
    """Who invites, as calendars show it: the programme's organisation."""
    return str(meeting.group.programme.organisation)
