"""Work in the background: the row is the work, and any number of workers may ask for it.

A room's `work.py` lists its WORK. A worker asks each kind in turn for what is due, claims a row by
a conditional UPDATE that must change exactly one row, does it and marks it. There is no queue to
lose: a worker that dies leaves a lease that runs out, and then somebody else claims the row.
"""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from types import FrameType

import structlog
from django.apps import apps
from django.db import close_old_connections, connections, models, router, transaction
from django.db.models import F
from django.utils.module_loading import module_has_submodule

from piiri.base import clock
from piiri.base.logs import tell_error
from piiri.base.models import WorkRow, free

log = structlog.get_logger()

PAUSE_SECONDS = 1.0
A_ROUND = 50


@dataclass(frozen=True)
class Work:
    """One kind of work.

    `due(now, limit)` gives rows of a WorkRow model, oldest first; `do(row, now=now)` is one action.
    Without `due` it is a sweep: `do(now=now)` is called every `every`, guards itself and returns
    how much it did.

    After `do` the row is done. Where `do` moved the row's `due_at` into the future it is asked for
    again then; where it set `due_at` to None, never. `atomic`: `do` and the mark commit together,
    so what only touches the database happens exactly once; what talks to the world says False and
    may happen twice. `heavy`: minutes rather than seconds, done in a child process without a
    transaction around it; needs a row with a uid.

    An error is tried again after a growing pause, `tries` times; then `due_at` becomes None and
    `give_up(row, now=now)` is called.
    """

    name: str
    row: str
    do: Callable[..., object]
    due: Callable[[datetime, int], Iterable[WorkRow]] | None = None
    every: timedelta = timedelta(seconds=1)
    lease: timedelta = timedelta(minutes=2)
    heavy: bool = False
    atomic: bool = True
    tries: int = 8
    give_up: Callable[..., object] | None = None


def all_work() -> dict[str, Work]:
    """Every kind of work of every room, by "room.name", in the order of the rooms."""
    found = {}
    for app in apps.get_app_configs():
        if app.name.startswith("piiri.") and module_has_submodule(app.module, "work"):
            for work in getattr(import_module(f"{app.name}.work"), "WORK", []):
                found[f"{app.label}.{work.name}"] = work
    return found


def pause_after(attempts: int) -> timedelta:
    """How long a failed row rests: 10 s, 40 s, 3 min, 11 min … at most a day, with some jitter."""
    seconds = min(10 * 4 ** max(attempts - 1, 0), 86_400)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311


def rows_like(row: WorkRow) -> "models.QuerySet[WorkRow]":
    return type(row)._base_manager.filter(pk=row.pk)  # noqa: SLF001 - whatever managers a room gives its rows


def claim(row: WorkRow, *, now: datetime, lease: timedelta) -> bool:
    """Lease the row; False when somebody else has it, or it is done or not due any more."""
    waiting = rows_like(row).filter(free(now), done_at=None, due_at__lte=now)
    if waiting.update(leased_until=now + lease, attempts=F("attempts") + 1) != 1:
        return False
    row.refresh_from_db()
    return True


def mark_done(row: WorkRow, *, now: datetime) -> None:
    """Done, unless `do` put the row off; either way the lease ends."""
    rows_like(row).filter(done_at=None, due_at__lte=now).update(done_at=now)
    rows_like(row).update(leased_until=None)


def do_claimed(name: str, work: Work, row: WorkRow, *, now: datetime) -> bool:
    """Do a row that this process has claimed; False when it failed."""
    try:
        if work.atomic and not work.heavy:
            with transaction.atomic(using=router.db_for_write(type(row))):
                work.do(row, now=now)
                mark_done(row, now=now)
        else:
            work.do(row, now=now)
            mark_done(row, now=now)
    except Exception as error:  # noqa: BLE001 - one bad row must not end the worker
        tell_error("work_failed", error, work=name, row=row.pk, attempts=row.attempts)
        fail(work, row, now=now)
        return False
    log.info("work_done", work=name, row=row.pk)
    return True


def fail(work: Work, row: WorkRow, *, now: datetime) -> None:
    """Let the row rest for a while, or for ever after its last try."""
    if row.attempts < work.tries:
        rows_like(row).update(leased_until=now + pause_after(row.attempts))
        return
    rows_like(row).update(leased_until=None, due_at=None)
    if work.give_up:
        row.refresh_from_db()
        work.give_up(row, now=now)


@dataclass
class Worker:
    """Asks for work round after round. Keeps when each sweep was last made and what its children do."""

    pause: float = PAUSE_SECONDS
    stopping: threading.Event = field(default_factory=threading.Event)
    asked: dict[str, float] = field(default_factory=dict)
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self) -> None:
        """Until told to stop; stops between two rows, and ends the children it started."""
        log.info("worker_started", kinds=len(all_work()))
        while not self.stopping.is_set():
            if not self.round():
                self.stopping.wait(self.pause)
        for child in self.children:
            child.terminate()

    def round(self, now: datetime | None = None) -> int:
        """Ask every kind once; how much was done. `now` stands still in tests."""
        done = 0
        self.children = [child for child in self.children if child.poll() is None]
        for name, work in all_work().items():
            if self.stopping.is_set() or not self.is_time_for(name, work):
                continue
            try:
                done += self.ask(name, work, now)
            except Exception as error:  # noqa: BLE001 - the others are asked all the same
                tell_error("work_not_asked", error, work=name)
                close_old_connections()
        return done

    def is_time_for(self, name: str, work: Work) -> bool:
        last = self.asked.get(name)
        if last is not None and time.monotonic() - last < work.every.total_seconds() * 0.9:
            return False
        self.asked[name] = time.monotonic()
        return True

    def ask(self, name: str, work: Work, now: datetime | None) -> int:
        if work.due is None:
            done = work.do(now=now or clock.now())
            return int(done) if isinstance(done, int) else 0
        done = 0
        for row in work.due(now or clock.now(), A_ROUND):
            if self.stopping.is_set() or (work.heavy and self.children):
                break
            moment = now or clock.now()
            if claim(row, now=moment, lease=work.lease):
                done += self.take(name, work, row, moment)
        self.asked.pop(name) if done else None
        return done

    def take(self, name: str, work: Work, row: WorkRow, now: datetime) -> bool:
        if row.attempts > work.tries:  # it took its workers down with it
            fail(work, row, now=now)
            return False
        if work.heavy:
            self.children.append(start_child(name, row))
            return True
        return do_claimed(name, work, row, now=now)


def run_due(now: datetime | None = None) -> int:
    """One round over all rooms' work; returns how many rows were done or sent to a child."""
    return Worker().round(now)


def run_until_told(worker: Worker) -> None:
    """Run until SIGTERM or SIGINT."""

    def stop(number: int, frame: FrameType | None) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.run()


def start_child(name: str, row: WorkRow) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "piiri.cli", "do", name, str(row._meta), str(getattr(row, "uid"))]  # noqa: B009, SLF001
    return subprocess.Popen(command)  # noqa: S603 - our own command, no shell


def do_heavy(name: str, label: str, uid: str) -> bool:
    """What `piiri do` does in the child: one claimed row, its lease renewed until it is done."""
    work = all_work()[name]
    row: WorkRow = apps.get_model(label)._base_manager.get(uid=uid)  # noqa: SLF001
    with renewing(row, work.lease):
        return do_claimed(name, work, row, now=clock.now())


@contextmanager
def renewing(row: WorkRow, lease: timedelta) -> Iterator[None]:
    """Renew the lease three times per lease, from a thread of its own."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(lease.total_seconds() / 3):
            rows_like(row).filter(done_at=None).update(leased_until=clock.now() + lease)
        connections.close_all()  # this thread's own

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
