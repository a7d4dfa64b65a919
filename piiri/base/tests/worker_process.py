"""A worker for the tests of real processes: `python -m … NAME OUT MODE PAUSE LEASE`.

MODE claim is the product's worker, with one kind of work that writes a line to OUT; MODE careless
selects what is due and does it, as one must not.
"""

import os
import sys
import time
from datetime import datetime, timedelta
from importlib import import_module

import django
from django.apps import apps
from django.conf import settings

from piiri.base import clock


def start(database: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()


def main(database: str, out: str, mode: str, pause: str, lease: str) -> None:
    start(database)
    work = import_module("piiri.base.work")  # only now: it needs Django set up
    message = apps.get_model("mail", "Message")

    def due(now: datetime, limit: int) -> list:
        return list(message.objects.filter(done_at=None, due_at__lte=now).order_by("pk")[:limit])

    def do(row: object, *, now: datetime) -> None:
        with open(out, "a") as lines:
            lines.write(f"{row.uid} {os.getpid()}\n")
        time.sleep(float(pause))

    kind = work.Work("t", row="80", due=due, do=do, lease=timedelta(seconds=float(lease)), atomic=False)
    work.all_work = lambda: {"test.t": kind}
    if mode == "claim":
        work.run_until_told(work.Worker(pause=0.05))
    else:
        for row in due(clock.now(), 100):
            do(row, now=clock.now())
            work.mark_done(row, now=clock.now())


if __name__ == "__main__":
    main(*sys.argv[1:])
