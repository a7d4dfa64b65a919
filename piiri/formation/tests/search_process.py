"""The product's worker for tests of real processes, asked for searches only: DATABASE LEASE SECONDS.

Searches and forecasts linger after their first look, so that a kill meets them there. Their lease is LEASE
seconds long.
"""

import sys
import time
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

from piiri.base.tests.worker_process import start


def main(database: str, lease: str, seconds: str) -> None:
    start(database)
    work = import_module("piiri.base.work")  # only now: they need Django set up
    searches = import_module("piiri.formation.work")
    keep_best = searches.keep_best

    def linger(run: object, answer: object) -> None:
        keep_best(run, answer)
        time.sleep(float(seconds))

    searches.keep_best = linger
    again = searches.forecasting.solving.again

    def linger_again(*about: object, **more: object) -> object:
        time.sleep(float(seconds))
        return again(*about, **more)

    searches.forecasting.solving.again = linger_again
    names = ("formation.find-groups", "formation.forecast")
    kinds = {name: quick(work, name, timedelta(seconds=float(lease))) for name in names}
    work.all_work = lambda: kinds
    work.run_until_told(work.Worker(pause=0.05))


def quick(work: Any, name: str, lease: timedelta) -> object:
    """The kind with a short lease, done in the worker itself."""
    kind = work.all_work()[name]

    def do(row: object, *, now: object) -> None:
        with work.renewing(row, lease):
            kind.do(row, now=now)

    return replace(kind, do=do, heavy=False, atomic=False, lease=lease, tries=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
