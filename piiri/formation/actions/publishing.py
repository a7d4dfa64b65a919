"""A proposal is published, and taken back while nobody has been told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments.models import Application, Waiting
from piiri.formation import queries, rules
from piiri.formation.models import Opening, Publishing, Reason, Run
from piiri.formation.rules import FormationRefusal
from piiri.groups.models import Group, Membership, PairClaim, Place
from piiri.mail import actions as mail
from piiri.mail import queries as mail_queries
from piiri.people.models import Person

A_BATCH = 500
State = Publishing.State


@transaction.atomic
def publish(run: Run, *, by: Person | None, now: datetime, hold_until: datetime | None = None) -> Publishing:
    """Begin to publish a proposal: who of it can still be placed is written down, a worker does the rest.

    Its mails go out at `hold_until`, else when the programme's hold is over.

    Raises Refused: NOT_RUNNING, NOT_READY, PUBLISHED, UNDER_WAY, NOBODY_LEFT, NO_SUCH_HOLD.
    """
    # Whoever moves somebody in it at this moment saw another version, and is told so.
    Run.objects.filter(pk=run.pk).update(version=F("version") + 1)
    run.refresh_from_db(fields=["proposal", "version", "state"])
    until = hold_until or now + timedelta(hours=run.programme.rules.hold_hours)
    proposal = queries.proposal_of(run)
    people = _standing(run, proposal.assignment)
    published = queries.publishing_of(run) is not None
    reason = rules.why_not_publish(run, published=published, people=len(people))
    if reason := reason or rules.why_not_hold(wait=until - now):
        raise Refused(reason)
    publishing = _new_publishing(run, by=by, now=now, hold_until=until)
    groups = _groups(proposal.members)
    Opening.objects.bulk_create(
        (
            _opening(publishing, groups[uid], proposal.windows.get(uid))
            for uid in proposal.members
            if uid in groups
        ),
        batch_size=A_BATCH,
    )
    Reason.objects.bulk_create(
        (
            Reason(
                publishing=publishing,
                application_id=pk,
                group_id=groups.get(proposal.assignment[uid] or ""),
                codes=proposal.reasons.get(uid, {}),
                state_before=state,
            )
            for uid, (pk, state) in people.items()
        ),
        batch_size=A_BATCH,
    )
    audit.record(
        "proposal_published", by=by, about=publishing, now=now, place=run.programme.uid, people=len(people)
    )
    return publishing


def _new_publishing(run: Run, *, by: Person | None, now: datetime, hold_until: datetime) -> Publishing:
    """The unique key of one publishing at a time decides."""
    try:
        with transaction.atomic():
            return Publishing.objects.create(
                run=run,
                programme=run.programme,
                hold_until=hold_until,
                asked_by=by,
                asked_at=now,
                due_at=now,
            )
    except IntegrityError:
        raise Refused(FormationRefusal.UNDER_WAY) from None


def _standing(run: Run, assignment: Mapping[str, str | None]) -> dict[str, tuple[int, str]]:
    """Key and state by uid of those in the proposal who still wait for a place."""
    rows = Application.objects.unplaced().filter(programme=run.programme).order_by("pk")
    return {
        uid: (pk, state) for uid, pk, state in rows.values_list("uid", "pk", "state") if uid in assignment
    }


def _groups(uids: Mapping[str, Any]) -> dict[str, int]:
    """Keys by uid."""
    wanted, found = list(uids), dict[str, int]()
    for at in range(0, len(wanted), A_BATCH):
        found |= dict(Group.objects.filter(uid__in=wanted[at : at + A_BATCH]).values_list("uid", "pk"))
    return found


def _opening(publishing: Publishing, group: int, window: Sequence[int] | None) -> Opening:
    if window is None:
        return Opening(publishing=publishing, group_id=group)
    weekday, start = window
    return Opening(
        publishing=publishing, group_id=group, weekday=weekday, local_time=time(start // 60, start % 60)
    )


@transaction.atomic
def hold_mails(publishing: Publishing, *, until: datetime, by: Person, now: datetime) -> None:
    """Let the mails of a publishing go out at another time; until then it can be taken back.

    Raises Refused: NOT_NOW (they are on their way, or it was taken back), NO_SUCH_HOLD.
    """
    row = Publishing.objects.select_for_update(of=("self",)).select_related("programme").get(pk=publishing.pk)
    if reason := rules.why_not_hold_longer(row, wait=until - now):
        raise Refused(reason)
    rows = Publishing.objects.filter(pk=row.pk)
    rows.update(hold_until=until)
    if row.state == State.HOLDING:
        rows.update(due_at=until, attempts=0)
        let_wait(row, until=until, now=now)
    publishing.hold_until = until
    audit.record("mails_held", by=by, about=row, now=now, place=row.programme.uid)


def let_wait(publishing: Publishing, *, until: datetime, now: datetime) -> None:
    """Those without a place count as left when the mails may go: before, no list offers them anything.

    Lists take in who was left without a place once a hold of the usual length is over.
    """
    left_at = max(now, until - timedelta(hours=publishing.programme.rules.hold_hours))
    left = publishing.reasons.filter(membership=None, mailed_at=None)
    waiting = Application.objects.filter(pk__in=left.values("application"), state=Application.State.WAITING)
    waiting.filter(decided_at__gte=publishing.asked_at).update(decided_at=left_at)


@transaction.atomic
def undo(publishing: Publishing, *, by: Person, now: datetime) -> None:
    """Take a publishing back: every place, pair and weekly time is as before, and no mail goes out.

    Raises Refused: NOT_NOW (over already), MAILS_LEFT (a worker has the first mail in hand).
    """
    under_way = Publishing.objects.filter(pk=publishing.pk, state__in=Publishing.UNDER_WAY)
    if not under_way.update(state=State.UNDONE, undone_at=now, done_at=now, due_at=None):
        raise Refused(FormationRefusal.NOT_NOW)
    mail.withdraw(publishing, now=now)
    if mail_queries.has_left(publishing.uid):
        raise Refused(FormationRefusal.MAILS_LEFT)
    going = Membership.objects.filter(pk__in=publishing.reasons.values("membership"), ended_at=None)
    _give_applications_back(publishing, going)
    free(going)
    _give_groups_back(publishing)
    publishing.state = State.UNDONE
    audit.record("publishing_undone", by=by, about=publishing, now=now, place=publishing.programme.uid)


def free(memberships: QuerySet[Membership]) -> None:
    """Free places and claims of pairs, and forget the memberships: nobody was told of them."""
    Place.objects.filter(membership__in=memberships.values("pk")).update(membership=None)
    claimed = memberships.filter(group=OuterRef("group"), person=OuterRef("person"))
    PairClaim.objects.filter(Exists(claimed)).delete()
    memberships.delete()


def _give_applications_back(publishing: Publishing, going: QuerySet[Membership]) -> None:
    for state in (Application.State.SENT, Application.State.WAITING):
        rows = publishing.reasons.filter(state_before=state)
        placed = rows.filter(membership__in=going.values("pk")).values("application")
        Application.objects.filter(pk__in=placed, state=Application.State.PLACED).update(
            state=state, decided_at=None
        )
    _give_turns_back(publishing)
    waiting = publishing.reasons.filter(state_before=Application.State.SENT, membership=None)
    Application.objects.filter(pk__in=waiting.values("application"), state=Application.State.WAITING).update(
        state=Application.State.SENT, decided_at=None
    )


def _give_turns_back(publishing: Publishing) -> None:
    """Turns in lists as they were: those from here are gone, those that a place from here ended go on."""
    since = publishing.published_at
    if since is None:
        return
    turns = Waiting.objects.filter(application__in=publishing.reasons.values("application"))
    turns.filter(since_at__gte=since, ended_at=None).delete()
    turns.filter(end=Waiting.End.PLACED, ended_at__gte=since).update(end="", ended_at=None)


def _give_groups_back(publishing: Publishing) -> None:
    """Groups back to where they stood before, also when others have joined them meanwhile."""
    for before in (Group.State.OFFERED, Group.State.FORMING):
        moved = publishing.openings.filter(state_before=before).values("group")
        later = Group.objects.filter(pk__in=moved, state__in=(Group.State.FORMING, Group.State.RUNNING))
        later.update(state=before, started_at=None)
    timed = publishing.openings.filter(timed=True).values("group")
    Group.objects.filter(pk__in=timed, state__in=Group.LIVING).update(weekday=None, local_time=None)
