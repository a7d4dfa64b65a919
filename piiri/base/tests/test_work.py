"""Background work: claims, errors, rounds; and real processes that race, stop and die."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from piiri.base import clock, work
from piiri.base.work import Work, Worker, claim

LEASE = timedelta(minutes=2)


def rows(count: int = 1, **values):
    message = apps.get_model("mail", "Message")
    now = clock.now() - timedelta(seconds=1)
    defaults = {"kind": "x", "language": "en", "posted_at": now, "due_at": now}
    return [message.objects.create(**defaults | values) for _ in range(count)]


def due(now, limit):
    return list(
        apps.get_model("mail", "Message").objects.filter(work.free(now), done_at=None, due_at__lte=now)[
            :limit
        ]
    )


@pytest.fixture
def only(monkeypatch):
    """Let a kind of work be the only one."""

    def only(**values) -> None:
        kind = Work(**{"name": "t", "row": "80", "due": due, "do": lambda row, now: None} | values)
        monkeypatch.setattr(work, "all_work", lambda: {"test.t": kind})

    return only


@pytest.mark.django_db
def test_claim_is_for_one(clock):
    (row,) = rows()
    now = work.clock.now()

    assert claim(row, now=now, lease=LEASE)
    assert not claim(row, now=now, lease=LEASE)
    assert claim(row, now=now + LEASE + timedelta(seconds=1), lease=LEASE)
    assert row.attempts == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"due_at": None}, {"done_at": clock.now()}, {"due_at": clock.now() + timedelta(days=1)}]
)
def test_claim_leaves_alone_what_is_not_due(values):
    (row,) = rows(**values)

    assert not claim(row, now=clock.now(), lease=LEASE)


@pytest.mark.django_db
def test_run_due_does_and_marks_and_says_how_many(only):
    seen = []
    only(do=lambda row, now: seen.append(row.pk))
    made = rows(3)

    assert work.run_due(clock.now()) == 3
    assert work.run_due(clock.now()) == 0
    assert sorted(seen) == [row.pk for row in made]


@pytest.mark.django_db
def test_run_due_asks_again_when_the_deed_put_the_row_off(only):
    later = clock.now() + timedelta(hours=1)
    only(do=lambda row, now: type(row).objects.filter(pk=row.pk).update(due_at=later))
    (row,) = rows()

    work.run_due()

    row.refresh_from_db()
    assert (row.done_at, row.leased_until, row.due_at) == (None, None, later)


@pytest.mark.django_db
def test_run_due_undoes_a_failed_deed_and_lets_the_row_rest(only, capsys):
    def fail(row, now):
        type(row).objects.filter(pk=row.pk).update(kind="half done")
        raise ValueError("eva@example.org")

    gone = []
    only(do=fail, tries=2, give_up=lambda row, now: gone.append(row.pk))
    (row,) = rows()
    now = clock.now()

    assert work.run_due(now) == 0
    assert work.run_due(now + timedelta(seconds=1)) == 0
    row.refresh_from_db()
    assert (row.kind, row.attempts) == ("x", 1)
    assert row.leased_until > now + timedelta(seconds=5)
    work.run_due(now + timedelta(days=2))
    row.refresh_from_db()
    assert (row.due_at, row.done_at, gone) == (None, None, [row.pk])
    assert "eva@" not in "".join(capsys.readouterr())


@pytest.mark.django_db
def test_run_due_gives_up_a_row_that_takes_its_workers_down(only):
    seen = []
    only(do=lambda row, now: seen.append(row.pk), tries=3)
    (row,) = rows(attempts=3)

    work.run_due()

    row.refresh_from_db()
    assert (row.due_at, seen) == (None, [])


@pytest.mark.django_db
def test_round_keeps_the_pace_of_a_sweep(only):
    calls = []
    only(due=None, do=lambda now: calls.append(now) or 7, every=timedelta(minutes=1))
    worker = Worker()

    assert worker.round() == 7
    assert worker.round() == 0
    assert len(calls) == 1


def test_pause_after_grows_to_a_day():
    pauses = [work.pause_after(n).total_seconds() for n in (1, 3, 5, 20)]

    assert pauses == sorted(pauses)
    assert 8 <= pauses[0] <= 12
    assert pauses[-1] <= 86_400 * 1.2


def test_all_work_finds_the_rooms_lists():
    found = work.all_work()

    assert {"audit.link", "mail.deliver"} <= set(found)
    assert all(kind.row.isdigit() for kind in found.values())


@pytest.mark.django_db
def test_round_hands_heavy_work_to_one_child_at_a_time(only, monkeypatch):
    started = []

    class Child:
        def poll(self):
            return None

    monkeypatch.setattr(work, "start_child", lambda name, row: started.append((name, row.pk)) or Child())
    only(heavy=True, due=lambda now, limit: due(now, limit))
    first, _second = rows(2)
    worker = Worker()

    assert [worker.round(), worker.round()] == [1, 0]
    assert started == [("test.t", first.pk)]


def test_do_renews_the_lease_while_heavy_work_lasts(transactional_db, only):
    (row,) = rows(leased_until=clock.now() + timedelta(seconds=1))
    leases = []

    def long(row, now):
        leases.append(row.leased_until)
        time.sleep(0.8)
        row.refresh_from_db()
        leases.append(row.leased_until)

    only(heavy=True, do=long, lease=timedelta(seconds=1))

    call_command("do", "test.t", "mail.message", row.uid)

    row.refresh_from_db()
    assert leases[1] > leases[0]
    assert row.done_at
    assert row.leased_until is None


# Real processes.


def start(out, mode="claim", pause=0.0, lease=120.0) -> subprocess.Popen:
    name = str(connection.settings_dict["NAME"])
    words = ["-m", "piiri.base.tests.worker_process", name, str(out), mode, str(pause), str(lease)]
    return subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL)


def lines(out) -> Counter:
    return Counter(line.split()[0] for line in out.read_text().splitlines()) if out.exists() else Counter()


def wait_until(condition, seconds=30.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def undone() -> int:
    return apps.get_model("mail", "Message").objects.filter(done_at=None).count()


def test_three_workers_do_each_row_once(transactional_db, tmp_path):
    made = rows(30)
    workers = [start(tmp_path / "out", pause=0.02) for _ in range(3)]
    try:
        wait_until(lambda: undone() == 0)
    finally:
        for process in workers:
            process.send_signal(signal.SIGTERM)

    assert [process.wait(timeout=10) for process in workers] == [0, 0, 0]
    assert lines(tmp_path / "out") == Counter(row.uid for row in made)


def test_without_a_claim_rows_are_done_twice(transactional_db, tmp_path):
    """The control run: if this fails, the test above shows nothing."""
    rows(30)
    workers = [start(tmp_path / "out", "careless", pause=0.1) for _ in range(2)]

    assert [process.wait(timeout=60) for process in workers] == [0, 0]
    assert max(lines(tmp_path / "out").values()) == 2


def test_row_of_a_killed_worker_is_done_after_its_lease(transactional_db, tmp_path, only):
    (row,) = rows()
    process = start(tmp_path / "out", pause=60, lease=3)
    wait_until(lambda: lines(tmp_path / "out")[row.uid] == 1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    only()

    row.refresh_from_db()
    assert work.run_due(row.leased_until - timedelta(seconds=1)) == 0
    assert work.run_due(row.leased_until + timedelta(seconds=1)) == 1
    assert undone() == 0
