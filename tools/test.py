"""`./run test`: everything on SQLite, then everything but pages' looks and browsers on PostgreSQL."""

import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

from cluster import drop_databases, server
from system import provide

REPORTS = Path(".cache/test")
NEWEST = Path(".cache/venv-newest/bin/python")
NOTHING_COLLECTED = 5
CI = os.environ.get("CI") == "true"


Result = tuple[int, dict[str, int]]


def part(name: str, arguments: list[str], python: str = sys.executable, **environment: str) -> Result:
    """One round of pytest; returns its exit code and how many tests passed, failed and were skipped."""
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    print(f"\n──── {name} ────", flush=True)
    command = [
        python,
        "-m",
        "pytest",
        f"--junit-xml={report}",
        f"--override-ini=cache_dir=.cache/pytest-{name}",
    ]
    code = subprocess.run(command + arguments, env=os.environ | environment, check=False).returncode
    return code, counts(report)


def counts(report: Path) -> dict[str, int]:
    if not report.exists():
        return {"passed": 0, "failed": 1, "skipped": 0}
    suite = next(ElementTree.parse(report).iter("testsuite"))  # noqa: S314  (written by pytest just now)
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    skipped = int(suite.get("skipped", 0))
    return {"passed": int(suite.get("tests", 0)) - failed - skipped, "failed": failed, "skipped": skipped}


def on_sqlite(arguments: list[str]) -> Result:
    return part("sqlite", arguments, PIIRI_DATABASE="", PIIRI_VAULT_DATABASE="")


def on_postgres(arguments: list[str]) -> Result:
    with server() as address:
        name = f"piiri_{os.getpid()}"
        print(f"\nPostgreSQL at {address.rpartition('@')[2]}")
        try:
            return part(
                "postgresql",
                ["-m", "not browser and not template", *arguments],
                PIIRI_DATABASE=f"{address}/{name}",
                PIIRI_VAULT_DATABASE=f"{address}/{name}_vault",
            )
        finally:
            drop_databases(address, f"test_{name}")


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    REPORTS.mkdir(parents=True, exist_ok=True)
    if "--long" in arguments:
        arguments.remove("--long")
        os.environ["PIIRI_LONG"] = "1"
    missing = provide("chromium", "postgresql")
    for name in missing:
        print(f"{'missing' if CI else 'skipped'}: {name} is not installed and only root can install it")
    arguments = ["-n", "2", *arguments]
    results = [on_sqlite(arguments)]
    if "postgresql" not in missing:
        results.append(on_postgres(arguments))
    if os.environ.get("PIIRI_LONG") and NEWEST.exists():
        results.append(part("newest-django", ["-m", "not long", *arguments], python=str(NEWEST)))
    total = {word: sum(result[1][word] for result in results) for word in ("passed", "failed", "skipped")}
    print(f"\nboth databases, {time.monotonic() - began:.0f} s")
    print("tests: " + ", ".join(f"{number} {word}" for word, number in total.items()))
    codes_are_good = all(code in {0, NOTHING_COLLECTED} for code, _ in results)
    return 0 if codes_are_good and total["passed"] and not total["failed"] and not (CI and missing) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
