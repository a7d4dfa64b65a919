"""`piiri setup`: keys, folders and tables in place; in a demo the city too. Quick where nothing is to do."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command, get_commands
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from piiri.config import folder
from piiri.vault import seal

SEEDING, READY = "seeding", "ready"


def set_up(*, demo: bool = False) -> None:
    """Make everything ready that a server or a worker needs; running it again changes nothing.

    Raises folder.Trouble.
    """
    folder.make_ready()
    if demo and demo_state().get("state") == SEEDING:
        start_demo_afresh()
    folder.check_database_files()
    django.setup()
    for alias in connections:
        migrate(alias)
    make_master_key()
    if demo:
        make_city()


def migrate(alias: str) -> None:
    """Bring the tables up to date; in the vault's database there are the vault's, and no other room's."""
    rooms = ["vault"] if alias == "vault" else []
    executor = MigrationExecutor(connections[alias])
    if executor.migration_plan(executor.loader.graph.leaf_nodes(*rooms)):
        call_command("migrate", *rooms, database=alias, verbosity=0, interactive=False, skip_checks=True)


def make_master_key() -> None:
    """A master key, unless the vault holds keys that another one wrapped: that one must come back."""
    path = folder.master_key_file()
    held = apps.get_model("vault", "Key").objects.filter(destroyed_at=None)
    if not path.exists() and held.exists():
        print(f"The master key file {path} is missing; confidential text stays sealed until it is back.")  # noqa: T201
    elif not path.exists():
        seal.write_master_key(path)


def demo_file() -> Path:
    return folder.data_folder() / "demo.json"


def demo_state() -> dict[str, Any]:
    """What `piiri demo` remembers: how far it came, and the accounts it offers."""
    try:
        return dict(json.loads(demo_file().read_text()))
    except (OSError, ValueError):
        return {}


def start_demo_afresh() -> None:
    """The first start was cut off while the city was being made: throw the half of it away."""
    for name in ("piiri.sqlite3", "vault.sqlite3"):
        for ending in ("", "-wal", "-shm"):
            (folder.data_folder() / f"{name}{ending}").unlink(missing_ok=True)
    demo_file().unlink()


def make_city() -> None:
    """The demo city, once."""
    if demo_state().get("state") == READY or "seed" not in get_commands():
        return
    demo_file().write_text(json.dumps({"state": SEEDING}))
    call_command("seed", scale="demo", stdout=StringIO())
    demo_file().write_text(json.dumps({"state": READY, "accounts": accounts()}, indent=1))


def accounts() -> list[dict[str, str]]:
    """Whom one may sign in as, one per role."""
    rows = apps.get_model("people", "DemoAccount").objects.select_related("person")
    return [
        {
            "label": str(row.label),
            "name": row.person.name,
            "path": reverse("people:demo-sign-in", args=[row.person.uid]),
        }
        for row in rows
    ]
