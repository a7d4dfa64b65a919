"""Groups are asked for, looked for, found; the search itself is the work of a child process."""

import gzip
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.formation import queries, rules, weighing
from piiri.formation.models import Forecast, Run, Search
from piiri.formation.problem import Problem, to_json
from piiri.formation.rules import FormationRefusal
from piiri.people.models import Person
from piiri.programmes.models import Programme

State = Search.State
BUSY = (State.QUEUED, State.RUNNING)
STOPPING = ("uid", "state", "programme__uid")  # what is read of a search that is stopped


@transaction.atomic
def ask_for_groups(
    programme: Programme,
    *,
    by: Person | None,
    now: datetime,
    weights: Mapping[str, int] | None = None,
    keep: Run | None = None,
    seconds: int | None = None,
    seed: int = 1,
) -> Run:
    """Ask for a proposal; a worker finds it. `seconds` of search follow from the people unless told.

    `weights` are the office's wishes (weighing.WISHES, 0 to 4). `keep` is a proposal whose locked people
    stay and whose others move only for something better. The same asked while its search is under way is
    that search.

    Raises Refused: NOT_RUNNING, UNDER_WAY, NOBODY, NO_GROUPS, THREE, NOT_READY (`keep` is not there yet).
    Raises ValueError for a wish that is none.
    """
    # Holds the programme's row, so that two presses are counted one after the other.
    Programme.objects.select_for_update().get(pk=programme.pk)
    wishes, standing = weighing.complete(weights), queries.standing(programme)
    seconds = seconds or rules.seconds_for(standing.people)
    question = {"weights": wishes, "kept_from": keep, "seed": seed, "seconds": seconds}
    if same := Run.objects.filter(
        programme=programme, state__in=BUSY, stop_asked_at=None, **question
    ).first():
        return same
    letter = _letter_for(programme, keep=keep)
    reason = rules.why_not_ask(
        programme,
        people=standing.people,
        groups=standing.groups,
        letter=letter,
        publishing=queries.publishing_under_way(programme) is not None,
    )
    if reason := reason or _why_not_keep(keep):
        raise Refused(reason)
    programme.formation_runs.filter(letter=letter).update(letter="")
    run = Run.objects.create(
        programme=programme, letter=letter, asked_by=by, asked_at=now, due_at=now, **question
    )
    audit.record("groups_asked_for", by=by, about=run, now=now, place=programme.uid, people=standing.people)
    return run


def _letter_for(programme: Programme, *, keep: Run | None) -> str:
    taken = queries.letters_taken(programme)
    kept = Run.objects.filter(pk=keep.pk).values_list("letter", flat=True).first() if keep else ""
    return rules.letter_for(taken, kept=kept or "")


def _why_not_keep(keep: Run | None) -> FormationRefusal | None:
    """A proposal can be kept once it is there."""
    is_ready = keep is None or Run.objects.filter(pk=keep.pk, state=State.READY).exists()
    return None if is_ready else FormationRefusal.NOT_READY


@transaction.atomic
def ask_for_forecast(
    programme: Programme, *, own: bool, by: Person, now: datetime, seconds: int | None = None, seed: int = 1
) -> Forecast:
    """Ask what the wishes of the year before, or the programme's `own` so far, would leave without a place.

    One forecast at a time: while one is under way, that is the one.

    Raises Refused: NOT_RUNNING (the year has ended), NO_WISHES, NO_GROUPS.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    if busy := Forecast.objects.filter(programme=programme, state__in=BUSY, stop_asked_at=None).first():
        return busy
    source = next((one for one in queries.sources(programme, now=now) if one.is_own == own), None)
    people = source.people if source else 0
    groups = queries.standing(programme).groups
    reason = rules.why_not_forecast(programme, people=people, groups=groups)
    if reason or source is None:
        raise Refused(reason or FormationRefusal.NO_WISHES)
    forecast = Forecast.objects.create(
        programme=programme,
        of=source.of,
        asked_by=by,
        asked_at=now,
        due_at=now,
        seconds=seconds or rules.seconds_for(people),
        seed=seed,
    )
    audit.record(
        "forecast_asked_for", by=by, about=forecast, now=now, place=programme.uid, people=people, own=own
    )
    return forecast


@transaction.atomic
def set_aside(run: Run, *, by: Person, now: datetime) -> None:
    """Take a proposal from the three that stand side by side; it can still be read. A search is stopped.

    Raises Refused: NOT_NOW (it stands aside already), UNDER_WAY (it is being published).
    """
    row = _held(run)
    publishing = queries.publishing_under_way(row.programme)
    under_way = publishing is not None and publishing.run_id == row.pk
    if reason := rules.why_not_set_aside(row, under_way=under_way):
        raise Refused(reason)
    Run.objects.filter(pk=row.pk).update(letter="")
    if rules.is_busy([row]):
        _stop(row, now=now)
    run.letter = ""
    audit.record("proposal_set_aside", by=by, about=row, now=now, place=row.programme.uid)


@transaction.atomic
def stop_search(search: Search, *, by: Person, now: datetime) -> None:
    """Ask a search to end with the best it has found. One that has not begun ends without anything.

    Raises Refused: NOT_NOW (it is over).
    """
    row = _rows(search).select_for_update(of=("self",)).select_related("programme").only(*STOPPING).get()
    if reason := rules.why_not_stop(row):
        raise Refused(reason)
    _stop(row, now=now)
    audit.record("search_stopped", by=by, about=row, now=now, place=row.programme.uid)


def _held(run: Run) -> Run:
    rows = Run.objects.select_for_update(of=("self",)).select_related("programme")
    return rows.defer("proposal", "question", "best").get(pk=run.pk)


def _stop(search: Search, *, now: datetime) -> None:
    queued = _rows(search).filter(state=State.QUEUED)
    ended = {"finished_at": now, "done_at": now, "due_at": None, "stop_asked_at": now}
    if not queued.update(state=State.FAILED, failure=Search.Failure.STOPPED, **ended):
        _rows(search).filter(state=State.RUNNING).update(stop_asked_at=now)


@transaction.atomic
def begin(search: Search, *, now: datetime) -> bool:
    """Say that the search is on; after a crash it begins again. False when it is over already."""
    if not _of(search).update(state=State.RUNNING, progress={"percent": 0}):
        return False
    audit.record("groups_looked_for", by=None, about=search, now=now, place=search.programme.uid)
    return True


def keep_question(search: Search, *, problem: Problem, version: str) -> None:
    """Store the question as it is asked, and of which solver; what was asked once is not asked otherwise."""
    packed = gzip.compress(json.dumps(to_json(problem), separators=(",", ":")).encode(), mtime=0)
    _of(search).filter(question=None).update(question=packed, solver_version=version)


def tell_progress(search: Search, *, percent: int, cost: int) -> bool:
    """Let the page know how far the search is; whether it shall go on. No audit: nothing is decided here."""
    going = _of(search).filter(stop_asked_at=None)
    return bool(going.update(progress={"percent": percent, "cost": cost}))


def keep_best(run: Run, *, best: dict[str, Any]) -> None:
    """Store the best groups so far, {"assignment": …, "work": …}: what is left when a search breaks off."""
    _of(run).update(best=best)


@transaction.atomic
def keep_proposal(run: Run, *, proposal: dict[str, Any], now: datetime, interrupted: bool = False) -> None:
    """Store what was found; the run is ready to look at. See Run.proposal for what is in it.

    What another worker found first stays.
    """
    found = {"proposal": proposal, "progress": {"percent": 100}, "finished_at": now, "failure": ""}
    if not _of(run).update(state=State.READY, interrupted=interrupted, best={}, **found):
        return
    placed = sum(group is not None for group in proposal["assignment"].values())
    audit.record("groups_found", by=None, about=run, now=now, place=run.programme.uid, placed=placed)


@transaction.atomic
def keep_forecast(forecast: Forecast, *, result: dict[str, Any], now: datetime) -> None:
    """Store what a forecast found, see Forecast.result. What another worker found first stays."""
    found = {"result": result, "progress": {"percent": 100}, "finished_at": now, "failure": ""}
    if not _of(forecast).update(state=State.READY, **found):
        return
    place, left = forecast.programme.uid, result["left"]
    audit.record("forecast_made", by=None, about=forecast, now=now, place=place, left=left)


@transaction.atomic
def fail(search: Search, *, failure: Search.Failure, now: datetime) -> None:
    """End a search without an answer, for a reason that can be told."""
    if not _of(search).update(state=State.FAILED, failure=failure, finished_at=now):
        return
    place = search.programme.uid
    audit.record("groups_not_found", by=None, about=search, now=now, place=place, failure=failure)


def _of(search: Search) -> QuerySet[Any]:
    """The search, while nothing has been found yet."""
    return _rows(search).filter(state__in=BUSY)


def _rows(search: Search) -> QuerySet[Any]:
    return type(search)._default_manager.filter(pk=search.pk)  # noqa: SLF001 - of either kind
