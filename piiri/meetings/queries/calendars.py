"""What a person's own calendar shows: meetings of their groups and joint events, in neutral words."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from piiri.base import ics
from piiri.meetings.models import Feed, Meeting
from piiri.people.models import Person
from piiri.programmes.models import EventSession

SHOWN_FOR, CANCELLED_FOR = timedelta(days=366), timedelta(days=60)
# Nothing sealed is even fetched.
COLUMNS = ("uid", "sequence", "changed_at", "starts_at", "minutes", "zone", "place", "state")


def calendar_uid(uid: str) -> str:
    """Under which name calendars know a meeting or a session, by mail and in the feed."""
    return f"{uid}@{urlsplit(settings.ORIGIN).hostname or 'localhost'}"


def calendar_number(person: Person) -> int:
    """The number of the calendar address in use; 1 until it is first replaced."""
    return Feed.objects.filter(person=person).values_list("number", flat=True).first() or 1


def calendar_of(
    meetings: QuerySet[Meeting], sessions: QuerySet[EventSession], *, now: datetime
) -> list[ics.Entry]:
    """Dates of a year back and all to come, in the language of now. Two queries.

    `meetings` and `sessions` are those the reader may know of. What was cancelled stays for 60 days,
    so that calendars hear of it.
    """
    called_off = Q(state=Meeting.State.CANCELLED)
    shown = Q(starts_at__gt=now - SHOWN_FOR)
    gone = called_off & Q(changed_at__gt=now - CANCELLED_FOR)
    own = meetings.filter(shown & ~called_off | gone).only(*COLUMNS).order_by("starts_at", "pk")
    joint = sessions.filter(shown).select_related("event__programme").order_by("starts_at", "pk")
    return [*map(meeting_entry, own), *map(session_entry, joint)]


def meeting_entry(meeting: Meeting) -> ics.Entry:
    """A meeting: when and where, nothing of what it is about."""
    return ics.Entry(
        uid=calendar_uid(meeting.uid),
        sequence=meeting.sequence,
        stamp=meeting.changed_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.zone,
        summary=_("Your group meets"),
        place=meeting.place,
        url=f"{settings.ORIGIN}/meetings/{meeting.uid}/",
        cancelled=meeting.state == Meeting.State.CANCELLED,
    )


def session_entry(session: EventSession) -> ics.Entry:
    """A joint event, by its kind: a title of its own may say a theme."""
    programme = session.event.programme
    return ics.Entry(
        uid=calendar_uid(session.uid),
        sequence=0,
        # Sessions do not keep when they were changed; readers of a feed take what it says now.
        stamp=programme.enrol_opens_at,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=programme.zone,
        summary=str(session.event.get_kind_display()),
        place=session.place,
        url=f"{settings.ORIGIN}/sessions/{session.uid}/check-in/",
    )
