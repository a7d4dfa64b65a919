"""Line managers are told or asked, reminded, answered for; they and their staff are kept apart."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import links, queries, rules
from piiri.enrolments.models import Application, Approval, LineManager
from piiri.enrolments.rules import ManagerRefusal
from piiri.groups import actions as group_actions
from piiri.mail import actions as mail
from piiri.people.models import Person, plain_address

State = Approval.State
ASKING = ("enrolments/email/manager_told", "enrolments/email/manager_asked")
REMINDER = "enrolments/email/manager_reminder"
ANSWERED = ("enrolments/email/manager_answered", "enrolments/email/manager_answered_office")


@transaction.atomic
def tell_manager(application: Application, *, by: Person, now: datetime) -> Approval | None:
    """Tell or ask the line manager named in a sent application, once; a new address ends the old approval.

    Called wherever an application is sent or changed. Twice with the same address does nothing. Where the
    manager is known here too, the two are kept apart at once, whether or not they take part so far.

    Returns the approval that holds, None where none does. Raises Refused: OWN_ADDRESS, TOO_MANY.
    """
    programme = application.programme
    address = plain_address(application.manager_email)
    # Of two presses the second one waits here, and finds what the first one made.
    list(Application.objects.select_for_update().filter(pk=application.pk).values_list("pk"))
    before = Approval.objects.standing().filter(application=application).select_related("manager").first()
    if programme.rules.manager == "off" or not address:
        if before:
            end_one(before, now=now)
        keep_from_managers(application, by=by, now=now)
        return None
    if before and before.manager.email == address:
        return before
    named = Approval.objects.filter(application=application).count()
    own = plain_address(application.person.email)
    if reason := rules.why_not_name_manager(application, own_address=own, named=named):
        raise Refused(reason)
    if before:
        end_one(before, now=now)
    approval = ask(application, manager=manager_at(application, address=address, now=now), now=now)
    keep_from_managers(application, by=by, now=now)
    audit.record("manager_told", by=by, about=approval, now=now, place=programme.uid, state=approval.state)
    return approval


def manager_at(application: Application, *, address: str, now: datetime) -> LineManager:
    """The line manager of the programme at an address; the first to name them says how they are called."""
    manager, _made = LineManager.objects.get_or_create(
        programme=application.programme,
        email=address,
        defaults={
            "name": application.manager_name,
            "language": application.person.language,
            "made_at": now,
        },
    )
    manager.programme = application.programme
    return manager


def ask(application: Application, *, manager: LineManager, now: datetime) -> Approval:
    """The row and the mail."""
    asks = application.programme.rules.manager == "approve"
    approval = Approval(
        application=application, manager=manager, state=State.ASKED if asks else State.TOLD, asked_at=now
    )
    approval.due_at = rules.next_step_at(approval, application.programme) if asks else None
    approval.save()
    post_to_manager(ASKING[asks], approval, now=now)
    return approval


def post_to_manager(kind: str, approval: Approval, *, now: datetime) -> None:
    """Who asks, for how many hours, when the dates are known; never what the group is about."""
    application, manager = approval.application, approval.manager
    programme = application.programme
    silence = rules.silence_at(approval, programme)
    mail.post(
        kind,
        to=manager,
        about=approval,
        now=now,
        link=links.manager_path(manager),
        name=application.name_as_written or application.person.name,
        programme=programme.title,
        hours=programme.rules.cap_hours * 60,
        starts_on=programme.starts_on.isoformat(),
        ends_on=programme.ends_on.isoformat(),
        dates_by=programme.answers_by.isoformat(),
        silence_on=silence.astimezone(programme.tz).date().isoformat() if silence else "",
    )


def end_one(approval: Approval, *, now: datetime) -> bool:
    """No longer needed; what has not left yet is taken back. False where it had ended before."""
    ended = Approval.objects.standing().filter(pk=approval.pk).update(state=State.ENDED, due_at=None)
    mail.withdraw(approval, now=now)
    return ended == 1


@transaction.atomic
def end_approval(application: Application, *, by: Person | None, now: datetime) -> bool:
    """End what the line manager of an application was told or asked: it was withdrawn or declined.

    The manager's page no longer shows the person; whoever knew dates hears of it in the next digest.
    """
    standing = Approval.objects.standing().filter(application=application).first()
    if standing is None or not end_one(standing, now=now):
        return False
    audit.record("approval_ended", by=by, about=standing, now=now, place=application.programme.uid)
    return True


@transaction.atomic
def end_approvals(*, now: datetime) -> int:
    """End what line managers were told of applications that ended by another way; how many."""
    ended = Approval.objects.standing().exclude(application__state__in=Application.STANDING)
    number = sum(end_one(approval, now=now) for approval in list(ended.order_by("pk")[:200]))
    if number:
        audit.record("approvals_ended", by=None, about=None, now=now, number=number)
    return number


@transaction.atomic
def answer_approvals(
    manager: LineManager,
    *,
    approvals: Iterable[str],
    approved: bool,
    now: datetime,
    reason: str = "",
    language: str = "",
) -> int:
    """Write down a line manager's answer about these of their staff (approvals by uid); how many changed.

    "Not possible" takes no place from anybody: the person and the office are told, and the office decides.
    Answering the same twice changes nothing. `language` is the one the page was read in.

    Raises Refused: ENDED, NOT_ASKED, BEGUN, OVER; then nothing is written.
    """
    rows = queries.approvals_of(manager.pk, uids=approvals).select_related(
        "application__person", "application__programme", "manager"
    )
    # Held in the order of their keys: two answers about the same people never wait for each other.
    asked = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if not asked:
        raise Refused(ManagerRefusal.ENDED)
    for approval in asked:
        if refusal := rules.why_not_answer(approval, manager.programme, now=now):
            raise Refused(refusal)
    if language and language != manager.language:
        LineManager.objects.filter(pk=manager.pk).update(language=language)
    changed = [one for one in asked if answer(one, approved=approved, reason=reason, now=now)]
    audit.record(
        "approval_answered",
        by=None,
        about=manager,
        now=now,
        place=manager.programme.uid,
        approved=int(approved),
        approvals=[one.uid for one in changed],
    )
    return len(changed)


def answer(approval: Approval, *, approved: bool, reason: str, now: datetime) -> bool:
    """One answer; False where that is what stands there."""
    before, why = approval.state, "" if approved else reason
    state = State.APPROVED if approved else State.DECLINED
    if (before, approval.reason) == (state, why):
        return False
    here = Approval.objects.filter(pk=approval.pk, state=before)
    if not here.update(state=state, reason=why, agreed_why="", answered_at=now, due_at=None):
        raise Refused(ManagerRefusal.ENDED)
    approval.state, approval.reason = state, why
    if before != state and State.DECLINED in (before, state):
        tell_of_answer(approval, now=now)
    return True


def tell_of_answer(approval: Approval, *, now: datetime) -> None:
    """The person and the office hear of a no, and of a yes after it."""
    application = approval.application
    programme = application.programme
    said = {
        "programme": programme.title,
        "approved": approval.state == State.APPROVED,
        "reason": approval.reason,
        "name": application.name_as_written or application.person.name,
    }
    mail.withdraw(approval, kinds=ANSWERED, now=now)
    to_person, to_office = ANSWERED
    mail.post(
        to_person,
        to=application.person,
        about=approval,
        now=now,
        link=f"/applications/{application.uid}/",
        contact=programme.contact_address,
        **said,
    )
    for colleague in queries.office_of(programme):
        mail.post(
            to_office,
            to=colleague,
            about=approval,
            now=now,
            link=f"/office/{programme.uid}/managers/",
            **said,
        )


@transaction.atomic
def follow_up(approval: Approval, *, now: datetime) -> None:
    """The one reminder after a week, or silence that counts as yes; an answer meanwhile is left alone."""
    programme = approval.application.programme
    silence = rules.silence_at(approval, programme)
    asked = Approval.objects.filter(pk=approval.pk, state=State.ASKED)
    if silence and silence <= now:
        done = asked.update(state=State.SILENT, answered_at=now, due_at=None, attempts=0)
    else:
        done = asked.update(reminded_at=now, due_at=silence, attempts=0)
        if done:
            post_to_manager(REMINDER, approval, now=now)
    deed = "manager_silent" if silence and silence <= now else "manager_reminded"
    audit.record(deed, by=None, about=approval, now=now, place=programme.uid, done=done)


@transaction.atomic
def remind_manager(approval: Approval, *, by: Person, now: datetime) -> None:
    """Remind a line manager now, because the office says so.

    Raises Refused: ANSWERED, JUST_REMINDED.
    """
    if reason := rules.why_not_remind(approval, now=now):
        raise Refused(reason)
    programme = approval.application.programme
    asked = Approval.objects.filter(pk=approval.pk, state=State.ASKED, reminded_at=approval.reminded_at)
    if not asked.update(reminded_at=now, due_at=rules.silence_at(approval, programme), attempts=0):
        raise Refused(ManagerRefusal.JUST_REMINDED)
    post_to_manager(REMINDER, approval, now=now)
    audit.record("manager_reminded", by=by, about=approval, now=now, place=programme.uid, done=1)


@transaction.atomic
def note_agreement(approval: Approval, *, why: str, by: Person, now: datetime) -> None:
    """The office knows by other means that the manager agrees; `why` stays on record.

    Raises Refused with ANSWERED where nothing is open.
    """
    stuck = Approval.objects.stuck().filter(pk=approval.pk)
    if not stuck.update(state=State.APPROVED, reason="", agreed_why=why, answered_at=now, due_at=None):
        raise Refused(ManagerRefusal.ANSWERED)
    mail.withdraw(approval, now=now)
    place = approval.application.programme.uid
    audit.record("manager_agreed_otherwise", by=by, about=approval, now=now, place=place)


def keep_from_managers(application: Application, *, by: Person | None, now: datetime) -> int:
    """Keep the applicant apart from their manager, and from staff who named the applicant as theirs."""
    address = plain_address(application.person.email)
    staff = Q(application__programme=application.programme, manager__email=address)
    return keep_all(Q(application=application) | staff, by=by, now=now)


def keep_all(near: Q | None, *, by: Person | None, now: datetime) -> int:
    """Keep every line manager who is known here from their staff; how many pairs are new."""
    found = list(queries.managers_here(near)[:200])
    people = Person.objects.in_bulk({one.boss for one in found})
    if found:
        group_actions.hold_people({key for one in found for key in (one.boss, one.application.person_id)})
    for one in found:
        boss, programme = people[one.boss], one.application.programme
        group_actions.keep_apart(programme, first=boss, second=one.application.person, by=by, now=now)
    return len(found)


@transaction.atomic
def keep_managers_apart(*, now: datetime) -> int:
    """Keep line managers and their staff out of one group where one of them became known by another way.

    A sweep for people new here, brought from a file, or with a changed address. Whom the office let go stays.
    """
    number = keep_all(None, by=None, now=now)
    if number:
        audit.record("managers_kept_apart", by=None, about=None, now=now, number=number)
    return number
