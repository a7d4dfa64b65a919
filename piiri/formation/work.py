"""Searching for groups in a child process; publishing step by step, by any number of workers."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from piiri.base import clock
from piiri.base.work import Work
from piiri.formation import actions, mapping, queries, scoring, solving
from piiri.formation.mapping import Facts
from piiri.formation.models import Run
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
    told = Teller(run)
    found = solving.find(problem, seconds=run.seconds, seed=run.seed, tell=told.progress, keep=told.best)
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
    """Says how far the search is, once a second at most, and keeps the best after each of its rounds."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.told_at = 0.0

    def progress(self, share: float, cost: int) -> bool:
        """Whether to go on."""
        if time.monotonic() - self.told_at < TOLD_EVERY:
            return True
        self.told_at = time.monotonic()
        return actions.tell_progress(self.run, percent=int(share * 100), cost=cost)

    def best(self, answer: Answer) -> None:
        """Keep what is the best so far."""
        best = {"assignment": dict(answer.assignment), "work": answer.work, "cost": answer.cost}
        actions.keep_best(self.run, best=best)


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
    Work("publish", row="15", due=queries.publishings_to_carry_on, do=actions.carry_on),
]
