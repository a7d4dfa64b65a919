"""A proposal on the workbench: what is seen, moved, locked, undone."""

import gzip
import json

import pytest

from piiri.formation import actions, queries
from piiri.formation.problem import to_json
from piiri.formation.scoring import score
from piiri.formation.tests.factories import NEVER, NOW, RunFactory, world
from piiri.programmes import windows

pytestmark = pytest.mark.django_db

THURSDAY = windows.of_hours({(3, hour): 2 for hour in range(13, 17)})


def asked(programme, seats):
    """A run that is ready, with the question as it would have been asked."""
    problem = queries.problem_of(programme)
    run = RunFactory(
        programme=programme, seats=seats, question=gzip.compress(json.dumps(to_json(problem)).encode())
    )
    counted = score(problem, run.proposal["assignment"])
    run.proposal |= {"parts": counted.parts, "cost": counted.cost, "bound": None, "proven": False}
    run.save()
    return run


def ready(here, *, groups=2, people=5, left=1):
    """A proposal: `people` in each of the groups, `left` without a place."""
    offered = [here.offer() for _ in range(groups)]
    seats = [(one, group) for group in offered for one in here.apply(people)]
    seats += [(one, None) for one in here.apply(left, mask=NEVER)]
    return asked(here.programme, seats)


def test_a_move_is_kept_as_a_step_and_counted_anew():
    here = world()
    run = ready(here)
    one, other = here.applications[0], here.groups[1]

    changed = actions.move(run, moves={one.uid: other.uid}, seen=0, by=here.office, now=NOW, reason="Asked")

    run.refresh_from_db()
    assert (run.version, changed.version) == (1, 1)
    assert run.proposal["assignment"][one.uid] == other.uid
    counted = score(queries.question_of(run), run.proposal["assignment"])
    assert run.proposal["parts"] == counted.parts
    assert run.proposal["cost"] == counted.cost
    bench = queries.bench(run)
    assert [group.size for group in bench.groups] == [4, 6]
    assert bench.can_undo.reason == "Asked"
    assert queries.numbers(run).left_out == 1
    assert len(queries.options(run, one.uid)) == 1
    assert queries.seat(run, one.uid).group == other.uid
