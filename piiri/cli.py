"""`piiri`: serve, worker, demo, setup; everything else is a management command."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.management import execute_from_command_line
from django.db import DatabaseError

from piiri.base import logs
from piiri.config import folder, ready, serve
from piiri.formation.management.commands import form


def main() -> None:
    """The console script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "piiri.config.settings")
    logs.configure()
    name, words = (sys.argv[1] if len(sys.argv) > 1 else "help"), sys.argv[2:]
    try:
        OWN.get(name, manage)(words)
    except folder.Trouble as trouble:
        sys.exit(str(trouble))
    except DatabaseError as error:
        if name not in (*OWN, "worker", "migrate"):
            raise
        sys.exit(f"The database cannot be used: {str(error).strip().splitlines()[0]}.")
    except KeyboardInterrupt:
        sys.exit(130)


def run_serve(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser("piiri serve", description="Serve the pages.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="web processes; more than one with PostgreSQL")
    parser.add_argument("--shared", action="store_true", help=argparse.SUPPRESS)  # one of several workers
    asked = parser.parse_args(words)
    if asked.shared:
        serve.answer(asked.host, asked.port, shared=True)
    else:
        serve.serve(asked.host, asked.port, asked.workers)


def run_setup(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser("piiri setup", description="Make the data folder, keys and tables.")
    parser.add_argument("--demo", action="store_true", help="with the demo city")
    ready.set_up(demo=parser.parse_args(words).demo)


def run_demo(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser("piiri demo", description="Start Piiri with a living demo city.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=Path("data/demo"))
    asked = parser.parse_args(words)
    serve.demo(asked.port, asked.data)


def manage(words: Sequence[str]) -> None:
    """A management command; `audit-check` is the module audit_check."""
    name = sys.argv[1].replace("-", "_") if sys.argv[1:] and sys.argv[1][0] != "-" else "help"
    if name == "worker":
        serve.check_set_up()
    execute_from_command_line(["piiri", name, *words])


def run_form(words: Sequence[str]) -> None:
    """The management command, without the second that loading all of Django takes."""
    form.Command().run_from_argv(["piiri", "form", *words])


OWN: dict[str, Callable[[Sequence[str]], None]] = {
    "serve": run_serve, "setup": run_setup, "demo": run_demo, "form": run_form,
}  # fmt: skip

if __name__ == "__main__":
    main()
