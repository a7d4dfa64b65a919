"""A person applies, changes the answers, sends them, takes them back; the office says no."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import queries, rules
from piiri.enrolments.actions.managing import end_approval
from piiri.enrolments.actions.suggesting import suggest_pairs
from piiri.enrolments.actions.waiting import end_turns
from piiri.enrolments.models import Application, Waiting, Wish
from piiri.enrolments.rules import EnrolRefusal
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership
from piiri.groups.rules import GroupRefusal
from piiri.mail import actions as mail
from piiri.networks import actions as networks
from piiri.networks.models import Unit
from piiri.people.models import Person
from piiri.programmes import actions as programme_actions
from piiri.programmes.models import Programme, Theme

State = Application.State


class Answers(TypedDict, total=False):
    """What somebody answers in the form, apart from wishes and times."""

    name_as_written: str
    unit: Unit | None
    workplace: str
    job: str
    years: int | None
    form: str
    languages: list[str]
    any_theme: bool
    other_workplaces: bool
    wish: str
    contact_ok: bool
    manager_name: str


@transaction.atomic
def save_application(
    programme: Programme,
    *,
    person: Person,
    by: Person,
    now: datetime,
    wishes: Sequence[Theme | Group],
    mask: str,
    **answers: Unpack[Answers],
) -> Application:
    """Keep the answers: in a new draft, in the draft there is, or in what was sent already.

    `wishes` are themes or groups, dearest first; `mask` says when the person can meet. What is not
    among the answers stays as it was.

    Raises Refused: BEFORE, CLOSED, OVER, PLACED.
    """
    application = open_application(programme, person=person, now=now)
    if reason := rules.why_not_change(application, now=now):
        raise Refused(reason)
    for name, value in answers.items():
        setattr(application, name, value)
    application.employer = application.unit.organisation if application.unit else None
    application.saved_at = now
    application.save()
    write_wishes(application, wishes=wishes)
    programme_actions.save_availability(programme, person=person, mask=mask, by=by, now=now)
    audit.record("application_saved", by=by, about=application, now=now, place=programme.uid)
    return application


def open_application(programme: Programme, *, person: Person, now: datetime) -> Application:
    """The person's one open application, held for this transaction; a draft is made where there is none."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("unit__organisation")
    # The unique key decides between two tabs: the second one finds what the first one made or has sent.
    found, _made = rows.get_or_create(
        programme=programme,
        person=person,
        state__in=Application.OPEN,
        defaults={"state": State.DRAFT, "saved_at": now},
    )
    found.programme = programme
    return found


def write_wishes(application: Application, *, wishes: Sequence[Theme | Group]) -> None:
    """Replace the ranked wishes."""
    application.wishes.all().delete()
    Wish.objects.bulk_create(
        Wish(
            application=application,
            rank=rank,
            theme=wish if isinstance(wish, Theme) else None,
            group=wish if isinstance(wish, Group) else None,
        )
        for rank, wish in enumerate(wishes, start=1)
    )


@transaction.atomic
def send_application(application: Application, *, by: Person, now: datetime) -> Application:
    """Send a draft and confirm that by mail. Where places go first come first served, take one at once.

    Where the line manager named in it takes part too, the office is asked about the two.

    Raises Refused: BEFORE, CLOSED, OVER, SENT (also when two presses meet).
    """
    if reason := rules.why_not_apply(application.programme, now=now):
        raise Refused(reason)
    drafts = Application.objects.filter(pk=application.pk, state=State.DRAFT)
    if not drafts.update(state=State.SENT, sent_at=now, answered_at=now):
        raise Refused(EnrolRefusal.SENT)
    application.state, application.sent_at = State.SENT, now
    if application.employer:
        networks.affiliate(application.employer, known=known_of(application))
    suggest_pairs(application.programme, pairs=queries.pairs_with(application), by=by, now=now)
    if application.programme.rules.enrol_way == "place":
        take_first_place(application, by=by, now=now)
    mail.post(
        "enrolments/email/received",
        to=application.person,
        about=application,
        now=now,
        again=True,
        link=f"/applications/{application.uid}/",
        programme=application.programme.title,
        closes_at=application.programme.enrol_closes_at.isoformat(),
        answers_by=application.programme.answers_by.isoformat(),
        state=str(application.state),
    )
    audit.record("application_sent", by=by, about=application, now=now, place=application.programme.uid)
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


def take_first_place(application: Application, *, by: Person, now: datetime) -> None:
    """A place in the dearest group that has one; else the waiting list."""
    state = State.WAITING
    for wish in application.wishes.select_related("group__programme").filter(group__isnull=False):
        if wish.group is None:
            continue
        try:
            with transaction.atomic():
                group_actions.join(wish.group, person=application.person, by=by, now=now)
        except Refused as refusal:
            if refusal.reason == GroupRefusal.ALREADY_IN:
                state = State.PLACED
                break
        else:
            state = State.PLACED
            break
    Application.objects.filter(pk=application.pk).update(state=state, decided_at=now)
    application.state, application.decided_at = state, now


@transaction.atomic
def withdraw_application(application: Application, *, by: Person, now: datetime) -> None:
    """Take an application back; a draft is deleted, a place is free at once.

    Raises Refused with ENDED.
    """
    if reason := rules.why_not_withdraw(application):
        raise Refused(reason)
    if application.state == State.DRAFT:
        Application.objects.filter(pk=application.pk, state=State.DRAFT).delete()
    else:
        standing = Application.objects.standing().filter(pk=application.pk)
        if not standing.update(state=State.WITHDRAWN, decided_at=now):
            raise Refused(EnrolRefusal.ENDED)
        places = Membership.objects.filter(
            programme=application.programme, person=application.person, ended_at=None
        )
        for membership in places.select_related("group"):
            group_actions.leave(membership, by=by, now=now)
        end_approval(application, by=by, now=now)
        end_turns(application, end=Waiting.End.LEFT, by=by, now=now)
    audit.record("application_withdrawn", by=by, about=application, now=now, place=application.programme.uid)


@transaction.atomic
def decline_application(application: Application, *, reason: str, by: Person, now: datetime) -> None:
    """Say no and mail the reason; it is kept nowhere else.

    Raises Refused with DECIDED.
    """
    unplaced = Application.objects.unplaced().filter(pk=application.pk)
    if not unplaced.update(state=State.DECLINED, decided_at=now):
        raise Refused(EnrolRefusal.DECIDED)
    end_approval(application, by=by, now=now)
    end_turns(application, end=Waiting.End.OVER, by=by, now=now)
    mail.post(
        "enrolments/email/declined",
        to=application.person,
        about=application,
        now=now,
        again=True,
        link=f"/applications/{application.uid}/",
        programme=application.programme.title,
        reason=reason,
        contact=application.programme.contact_address,
    )
    audit.record("application_declined", by=by, about=application, now=now, place=application.programme.uid)
