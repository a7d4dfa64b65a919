"""Telling calendars: the sweep that derives who is still to be told, and the claims that make it once."""

from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from piiri.audit import actions as audit
from piiri.base import ics
from piiri.mail import actions as mail
from piiri.meetings import links, queries
from piiri.meetings.models import Invitation, Meeting
from piiri.people.models import Person

A_SWEEP = 200
KINDS = {
    ics.REQUEST: ("meetings/email/invitation", "meetings/email/changed"),
    ics.CANCEL: ("meetings/email/cancelled",),
}


def invite_changed(*, now: datetime) -> int:
    """`invite_due` for what changed within a day: cheap enough to be asked every few seconds."""
    return invite_due(now=now, since=now - timedelta(days=1))


def invite_due(*, now: datetime, since: datetime | None = None) -> int:
    """Tell up to 200 calendars what they have not been told; return how many were told.

    Each is a transaction of its own. Any number of workers may sweep at once: a unique row, or a
    conditional UPDATE of it, decides who posts the mail.
    """
    told = 0
    pairs = queries.not_invited(now, A_SWEEP, since=since)
    meetings = Meeting.objects.select_related("group__programme__organisation").in_bulk(
        {meeting for meeting, _person in pairs}
    )
    people = Person.objects.in_bulk({person for _meeting, person in pairs})
    for meeting, person in pairs:
        told += invite(meetings[meeting], person=people[person], now=now)
    for invitation in queries.called_off(now, A_SWEEP, since=since):
        told += take_back(invitation, now=now)
    if told:
        audit.record("calendars_told", by=None, about=None, now=now, number=told)
    return told


@transaction.atomic
def invite(meeting: Meeting, *, person: Person, now: datetime) -> bool:
    """Claim and post the invitation to the meeting as it is now; False when somebody already did.

    Who was invited to an earlier state of it gets a change instead. A past or cancelled meeting, or
    one that has changed since it was read, is left to the next sweep.
    """
    still = Meeting.objects.filter(pk=meeting.pk, state=Meeting.State.PLANNED, sequence=meeting.sequence)
    if not still.filter(starts_at__gt=now).exists():
        return False
    known = Invitation.objects.filter(meeting=meeting, person=person, cancelled=False)
    is_change = known.filter(sequence__lt=meeting.sequence).exists()
    row, made = Invitation.objects.get_or_create(
        meeting=meeting, person=person, sequence=meeting.sequence, defaults={"posted_at": now}
    )
    if not made:
        # Taken back from somebody who left and came back.
        again = Invitation.objects.filter(pk=row.pk, cancelled=True)
        if again.update(cancelled=False, posted_at=now) != 1:
            return False
    kind = KINDS[ics.REQUEST][1 if is_change else 0]
    post(kind, meeting, person=person, method=ics.REQUEST, now=now)
    return True


@transaction.atomic
def take_back(invitation: Invitation, *, now: datetime) -> bool:
    """Claim and post the cancellation of one invitation; False when somebody already did."""
    if Invitation.objects.filter(pk=invitation.pk, cancelled=False).update(cancelled=True) != 1:
        return False
    kind = KINDS[ics.CANCEL][0]
    post(kind, invitation.meeting, person=invitation.person, method=ics.CANCEL, now=now)
    return True


def post(kind: str, meeting: Meeting, *, person: Person, method: str, now: datetime) -> None:
    """One mail to one reader: when and where, nothing of what the group is about."""
    mail.post(
        kind,
        to=person,
        about=meeting,
        of=meeting.group.programme,
        now=now,
        # Who has left has nothing to answer.
        link="" if method == ics.CANCEL else links.reply_path(meeting.uid, person.uid),
        ics=ics.calendar_text([notice_for(meeting, person=person, method=method, now=now)], method=method),
        starts_at=meeting.starts_at.isoformat(),
        ends_at=meeting.ends_at.isoformat(),
        zone=meeting.zone,
        place=meeting.place,
        online=meeting.form in (Meeting.Form.ONLINE, Meeting.Form.HYBRID),
    )


def notice_for(meeting: Meeting, *, person: Person, method: str, now: datetime) -> ics.Entry:
    """What the person's calendar is told of the meeting, in the person's language."""
    with translation.override(person.language):
        summary, organiser = _("Your group meets"), queries.organiser(meeting)
    return ics.Entry(
        uid=queries.calendar_uid(meeting.uid),
        sequence=meeting.sequence,
        stamp=now,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.zone,
        summary=summary,
        place=meeting.place,
        url=f"{settings.ORIGIN}/meetings/{meeting.uid}/",
        organiser=(parseaddr(settings.MAIL_FROM)[1], organiser),
        reader=person.email,
        cancelled=method == ics.CANCEL,
    )
