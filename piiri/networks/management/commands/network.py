"""Found a network, or give it another administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from piiri.base import clock
from piiri.base.fields import Translations
from piiri.networks import actions


class Command(BaseCommand):
    """The first network of an installation, and its first administrator, come from here."""

    help = (
        "Found a network, or give it another administrator: network lakeland --name Lakeland --admin ADDRESS"
    )
    row = "11"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name of the network")
        parser.add_argument("--name", default="", help="its name in English; only for a new one")
        parser.add_argument("--admin", required=True, help="address of who looks after it")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        name = Translations({"en": options["name"] or options["slug"]})
        network = actions.found_network(options["slug"], name=name, now=now)
        actions.grant_network_admin(network, email=options["admin"], now=now)
        self.stdout.write(f"/networks/{network.uid}/")
