"""A participant leaves a group: the place is free, the application follows, the reason is a number only."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.enrolments import queries
from piiri.enrolments.actions.managing import end_approval
from piiri.enrolments.actions.waiting import held, wait
from piiri.enrolments.models import Application
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Leaving, Membership
from piiri.mail import actions as mail
from piiri.people.models import Person

State = Application.State


@transaction.atomic
def leave_group(
    membership: Membership,
    *,
    reason: str,
    goodbye: str,
    wait_again: bool,
    by: Person,
    now: datetime,
) -> None:
    """Leave a group, with a few last words to it alone (`goodbye`) where somebody wants to say them.

    Of a running group the reason is counted without who or where. `wait_again`: the person would like a
    place in another group and waits for one; otherwise the application is taken back.

    Raises Refused: NOT_IN the second time; NO_LISTS.
    """
    group = membership.group
    give_up_seat(membership, wait_again=wait_again, by=by, now=now)
    if goodbye:
        membership.goodbye = goodbye
        membership.save(update_fields=["goodbye"])
    if group.state == Group.State.RUNNING:
        today = now.astimezone(group.programme.tz).date()
        Leaving.objects.create(programme=group.programme, reason=reason, left_on=today)
    tell_who_stays(membership, now=now)
    audit.record("group_left", by=by, about=membership, now=now, place=group.uid)


def give_up_seat(membership: Membership, *, wait_again: bool, by: Person, now: datetime) -> None:
    """End the membership, and let the application wait for another group or end. Part of a deed."""
    assert membership.person
    mine = Application.objects.filter(
        programme=membership.programme_id, person=membership.person, state=State.PLACED
    ).first()
    application = held(mine) if mine else None
    group_actions.leave(membership, by=by, now=now)
    if application is None:
        return
    to = State.WAITING if wait_again else State.WITHDRAWN
    placed = Application.objects.filter(pk=application.pk, state=State.PLACED)
    if not placed.update(state=to, decided_at=now):
        return
    application.state, application.decided_at = to, now
    if wait_again:
        wait(application, wants=queries.other_lists(application, but=membership.group), by=by, now=now)
    else:
        end_approval(application, by=by, now=now)


def tell_who_stays(membership: Membership, *, now: datetime) -> None:
    """Tell who leads the group (all of a self-run one) that a place is free; not whose."""
    group = membership.group
    if group.guidance == Group.Guidance.PAIR and group.state == Group.State.RUNNING:
        tell_of_pair(membership, now=now)
        return
    leading = [seat.person for seat in group.mentorships.entering().select_related("person")]
    if group.self_run:
        leading += [seat.person for seat in group.memberships.entering().select_related("person")]
    for person in filter(None, leading):
        mail.post(
            "enrolments/email/left",
            to=person,
            about=membership,
            now=now,
            link=f"/groups/{group.uid}/",
            programme=group.programme.title,
        )


def tell_of_pair(membership: Membership, *, now: datetime) -> None:
    """Tell the mentor kindly, and the office that a pair has ended: neither who left nor why."""
    group = membership.group
    mentors = group.mentorships.entering().select_related("person")
    office = group.programme.coordinators.select_related("person")
    told = [(seat.person, "enrolments/email/pair_ended") for seat in mentors if seat.person]
    told += [(seat.person, "enrolments/email/pair_ended_office") for seat in office]
    for person, kind in told:
        mail.post(
            kind,
            to=person,
            about=group,
            now=now,
            link=f"/groups/{group.uid}/",
            programme=group.programme.title,
        )
