"""A person writes an application, changes the answers, takes it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import rules
from piiri.enrolments.actions.managing import end_approval, tell_manager
from piiri.enrolments.actions.waiting import end_turns
from piiri.enrolments.models import Application, Waiting, Wish
from piiri.enrolments.rules import EnrolRefusal
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership
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
    manager_email: str
    beginning: str
    with_address: str
    gives: str
    seeks: str


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

    Before enrolment opens a draft may be written. Whoever was named as line manager is told when the
    application is sent, or now where it was sent before.

    Raises Refused: CLOSED, OVER, PLACED; OWN_ADDRESS and TOO_MANY for what was sent already.
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
    if application.state != State.DRAFT:
        tell_manager(application, by=by, now=now)
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
