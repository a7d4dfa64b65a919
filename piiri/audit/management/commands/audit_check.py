"""`piiri audit-check`: does the chain over the trail hold?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from piiri.audit import queries
from piiri.base import clock


class Command(BaseCommand):
    help = "Follow the chain over the audit trail from its start and say where it breaks, if anywhere."
    row = "77"

    def handle(self, *args: Any, **options: Any) -> None:
        broken = queries.first_broken_link(now=clock.now())
        if broken:
            raise CommandError(f"Link {broken.seq} does not hold: {broken.why} (entry {broken.entry}).")
        last = queries.last_link()
        waiting = queries.unlinked().count()
        self.stdout.write(f"{last.seq if last else 0} links hold, {waiting} entries wait for theirs.")
