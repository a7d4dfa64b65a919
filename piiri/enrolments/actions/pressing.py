"""One press on a group's page gives a place, however many press at once and however often."""

from datetime import datetime
from typing import NamedTuple, TypedDict

from django.db import IntegrityError, transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.base.prepared import PreparedInsert
from piiri.enrolments import people_text, queries, rules
from piiri.enrolments.actions.conflicts import declare_conflicts
from piiri.enrolments.actions.managing import keep_from_managers, tell_manager
from piiri.enrolments.actions.suggesting import suggest_pairs
from piiri.enrolments.actions.telling import tell_placed, tell_received
from piiri.enrolments.actions.waiting import end_turns, wait
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.queries import Doorstep
from piiri.enrolments.rules import EnrolRefusal
from piiri.groups import actions as group_actions
from piiri.groups.models import Membership
from piiri.groups.rules import GroupRefusal
from piiri.networks import actions as networks
from piiri.people import actions as people
from piiri.people.models import Person

State = Application.State
INSERT = PreparedInsert(Application)
WRITTEN = (
    "state", "decided_at", "name_as_written", "employer", "unit", "workplace", "job", "beginning",
    "with_address", "manager_name", "manager_email",
)  # fmt: skip
FIRST_WRITTEN = (*WRITTEN, "priority", "order", "sent_at", "answered_at", "saved_at")


class Press(NamedTuple):
    """What came with the press: the key of the form it was made on, and the form as it was sent."""

    key: str
    sent: str


class Work(TypedDict, total=False):
    """What somebody says with the press; what is left empty stays as it was known.

    `apart` are lines with those whom the person should not be in a group with.
    """

    workplace: str
    job: str
    beginning: str
    with_address: str
    manager_name: str
    manager_email: str
    apart: str


def take_place(step: Doorstep, *, work: Work, press: Press, by: Person, now: datetime) -> str:
    """Give whoever presses a place in the group; the path of the page that says so.

    The same press again gives the same path and changes nothing. A draft there is becomes the application,
    else one is made from what is known. At most seven statements that read or write.

    Raises Refused: FULL (also where others wait for the free place), PLACED, ALREADY_IN, IS_MENTOR,
    KEPT_APART, ENDED, MERGING, COMPLETE, NOT_AT_ONCE, BEFORE, CLOSED, OVER, SENT, OTHER_PRESS.
    """
    reason = rules.why_not_take(step.group, mine=step.mine, terms=step.programme.rules, now=now)
    # Whoever has a place already may be here by a second press of the same button.
    if reason == EnrolRefusal.PLACED and (
        before := people.pressed_before(by, key=press.key, sent=press.sent)
    ):
        return before
    if reason:
        raise Refused(reason)
    if not step.free or (step.awaited and queries.is_awaited(step.group)):
        raise Refused(GroupRefusal.FULL)
    try:
        return place_at_once(step, work=work, press=press, by=by, now=now)
    except IntegrityError:
        # One of the unique keys: the press, the place or the application was there; nothing is written.
        if before := people.pressed_before(by, key=press.key, sent=press.sent):
            return before
        placed = Membership.objects.filter(programme=step.programme, person=by, ended_at=None).exists()
        raise Refused(GroupRefusal.ALREADY_IN if placed else EnrolRefusal.SENT) from None


@transaction.atomic
def place_at_once(step: Doorstep, *, work: Work, press: Press, by: Person, now: datetime) -> str:
    """The press, the application, the place, the audit, the mail: all of it or nothing."""
    application = application_of(step, by=by, now=now)
    outcome = f"/applications/{application.uid}/"
    people.note_press(by, key=press.key, sent=press.sent, outcome=outcome, now=now)
    changed = describe(application, step=step, work=work)
    write_down(application, to=State.PLACED, now=now)
    settle(application, step=step, work=work, changed=changed, by=by, now=now)
    membership = group_actions.take_free_place(step.group, person=by, now=now)
    audit.record(
        "place_taken", by=by, about=membership, now=now, place=step.group.uid, application=application.uid
    )
    tell_placed(application, group=step.group, now=now)
    return outcome


def application_of(step: Doorstep, *, by: Person, now: datetime) -> Application:
    """The application there is, else a new one from what the organiser knows; not written yet."""
    if step.mine:
        return step.mine
    fresh = Application(programme=step.programme, person=by, languages=[by.language], saved_at=now)
    if known := step.known:
        fresh.unit_id, fresh.years, fresh.job = known.unit_id, known.years, known.job[:120]
        fresh.workplace = "" if known.unit_id else known.workplace
        fresh.employer_id = step.programme.organisation_id if known.unit_id else None
    return fresh


def describe(application: Application, *, step: Doorstep, work: Work) -> bool:
    """Put in what was said with the press; whether that is more than the organiser knows."""
    before = application.job, application.workplace, application.unit_id
    if (workplace := work.get("workplace", "")) and workplace != step.workplace:
        unit = queries.units_by_name(step.programme).get(people_text.folded(workplace))
        application.unit, application.workplace = unit, "" if unit else workplace
        application.employer = unit.organisation if unit else None
    for name in ("job", "beginning", "with_address", "manager_name", "manager_email"):
        if told := work.get(name):
            setattr(application, name, told)
    application.name_as_written = application.name_as_written or application.person.name
    return before != (application.job, application.workplace, application.unit_id)


def write_down(application: Application, *, to: str, now: datetime) -> None:
    """The application as sent, and placed at once where `to` says so; what was sent before keeps its turn."""
    programme, was = application.programme, application.state
    application.state = to
    application.decided_at = now if to == State.PLACED else None
    if was == State.DRAFT:
        application.sent_at = application.answered_at = application.saved_at = now
        application.priority = rules.priority_of(programme, beginning=application.beginning)
        application.order = rules.order_of(programme, person_uid=application.person.uid, sent_at=now)
    if application.pk is None:
        INSERT.run(application)
        return
    as_seen = Application.objects.filter(pk=application.pk, state=was)
    written = FIRST_WRITTEN if was == State.DRAFT else WRITTEN
    if not as_seen.update(**{name: getattr(application, name) for name in written}):
        raise Refused(EnrolRefusal.SENT)
    if was == State.WAITING:
        end_turns(application, end=Waiting.End.PLACED, by=application.person, now=now)


def tell_employer(application: Application) -> None:
    """The employer, else the organiser, learns what the person wrote of their work."""
    organisation = application.employer or application.programme.organisation
    known = networks.Known(
        person=application.person,
        unit=application.unit,
        name_as_written=application.name_as_written,
        workplace=application.workplace,
        job=application.job,
        years=application.years,
    )
    networks.affiliate(organisation, known=known)


def settle(
    application: Application, *, step: Doorstep, work: Work, changed: bool, by: Person, now: datetime
) -> None:
    """Before a place is claimed: who must hear of it, and who is kept apart from whom."""
    if changed:
        tell_employer(application)
    if apart := work.get("apart", ""):
        declare_conflicts(step.programme, person=by, lines=apart, by=by, now=now)
    if application.manager_email:
        tell_manager(application, by=by, now=now)
    elif step.managing:
        keep_from_managers(application, by=by, now=now)
    if application.manager_name or step.named:
        suggest_pairs(step.programme, pairs=queries.pairs_with(application), by=by, now=now)


@transaction.atomic
def wait_for_group(step: Doorstep, *, work: Work, press: Press, by: Person, now: datetime) -> str:
    """Put whoever presses on the list of a group; the path of the page that says so.

    The same press again gives the same path and changes nothing. An application that waits already gets one
    turn more.

    Raises Refused as `take_place` does, and NO_LISTS.
    """
    if before := people.pressed_before(by, key=press.key, sent=press.sent):
        return before
    if reason := rules.why_not_take(step.group, mine=step.mine, terms=step.programme.rules, now=now):
        raise Refused(reason)
    application = application_of(step, by=by, now=now)
    outcome = f"/applications/{application.uid}/"
    if before := people.press_once(by, key=press.key, sent=press.sent, outcome=outcome, now=now):
        return before
    if application.state == State.DRAFT:
        changed = describe(application, step=step, work=work)
        write_down(application, to=State.SENT, now=now)
        settle(application, step=step, work=work, changed=changed, by=by, now=now)
    first = application.state == State.SENT
    wait(application, wants=[step.group], by=by, now=now)
    if first:
        tell_received(application, now=now)
    return outcome
