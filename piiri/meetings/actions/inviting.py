"""Telling calendars: the sweep that derives who is still to be told, and the claims that make it once."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from piiri.audit import actions as audit
from piiri.mail import actions as mail
from piiri.meetings import invite as calendars
from piiri.meetings import queries
from piiri.meetings.models import Invitation, Meeting
from piiri.people.models import Person

A_SWEEP = 200
KINDS = {
    calendars.REQUEST: ("meetings/email/invitation", "meetings/email/changed"),
    calendars.CANCEL: ("meetings/email/cancelled",),
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
    kind = KINDS[calendars.REQUEST][1 if is_change else 0]
    post(kind, meeting, person=person, method=calendars.REQUEST, now=now)
    return True


@transaction.atomic
def take_back(invitation: Invitation, *, now: datetime) -> bool:
    """Claim and post the cancellation of one invitation; False when somebody already did."""
    if Invitation.objects.filter(pk=invitation.pk, cancelled=False).update(cancelled=True) != 1:
        return False
    kind = KINDS[calendars.CANCEL][0]
    post(kind, invitation.meeting, person=invitation.person, method=calendars.CANCEL, now=now)
    return True


def post(kind: str, meeting: Meeting, *, person: Person, method: str, now: datetime) -> None:
    """One mail to one reader: when and where, nothing of what the group is about."""
    mail.post(
        kind,
        to=person,
        about=meeting,
        now=now,
        # Who has left could not open the page.
        link="" if method == calendars.CANCEL else f"/meetings/{meeting.uid}/",
        ics=calendars.calendar_text(notice_for(meeting, person=person, now=now), method=method),
        starts_at=meeting.starts_at.isoformat(),
        ends_at=meeting.ends_at.isoformat(),
        zone=meeting.zone,
        place=meeting.place,
        online=meeting.form in (Meeting.Form.ONLINE, Meeting.Form.HYBRID),
    )


def notice_for(meeting: Meeting, *, person: Person, now: datetime) -> calendars.Notice:
    """What the person's calendar is told of the meeting, in the person's language."""
    with translation.override(person.language):
        summary, organiser = _("Your group meets"), queries.organiser(meeting)
    host = urlsplit(settings.ORIGIN).hostname or "localhost"
    return calendars.Notice(
        uid=f"{meeting.uid}@{host}",
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.zone,
        summary=summary,
        place=meeting.place,
        url=f"{settings.ORIGIN}/meetings/{meeting.uid}/",
        organiser=parseaddr(settings.MAIL_FROM)[1],
        organiser_name=organiser,
        reader=person.email,
        stamp=now,
    )
