"""`./run test`: everything on SQLite, then what a database can change on PostgreSQL."""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
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
    if report.exists():
        print("slowest: " + ", ".join(f"{file} {seconds:.0f} s" for file, seconds in slowest(report)))
    return code, counts(report)


def slowest(report: Path) -> list[tuple[str, float]]:
    """The ten files whose tests took longest, with their seconds."""
    spent: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        spent[case.get("classname", "")] += float(case.get("time", 0))
    return spent.most_common(10)


def counts(report: Path) -> dict[str, int]:
    if not report.exists():
        return {"passed": 0, "failed": 1, "skipped": 0}
    suite = next(ElementTree.parse(report).iter("testsuite"))
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
                ["-m", "not browser and not template and not pure", *arguments],
                PIIRI_DATABASE=f"{address}/{name}",
                PIIRI_VAULT_DATABASE=f"{address}/{name}_vault",
            )
        finally:
            drop_databases(address, f"test_{name}")


def covered_enough() -> bool:
    """The gate for `--coverage`: all of what decides and writes, nine tenths of the rest."""
    report = [sys.executable, "-m", "coverage", "report", "--skip-covered"]
    deciding = [*report, "--include=*/rules.py,*/access.py,*/actions.py,*/actions/*", "--fail-under=100"]
    return all(
        subprocess.run(gate, check=False).returncode == 0 for gate in (deciding, [*report, "--fail-under=90"])
    )


def rounds(asked: argparse.Namespace, arguments: list[str], missing: list[str]) -> list[Result]:
    """Run what was asked for and can be run here."""
    measure = ["--cov=piiri", "--cov-report="] if asked.coverage else []
    results = [on_sqlite([*arguments, *measure])]
    if "postgresql" not in missing:
        results.append(on_postgres(arguments))
    if asked.long and NEWEST.exists():
        results.append(part("newest-django", ["-m", "not long", *arguments], python=str(NEWEST)))
    return results


def main(words: list[str]) -> int:
    began = time.monotonic()
    parser = argparse.ArgumentParser(
        prog="./run test", description=__doc__, epilog="Other words go to pytest."
    )
    parser.add_argument("--long", action="store_true", help="10 000 examples, kills, the newest Django")
    parser.add_argument("--coverage", action="store_true", help="measure on SQLite and hold the gate")
    asked, arguments = parser.parse_known_args(words)
    REPORTS.mkdir(parents=True, exist_ok=True)
    os.environ |= {"PIIRI_LONG": "1"} if asked.long else {}
    missing = provide("chromium", "postgresql", "khal", "vdirsyncer")
    for name in missing:
        print(f"{'missing' if CI else 'skipped'}: {name} is not installed and only root can install it")
    results = rounds(asked, ["-n", "2", *arguments], missing)
    good = all(code in {0, NOTHING_COLLECTED} for code, _ in results) and not (CI and missing)
    good = (not asked.coverage or covered_enough()) and good
    total = {word: sum(found[word] for _, found in results) for word in ("passed", "failed", "skipped")}
    print(f"\nall rounds, {time.monotonic() - began:.0f} s")
    print("tests: " + ", ".join(f"{number} {word}" for word, number in total.items()))
    return 0 if good and total["passed"] and not total["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
