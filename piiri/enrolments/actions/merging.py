"""The members of a short group are asked to move into another; when all have answered, it is merged."""

from datetime import datetime

from django.db import transaction

from piiri.base.errors import Refused
from piiri.base.logs import tell_error
from piiri.enrolments import queries, rules
from piiri.enrolments.actions.starting import hold_people, post_all, send_back
from piiri.enrolments.rules import StartRefusal
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership, Offer
from piiri.groups.rules import GroupRefusal
from piiri.mail import actions as mail
from piiri.people.models import Person

# What a refusal about one member means for the office, who asks for all of them.
FOR_ALL = {GroupRefusal.FULL: StartRefusal.NO_ROOM, GroupRefusal.NOT_NOW: GroupRefusal.NOT_NOW}


@transaction.atomic
def ask_to_merge(group: Group, *, into: Group, by: Person, now: datetime) -> list[Offer]:
    """Hold a place in `into` for every participant and ask each of them, all or none. Nobody is moved.

    Until all have answered or their time is over nobody joins the group, and it cannot start. Offers of
    places in the group itself are taken back; those people keep their turns.

    Raises Refused: NOT_YET, NOBODY, NO_ROOM, CANNOT_MOVE, NO_MERGE, NOT_NOW.
    """
    programme = group.programme
    if early := rules.why_not_decide(group, programme=programme, now=now):
        raise Refused(early)
    hold_people(group)
    found = queries.start_of(group)
    group_actions.propose_merge(group, into=into, by=by, now=now)
    offers = hold_for_all(group, into=into, by=by, now=now)
    parcels = queries.ask_letters(found, into=into, programme=programme, now=now, offers=offers)
    for held in group.offers.open().select_related("group"):
        group_actions.end_offer(held, to=Offer.State.WITHDRAWN, by=by, now=now)
    post_all(parcels, now=now)
    return list(offers.values())


def hold_for_all(group: Group, *, into: Group, by: Person, now: datetime) -> dict[int, Offer]:
    """A held place for each participant, by person; one who cannot have it means that nobody is asked."""
    hours = into.programme.rules.offer_hours
    offers: dict[int, Offer] = {}
    members = group.memberships.active().filter(person__isnull=False).select_related("person")
    for member in members.order_by("pk"):
        if person := member.person:
            offers[person.pk] = held_place(into, person=person, member=member, by=by, hours=hours, now=now)
    if not offers:
        raise Refused(StartRefusal.NOBODY)
    return offers


def held_place(
    into: Group, *, person: Person, member: Membership, by: Person, hours: int, now: datetime
) -> Offer:
    """The place held for one of them; a refusal is said as the office has to hear it."""
    try:
        return group_actions.offer_place(into, person=person, by=by, now=now, hours=hours, instead_of=member)
    except Refused as refusal:
        reason = GroupRefusal(refusal.reason)
        raise Refused(FOR_ALL.get(reason, StartRefusal.CANNOT_MOVE)) from None


@transaction.atomic
def stop_asking(group: Group, *, by: Person | None, now: datetime) -> int:
    """Take the question back: whoever has said yes has moved, the others stay where they are.

    Returns to how many the question was still open; they are told. Raises Refused with NOT_NOW.
    """
    hold_people(group)
    taken_back = group_actions.stop_merge(group, by=by, now=now)
    for offer in taken_back:
        mail.withdraw(offer, now=now)
    return post_all(queries.stop_letters(group, offers=taken_back), now=now)


# --- when all have answered -------------------------------------------------------------------


def finish_merges(*, now: datetime) -> int:
    """Finish every merge whose members have all answered or let the time go by; how many.

    Each is a transaction of its own; one that breaks leaves the others alone.
    """
    finished = 0
    for group in queries.merges_answered():
        try:
            finished += finish_merge(group, now=now)
        except Refused:
            continue
        except Exception as error:  # noqa: BLE001 - one bad group must not stop the others
            tell_error("merge_not_finished", error, group=group.pk)
    return finished


@transaction.atomic
def finish_merge(group: Group, *, now: datetime) -> bool:
    """Merge the group now: who stayed behind waits again and is told, mentors are told. Whether it was.

    Where nobody moved, or the other group has ended, the group goes back to the office's decisions.

    Raises Refused with NOT_NOW.
    """
    into = group.merged_into
    if into is None:
        raise Refused(GroupRefusal.NOT_NOW)
    hold_people(group)
    moved = Offer.objects.filter(group=into, instead_of__group=group, state=Offer.State.ACCEPTED).count()
    if not moved or into.state not in Group.LIVING:
        group_actions.stop_merge(group, by=None, now=now)
        return False
    left = group_actions.merge_group(group, into=into, by=None, now=now)
    # Composed before they wait again, from those who were in it at the very end.
    parcels = queries.merge_letters(group, into=into, moved=moved, programme=group.programme, left=left)
    send_back(group, people=left.members, by=None, now=now)
    post_all(parcels, now=now)
    return True
