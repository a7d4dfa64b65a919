"""Talks in confidence between somebody in a group and one contact person.

Others read the audit trail, so it keeps that something was done in a talk, not who asked whom in which group.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.desk import rules
from piiri.desk.models import SupportLine, SupportRequest
from piiri.desk.queries import support as queries
from piiri.desk.rules import SupportRefusal
from piiri.groups.models import Group
from piiri.mail import actions as mail
from piiri.people.models import Person


@transaction.atomic
def ask_support(
    group: Group, *, contact: str, text: str, may_tell_other: bool, by: Person, now: datetime
) -> SupportRequest:
    """Write to a contact person (by uid) of the programme in confidence; they promise an answer by a day.

    Raises Refused: EMPTY, NO_CONTACT, or VaultRefusal where nothing can be sealed.
    """
    chosen = {person.uid: person for person in queries.contacts_for(group, asker=by)}.get(contact)
    if chosen is None:
        raise Refused(SupportRefusal.NO_CONTACT)
    row = SupportRequest(
        group=group, asker=by, contact=chosen, asked_at=now, may_tell_other=may_tell_other, promised_at=now
    )
    let_promise(row, now=now)
    row.save()
    add_line(row, text=text, by=by, now=now)
    tell(row, "desk/email/asked", to=chosen, now=now)
    audit.record("support_asked", by=None, about=row, now=now)
    return row


def let_promise(row: SupportRequest, *, now: datetime) -> None:
    """Set by when an answer is promised, and when the contact is reminded of it."""
    programme = row.group.programme
    row.due_at, row.promised_at = rules.promise(
        now,
        days=programme.rules.support_answer_days,
        zone=programme.tz,
        closed=queries.closed_days(programme, now=now),
    )
    row.answered_at = row.reminded_at = row.late_told_at = row.done_at = row.leased_until = None
    row.attempts = 0


def add_line(row: SupportRequest, *, text: str, by: Person, now: datetime) -> None:
    """Save what somebody wrote, sealed with the talk's own key."""
    if not text.strip():
        raise Refused(SupportRefusal.EMPTY)
    SupportLine.objects.create(request=row, author=by, text=text.strip(), written_at=now)


@transaction.atomic
def write_support(row: SupportRequest, *, text: str, by: Person, now: datetime) -> None:
    """Go on writing. The contact's words keep the promise; words after an answer begin a new one.

    Raises Refused: EMPTY, or VaultRefusal.
    """
    held = SupportRequest.objects.select_for_update(of=("self",)).select_related("group__programme")
    request = held.get(pk=row.pk)
    add_line(request, text=text, by=by, now=now)
    is_asker = by.pk == request.asker_id
    if not is_asker:
        request.answered_at, request.due_at = now, None
    elif request.answered_at:
        let_promise(request, now=now)
    request.save()
    if reader := request.contact if is_asker else request.asker:
        tell(request, "desk/email/more" if is_asker else "desk/email/answered", to=reader, now=now)
    audit.record("support_written", by=None, about=request, now=now)


@transaction.atomic
def take_back_support(row: SupportRequest, *, by: Person, now: datetime) -> None:
    """Take a talk back with all that was written in it, by both. Twice is once."""
    audit.record("support_taken_back", by=None, about=row, now=now)
    mail.withdraw(row, now=now)
    SupportRequest.objects.filter(pk=row.pk).delete()


def keep_promise(row: SupportRequest, *, now: datetime) -> None:
    """Remind the contact on the promised day, once; when it has passed, tell the other contact, once.

    The other contact hears that something waits, not what and not from whom, and only where the asker
    allowed it.
    """
    held = SupportRequest.objects.select_for_update().filter(pk=row.pk, answered_at=None).first()
    if held is None:
        return  # answered, or taken back, since it was read
    row = held
    kept: dict[str, Any] = {"due_at": None}
    if row.contact and row.reminded_at is None and now < row.promised_at:
        tell(row, "desk/email/waits", to=row.contact, now=now)
        kept = {"due_at": row.promised_at, "reminded_at": now}
    elif row.may_tell_other and row.late_told_at is None and now >= row.promised_at:
        other = queries.other_contact(row)
        if other:
            mail.post(
                "desk/email/late",
                to=other,
                about=row,
                now=now,
                name=str(row.contact),
                day=day_of(row),
                programme=row.group.programme.title,
            )
            kept["late_told_at"] = now
    SupportRequest.objects.filter(pk=row.pk).update(**kept)
    audit.record("support_promise", by=None, about=row, now=now)


def tell(row: SupportRequest, kind: str, *, to: Person, now: datetime) -> None:
    """A mail without names, without a group and without a word of what was written."""
    mail.post(
        kind,
        to=to,
        about=row,
        now=now,
        link=f"/support/{row.uid}/",
        day=day_of(row),
        programme=row.group.programme.title,
    )


def day_of(row: SupportRequest) -> str:
    """The promised day as mails take it."""
    return row.promised_at.astimezone(row.group.programme.tz).date().isoformat()
