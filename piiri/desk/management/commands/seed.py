"""`piiri seed`: a world of invented people, for demos, tests and measurements."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from piiri.base import clock
from piiri.base.errors import Refused
from piiri.desk import actions
from piiri.desk.actions.seeded import World


class Command(BaseCommand):
    help = "Make a world of invented people: networks, organisations, a year of groups that meet."
    row = "88"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=["demo", "small", "city", "country"], default="small")
        parser.add_argument("--seed", type=int, default=1, help="the same number makes the same world")
        parser.add_argument("--json", action="store_true", help="print accounts and objects as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            world = actions.make_world(options["scale"], seed=options["seed"], now=clock.now())
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        told = {"accounts": accounts_of(world), "objects": world.things}
        self.stdout.write(json.dumps(told, indent=1) if options["json"] else in_lines(told))


def accounts_of(world: World) -> list[dict[str, str | None]]:
    """Whom one may sign in as; the paths work in a demo and in tests only."""
    return [
        {
            "role": account.role,
            "email": account.person.email,
            "sign_in": reverse("people:demo-sign-in", args=[account.person.uid]),
            **account.place,
        }
        for account in world.accounts
    ]


def in_lines(told: dict[str, Any]) -> str:
    """The accounts as a table, one a line."""
    return "\n".join(f"{each['role']:<18} {each['email']:<50} {each['sign_in']}" for each in told["accounts"])
