"""`piiri doors`: every way in and out of the running code, and the right it stands under."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from piiri.base import listing


class Command(BaseCommand):
    help = "List pages, work, commands and mails with their rows of docs/permissions.csv."
    row = "80"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = listing.doors()
        if options["json"]:
            self.stdout.write(json.dumps([door.as_data() for door in found], indent=1))
            return
        for door in found:
            self.stdout.write(f"{door.row:>4}  {door.channel:<8}{door.method:<5} {door.path:<75} {door.name}")
