"""The mentor cannot come: the group meets all the same, and one of it sees to the meeting."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.mail import actions as mail
from piiri.meetings import rules
from piiri.meetings.models import Answer, Meeting
from piiri.meetings.queries import polls
from piiri.meetings.rules import MeetingRefusal
from piiri.people.models import Person


@transaction.atomic
def meet_without(meeting: Meeting, *, convener: Person, by: Person, now: datetime) -> None:
    """Say that the mentor `by` does not come and that `convener` sees to the meeting; it stays as it is.

    Everybody else is told by mail. Pressed twice for the same convener is once.

    Raises Refused: CANCELLED, RECORDED, PAST, or STRANGER for a convener who is not one of the group.
    """
    if reason := rules.why_not_move(meeting) or rules.why_not_answer(meeting, now=now):
        raise Refused(reason)
    sitting = polls.sitting(meeting.group)
    if convener == by or not any(sitter.person == convener for sitter in sitting):
        raise Refused(MeetingRefusal.STRANGER)
    said = {"coming": False, "late_minutes": 0, "answered_at": now}
    Answer.objects.update_or_create(meeting=meeting, person=by, defaults=said)
    other = Q(convener=None) | ~Q(convener=convener)
    same = Meeting.objects.filter(other, pk=meeting.pk, state=Meeting.State.PLANNED)
    if same.update(convener=convener) != 1:
        return
    meeting.convener = convener
    for sitter in sitting:
        if sitter.person != by:
            tell(meeting, sitter.person, convener=convener, now=now)
    audit.record("met_without", by=by, about=meeting, now=now, place=meeting.group.uid, convener=convener.uid)


def tell(meeting: Meeting, person: Person, *, convener: Person, now: datetime) -> None:
    """One mail: the meeting stands, who sees to it. Nothing of why the mentor does not come."""
    mail.post(
        "meetings/email/without_mentor",
        to=person,
        about=meeting,
        now=now,
        link=f"/meetings/{meeting.uid}/",
        starts_at=meeting.starts_at.isoformat(),
        ends_at=meeting.ends_at.isoformat(),
        zone=meeting.zone,
        convener="" if person == convener else convener.first_name,
    )
