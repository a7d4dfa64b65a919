"""`piiri warm-solver`: compile the solver ahead, so that the first search need not wait a minute for it."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from piiri.formation import solving


class Command(BaseCommand):
    help = "Compile the solver once for this data folder; a second run ends at once."
    row = "80"

    def handle(self, *args: Any, **options: Any) -> None:
        os.nice(15)
        solving.warm_solver()
        self.stdout.write("The solver is ready.")
