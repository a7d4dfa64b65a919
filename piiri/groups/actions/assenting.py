"""What happens once all have said yes: a group opens its past to a new mentor, the two of a pair swap."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups import queries, rules
from piiri.groups.actions.offering import check_mentor
from piiri.groups.actions.placing import new_membership, refuse
from piiri.groups.models import Assent, Group, Membership, Mentor, Mentorship, Place
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person

About = Assent.About


@transaction.atomic
def open_history(mentorship: Mentorship, *, by: Person, now: datetime) -> bool:
    """Say yes to opening what was said before to a mentor who came later; whether it is open now.

    It opens with the yes of the last of those who sat there before. Twice is once.

    Raises Refused: NOT_ASKED where there is nothing to open, or it is not for `by` to say.
    """
    Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    waiting = queries.history_waits_for(mentorship)
    if by.pk not in queries.asked_about_history(mentorship):
        raise Refused(GroupRefusal.NOT_ASKED)
    say_yes(mentorship, about=About.HISTORY, by=by, now=now)
    if opens := not waiting - {by.pk}:
        Mentorship.objects.filter(pk=mentorship.pk, history_opened_at=None).update(history_opened_at=now)
        mentorship.history_opened_at = mentorship.history_opened_at or now
    audit.record(
        "history_assented", by=by, about=mentorship, now=now, place=mentorship.group.uid, opens=int(opens)
    )
    return opens


@transaction.atomic
def swap_roles(group: Group, *, by: Person, now: datetime) -> bool:
    """Say yes to changing roles in a pair; with the yes of both they change at once. Whether they did.

    The mentor gives up leading and takes the place of the participant, who leads from now on.

    Raises Refused: NO_SWAP, NOT_NOW, SWAP_LATER, NOT_IN; ALREADY_IN where the mentor has a place in another
    group of the programme, ENOUGH_GROUPS.
    """
    Group.objects.select_for_update().get(pk=group.pk)
    programme, today = group.programme, now.astimezone(group.programme.tz).date()
    half_over = today >= rules.half_of(programme.starts_on, programme.ends_on)
    refuse(rules.why_not_swap(group, allowed=programme.rules.swap, half_over=half_over))
    mentorship, membership = pair_of(group)
    if by.pk not in (mentorship.person_id, membership.person_id):
        raise Refused(GroupRefusal.NOT_IN)
    say_yes(mentorship, about=About.SWAP, by=by, now=now)
    # A yes of somebody who sat in the pair before does not count.
    pair = (mentorship.person_id, membership.person_id)
    both = mentorship.assents.filter(about=About.SWAP, person__in=pair).count() == len(pair)
    if both:
        change_seats(mentorship, membership, now=now)
    audit.record("swap_assented", by=by, about=mentorship, now=now, place=group.uid, swapped=int(both))
    return both


def say_yes(mentorship: Mentorship, *, about: str, by: Person, now: datetime) -> None:
    """Note a yes; the first moment holds."""
    Assent.objects.get_or_create(mentorship=mentorship, person=by, about=about, defaults={"said_at": now})


def pair_of(group: Group) -> tuple[Mentorship, Membership]:
    """The two seats of a pair; raises Refused with NOT_NOW where one is empty or paused."""
    leading = group.mentorships.entering().filter(person__isnull=False).select_related("person").first()
    joined = group.memberships.entering().filter(person__isnull=False).select_related("person").first()
    if not leading or not joined:
        raise Refused(GroupRefusal.NOT_NOW)
    return leading, joined


def change_seats(mentorship: Mentorship, membership: Membership, *, now: datetime) -> None:
    """End both seats and give each to the other, all or nothing; claims of kept-apart pairs stay as they are.

    Each may have another group of the programme: the constraints, and how many a mentor leads, decide.
    """
    group, programme = mentorship.group, mentorship.group.programme
    old, new = mentorship.person, membership.person
    assert old
    assert new
    Mentorship.objects.filter(pk=mentorship.pk).update(ended_at=now)
    Membership.objects.filter(pk=membership.pk).update(ended_at=now)
    seat = new_membership(group, person=old, now=now, confirmed=True)
    # Nobody has to be told of somebody new.
    Membership.objects.filter(pk=seat.pk).update(welcomed_at=now)
    Place.objects.filter(membership=membership).update(membership=seat)
    role, _made = Mentor.objects.get_or_create(
        programme=programme, person=new, defaults={"groups_at_most": 1, "accepted_at": now}
    )
    Mentor.objects.filter(pk=role.pk).exclude(ended_at=None).update(ended_at=None)
    check_mentor(programme, person=new)
    Mentorship.objects.create(group=group, person=new, started_at=now)
