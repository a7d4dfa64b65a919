"""The sweep that brings lists and applications together; rooms above place people without knowing lists."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.enrolments import queries
from piiri.enrolments.actions.starting import hold_people, post_all, send_back
from piiri.enrolments.actions.waiting import OFFER_MAIL, end_turns, held, stand_in_line
from piiri.enrolments.models import Application, Waiting
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Offer
from piiri.mail import actions as mail

State = Application.State
End = Waiting.End
ENDS = {State.PLACED: End.PLACED, State.WITHDRAWN: End.LEFT}


def mend_lists(*, now: datetime) -> int:
    """Bring turns, open offers and applications together; how many rows were not as they should be.

    Who came into a group at the moment it ended waits again; who got a place in another way is placed;
    who does not wait any more stands in no list and is offered nothing; lists of groups that ended end, or
    go on in the group theirs was merged into; who was left without a place by a formation or by the office
    stands in the lists of what they wished for.
    """
    mended = sum(free_people(one, now=now) for one in queries.emptied_with_people())
    mended += sum(place_found(one, now=now) for one in queries.waiting_with_a_place())
    mended += sum(take_out(one, now=now) for one in queries.standing_without_waiting())
    mended += sum(take_back(one, now=now) for one in queries.stray_offers())
    mended += sum(end_list(one, now=now) for one in queries.turns_in_ended_lists())
    mended += sum(put_in_lists(one, now=now) for one in queries.waiting_without_a_turn(now))
    if mended:
        audit.record("lists_mended", by=None, about=None, now=now, number=mended)
    return mended


@transaction.atomic
def free_people(group: Group, *, now: datetime) -> bool:
    """Let those wait, and tell them, who came into a group at the very moment it was called off or merged."""
    hold_people(group)
    left = group_actions.empty_ended(group, by=None, now=now)
    for offer in left.offers:
        mail.withdraw(offer, now=now, even_claimed=True)
    parcels = queries.late_letters(group, people=left.members)
    send_back(group, people=left.members, by=None, now=now)
    post_all(parcels, now=now)
    return bool(left.members or left.offers)


@transaction.atomic
def place_found(application: Application, *, now: datetime) -> bool:
    """Say of an application that its person has a place."""
    waiting = Application.objects.filter(pk=held(application).pk, state=State.WAITING)
    if not waiting.update(state=State.PLACED, decided_at=now):
        return False
    end_turns(application, end=End.PLACED, by=None, now=now)
    audit.record("application_placed", by=None, about=application, now=now, place=application.programme.uid)
    return True


@transaction.atomic
def take_out(application: Application, *, now: datetime) -> bool:
    """End the turns of somebody who does not wait any more."""
    fresh = held(application)
    if fresh.state == State.WAITING:
        return False
    end_turns(fresh, end=ENDS.get(State(fresh.state), End.OVER), by=None, now=now)
    return True


@transaction.atomic
def take_back(offer: Offer, *, now: datetime) -> bool:
    """Take an offer back that stands no more; a mail about it that has not left is not sent."""
    if not group_actions.end_offer(offer, to=Offer.State.WITHDRAWN, by=None, now=now):
        return False
    mail.withdraw(offer, kinds=(OFFER_MAIL,), now=now, even_claimed=True)
    return True


@transaction.atomic
def end_list(turn: Waiting, *, now: datetime) -> bool:
    """End a turn of a list that ended; of a merged group's list it goes on in the other group's."""
    if not Waiting.objects.standing().filter(pk=turn.pk).update(end=End.OVER, ended_at=now):
        return False
    other = turn.group.merged_into if turn.group else None
    if other and other.state in type(other).LIVING:
        key = {"priority": turn.priority, "order": turn.order, "since_at": turn.since_at}
        moved = {"moved_at": turn.moved_at, "moved_why": turn.moved_why}
        Waiting.objects.bulk_create(
            [Waiting(application_id=turn.application_id, group=other, **key, **moved)], ignore_conflicts=True
        )
    return True


@transaction.atomic
def put_in_lists(application: Application, *, now: datetime) -> bool:
    """A turn in the list of everything that was wished for, and of every theme where any is fine."""
    fresh = held(application)
    wants = queries.lists_wished_for(fresh)
    if fresh.state != State.WAITING or not wants:
        return False
    stand_in_line(fresh, wants=wants, now=now)
    return True
