"""Somebody begins to wait, leaves a list, is moved in it by the office."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import line, queries, rules
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.rules import ListRefusal
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Offer
from piiri.mail import actions as mail
from piiri.people.models import Person
from piiri.programmes.models import Theme

State = Application.State
End = Waiting.End
OFFER_MAIL = "enrolments/email/offer"


@transaction.atomic
def wait(
    application: Application, *, wants: Sequence[Theme | Group], by: Person | None, now: datetime
) -> list[Waiting]:
    """Put the applicant in the lists of these groups and themes; the application waits from now on.

    Twice: the turns that stand already keep their place. Returns the turns in these lists.

    Raises Refused: NO_LISTS, NOT_WAITING (draft, placed, declined or withdrawn).
    """
    if reason := rules.why_not_wait(application):
        raise Refused(reason)
    sent = Application.objects.filter(pk=application.pk, state=State.SENT)
    if sent.update(state=State.WAITING, decided_at=now):
        application.state, application.decided_at = State.WAITING, now
    elif not Application.objects.filter(pk=application.pk, state=State.WAITING).exists():
        raise Refused(ListRefusal.NOT_WAITING)
    turns = stand_in_line(application, wants=wants, now=now)
    audit.record(
        "list_joined", by=by, about=application, now=now, place=application.programme.uid, lists=len(wants)
    )
    return turns


def stand_in_line(
    application: Application, *, wants: Sequence[Theme | Group], now: datetime
) -> list[Waiting]:
    """A turn in each list; the unique keys of (application, list) decide between two presses."""
    give_key(application)
    Waiting.objects.bulk_create(
        (
            Waiting(
                application=application,
                group=want if isinstance(want, Group) else None,
                theme=want if isinstance(want, Theme) else None,
                priority=application.priority,
                order=application.order,
                since_at=now,
            )
            for want in wants
        ),
        ignore_conflicts=True,
    )
    return list(application.turns.standing().order_by("since_at", "pk"))


def give_key(application: Application) -> None:
    """The ordering key of an application that came before there were any, or with a file."""
    if application.order:
        return
    programme, sent_at = application.programme, application.sent_at or application.saved_at
    application.order = rules.order_of(programme, person_uid=application.person.uid, sent_at=sent_at)
    application.priority = rules.priority_of(programme, beginning=application.beginning)
    Application.objects.filter(pk=application.pk).update(
        order=application.order, priority=application.priority
    )


def end_turns(application: Application, *, end: str, by: Person | None, now: datetime) -> None:
    """A part of every deed that gives a place or ends an application: it waits nowhere any more.

    What is still offered to the person is taken back; a mail about it that has not left is not sent.
    """
    application.turns.standing().update(end=end, ended_at=now)
    held = Offer.objects.open().filter(programme=application.programme_id, person=application.person_id)
    for offer in held.select_related("group"):
        if group_actions.end_offer(offer, to=Offer.State.WITHDRAWN, by=by, now=now):
            mail.withdraw(offer, kinds=(OFFER_MAIL,), now=now, even_claimed=True)


@transaction.atomic
def leave_list(turn: Waiting, *, by: Person | None, now: datetime) -> bool:
    """Leave one list; who stands in no other is withdrawn from the programme. False when left before."""
    application = held(turn.application)
    if not Waiting.objects.standing().filter(pk=turn.pk).update(end=End.LEFT, ended_at=now):
        return False
    withdraw_idle(application, by=by, now=now)
    audit.record("list_left", by=by, about=turn, now=now, place=application.programme.uid)
    return True


def held(application: Application) -> Application:
    """The application as it is now, its row held until the deed is done.

    Every deed about offers and turns takes this row first, so that two of them never wait for each other.
    """
    rows = Application.objects.select_for_update(of=("self",)).select_related("programme", "person")
    return rows.get(pk=application.pk)


def withdraw_idle(application: Application, *, by: Person | None, now: datetime) -> bool:
    """Withdraw an application that waits in no list and is offered nothing; whether it was."""
    if application.turns.standing().exists() or queries.offer_open_to(application):
        return False
    waiting = Application.objects.filter(pk=application.pk, state=State.WAITING)
    if not waiting.update(state=State.WITHDRAWN, decided_at=now):
        return False
    application.state, application.decided_at = State.WITHDRAWN, now
    audit.record("application_withdrawn", by=by, about=application, now=now, place=application.programme.uid)
    return True


@transaction.atomic
def move_turn(turn: Waiting, *, to: int, why: str, by: Person, now: datetime) -> None:
    """Move a turn to another place of its list, 1 being the first; `why` stays with it.

    Those who have to make room get the same reason. Raises Refused with LEFT when the turn has ended.
    """
    rows = Waiting.objects.select_for_update(of=("self",)).standing()
    same = rows.filter(group=turn.group_id, theme=turn.theme_id, application__state=State.WAITING)
    keys = [line.Key(*row) for row in same.in_order().values_list("priority", "order", "pk")]
    at = next((at for at, key in enumerate(keys) if key.pk == turn.pk), None)
    if at is None:
        raise Refused(ListRefusal.LEFT)
    for key in line.moved(keys, at=at, to=to - 1):
        Waiting.objects.filter(pk=key.pk).update(
            priority=key.priority, order=key.order, moved_at=now, moved_why=why
        )
    audit.record(
        "turn_moved", by=by, about=turn, now=now, place=turn.application.programme.uid, before=at + 1, to=to
    )
