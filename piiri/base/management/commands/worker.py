"""`piiri worker`: does what is due, once a second, until told to stop."""

from typing import Any

from django.core.management.base import BaseCommand

from piiri.base.work import Worker, run_due, run_until_told


class Command(BaseCommand):
    help = "Do what is due in the background: mails, sweeps, formations. Run as many as you like."
    row = "80"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{run_due()} done.")
        else:
            run_until_told(Worker())
