"""A draft is sent; where places go first come first served, it takes one at once or waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import queries, rules
from piiri.enrolments.actions.applying import Answers, save_application
from piiri.enrolments.actions.conflicts import declare_conflicts
from piiri.enrolments.actions.managing import keep_from_managers, tell_manager
from piiri.enrolments.actions.pressing import Press
from piiri.enrolments.actions.suggesting import suggest_pairs
from piiri.enrolments.actions.telling import tell_placed, tell_received
from piiri.enrolments.actions.waiting import wait
from piiri.enrolments.models import Application
from piiri.enrolments.rules import EnrolRefusal
from piiri.groups import actions as group_actions
from piiri.groups.models import Group
from piiri.networks import actions as networks
from piiri.people import actions as people
from piiri.people.models import Person
from piiri.programmes.models import Programme, Theme

State = Application.State


@transaction.atomic
def submit_application(
    programme: Programme,
    *,
    press: Press,
    person: Person,
    by: Person,
    now: datetime,
    wishes: Sequence[Theme | Group],
    mask: str,
    apart: str = "",
    **answers: Unpack[Answers],
) -> str:
    """Save the answers and send them; what was sent before is only saved. The path of the page that says so.

    `apart` are the lines with those whom the person should not be in a group with. The same press again
    gives the same path and changes nothing.

    Raises Refused: BEFORE, CLOSED, OVER, PLACED, OWN_ADDRESS, TOO_MANY, OTHER_PRESS.
    """
    if before := people.pressed_before(person, key=press.key, sent=press.sent):
        return before
    application = save_application(
        programme, person=person, by=by, now=now, wishes=wishes, mask=mask, **answers
    )
    outcome = f"/applications/{application.uid}/"
    if before := people.press_once(person, key=press.key, sent=press.sent, outcome=outcome, now=now):
        return before
    if apart:
        declare_conflicts(programme, person=person, lines=apart, by=by, now=now)
    if application.state == State.DRAFT:
        send_application(application, by=by, now=now)
    return outcome


@transaction.atomic
def send_application(application: Application, *, by: Person, now: datetime) -> Application:
    """Send a draft and confirm that by mail: one mail, the place's where it takes one.

    It gets its place in the order now. The line manager named in it is told, and the office is asked about
    the two where the manager takes part.

    Raises Refused: BEFORE, CLOSED, OVER, OWN_ADDRESS, TOO_MANY, SENT (also when two presses meet).
    """
    programme = application.programme
    if reason := rules.why_not_apply(programme, now=now):
        raise Refused(reason)
    application.order = rules.order_of(programme, person_uid=application.person.uid, sent_at=now)
    application.priority = rules.priority_of(programme, beginning=application.beginning)
    drafts = Application.objects.filter(pk=application.pk, state=State.DRAFT)
    key = {"order": application.order, "priority": application.priority}
    if not drafts.update(state=State.SENT, sent_at=now, answered_at=now, **key):
        raise Refused(EnrolRefusal.SENT)
    application.state, application.sent_at = State.SENT, now
    if application.employer:
        networks.affiliate(application.employer, known=known_of(application))
    suggest_pairs(programme, pairs=queries.pairs_with(application), by=by, now=now)
    if application.manager_email:
        tell_manager(application, by=by, now=now)
    else:
        keep_from_managers(application, by=by, now=now)
    group = take_or_wait(application, by=by, now=now) if programme.rules.enrol_way == "place" else None
    if group:
        tell_placed(application, group=group, now=now)
    else:
        tell_received(application, now=now)
    audit.record("application_sent", by=by, about=application, now=now, place=programme.uid)
    return application


def known_of(application: Application) -> networks.Known:
    """What the employer learns: only what the person wrote about their work."""
    return networks.Known(
        person=application.person,
        unit=application.unit,
        name_as_written=application.name_as_written or application.person.name,
        workplace=application.workplace,
        job=application.job,
        years=application.years,
    )


def take_or_wait(application: Application, *, by: Person, now: datetime) -> Group | None:
    """A place in the dearest group that has one; else None, and a turn in every list of what was wished."""
    for group in queries.groups_wished(application):
        if rules.why_not_take(group, mine=application, terms=application.programme.rules, now=now):
            continue
        try:
            with transaction.atomic():
                group_actions.join(group, person=application.person, by=by, now=now)
        except Refused:
            continue
        settle(application, state=State.PLACED, now=now)
        return group
    if application.programme.rules.waiting_list:
        wants = queries.wishes_of(application) or list(application.programme.themes.all())
        wait(application, wants=wants, by=by, now=now)
    else:
        settle(application, state=State.WAITING, now=now)
    return None


def settle(application: Application, *, state: str, now: datetime) -> None:
    """Where a sent application stands now."""
    Application.objects.filter(pk=application.pk).update(state=state, decided_at=now)
    application.state, application.decided_at = state, now
