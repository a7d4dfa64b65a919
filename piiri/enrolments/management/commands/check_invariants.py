"""`piiri check-invariants`: does everything hold that must hold about places, offers and lists?"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from piiri.base import clock
from piiri.enrolments import queries


class Command(BaseCommand):
    help = "Print every broken invariant of places, offers, applications and lists as a line of JSON."
    row = "80"

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for broken in queries.broken(clock.now()):
            found += 1
            self.stdout.write(json.dumps(broken._asdict()))
        if found:
            sys.exit(1)
