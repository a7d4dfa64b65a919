"""The product's worker for tests of real processes, asked for lists and mails only: NAME SMTP-PORT."""

import sys
from importlib import import_module

from django.conf import settings

from piiri.base.tests.worker_process import start

KINDS = ("enrolments.lapse", "enrolments.mend-lists", "enrolments.offer", "mail.deliver")


def main(database: str, port: str) -> None:
    settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://…", "127.0.0.1", int(port)
    start(database)
    work = import_module("piiri.base.work")  # only now: it needs Django set up
    every = work.all_work()
    work.all_work = lambda: {name: every[name] for name in KINDS}
    work.run_until_told(work.Worker(pause=0.05))


if __name__ == "__main__":
    main(*sys.argv[1:])
