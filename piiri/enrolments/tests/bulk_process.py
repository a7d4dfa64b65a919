"""The product's worker for tests of real processes, asked for decisions about many only: DATABASE.

Each decision lingers in the middle of its transaction, so that a kill meets it there.
"""

import sys
import time
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

from piiri.base.tests.worker_process import start


def main(database: str) -> None:
    start(database)
    work = import_module("piiri.base.work")  # only now: they need Django set up
    bulk = import_module("piiri.enrolments.actions.bulk")
    carry_out = bulk.carry_out

    def linger(*args: object, **about: object) -> None:
        carry_out(*args, **about)
        time.sleep(0.04)

    bulk.carry_out, bulk.A_ROUND = linger, 10
    kind = replace(work.all_work()["enrolments.bulk"], lease=timedelta(seconds=3))
    work.all_work = lambda: {"enrolments.bulk": kind}
    work.run_until_told(work.Worker(pause=0.05))


if __name__ == "__main__":
    main(*sys.argv[1:])
