"""A proposal is changed by hand: people moved and locked, step by step, each of which can be undone."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.formation import queries, rules
from piiri.formation.models import Run, Step
from piiri.formation.rules import FormationRefusal
from piiri.people.models import Person


@transaction.atomic
def move(
    run: Run, *, moves: Mapping[str, str | None], seen: int, by: Person, now: datetime, reason: str = ""
) -> Run:
    """Move people of a proposal to other groups, or to none: application uid → group uid or None.

    All of them or none, as one step. Who sits there already is left out. `seen` is the version somebody
    looked at. Returns the run as it is now.

    Raises Refused: NOT_READY, PUBLISHED, STALE, NOTHING, LOCKED, BREAKS (queries.effect says which rule).
    """
    row = _changeable(run, seen=seen)
    change = queries.change_of(row, moves)
    effect = queries.effect_of(change)
    if refusal := rules.why_not_move(effect.rule):
        raise Refused(refusal, rule=effect.rule)
    made = [[one, change.assignment[one] or None, group] for one, group in change.moves.items()]
    _store(row, queries.moved(change), seen=seen)
    _add_step(row, by=by, at=now, moves=made, reason=reason[: rules.LONGEST_REASON])
    _record("people_moved", row, by=by, now=now, people=len(made))
    return row


@transaction.atomic
def lock(run: Run, *, people: Collection[str], locked: bool, seen: int, by: Person, now: datetime) -> Run:
    """Lock the places of these people (application uids) or unlock them, as one step.

    Who is locked is not moved by hand, and stays where they are when groups are looked for again.

    Raises Refused: NOT_READY, PUBLISHED, STALE, NOTHING (nobody of them has another state than that).
    """
    row = _changeable(run, seen=seen)
    before, assignment = set(row.proposal.get("locked", ())), row.proposal.get("assignment", {})
    changed = [one for one in dict.fromkeys(people) if one in assignment and (one in before) != locked]
    if not changed:
        raise Refused(FormationRefusal.NOTHING)
    locks = [[one, not locked, locked] for one in changed]
    _store(row, _with_locks(row.proposal, locks), seen=seen)
    _add_step(row, by=by, at=now, locks=locks)
    _record("places_locked" if locked else "places_unlocked", row, by=by, now=now, people=len(locks))
    return row


@transaction.atomic
def undo_step(run: Run, *, seen: int, by: Person, now: datetime) -> Run:
    """Take back the last step that stands; the proposal is as it was before it.

    Raises Refused: NOT_READY, PUBLISHED, STALE, NOTHING.
    """
    row = _changeable(run, seen=seen)
    step = row.steps.filter(undone=False).order_by("-number").first()
    if step is None:
        raise Refused(FormationRefusal.NOTHING)
    _again(row, step, seen=seen, back=True)
    _record("step_undone", row, by=by, now=now, step=step.number)
    return row


@transaction.atomic
def redo_step(run: Run, *, seen: int, by: Person, now: datetime) -> Run:
    """Take the first step again that was undone.

    Raises Refused: NOT_READY, PUBLISHED, STALE, NOTHING.
    """
    row = _changeable(run, seen=seen)
    step = row.steps.filter(undone=True).order_by("number").first()
    if step is None:
        raise Refused(FormationRefusal.NOTHING)
    _again(row, step, seen=seen, back=False)
    _record("step_redone", row, by=by, now=now, step=step.number)
    return row


def _changeable(run: Run, *, seen: int) -> Run:
    """The run as it is now, while it may be changed by somebody who saw this version."""
    row = Run.objects.select_related("programme").defer("question").get(pk=run.pk)
    published = queries.publishing_of(row) is not None
    if reason := rules.why_not_change(row, seen=seen, published=published):
        raise Refused(reason)
    return row


def _store(row: Run, proposal: dict[str, Any], *, seen: int) -> None:
    """Keep the changed proposal. Of two who saw the same version the first is written, the other refused."""
    if not _unchanged(row, seen=seen).update(proposal=proposal, version=seen + 1):
        raise Refused(FormationRefusal.STALE)
    row.proposal, row.version = proposal, seen + 1


def _unchanged(row: Run, *, seen: int) -> QuerySet[Run]:
    return Run.objects.filter(pk=row.pk, version=seen)


def _add_step(row: Run, **about: Any) -> None:
    """A new step is the end of what was undone before it."""
    row.steps.filter(undone=True).delete()
    last = row.steps.order_by("-number").values_list("number", flat=True).first() or 0
    Step.objects.create(run=row, number=last + 1, **about)


def _again(row: Run, step: Step, *, seen: int, back: bool) -> None:
    """Make a step once more, or backwards; it was allowed once, so nothing is asked."""
    ends = {one: (was if back else to) for one, was, to in step.moves}
    locks = [[one, to, was] if back else [one, was, to] for one, was, to in step.locks]
    proposal = queries.moved(queries.change_of(row, ends)) if ends else row.proposal
    _store(row, _with_locks(proposal, locks), seen=seen)
    row.steps.filter(pk=step.pk).update(undone=back)


def _with_locks(proposal: dict[str, Any], locks: Collection[list[Any]]) -> dict[str, Any]:
    locked = set(proposal.get("locked", ()))
    for one, _was, is_locked in locks:
        (locked.add if is_locked else locked.discard)(one)
    return {**proposal, "locked": sorted(locked)}


def _record(deed: str, row: Run, *, by: Person, now: datetime, **facts: int) -> None:
    audit.record(deed, by=by, about=row, now=now, place=row.programme.uid, version=row.version, **facts)
