"""Groups are asked for, looked for, found; the search itself is the work of a child process."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.formation import queries, rules
from piiri.formation.models import Run
from piiri.people.models import Person
from piiri.programmes.models import Programme

State = Run.State


@transaction.atomic
def ask_for_groups(
    programme: Programme, *, by: Person | None, now: datetime, seconds: int | None = None, seed: int = 1
) -> Run:
    """Ask for a proposal; a worker finds it. `seconds` of search follow from the people unless told.

    Raises Refused: NOT_RUNNING, UNDER_WAY, BUSY, NOBODY, NO_GROUPS.
    """
    # Holds the programme's row, so that two presses are counted one after the other.
    Programme.objects.select_for_update().get(pk=programme.pk)
    standing = queries.standing(programme)
    reason = rules.why_not_ask(
        programme,
        people=standing.people,
        groups=standing.groups,
        busy=rules.is_busy(queries.runs(programme)),
        publishing=queries.publishing_under_way(programme) is not None,
    )
    if reason:
        raise Refused(reason)
    run = Run.objects.create(
        programme=programme,
        seconds=seconds or rules.seconds_for(standing.people),
        seed=seed,
        asked_by=by,
        asked_at=now,
        due_at=now,
    )
    audit.record("groups_asked_for", by=by, about=run, now=now, place=programme.uid, people=standing.people)
    return run


@transaction.atomic
def begin(run: Run, *, now: datetime) -> None:
    """Say that the search is on; after a crash it begins again."""
    if _of(run).update(state=State.RUNNING, progress={"percent": 0}):
        audit.record("groups_looked_for", by=None, about=run, now=now, place=run.programme.uid)


def tell_progress(run: Run, *, percent: int, cost: int) -> None:
    """Let the page know how far the search is. No audit: nothing is decided here."""
    _of(run).filter(state=State.RUNNING).update(progress={"percent": percent, "cost": cost})


@transaction.atomic
def keep_proposal(run: Run, *, proposal: dict[str, Any], now: datetime) -> None:
    """Store what was found; the run is ready to look at. See Run.proposal for what is in it.

    What another worker found first stays.
    """
    found = {"proposal": proposal, "progress": {"percent": 100}, "finished_at": now, "failure": ""}
    if not _of(run).update(state=State.READY, **found):
        return
    placed = sum(group is not None for group in proposal["assignment"].values())
    audit.record("groups_found", by=None, about=run, now=now, place=run.programme.uid, placed=placed)


@transaction.atomic
def fail(run: Run, *, failure: Run.Failure, now: datetime) -> None:
    """End a run without a proposal, for a reason that can be told."""
    if not _of(run).update(state=State.FAILED, failure=failure, finished_at=now):
        return
    audit.record("groups_not_found", by=None, about=run, now=now, place=run.programme.uid, failure=failure)


def give_up(run: Run, *, now: datetime) -> None:
    """After the last try."""
    fail(run, failure=Run.Failure.BROKE_OFF, now=now)


def _of(run: Run) -> QuerySet[Run]:
    """The run, while nothing has been found yet."""
    return Run.objects.filter(pk=run.pk).exclude(state=State.READY)
