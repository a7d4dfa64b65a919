"""`piiri warm-solver`: compile the solver ahead, so that the first search need not wait a minute for it."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from piiri.formation import solving
from piiri.formation.problem import Mentor, Offer, Participant, Problem

PEOPLE = 60  # more than the exact method takes, so that the compiled search runs


def small_problem() -> Problem:
    """Enough people and offers for every part of the search to be used once."""
    themes = ["a", "b", "c"]
    people = [
        Participant(f"p{n}", 0b11111111, languages=["fi"], regions=["here"], themes=themes, org=f"o{n % 7}")
        for n in range(PEOPLE)
    ]
    mentors = [Mentor(f"m{n}", 0b11111111, max_groups=1) for n in range(15)]
    offers = [Offer(f"g{n}", f"m{n}", themes[n % 3], "fi", "here") for n in range(15)]
    return Problem(people, mentors, offers, slots=8)


class Command(BaseCommand):
    help = "Compile the solver once for this data folder; a second run ends at once."
    row = "80"

    def handle(self, *args: Any, **options: Any) -> None:
        os.nice(15)
        solving.solver().solve(small_problem(), seconds=1.0, seed=1)
        self.stdout.write("The solver is ready.")
