"""Mentors are accepted; groups are offered, changed, led."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups import queries, rules
from piiri.groups.actions.opening import hold_successors, open_where_all_agree
from piiri.groups.actions.placing import claim_pairs, drop_claims, refuse
from piiri.groups.models import Group, Mentor, Mentorship, Place
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person
from piiri.programmes.models import Programme, Theme

State = Group.State


class About(TypedDict, total=False):
    """What a group says of itself. `times` are the parts of a week offered, see `week.codes`."""

    title: str
    text: str
    language: str
    form: str
    area: str
    place: str
    times: str


@transaction.atomic
def accept_mentor(
    programme: Programme,
    *,
    person: Person,
    groups_at_most: int,
    by: Person | None,
    now: datetime,
    show_name: bool = False,
) -> Mentor:
    """Let `person` offer up to so many groups. Twice: the newer number of groups holds.

    Raises Refused with ONESELF: nobody gives themselves the role.
    """
    if person == by:
        raise Refused(GroupRefusal.ONESELF)
    mentor, made = Mentor.objects.get_or_create(
        programme=programme,
        person=person,
        defaults={"groups_at_most": groups_at_most, "show_name": show_name, "accepted_at": now},
    )
    if not made:
        Mentor.objects.filter(pk=mentor.pk).update(groups_at_most=groups_at_most, ended_at=None)
        mentor.groups_at_most, mentor.ended_at = groups_at_most, None
    audit.record("mentor_accepted", by=by, about=person, now=now, place=programme.uid, groups=groups_at_most)
    return mentor


@transaction.atomic
def end_mentor(mentor: Mentor, *, by: Person, now: datetime) -> None:
    """Take the role back.

    Raises Refused: LEADS_GROUPS while a living group is theirs, NOT_NOW the second time.
    """
    # Holds the role's row, so that no group is offered meanwhile.
    Mentor.objects.select_for_update().get(pk=mentor.pk)
    if queries.led_by(mentor.person, programme=mentor.programme):
        raise Refused(GroupRefusal.LEADS_GROUPS)
    if not Mentor.objects.filter(pk=mentor.pk, ended_at=None).update(ended_at=now):
        raise Refused(GroupRefusal.NOT_NOW)
    audit.record("mentor_ended", by=by, about=mentor.person, now=now, place=mentor.programme.uid)


@transaction.atomic
def show_name(mentor: Mentor, *, show: bool, by: Person, now: datetime) -> None:
    """Say whether the mentor's name stands on the public cards: only their own choice."""
    Mentor.objects.filter(pk=mentor.pk).update(show_name=show)
    audit.record(
        "mentor_name_shown", by=by, about=mentor.person, now=now, place=mentor.programme.uid, show=int(show)
    )


@transaction.atomic
def offer_group(
    programme: Programme,
    *,
    theme: Theme | None,
    mentors: Sequence[Person],
    by: Person | None,
    now: datetime,
    places: int | None = None,
    self_run: bool = False,
    beyond_limit: bool = False,
    **about: Unpack[About],
) -> Group:
    """Offer a group with its places as rows; without mentors it must be self-run.

    Guidance, places and the number to start at come from the programme's rules unless told.
    `beyond_limit`: one of more offers than the mentors agreed to lead, among which formation chooses.

    Raises Refused: MENTOR_NEEDED, TOO_MANY_MENTORS, NOT_A_MENTOR, ENOUGH_GROUPS, PLACES_BOUNDS, KEPT_APART.
    """
    terms = programme.rules
    places = (1 if terms.guidance == Group.Guidance.PAIR else terms.places) if places is None else places
    self_run = self_run and not mentors
    refuse(
        rules.why_not_offer(
            mentors=len(mentors), most_mentors=terms.mentors, self_run=self_run, may_run_itself=terms.self_run
        )
        or rules.why_not_places(places, guidance=terms.guidance)
    )
    for mentor in mentors:
        check_mentor(programme, person=mentor, beyond_limit=beyond_limit)
    group = Group.objects.create(
        programme=programme,
        theme=theme,
        guidance=terms.guidance,
        min_to_start=min(terms.min_to_start, places),
        self_run=self_run,
        created_at=now,
        **about,
    )
    Mentorship.objects.bulk_create(Mentorship(group=group, person=one, started_at=now) for one in mentors)
    Place.objects.bulk_create(Place(group=group, number=number) for number in range(1, places + 1))
    for mentor in mentors:
        claim_pairs(group, person=mentor, now=now)
    audit.record("group_offered", by=by, about=group, now=now, place=programme.uid, places=places)
    return group


def check_mentor(programme: Programme, *, person: Person, beyond_limit: bool = False) -> None:
    """Refuse who may not lead one more group; holds the role's row, so that two offers are counted."""
    role = (
        Mentor.objects.select_for_update().filter(programme=programme, person=person, ended_at=None).first()
    )
    leads = queries.led_by(person, programme=programme) if role and not beyond_limit else 0
    at_most = role.groups_at_most if role else 0
    refuse(rules.why_not_lead(accepted=role is not None, leads=leads, at_most=at_most))


@transaction.atomic
def edit_group(
    group: Group, *, by: Person | None, now: datetime, theme: Theme | None = None, **about: Unpack[About]
) -> None:
    """Change what a living group says of itself; what is not named stays. The theme changes on offer only."""
    if theme and group.state == State.OFFERED:
        group.theme = theme
    for name, value in about.items():
        setattr(group, name, value)
    group.save(update_fields=["theme", *about])
    audit.record("group_edited", by=by, about=group, now=now, place=group.programme.uid)


@transaction.atomic
def assign_mentor(
    group: Group, *, person: Person, by: Person | None, now: datetime, beyond_limit: bool = False
) -> Mentorship:
    """Let an accepted mentor lead the group too; a second call changes nothing.

    `beyond_limit` as in `offer_group`.

    Raises Refused: NOT_A_MENTOR, ENOUGH_GROUPS, TOO_MANY_MENTORS, ENDED, IS_MENTOR (a participant of it),
    KEPT_APART.
    """
    # Holds the group's row, so that two presses are counted one after the other.
    Group.objects.select_for_update().get(pk=group.pk)
    if mentorship := group.mentorships.active().filter(person=person).first():
        return mentorship
    if group.state not in Group.LIVING:
        raise Refused(GroupRefusal.ENDED)
    if group.memberships.filter(person=person, ended_at=None).exists():
        raise Refused(GroupRefusal.IS_MENTOR)
    check_mentor(group.programme, person=person, beyond_limit=beyond_limit)
    if group.mentorships.active().count() >= group.programme.rules.mentors:
        raise Refused(GroupRefusal.TOO_MANY_MENTORS)
    mentorship = Mentorship.objects.create(group=group, person=person, started_at=now)
    claim_pairs(group, person=person, now=now)
    Group.objects.filter(pk=group.pk).update(self_run=False)
    audit.record("mentor_assigned", by=by, about=person, now=now, place=group.uid)
    return mentorship


@transaction.atomic
def release_mentor(mentorship: Mentorship, *, by: Person | None, now: datetime) -> None:
    """End a mentorship; the group may be without a mentor until the office finds one."""
    held = hold_successors([mentorship.group_id])
    if not Mentorship.objects.active().filter(pk=mentorship.pk).update(ended_at=now):
        raise Refused(GroupRefusal.NOT_NOW)
    drop_claims(mentorship.group_id, person=mentorship.person_id)
    open_where_all_agree(held, now=now)
    audit.record("mentor_released", by=by, about=mentorship, now=now, place=mentorship.group.uid)
