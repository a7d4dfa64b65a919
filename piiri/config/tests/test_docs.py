"""Every command that the documents name is one that runs."""

import os
import re
import shlex
from pathlib import Path

import pytest

from piiri.config.tests.test_cli import piiri
from piiri.formation import solving

CHECKOUT = Path(__file__).resolve().parents[3]
DOCUMENTS = [CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md")]
DOCUMENTS += sorted((CHECKOUT / "docs").rglob("*.md"))
# Tried by tests of their own.
TRIED_ELSEWHERE = {"serve", "form"}
# What a document names, and the words that make it end by itself.
TRIED_HERE = {
    "setup": (),
    "network": ("city", "--name", "Our city", "--admin", "you@example.org"),
    "audit-check": (),
    "check-invariants": (),
    "worker": ("--once",),
    "warm-solver": (),
}


def named(pattern: str) -> list[str]:
    """What the pattern catches in all documents, each once."""
    return sorted({found for path in DOCUMENTS for found in re.findall(pattern, path.read_text("utf-8"))})


def test_every_named_command_of_piiri_is_tried():
    assert set(named(r"(?:\.venv/bin/|`)piiri ([a-z][a-z-]+)")) == {*TRIED_HERE, *TRIED_ELSEWHERE}


@pytest.mark.skipif(bool(os.environ.get("PIIRI_DATABASE")), reason="uses SQLite files of its own")
def test_every_named_command_of_piiri_runs(tmp_path):
    solving.warm_solver()  # compiles into the checkout's own folder, once; the command then finds it there

    failed = [
        result.stderr or result.stdout
        for command, words in TRIED_HERE.items()
        if (result := piiri(tmp_path, command, *words)).returncode
    ]

    assert not failed


def test_the_first_network_is_founded_as_written():
    (line,) = named(r"\.venv/bin/piiri (network .+)")

    assert tuple(shlex.split(line, comments=True)) == ("network", *TRIED_HERE["network"])


def test_every_named_command_of_run_is_there():
    script = (CHECKOUT / "run").read_text("utf-8")

    commands = set(re.findall(r"^  ([a-z]+)\)", script, flags=re.MULTILINE))
    assert set(named(r"\./run ([a-z]+)")) <= commands
    benches = named(r"\./run bench ([a-z_]+)")
    assert all((CHECKOUT / "bench" / f"{name}.py").exists() for name in benches)


def test_every_named_check_is_there():
    names = named(r"\./run check ([a-z]+)")
    script = (CHECKOUT / "tools" / "check.py").read_text("utf-8")

    assert names
    assert all(f'"{name}"' in script for name in names)


def test_every_named_setting_is_read():
    read = "".join(path.read_text("utf-8") for path in (CHECKOUT / "piiri" / "config").glob("*.py"))
    read += (CHECKOUT / "tools" / "cluster.py").read_text("utf-8")

    missing = [name for name in named(r"`(PIIRI_[A-Z_]+)") if name not in read]

    assert not missing
