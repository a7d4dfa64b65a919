"""One press on a mentor's link gives a place, in any way of enrolling and outside its window."""

from datetime import datetime
from typing import NamedTuple, Unpack

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import queries, rules
from piiri.enrolments.actions.confirming import Done, claim
from piiri.enrolments.actions.managing import keep_from_managers, tell_manager
from piiri.enrolments.actions.starting import post_all
from piiri.enrolments.actions.suggesting import suggest_pairs
from piiri.enrolments.actions.telling import tell_placed
from piiri.enrolments.actions.waiting import end_turns
from piiri.enrolments.models import Application, Unconfirmed, Waiting
from piiri.enrolments.rules import EnrolRefusal
from piiri.groups import actions as group_actions
from piiri.groups import rules as group_rules
from piiri.groups.models import Group, JoinLink
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person
from piiri.programmes.models import Programme, Theme

State = Application.State


class Opened(NamedTuple):
    """A group and the link into it."""

    group: Group
    link: JoinLink


@transaction.atomic
def open_by_link(
    programme: Programme,
    *,
    theme: Theme | None,
    places: int,
    by: Person,
    now: datetime,
    **about: Unpack[group_actions.About],
) -> Opened:
    """Offer a group of one's own that is reached by its link only, and make the link.

    Raises Refused as `groups.actions.offer_group` does.
    """
    group = group_actions.offer_group(
        programme, theme=theme, mentors=[by], places=places, by=by, now=now, **about
    )
    group_actions.reach_by_link(group, by=by, now=now)
    link = group_actions.make_link(group, by=by, now=now)
    audit.record("group_opened_by_link", by=by, about=group, now=now, place=programme.uid)
    return Opened(group, link)


@transaction.atomic
def join_by_link(link: JoinLink, *, person: Person, by: Person, now: datetime) -> Application:
    """Give `person` a place in the link's group. Twice: the first one's application, and one use only.

    An application there is already becomes the placed one, else one is made.

    Raises Refused: OVER, LINK_OVER, COMPLETE, FULL, ENDED, MERGING, IS_MENTOR, ALREADY_IN, KEPT_APART.
    """
    group, programme = link.group, link.group.programme
    if before := queries.application_inside(group, person=person):
        return before
    if rules.is_over(programme, now=now):
        raise Refused(EnrolRefusal.OVER)
    if reason := group_rules.why_not_newcomer(group, policy=programme.rules.newcomers):
        raise Refused(reason)
    group_actions.use_link(link, now=now)
    application = placed_application(programme, person=person, now=now)
    if application.manager_email:
        tell_manager(application, by=by, now=now)
    else:
        keep_from_managers(application, by=by, now=now)
    suggest_pairs(programme, pairs=queries.pairs_with(application), by=by, now=now)
    group_actions.join(group, person=person, by=by, now=now)
    end_turns(application, end=Waiting.End.PLACED, by=by, now=now)
    tell_placed(application, group=group, now=now)
    audit.record("joined_by_link", by=by, about=application, now=now, place=group.uid, link=link.uid)
    return application


def placed_application(programme: Programme, *, person: Person, now: datetime) -> Application:
    """The person's open application as placed, or a new one; a draft is sent by it."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("unit__organisation", "person")
    application, made = rows.get_or_create(
        programme=programme,
        person=person,
        state__in=Application.OPEN,
        defaults={
            "state": State.PLACED,
            "name_as_written": person.name,
            "languages": [person.language],
            "saved_at": now,
            "sent_at": now,
            "decided_at": now,
            "order": rules.order_of(programme, person_uid=person.uid, sent_at=now),
        },
    )
    application.programme = programme
    if made:
        return application
    if application.state == State.DRAFT:
        application.sent_at = application.answered_at = now
        application.order = rules.order_of(programme, person_uid=person.uid, sent_at=now)
        application.priority = rules.priority_of(programme, beginning=application.beginning)
    application.state, application.decided_at = State.PLACED, now
    application.save(update_fields=["state", "sent_at", "answered_at", "decided_at", "order", "priority"])
    return application


@transaction.atomic
def start_own_group(group: Group, *, by: Person, now: datetime) -> None:
    """A mentor lets a group that came together by its link begin, once enough are in; all are told.

    Raises Refused: NOT_BY_LINK, TOO_FEW, NOT_NOW, NO_MENTOR.
    """
    if not group.by_link:
        raise Refused(GroupRefusal.NOT_BY_LINK)
    found = queries.start_of(group)
    if reason := group_rules.why_not_start(group, taken=found.taken, mentors=found.mentors):
        raise Refused(reason)
    group_actions.start_group(group, by=by, now=now)
    post_all(queries.start_letters(group.programme, found=[found], now=now), now=now)


@transaction.atomic
def join_confirmed(unconfirmed: Unconfirmed, *, link: JoinLink, name: str, now: datetime) -> Done:
    """Confirm a visitor's address and take the place in the link's group, once.

    A refusal leaves the address confirmed. Raises Refused: USED, TOO_LATE, CLOSED (the account).
    """
    person = claim(unconfirmed, name=name, now=now)
    try:
        join_by_link(link, person=person, by=person, now=now)
    except Refused as refusal:
        return Done(person, "", refusal)
    return Done(person, f"/groups/{link.group.uid}/")
