"""Free places are offered to the next in line; the place is taken, let go, or goes on to somebody else."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.base.logs import tell_error
from piiri.base.uids import new_uid
from piiri.enrolments import offer_link, queries
from piiri.enrolments.actions.telling import tell_placed
from piiri.enrolments.actions.waiting import OFFER_MAIL, end_turns, held, withdraw_idle
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.rules import ListRefusal
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership, Offer
from piiri.groups.rules import GroupRefusal
from piiri.mail import actions as mail
from piiri.mail import queries as mail_queries
from piiri.people.models import Person

State = Application.State
End = Waiting.End
NO_MORE = (GroupRefusal.FULL, GroupRefusal.ENDED)


def offer_free_places(*, now: datetime) -> int:
    """Offer every free place to the next in its lists; return how many were asked.

    Each offer is a transaction of its own, and the claim of a place decides between workers. A group that
    breaks leaves the others alone.
    """
    asked = 0
    for group in queries.groups_to_fill(now):
        try:
            asked += fill(group, now=now)
        except Exception as error:  # noqa: BLE001 - one bad group must not stop the others
            tell_error("list_not_asked", error, group=group.pk)
    return asked


def fill(group: Group, *, now: datetime) -> int:
    """Offer the free places of one group, in the order of its lists; how many people were asked.

    Two who want to come together are asked for two places at once; while there is only one, the next is.
    """
    free, asked, passed = group.places.free().count(), 0, set[int]()
    while asked < free and (turn := queries.next_turn(group, but=passed)):
        other = queries.companion_of(turn, group=group)
        turns = [turn, other] if other else [turn]
        passed |= {one.pk for one in turns}
        if asked + len(turns) > free:
            continue
        try:
            ask(group, turns=turns, now=now)
        except Refused as refusal:
            if refusal.reason in NO_MORE and len(turns) == 1:
                break
        else:
            asked += len(turns)
    return asked


@transaction.atomic
def ask(group: Group, *, turns: Sequence[Waiting], now: datetime) -> None:
    """Hold a place for each and mail them, all or none. Raises Refused where somebody cannot have one."""
    together = new_uid() if len(turns) > 1 else ""
    # In the order of their keys, so that two workers never wait for each other.
    for turn in sorted(turns, key=lambda one: one.application.pk):
        application = held(turn.application)
        stands = Waiting.objects.standing().filter(pk=turn.pk)
        if application.state != State.WAITING or not stands.exists():
            raise Refused(ListRefusal.NOT_WAITING)
        offer = group_actions.offer_place(
            group,
            person=application.person,
            by=None,
            now=now,
            hours=group.programme.rules.offer_hours,
            together=together,
        )
        mail_offer(offer, group=group, now=now)


def mail_offer(offer: Offer, *, group: Group, now: datetime) -> None:
    """One mail with one button, to a page that asks before anything happens. No theme, no names."""
    assert offer.person
    mail.post(
        OFFER_MAIL,
        to=offer.person,
        about=offer,
        now=now,
        link=offer_link.path(offer.uid),
        programme=group.programme.title,
        until=offer.expires_at.isoformat(),
        zone=group.programme.zone,
        together=bool(offer.together),
        at=queries.weekly_time(group, programme=group.programme),
        online=group.form == Group.Form.ONLINE,
        place="" if group.form == Group.Form.ONLINE else group.place or group.area,
    )


@transaction.atomic
def accept_place(offer: Offer, *, by: Person | None, now: datetime) -> Membership:
    """Take the place that is held; the application waits nowhere any more. Twice: the first one's place.

    Raises Refused: TOO_LATE, ALREADY_IN, ENDED, IS_MENTOR, KEPT_APART.
    """
    application = application_of(offer)
    membership = group_actions.accept_offer(offer, by=by, now=now)
    if application is None:
        return membership
    unplaced = Application.objects.unplaced().filter(pk=application.pk)
    if unplaced.update(state=State.PLACED, decided_at=now):
        application.state, application.decided_at = State.PLACED, now
        end_turns(application, end=End.PLACED, by=by, now=now)
        tell_placed(application, group=offer.group, now=now)
        audit.record("application_placed", by=by, about=application, now=now, place=application.programme.uid)
    elif offer.instead_of_id and membership.joined_at == now:
        # Moved from a group that did not start alone; pressed again it is the first one's place.
        tell_placed(application, group=offer.group, now=now)
    return membership


def application_of(offer: Offer) -> Application | None:
    """The open application of whom the place is held for, its row held first; see waiting.held."""
    mine = Application.objects.filter(
        programme=offer.programme_id, person=offer.person_id, state__in=Application.OPEN
    )
    found = mine.first()
    return held(found) if found else None


@transaction.atomic
def decline_place(offer: Offer, *, by: Person | None, now: datetime) -> bool:
    """Let the place go: the turn in this list ends, those in others stand. False when it was answered before.

    Who stood in no other list is withdrawn from the programme.
    """
    application = application_of(offer)
    if not group_actions.end_offer(offer, to=Offer.State.DECLINED, by=by, now=now):
        return False
    end_turn_in(application, group=offer.group, end=End.DECLINED, by=by, now=now)
    return True


def end_turn_in(
    application: Application | None, *, group: Group, end: str, by: Person | None, now: datetime
) -> None:
    """End the turn through which the place was offered: in the group's own list, else in its theme's."""
    if application is None or application.state != State.WAITING:
        return
    turns = application.turns.standing()
    if not turns.filter(group=group).update(end=end, ended_at=now) and group.theme_id:
        turns.filter(theme=group.theme_id).update(end=end, ended_at=now)
    withdraw_idle(application, by=by, now=now)


@transaction.atomic
def lapse_place(offer: Offer, *, now: datetime) -> None:
    """The time is over: the place goes on, the turn in this list ends, and a kind mail says so.

    An offer whose mail has never left the house is taken back instead: the turn stands and is asked again.
    Whoever has left the list meanwhile is withdrawn from the programme, as they asked.
    """
    application = application_of(offer)
    was_told = not mail_queries.is_waiting(offer.uid)
    to = Offer.State.LAPSED if was_told else Offer.State.WITHDRAWN
    if not group_actions.end_offer(offer, to=to, by=None, now=now):
        return
    mail.withdraw(offer, kinds=(OFFER_MAIL,), now=now, even_claimed=True)
    if application and not was_told:
        withdraw_idle(application, by=None, now=now)
    if was_told and application and not offer.instead_of_id:
        end_turn_in(application, group=offer.group, end=End.LAPSED, by=None, now=now)
        mail.post(
            "enrolments/email/lapsed",
            to=application.person,
            about=offer,
            now=now,
            link=f"/applications/{application.uid}/",
            programme=application.programme.title,
            waits=application.state == State.WAITING,
            contact=application.programme.contact_address,
        )
