"""The product's worker for tests of real processes, asked for searches only: DATABASE LEASE SECONDS.

The search lingers after its first look, so that a kill meets it there. Its lease is LEASE seconds long.
"""

import sys
import time
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

from piiri.base.tests.worker_process import start


def main(database: str, lease: str, seconds: str) -> None:
    start(database)
    work = import_module("piiri.base.work")  # only now: they need Django set up
    searches = import_module("piiri.formation.work")
    keep_best = searches.Teller.best

    def linger(teller: object, answer: object) -> None:
        keep_best(teller, answer)
        time.sleep(float(seconds))

    searches.Teller.best = linger
    kind = replace(
        work.all_work()["formation.find-groups"],
        heavy=False,
        atomic=False,
        lease=timedelta(seconds=float(lease)),
        tries=2,
    )

    def do(row: object, *, now: object) -> None:
        with work.renewing(row, kind.lease):
            searches.find_groups(row, now=now)

    kind = replace(kind, do=do)
    work.all_work = lambda: {"formation.find-groups": kind}
    work.run_until_told(work.Worker(pause=0.05))


if __name__ == "__main__":
    main(*sys.argv[1:])
