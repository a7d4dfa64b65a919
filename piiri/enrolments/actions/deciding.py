"""The office decides about one application: a place, a turn in the lists, no more waiting, a no."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import queries
from piiri.enrolments.actions.managing import end_approval
from piiri.enrolments.actions.telling import tell_placed
from piiri.enrolments.actions.waiting import end_turns, held, wait
from piiri.enrolments.models import Application, Bulk, Waiting
from piiri.enrolments.rules import EnrolRefusal, ListRefusal
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership
from piiri.mail import actions as mail
from piiri.people.models import Person

State = Application.State
Deed = Bulk.Deed


@transaction.atomic
def place_application(application: Application, *, group: Group, by: Person, now: datetime) -> Membership:
    """Give the applicant a place in the group, whoever waits for it; mail when to come.

    What the application waits for ends, and what is offered to the person is taken back.

    Raises Refused: DECIDED, FULL, ENDED, ALREADY_IN, IS_MENTOR, KEPT_APART.
    """
    row = held(application)
    if not Application.objects.unplaced().filter(pk=row.pk).update(state=State.PLACED, decided_at=now):
        raise Refused(EnrolRefusal.DECIDED)
    row.state = State.PLACED
    end_turns(row, end=Waiting.End.PLACED, by=by, now=now)
    membership = group_actions.join(group, person=row.person, by=by, now=now)
    tell_placed(row, group=group, now=now)
    audit.record("application_placed", by=by, about=row, now=now, place=row.programme.uid, group=group.uid)
    return membership


@transaction.atomic
def put_on_lists(application: Application, *, reason: str, by: Person, now: datetime) -> None:
    """Let the applicant wait for what they wished for, and mail that with the reason.

    Raises Refused: NO_LISTS, NOT_WAITING, WAITS (a turn stands already), NOTHING (no wish to wait for).
    """
    row = held(application)
    wants = queries.wants_of(row)
    if not wants:
        raise Refused(ListRefusal.NOTHING)
    if row.turns.standing().exists():
        raise Refused(ListRefusal.WAITS)
    wait(row, wants=wants, by=by, now=now)
    write_to(row, deed=Deed.WAIT, reason=reason, now=now)


@transaction.atomic
def take_off_lists(application: Application, *, reason: str, by: Person, now: datetime) -> None:
    """End the waiting: the application is to be decided about again. Mail that with the reason.

    Raises Refused with NOT_WAITING.
    """
    row = held(application)
    if not Application.objects.filter(pk=row.pk, state=State.WAITING).update(
        state=State.SENT, decided_at=None
    ):
        raise Refused(ListRefusal.NOT_WAITING)
    row.state = State.SENT
    end_turns(row, end=Waiting.End.OVER, by=by, now=now)
    write_to(row, deed=Deed.OFF, reason=reason, now=now)
    audit.record("lists_ended", by=by, about=row, now=now, place=row.programme.uid)


@transaction.atomic
def decline_application(application: Application, *, reason: str, by: Person, now: datetime) -> None:
    """Say no and mail the reason; it is kept nowhere else.

    Raises Refused with DECIDED.
    """
    unplaced = Application.objects.unplaced().filter(pk=application.pk)
    if not unplaced.update(state=State.DECLINED, decided_at=now):
        raise Refused(EnrolRefusal.DECIDED)
    end_approval(application, by=by, now=now)
    end_turns(application, end=Waiting.End.OVER, by=by, now=now)
    write_to(application, deed=Deed.DECLINE, reason=reason, now=now)
    audit.record("application_declined", by=by, about=application, now=now, place=application.programme.uid)


def write_to(application: Application, *, deed: Deed, reason: str, now: datetime) -> None:
    """The mail about a decision; the reason is kept nowhere else."""
    mail.post(
        queries.MAILS[deed],
        to=application.person,
        about=application,
        now=now,
        link=f"/applications/{application.uid}/",
        **queries.office_words(application.programme, reason=reason),
    )
