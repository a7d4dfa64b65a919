"""`piiri form`: read a question, find groups, write the answer; needs no database."""

import gzip
import json
import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from piiri.formation import solving
from piiri.formation.problem import Answer, Problem, ProblemError, digest, from_json, self_run_offers, to_json
from piiri.formation.scoring import score

USUAL_SECONDS = 10.0
PATIENCE = 5.0  # seconds for a search that was told to end
JUDGING = 3e-5  # seconds a person for judging and writing what was found
ENDING, SHARE = 0.4, 0.04  # seconds for ending the search and leaving, and at most this share of all
FEW, FIRST_WORK = 60, 50
SEARCHING = 0.5  # of the time when a bound is wanted, too
PASSES = 100  # over all offers when the bound must be the same every time
GZIP = b"\x1f\x8b"


class Command(BaseCommand):
    help = "Form groups: form INSTANCE.json[.gz] -o SOLUTION.json[.gz]"
    row = "80"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instance", type=Path, help="the question, mgf-1 or mgf-2; may be gzipped")
        parser.add_argument("-o", "--output", type=Path, required=True, help="where the answer goes")
        parser.add_argument(
            "--seconds", type=float, help=f"time for all of it; {USUAL_SECONDS:.0f} unless told"
        )
        parser.add_argument("--work", type=int, help="moves to try instead: the same answer every time")
        parser.add_argument("--seed", type=int, default=1, help="another seed, another search")
        parser.add_argument("--bound", action="store_true", help="prove what no answer can be cheaper than")
        parser.add_argument("--progress", action="store_true", help="a line a second: share, cost, bound")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic() - time.process_time()  # what starting up took belongs to the time, too
        _check_options(options)
        with _signals() as stop:
            problem = _read(options["instance"])
            asked = self_run_offers(problem) if problem.mode == "diverse" else problem
            found, ended = _Search(asked, options, started, stop).run()
            _write(options["output"], problem, found, groups=_groups(asked, found))
        if stop.is_set():
            self.stdout.write("Interrupted: the best groups found so far are written.")
        self.stdout.write(_summary(found))
        if not ended:  # what still runs has nothing to say any more
            self.stdout.flush()
            os._exit(0)


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and a kind kill set."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wrong(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=2)


def _check_options(options: dict[str, Any]) -> None:
    seconds, work, output = options["seconds"], options["work"], options["output"]
    if seconds is not None and work is not None:
        raise _wrong("--work: give either --seconds or --work, not both.")
    if seconds is not None and not 0 < seconds < float("inf"):
        raise _wrong("--seconds: must be above 0.")
    if work is not None and work < 0:
        raise _wrong("--work: must not be below 0.")
    if output.is_dir() or not os.access(output.absolute().parent, os.W_OK):
        raise _wrong(f"--output: {output} cannot be written.")


def _read(path: Path) -> Problem:
    try:
        raw = path.read_bytes()
        data = json.loads(gzip.decompress(raw) if raw[:2] == GZIP else raw)
    except OSError as trouble:
        raise _wrong(f"{path}: cannot be read ({trouble.strerror or trouble}).") from None
    except (ValueError, EOFError, RecursionError):
        raise _wrong(f"{path}: is not JSON.") from None
    try:
        return from_json(data)
    except ProblemError as wrong:
        raise _wrong(str(wrong)) from None


def _write(path: Path, problem: Problem, found: Answer, *, groups: list[Any]) -> None:
    """All of it or nothing: a reader never sees half an answer. `groups` that the question did not name."""
    text = json.dumps({
        "format": "mgf-2", "assignment": found.assignment, "cost": found.cost, "parts": found.parts,
        "bound": found.bound, "proven_best": found.proven_best, "seed": found.seed, "work": found.work,
        "version": solving.version(), "digest": digest(problem),
        **({"groups": groups} if problem.mode == "diverse" else {}),
    }).encode()  # fmt: skip
    with NamedTemporaryFile(dir=path.absolute().parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(gzip.compress(text, 6, mtime=0) if path.suffix == ".gz" else text)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _groups(asked: Problem, found: Answer) -> list[Any]:
    """The groups in which people sit, as they are written: those that run themselves are made here."""
    opened = set(found.assignment.values())
    return [group for group in to_json(asked)["groups"] if group["id"] in opened]


def _summary(found: Answer) -> str:
    left_out = sum(group is None for group in found.assignment.values())
    groups = len(set(found.assignment.values()) - {None})
    bound = "" if found.bound is None else f", bound {found.bound}"
    best = ", proved to be the best" if found.proven_best else ""
    return f"Cost {found.cost}{bound}{best}; {groups} groups, {left_out} people without a place."


class _Search:
    """The solver in a thread of its own, so that a signal is answered at any time."""

    def __init__(
        self, problem: Problem, options: dict[str, Any], started: float, stop: threading.Event
    ) -> None:
        self.problem, self.options, self.started, self.stop = problem, options, started, stop
        nobody = {person.id: None for person in problem.participants}
        judged = score(problem, nobody)
        self.found = Answer(nobody, judged.cost, judged.parts, seed=options["seed"])
        self.told = 0.0

    def run(self) -> tuple[Answer, bool]:
        """The best answer, and whether the solver has ended."""
        working = ThreadPoolExecutor(1).submit(self._work)
        while not working.done() and not self.stop.is_set():
            wait([working], timeout=0.1)
        wait([working], timeout=PATIENCE)
        if working.done():
            working.result()
        return self.found, working.done()

    def _work(self) -> None:
        try:
            for found in self._answers():
                self.found = min(found, self.found, key=lambda one: one.cost)
        except ProblemError as wrong:
            raise _wrong(str(wrong)) from None

    def _answers(self) -> Iterator[Answer]:
        problem, seed, work = self.problem, self.options["seed"], self.options["work"]
        solver = import_module(solving.SOLVER)
        if problem.mode == "pairs":
            yield solver.solve(problem, seed=seed)
            return
        if len(problem.participants) <= FEW:
            # Something to write, should the exact method be interrupted, which does not listen.
            yield solver.solve(problem, work=FIRST_WORK, seed=seed, progress=self._quietly)
        if self.stop.is_set():
            return
        seconds = self._left() * (SEARCHING if self.options["bound"] else 1)
        found = solver.solve(problem, seconds=seconds, work=work, seed=seed, progress=self._tell)
        yield found
        if self.options["bound"] and not found.proven_best and not self.stop.is_set():
            yield self._bounded(found)

    def _bounded(self, found: Answer) -> Answer:
        """The answer with the best bound that the time left is enough for."""
        arrays, bounds = (import_module(f"{solving.SOLVER}.{name}") for name in ("arrays", "bounds"))
        passes = PASSES if self.options["work"] is not None else None
        proved = bounds.lower_bound(
            arrays.arrays(self.problem), seconds=self._left(), passes=passes,
            progress=lambda bound: self._tell(1.0, found.cost, bound, often=False),
        ).bound  # fmt: skip
        bound = max(proved, found.bound or 0)
        return replace(found, bound=bound, proven_best=bound == found.cost)

    def _left(self) -> float:
        seconds = float(self.options["seconds"] or USUAL_SECONDS)
        spent = time.monotonic() - self.started
        after = min(ENDING, SHARE * seconds) + JUDGING * len(self.problem.participants)
        return max(0.0, seconds - spent - after)

    def _quietly(self, *told: float) -> bool:
        return not self.stop.is_set()

    def _tell(self, share: float, cost: int, *more: int | None, often: bool = True) -> bool:
        now = time.monotonic()
        if self.options["progress"] and (now - self.told >= 1.0 or (often and share >= 1.0)):
            self.told = now
            bound = f", bound {more[0]}" if more and more[0] is not None else ""
            sys.stderr.write(f"{share:.0%}, cost {cost}{bound}\n")
        return not self.stop.is_set()
