"""The steps of a publishing: hold places group by group, let them count, post the mails."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from piiri.audit import actions as audit
from piiri.enrolments import queries as enrolment_queries
from piiri.enrolments.actions import mending, telling
from piiri.enrolments.models import Application
from piiri.enrolments.queries import NextDate
from piiri.formation import queries
from piiri.formation.actions.publishing import free, let_wait
from piiri.formation.models import Opening, Publishing, Reason
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership
from piiri.mail import actions as mail
from piiri.people.models import Person

HELD_AT_ONCE = 20  # groups
MAILED_AT_ONCE = 20  # groups; as many times MEMBERS people without one
MEMBERS = 8
AT_ONCE = timedelta(milliseconds=1)

State = Publishing.State
LeftOut = Reason.LeftOut


@transaction.atomic
def carry_on(publishing: Publishing, *, now: datetime) -> None:
    """Make the next step of a publishing, all of it or none; when the next is due stands in `due_at`.

    What died half-way is done again from the last whole step. After the last step it is done.
    """
    row = Publishing.objects.select_for_update(of=("self",)).select_related("programme").get(pk=publishing.pk)
    step = STEPS.get(row.state)
    if step is not None:
        step(row, now)


def _next(publishing: Publishing, at: datetime, **changes: object) -> None:
    """When to come back; the tries are for the step that comes, not for all of them."""
    Publishing.objects.filter(pk=publishing.pk).update(due_at=at, attempts=0, **changes)


# --- holding ----------------------------------------------------------------------------------


def _prepare(publishing: Publishing, now: datetime) -> None:
    """Hold the places of the next groups; when all are held, let them count."""
    waiting = publishing.openings.filter(held_at=None).select_related("group__programme")
    batch = list(waiting.order_by("pk")[:HELD_AT_ONCE])
    # All at once, in the order of their keys: two of them may be kept apart at this moment.
    here = publishing.reasons.filter(group__in=[opening.group_id for opening in batch])
    group_actions.hold_people(here.values("application__person"))
    for opening in batch:
        _hold(publishing, opening, now=now)
    if batch:
        _next(publishing, now + AT_ONCE)
    else:
        _let_count(publishing, now=now)


def _hold(publishing: Publishing, opening: Opening, *, now: datetime) -> None:
    """Hold a place for each person of one group who still can have it; the others are noted with why."""
    rows = publishing.reasons.filter(group=opening.group).select_related("application__person")
    waiting = (Application.State.SENT, Application.State.WAITING)
    people = [row.application.person for row in rows if row.application.state in waiting]
    held = group_actions.hold(opening.group, people=people, by=publishing.asked_by, now=now)
    for membership in held.memberships:
        # Who was placed here by somebody else meanwhile keeps that place whatever becomes of this.
        taken = (
            {"membership": membership}
            if membership.confirmed_at is None
            else {"left_out": LeftOut.ALREADY_IN}
        )
        rows.filter(application__person=membership.person).update(**taken)
    for person, refusal in held.refused:
        rows.filter(application__person=person).update(left_out=LeftOut(refusal.value))
    rows.exclude(application__state__in=waiting).update(left_out=LeftOut.WITHDRAWN)
    if held.memberships:
        _move_group(publishing, opening, now=now)
    Opening.objects.filter(pk=opening.pk).update(held_at=now)


def _move_group(publishing: Publishing, opening: Opening, *, now: datetime) -> None:
    """Give the group its weekly time and say that it is forming; remember how it was."""
    group, before = opening.group, ""
    if group.state in (Group.State.OFFERED, Group.State.FORMING):
        before = str(group.state)
    if group.state == Group.State.OFFERED:
        group_actions.form_group(group, by=publishing.asked_by, now=now)
    untimed = Group.objects.filter(pk=group.pk, weekday=None)
    timed = opening.weekday is not None and untimed.update(
        weekday=opening.weekday, local_time=opening.local_time
    )
    Opening.objects.filter(pk=opening.pk).update(state_before=before, timed=bool(timed))


# --- counting ---------------------------------------------------------------------------------


def _let_count(publishing: Publishing, *, now: datetime) -> None:
    """All at once: places count, applications are placed or wait, groups that are large enough run."""
    rows = publishing.reasons
    held = Membership.objects.held().filter(pk__in=rows.values("membership"))
    seated = rows.filter(membership__in=held.values("pk"))
    unplaced = Application.objects.unplaced()
    placed = unplaced.filter(pk__in=seated.values("application")).update(
        state=Application.State.PLACED, decided_at=now
    )
    _release_strays(publishing, held)
    held.update(confirmed_at=now)
    left = rows.filter(membership=None).exclude(left_out=LeftOut.ALREADY_IN).values("application")
    sent = unplaced.filter(pk__in=left, state=Application.State.SENT)
    sent.update(state=Application.State.WAITING, decided_at=now)
    let_wait(publishing, until=publishing.hold_until, now=now)
    groups = _run_groups(publishing, now=now)
    _next(publishing, max(publishing.hold_until, now + AT_ONCE), state=State.HOLDING, published_at=now)
    audit.record(
        "places_published",
        by=publishing.asked_by,
        about=publishing,
        now=now,
        place=publishing.programme.uid,
        people=placed,
        groups=groups,
    )


def _release_strays(publishing: Publishing, held: QuerySet[Membership]) -> None:
    """Give back what is held for somebody whose application ended in this very moment."""
    ended = publishing.reasons.filter(membership__in=held.values("pk")).exclude(
        application__state=Application.State.PLACED
    )
    keys = list(ended.values_list("pk", "membership"))
    if keys:
        free(Membership.objects.filter(pk__in=[membership for _pk, membership in keys]))
        Reason.objects.filter(pk__in=[pk for pk, _membership in keys]).update(left_out=LeftOut.WITHDRAWN)


def _run_groups(publishing: Publishing, *, now: datetime) -> int:
    """Start the groups that have enough participants; the others keep forming. How many started."""
    forming = Group.objects.filter(pk__in=publishing.openings.values("group"), state=Group.State.FORMING)
    active = Q(memberships__confirmed_at__isnull=False, memberships__ended_at=None)
    counted = forming.annotate(sitting=Count("memberships", filter=active))
    large = list(counted.filter(sitting__gte=F("min_to_start")).values_list("pk", flat=True))
    started = 0
    for at in range(0, len(large), 500):
        batch = Group.objects.filter(pk__in=large[at : at + 500], state=Group.State.FORMING)
        started += batch.update(state=Group.State.RUNNING, started_at=now)
    return started


# --- telling ----------------------------------------------------------------------------------


def _begin_to_tell(publishing: Publishing, now: datetime) -> None:
    """When the time to take it back is over, post the first mails."""
    if now >= publishing.hold_until:
        Publishing.objects.filter(pk=publishing.pk).update(state=State.PUBLISHING)
        _tell(publishing, now)


def _tell(publishing: Publishing, now: datetime) -> None:
    """Post the mails of the next groups, then to those who wait; when all are posted, it is done."""
    waiting = publishing.openings.filter(mailed_at=None).select_related("group__programme__organisation")
    openings = list(waiting.order_by("pk")[:MAILED_AT_ONCE])
    for opening in openings:
        _tell_group(publishing, opening.group, now=now)
    publishing.openings.filter(pk__in=[one.pk for one in openings]).update(mailed_at=now)
    if openings or _tell_waiting(publishing, now=now):
        _next(publishing, now + AT_ONCE)
    else:
        Publishing.objects.filter(pk=publishing.pk).update(state=State.DONE, done_at=now)
        audit.record("publishing_done", by=None, about=publishing, now=now, place=publishing.programme.uid)


def _tell_group(publishing: Publishing, group: Group, *, now: datetime) -> None:
    """Tell everybody who has a new place in the group and still has it, and the group's mentors."""
    new = publishing.reasons.filter(
        group=group, mailed_at=None, membership__ended_at=None, membership__confirmed_at__isnull=False
    )
    people = [row.application.person for row in new.select_related("application__person")]
    if not people or group.state not in Group.LIVING:
        return
    date = enrolment_queries.next_date(group, programme=group.programme, now=now)
    words = queries.group_words(group, date=date, people=group.memberships.active().count())
    link = f"/groups/{group.uid}/"
    for person in people:
        ics = _calendar(group, date, person=person, now=now)
        mail.post(queries.PLACED, to=person, about=publishing, now=now, link=link, ics=ics, **words)
    for mentorship in group.mentorships.active().select_related("person"):
        if mentorship.person:
            mail.post(queries.FORMED, to=mentorship.person, about=publishing, now=now, link=link, **words)
    publishing.reasons.filter(group=group).exclude(membership=None).update(mailed_at=now)


def _calendar(group: Group, date: NextDate | None, *, person: Person, now: datetime) -> str | None:
    """The next date as a calendar file, as everybody gets it who is given a place."""
    if date is None:
        return None
    return telling.ics_of(date, group=group, programme=group.programme, person=person, now=now)


def _tell_waiting(publishing: Publishing, *, now: datetime) -> bool:
    """Tell the next of those who got no place, who stand in the lists of what they wished for from now on.

    False when there is nobody left to tell.
    """
    waiting = publishing.reasons.filter(membership=None, mailed_at=None)
    waiting = waiting.select_related("application__person", "application__programme")
    batch: Sequence[Reason] = list(waiting.order_by("pk")[: MAILED_AT_ONCE * MEMBERS])
    for row in sorted(batch, key=lambda one: one.application_id):
        if row.application.state == Application.State.WAITING:
            words = queries.reason_words(row)
            if words["listed"]:
                mending.put_in_lists(row.application, now=now)
            link = f"/applications/{row.application.uid}/"
            mail.post(
                queries.WAITING, to=row.application.person, about=publishing, now=now, link=link, **words
            )
    publishing.reasons.filter(pk__in=[row.pk for row in batch]).update(mailed_at=now)
    return bool(batch)


STEPS: dict[str, Callable[[Publishing, datetime], None]] = {
    State.PREPARING: _prepare,
    State.HOLDING: _begin_to_tell,
    State.PUBLISHING: _tell,
}
