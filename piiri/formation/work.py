"""Searches and forecasts in a child process; publishing step by step, by any number of workers."""

import time
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from piiri.base import clock
from piiri.base.work import Work
from piiri.formation import actions, forecasting, mapping, queries, scoring, solving
from piiri.formation.forecasting import Outlook
from piiri.formation.mapping import Facts
from piiri.formation.models import Forecast, Run, Search
from piiri.formation.problem import Answer, Problem, ProblemError, digest

TOLD_EVERY = 1.0  # seconds


def find_groups(run: Run, *, now: datetime) -> None:
    """Look for groups and keep the proposal. Only here the solver is loaded: in a worker's child process."""
    if not actions.begin(run, now=now):
        return
    facts = queries.facts_of(run.programme, wishes=run.weights)
    if not facts.wanting:
        actions.fail(run, failure=Run.Failure.NOBODY, now=clock.now())
        return
    try:
        problem = _problem(run, facts)
    except ProblemError:
        actions.fail(run, failure=Run.Failure.NOT_ASKED, now=clock.now())
        return
    actions.keep_question(run, problem=problem, version=solving.version())
    found = solving.find(
        problem, seconds=run.seconds, seed=run.seed, tell=Teller(run).progress, keep=partial(keep_best, run)
    )
    if found is None:
        actions.fail(run, failure=Run.Failure.STOPPED, now=clock.now())
        return
    proposal = proposal_of(run, facts, problem, found) | {"exact": True}
    actions.keep_proposal(run, proposal=proposal, now=clock.now())


def _problem(run: Run, facts: Facts) -> Problem:
    problem = mapping.problem_of(facts, seed=run.seed, name=run.programme.slug)
    return mapping.keeping(problem, run.kept_from.proposal) if run.kept_from else problem


def proposal_of(run: Run, facts: Facts, problem: Problem, answer: Answer) -> dict[str, Any]:
    """An answer as the run keeps it: with weekly times, reasons, and what it takes to find it again."""
    windows = mapping.meeting_windows(facts, problem, answer)
    kept = run.kept_from.proposal if run.kept_from else {}
    locked = set(kept.get("locked", ()))
    return {
        "assignment": dict(answer.assignment),
        "windows": {uid: list(window) for uid, window in windows.items()},
        "reasons": mapping.reasons_of(facts, problem, answer),
        "parts": dict(answer.parts),
        "cost": answer.cost,
        "bound": answer.bound,
        "proven": answer.proven_best,
        "locked": sorted(one for one in locked if answer.assignment.get(one)),
        "moved": mapping.moved(kept.get("assignment", {}), answer),
        "seed": answer.seed,
        "work": answer.work,
        "digest": digest(problem),
        "exact": False,
    }


class Teller:
    """Says how far a search is, once a second at most."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.told_at = 0.0

    def progress(self, share: float, cost: int) -> bool:
        """Whether to go on."""
        if time.monotonic() - self.told_at < TOLD_EVERY:
            return True
        self.told_at = time.monotonic()
        return actions.tell_progress(self.search, percent=int(share * 100), cost=cost)


def make_forecast(forecast: Forecast, *, now: datetime) -> None:
    """Look what would be left without a place, and keep it; in a child process, as a search is."""
    if not actions.begin(forecast, now=now):
        return
    facts, strangers = queries.facts_for(forecast)
    programme = forecast.programme
    if not facts.wanting:
        actions.fail(forecast, failure=Search.Failure.NOBODY, now=clock.now())
        return
    try:
        problem = mapping.problem_of(facts, seed=forecast.seed, name=programme.slug)
    except ProblemError:
        actions.fail(forecast, failure=Search.Failure.NOT_ASKED, now=clock.now())
        return
    actions.keep_question(forecast, problem=problem, version=solving.version())
    found = forecasting.forecast(
        problem,
        parts=queries.parts_of(programme, slots=problem.slots),
        sizes=(programme.rules.min_to_start, programme.rules.places),
        seconds=forecast.seconds,
        seed=forecast.seed,
        tell=Teller(forecast).progress,
    )
    if found is None:
        actions.fail(forecast, failure=Search.Failure.STOPPED, now=clock.now())
        return
    result = result_of(problem, found) | {"strangers": strangers}
    actions.keep_forecast(forecast, result=result, now=clock.now())


def result_of(problem: Problem, found: Outlook) -> dict[str, Any]:
    """What a forecast found as it is kept: numbers of people, and what it takes to find them again."""
    return {
        "people": len(problem.participants),
        "left": found.left,
        "more": [asdict(one) for one in found.more],
        "tried": found.tried,
        "stopped": found.stopped,
        "seed": found.base.seed,
        "work": found.base.work,
        "again": found.again,
        "digest": digest(problem),
    }


def give_up_forecast(forecast: Forecast, *, now: datetime) -> None:
    """After the last try."""
    actions.fail(forecast, failure=Search.Failure.BROKE_OFF, now=now)


def keep_best(run: Run, answer: Answer) -> None:
    """Keep what is the best so far, after each of the search's rounds."""
    best = {"assignment": dict(answer.assignment), "work": answer.work, "cost": answer.cost}
    actions.keep_best(run, best=best)


def give_up(run: Run, *, now: datetime) -> None:
    """After the last try: what had been found by then is the proposal, or there is none."""
    proposal = _interrupted(run)
    if proposal is None:
        actions.fail(run, failure=Run.Failure.BROKE_OFF, now=now)
    else:
        actions.keep_proposal(run, proposal=proposal, now=now, interrupted=True)


def _interrupted(run: Run) -> dict[str, Any] | None:
    """The best groups so far as a proposal, of the people and groups that are still there."""
    best: dict[str, str | None] = run.best.get("assignment", {})
    if not best:
        return None
    facts = queries.facts_of(run.programme, wishes=run.weights)
    facts = replace(facts, wanting=[one for one in facts.wanting if one.uid in best])
    try:
        problem = _problem(run, facts)
    except ProblemError:
        return None
    offers = {offer.id for offer in problem.groups}
    ends = {one.uid: best[one.uid] if best[one.uid] in offers else None for one in facts.wanting}
    judged = scoring.score(problem, ends)
    answer = Answer(ends, judged.cost, judged.parts, seed=run.seed, work=run.best.get("work", 0))
    return proposal_of(run, facts, problem, answer)


WORK = [
    Work(
        "find-groups",
        row="15",
        due=queries.runs_to_do,
        do=find_groups,
        heavy=True,
        lease=timedelta(minutes=2),
        tries=3,
        give_up=give_up,
    ),
    Work(
        "forecast",
        row="15",
        due=queries.forecasts_to_do,
        do=make_forecast,
        heavy=True,
        lease=timedelta(minutes=2),
        tries=3,
        give_up=give_up_forecast,
    ),
    Work("publish", row="15", due=queries.publishings_to_carry_on, do=actions.carry_on),
]
