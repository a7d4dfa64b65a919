"""The office gets and loses people; people say when they can meet."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.mail import actions as mail
from piiri.people import actions as people
from piiri.people.models import Person
from piiri.programmes import windows as weekly
from piiri.programmes.actions.change import refuse_change
from piiri.programmes.models import Availability, Coordinator, Programme
from piiri.programmes.rules import ContactRefusal, CoordinatorRefusal


@transaction.atomic
def grant_coordinator(programme: Programme, *, email: str, by: Person, now: datetime) -> Person:
    """Let the person of this address work in the programme's office, and tell them.

    Raises Refused with ONESELF or ALREADY, or when the organisation is suspended.
    """
    refuse_change(programme)
    person = people.introduce(email, name="", language=by.language, now=now)
    if person == by:
        raise Refused(CoordinatorRefusal.ONESELF)
    _row, made = Coordinator.objects.get_or_create(
        programme=programme, person=person, defaults={"since": now}
    )
    if not made:
        raise Refused(CoordinatorRefusal.ALREADY)
    mail.post(
        "programmes/email/coordinator",
        to=person,
        about=programme,
        now=now,
        link=f"/office/{programme.uid}/",
        programme=programme.title,
    )
    audit.record(
        "coordinator_granted", by=by, about=programme, now=now, place=programme.uid, person=person.uid
    )
    return person


@transaction.atomic
def remove_coordinator(programme: Programme, *, person: Person, by: Person, now: datetime) -> None:
    """Take the role from somebody else; twice is once. Raises Refused with ONESELF."""
    if person == by:
        raise Refused(CoordinatorRefusal.ONESELF)
    gone, _rows = Coordinator.objects.filter(programme=programme, person=person).delete()
    if gone:
        audit.record(
            "coordinator_removed", by=by, about=programme, now=now, place=programme.uid, person=person.uid
        )


@transaction.atomic
def name_contacts(
    programme: Programme, *, first: Person | None, second: str, by: Person, now: datetime
) -> Programme:
    """Name whom people of groups can talk to in confidence: a coordinator, and the person of an address.

    What has been asked of somebody stays with them alone. A second contact who is new to this is told.

    Raises Refused: NO_COORDINATOR, SAME_PERSON, or when the organisation is suspended.
    """
    refuse_change(programme)
    if first and not Coordinator.objects.filter(programme=programme, person=first).exists():
        raise Refused(ContactRefusal.NO_COORDINATOR)
    other = people.introduce(second, name="", language=by.language, now=now) if second else None
    if first and first == other:
        raise Refused(ContactRefusal.SAME_PERSON)
    is_new = other is not None and other.pk != programme.second_contact_id
    programme.contact_person, programme.second_contact = first, other
    programme.save(update_fields=["contact_person", "second_contact"])
    if other and is_new:
        mail.post("programmes/email/contact", to=other, about=programme, now=now, programme=programme.title)
    audit.record(
        "contacts_named",
        by=by,
        about=programme,
        now=now,
        place=programme.uid,
        first=first.uid if first else "",
        second=other.uid if other else "",
    )
    return programme


@transaction.atomic
def save_availability(
    programme: Programme, *, person: Person, mask: str, by: Person, now: datetime
) -> Availability:
    """Keep when the person can meet in this programme: one digit a half hour, Monday 00:00 first.

    The last told is what `queries.times_of` offers in the next programme.
    Raises ValueError when `mask` is none.
    """
    if not weekly.is_mask(mask):
        raise ValueError("a mask has one digit 0, 1 or 2 for each half hour of a week")
    row, _made = Availability.objects.update_or_create(
        programme=programme, person=person, defaults={"mask": mask, "updated_at": now}
    )
    audit.record("availability_saved", by=by, about=person, now=now, place=programme.uid)
    return row
