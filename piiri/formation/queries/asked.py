"""The question a run answers, as it was asked, and what of it is still there."""

import gzip
import json
from dataclasses import replace
from functools import lru_cache

from piiri.formation import mapping, moves
from piiri.formation.models import Run
from piiri.formation.moves import Question
from piiri.formation.problem import Problem, ProblemError, from_json
from piiri.formation.queries.gathering import facts_of

QUESTIONS_KEPT = 8  # a run of 5 000 people takes about 10 MB

NOTHING = Question(problem=None, people={}, mentors={}, offers={}, led={})  # type: ignore[arg-type]


def question_of(run: Run) -> Problem:
    """The problem as it was asked, read once a process; of runs from before as it would be asked today.

    Raises ProblemError when such an old run has nobody left to place.
    """
    return _kept(run.uid, run.pk) or _gathered(run)


def asked_of(run: Run) -> Question:
    """The same by id, ready for single people and groups; without anybody where nobody is left."""
    kept = _kept_by_id(run.uid, run.pk)
    if kept is not None:
        return kept
    try:
        return moves.question(_gathered(run))
    except ProblemError:
        return NOTHING


def kept_problem(run: Run) -> Problem | None:
    """The problem as it was asked, without another look at what is there now; None for runs from before."""
    return _kept(run.uid, run.pk)


@lru_cache(maxsize=QUESTIONS_KEPT)
def _kept(_uid: str, pk: int) -> Problem | None:
    """None for a run that kept no question. By uid, for a key may come again where a test rolls back."""
    packed = Run.objects.values_list("question", flat=True).get(pk=pk)
    return from_json(json.loads(gzip.decompress(packed))) if packed else None


@lru_cache(maxsize=QUESTIONS_KEPT)
def _kept_by_id(uid: str, pk: int) -> Question | None:
    problem = _kept(uid, pk)
    return moves.question(problem) if problem else None


def _gathered(run: Run) -> Problem:
    """What would be asked today about the people of this run."""
    facts = facts_of(run.programme)
    here = run.proposal.get("assignment", {})
    facts = replace(facts, wanting=[one for one in facts.wanting if one.uid in here])
    return mapping.problem_of(facts, seed=run.seed, name=run.programme.slug)
