"""Who says to come, who came: answers, the record of a meeting, checking in, the list at the door."""

from collections.abc import Iterable, Set
from datetime import date, datetime, time

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.meetings import queries, rules
from piiri.meetings.actions.scheduling import meets_then, schedule, stop_looking
from piiri.meetings.models import Answer, Attendance, Meeting
from piiri.meetings.rules import MeetingRefusal
from piiri.people.models import Person
from piiri.programmes.models import EventSession

State = Meeting.State


@transaction.atomic
def answer(
    meeting: Meeting, *, person: Person, coming: bool, by: Person, now: datetime, late: int = 0
) -> Answer:
    """Say that the person comes (`late`: by so many minutes) or does not; the last word counts.

    The group sees it on the meeting's page; nobody is told by mail. Raises Refused when the meeting is
    over, and LATE_EARLY more than three hours before the start.
    """
    late = late if coming else 0
    reason = rules.why_not_be_late(meeting, now=now) if late else rules.why_not_answer(meeting, now=now)
    if reason:
        raise Refused(reason)
    said, _made = Answer.objects.update_or_create(
        meeting=meeting,
        person=person,
        defaults={"coming": coming, "late_minutes": late, "answered_at": now},
    )
    audit.record("meeting_answered", by=by, about=meeting, now=now, place=meeting.group.uid)
    return said


@transaction.atomic
def record(
    meeting: Meeting,
    *,
    came: Set[str],
    minutes: int,
    form: str,
    by: Person,
    now: datetime,
    method: str = "",
    support_wanted: bool = False,
    next_on: date | None = None,
    next_at: time | None = None,
) -> Meeting:
    """Save who came (uids), how long, in which form and with which method; set the next meeting if told.

    The first record makes the meeting held; it can be saved again until 14 days after the meeting, also
    with the next meeting that is set already.
    People whose attendance the office has corrected stay as corrected.

    Raises Refused: NOT_YET, LOCKED, CANCELLED, STRANGER for somebody who was not in the group then, and
    whatever `schedule` says of the next date.
    """
    if reason := rules.why_not_record(meeting, now=now):
        raise Refused(reason)
    hold(meeting, minutes=minutes, form=form, method=method, support_wanted=support_wanted, now=now)
    present = mark_present(meeting, came=came, now=now)
    if next_on and next_at and not meets_then(meeting.group, on=next_on, at=next_at):
        schedule(
            meeting.group,
            on=next_on,
            at=next_at,
            minutes=minutes,
            form=form,
            place=meeting.place,
            by=by,
            now=now,
        )
    audit.record("meeting_recorded", by=by, about=meeting, now=now, place=meeting.group.uid, present=present)
    return meeting


def hold(
    meeting: Meeting, *, minutes: int, form: str, method: str, support_wanted: bool, now: datetime
) -> None:
    """Planned → held, or held again with other facts; a cancelled meeting stays cancelled."""
    values = {
        "state": State.HELD,
        "minutes": minutes,
        "form": form,
        "method": method,
        "support_wanted": support_wanted,
        "recorded_at": meeting.recorded_at or now,
        "changed_at": now,
    }
    stop_looking(meeting, now=now)
    standing = Meeting.objects.filter(pk=meeting.pk, state__in=(State.PLANNED, State.HELD))
    if standing.update(**values) != 1:
        raise Refused(MeetingRefusal.CANCELLED)
    for name, value in values.items():
        setattr(meeting, name, value)


def mark_present(meeting: Meeting, *, came: Set[str], now: datetime) -> int:
    """Make the attendances of the meeting those of `came`; return how many there are of them."""
    sat = {person.uid: (person, role) for person, role in queries.sat_in(meeting).values()}
    if came - sat.keys():
        raise Refused(MeetingRefusal.STRANGER)
    settled = queries.corrected_people(meeting)
    rows = Attendance.objects.filter(meeting=meeting).exclude(person__in=settled)
    rows.filter(person__uid__in=sat.keys() - came).delete()
    rows.update(minutes=meeting.minutes)
    there = set(rows.values_list("person", flat=True)) | settled
    new = [
        Attendance(person=person, role=role, meeting=meeting, minutes=meeting.minutes, marked_at=now)
        for uid, (person, role) in sat.items()
        if uid in came and person.pk not in there
    ]
    # Somebody may check in at this very moment.
    Attendance.objects.bulk_create(new, ignore_conflicts=True)
    return len(came)


@transaction.atomic
def check_in_meeting(
    meeting: Meeting, *, person: Person, by: Person, now: datetime, present: bool = True
) -> None:
    """Mark oneself as present (or not, after all) while the meeting runs: see `why_not_check_in`.

    Twice is once. Raises Refused: CHECK_IN_EARLY, CHECK_IN_LATE, STRANGER.
    """
    if reason := rules.why_not_check_in(meeting, now=now):
        raise Refused(reason)
    seat = queries.sat_in(meeting).get(person.pk)
    if seat is None:
        raise Refused(MeetingRefusal.STRANGER)
    if present:
        Attendance.objects.get_or_create(
            meeting=meeting,
            person=person,
            defaults={"role": seat[1], "minutes": meeting.minutes, "marked_at": now},
        )
    else:
        Attendance.objects.filter(meeting=meeting, person=person).delete()
    audit.record("meeting_checked_in", by=by, about=meeting, now=now, place=meeting.group.uid)


@transaction.atomic
def check_in(session: EventSession, *, person: Person, by: Person, now: datetime) -> Attendance:
    """Count the person as present at a session of a joint event; twice is once.

    People check themselves in within the window; whoever else does it (the office) may do it later too.
    Raises Refused: CHECK_IN_EARLY, CHECK_IN_LATE.
    """
    reason = rules.why_not_check_in(session, now=now)
    if reason and (by == person or reason == MeetingRefusal.CHECK_IN_EARLY):
        raise Refused(reason)
    role = queries.role_at_session(session, person=person)
    row, made = Attendance.objects.get_or_create(
        session=session,
        person=person,
        defaults={"role": role, "minutes": session.minutes, "marked_at": now},
    )
    if made:
        audit.record(
            "session_checked_in", by=by, about=row, now=now, place=session.event.programme.uid, of=session.uid
        )
    return row


@transaction.atomic
def mark_roll(
    session: EventSession, *, shown: Iterable[str], came: Set[str], by: Person, now: datetime
) -> int:
    """Take over a page of the list at the door: of those `shown`, these `came` (uids). How many changed.

    People on other pages, and those whom the office has corrected, stay as they are. Raises Refused
    before checking in opens.
    """
    if rules.why_not_check_in(session, now=now) == MeetingRefusal.CHECK_IN_EARLY:
        raise Refused(MeetingRefusal.CHECK_IN_EARLY)
    listed = queries.roll(session).filter(uid__in=list(shown))
    listed = listed.exclude(pk__in=queries.corrected_people(session))
    away = list(listed.filter(came=True).exclude(uid__in=came))
    new = list(listed.filter(came=False, uid__in=came))
    Attendance.objects.filter(session=session, person__in=away).delete()
    roles = queries.roles_at_session(session, people=new)
    rows = [
        Attendance(
            person=person, role=roles[person.pk], session=session, minutes=session.minutes, marked_at=now
        )
        for person in new
    ]
    Attendance.objects.bulk_create(rows, ignore_conflicts=True)
    programme = session.event.programme.uid
    audit.record(
        "roll_marked", by=by, about=session, now=now, place=programme, added=len(new), taken=len(away)
    )
    return len(new) + len(away)
