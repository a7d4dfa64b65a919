"""`piiri do`: the child process of a worker, for work that takes minutes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from piiri.base.work import do_heavy


class Command(BaseCommand):
    help = "Do one row of heavy work that a worker has claimed. Started by the worker."
    row = "80"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", help="room.work")
        parser.add_argument("label", help="room.Model")
        parser.add_argument("uid")

    def handle(self, *args: Any, **options: Any) -> None:
        if not do_heavy(options["name"], options["label"], options["uid"]):
            raise CommandError("It failed; the worker tries again later.")
