"""Searching for groups in a child process; publishing step by step, by any number of workers."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from piiri.base import clock
from piiri.base.work import Work
from piiri.formation import actions, mapping, queries, solving
from piiri.formation.models import Run
from piiri.formation.problem import Answer, ProblemError

TOLD_EVERY = 1.0  # seconds


def find_groups(run: Run, *, now: datetime) -> None:
    """Look for groups and keep the proposal. Only here the solver is loaded: in a worker's child process."""
    actions.begin(run, now=now)
    facts = queries.facts_of(run.programme)
    if not facts.wanting:
        actions.fail(run, failure=Run.Failure.NOBODY, now=clock.now())
        return
    try:
        problem = mapping.problem_of(facts, seed=run.seed, name=run.programme.slug)
    except ProblemError:
        actions.fail(run, failure=Run.Failure.NOT_ASKED, now=clock.now())
        return
    answer: Answer = solving.warm_solver().solve(
        problem, seconds=run.seconds, seed=run.seed, progress=teller(run)
    )
    windows = mapping.meeting_windows(facts, problem, answer)
    proposal = {
        "assignment": dict(answer.assignment),
        "windows": {uid: list(window) for uid, window in windows.items()},
        "reasons": mapping.reasons_of(facts, problem, answer),
        "parts": dict(answer.parts),
        "cost": answer.cost,
        "bound": answer.bound,
        "proven": answer.proven_best,
    }
    actions.keep_proposal(run, proposal=proposal, now=clock.now())


def teller(run: Run) -> Callable[[float, int], None]:
    """Says how far the search is, once a second at most."""
    last = time.monotonic()

    def tell(share: float, cost: int) -> None:
        nonlocal last
        if time.monotonic() - last >= TOLD_EVERY:
            last = time.monotonic()
            actions.tell_progress(run, percent=int(share * 100), cost=cost)

    return tell


WORK = [
    Work(
        "find-groups",
        row="15",
        due=queries.runs_to_do,
        do=find_groups,
        heavy=True,
        lease=timedelta(minutes=2),
        tries=3,
        give_up=actions.give_up,
    ),
    Work("publish", row="15", due=queries.publishings_to_carry_on, do=actions.carry_on),
]
