"""Proposals with the question as it was asked, for tests of the workbench."""

import gzip
import json
from dataclasses import replace

from piiri.formation import queries
from piiri.formation.problem import to_json
from piiri.formation.scoring import score
from piiri.formation.tests.factories import NEVER, RunFactory
from piiri.programmes import windows

THURSDAY = windows.of_hours({(3, hour): 2 for hour in range(13, 17)})


def asked(programme, seats, *, previous=None):
    """A run that is ready and in which these pairs of application and group (or None) were found.

    `previous`: who sat where in a proposal that was kept, to move whom costs something.
    """
    problem = replace(queries.problem_of(programme), previous=previous or {}, stability=8)
    packed = gzip.compress(json.dumps(to_json(problem)).encode())
    run = RunFactory(programme=programme, seats=seats, question=packed)
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
