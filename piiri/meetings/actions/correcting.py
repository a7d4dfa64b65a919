"""The office corrects one person's attendance; the person sees what, when and why."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.mail import actions as mail
from piiri.meetings import queries
from piiri.meetings.models import Attendance, Correction, Meeting
from piiri.meetings.rules import MeetingRefusal
from piiri.people.models import Person
from piiri.programmes.models import EventSession, Programme


@transaction.atomic
def correct_attendance(
    person: Person,
    *,
    minutes: int,
    reason: str,
    by: Person,
    now: datetime,
    meeting: Meeting | None = None,
    session: EventSession | None = None,
) -> Correction:
    """Set for how many minutes the person was at exactly one meeting or session; 0 is not at all.

    Leaves a correction with its reason on the person's page and tells the person by mail (without
    the reason). Holds also after the record is locked, and no later record touches it.

    Raises Refused: REASON_NEEDED, NOTHING_CHANGES, ONESELF, STRANGER, CHANGED; ValueError when the
    thing is not exactly one.
    """
    if (meeting is None) == (session is None):
        raise ValueError("a correction is about one meeting or one session")
    if by == person:
        raise Refused(MeetingRefusal.ONESELF)
    if not reason.strip():
        raise Refused(MeetingRefusal.REASON_NEEDED)
    of = {"meeting": meeting, "session": session}
    before = set_minutes(person, of=of, minutes=minutes, now=now)
    correction = Correction.objects.create(
        person=person,
        minutes_before=before,
        minutes_after=minutes,
        reason=reason.strip(),
        corrected_by=by,
        corrected_at=now,
        **of,
    )
    tell(correction, programme=programme_of(meeting, session), now=now)
    audit.record(
        "attendance_corrected",
        by=by,
        about=correction,
        now=now,
        place=programme_of(meeting, session).uid,
        of=(meeting or session or correction).uid,
        before=before,
        after=minutes,
    )
    return correction


def set_minutes(person: Person, *, of: dict[str, Any], minutes: int, now: datetime) -> int:
    """Make the attendance be of these minutes; return how many they were before."""
    row = Attendance.objects.select_for_update().filter(person=person, **of).first()
    before = row.minutes if row else 0
    if before == minutes:
        raise Refused(MeetingRefusal.NOTHING_CHANGES)
    if row and not minutes:
        row.delete()
    elif row:
        row.minutes = minutes
        row.save(update_fields=["minutes"])
    else:
        mark(Attendance(person=person, role=role_in(person, **of), minutes=minutes, marked_at=now, **of))
    return before


def mark(attendance: Attendance) -> None:
    """Save a new attendance; the unique key says when the person checked in at this very moment."""
    try:
        with transaction.atomic():
            attendance.save()
    except IntegrityError:
        raise Refused(MeetingRefusal.CHANGED) from None


def role_in(person: Person, *, meeting: Meeting | None, session: EventSession | None) -> str:
    """As what the person counts; only somebody who was in the group, or is in the programme, can count."""
    if session:
        return queries.role_at_session(session, person=person)
    seat = queries.sat_in(meeting).get(person.pk) if meeting else None
    if seat is None:
        raise Refused(MeetingRefusal.STRANGER)
    return seat[1]


def programme_of(meeting: Meeting | None, session: EventSession | None) -> Programme:
    """The programme of whichever of the two is given."""
    if session:
        return session.event.programme
    assert meeting
    return meeting.group.programme


def tell(correction: Correction, *, programme: Programme, now: datetime) -> None:
    """The person hears that something was corrected, and reads on their own page what and why."""
    thing = correction.meeting or correction.session
    assert thing
    mail.post(
        "meetings/email/corrected",
        to=correction.person,
        about=correction,
        now=now,
        link="/hours/",
        day=thing.starts_at.astimezone(programme.tz).date().isoformat(),
        before=correction.minutes_before,
        after=correction.minutes_after,
    )
