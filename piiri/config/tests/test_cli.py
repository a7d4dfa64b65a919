"""The command line from outside: what it starts, what it ends, and one sentence for each trouble."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("PIIRI_DATABASE")), reason="uses SQLite files of its own; once is enough"
)
PIIRI = [sys.executable, "-m", "piiri.cli"]


def environment(data: Path) -> dict[str, str]:
    """As of somebody who has set nothing but the data folder."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PIIRI_")}
    return bare | {"PIIRI_DATA": str(data)}


def piiri(data: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*PIIRI, *words], env=environment(data), capture_output=True, text=True, timeout=60, check=False
    )


def one_sentence(result: subprocess.CompletedProcess) -> str:
    assert result.returncode not in (0, None)
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.strip().splitlines()
    return line


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_setup_makes_keys_and_tables_and_changes_nothing_the_second_time(tmp_path):
    assert piiri(tmp_path / "data", "setup").returncode == 0
    keys = tmp_path / "data" / "keys"
    before = {path.name: path.read_bytes() for path in keys.iterdir()}

    assert piiri(tmp_path / "data", "setup").returncode == 0

    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before
    assert set(before) == {"secret.key", "master.key"}
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}
    assert piiri(tmp_path / "data", "audit-check").stdout.startswith("0 links hold")
    assert "0 done" in piiri(tmp_path / "data", "worker", "--once").stdout


def test_demo_says_that_the_port_is_in_use(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = one_sentence(piiri(tmp_path, "demo", "--port", str(port), "--data", str(tmp_path / "d")))

    assert f"Port {port}" in said
    assert "--port" in said


def test_demo_says_that_the_folder_cannot_be_written_to(tmp_path):
    (tmp_path / "file").write_text("")

    said = one_sentence(
        piiri(tmp_path, "demo", "--port", str(free_port()), "--data", str(tmp_path / "file" / "d"))
    )

    assert "cannot be written to" in said


@pytest.mark.parametrize("name", ["piiri.sqlite3", "vault.sqlite3"])
def test_demo_says_that_a_database_is_broken(tmp_path, name):
    (tmp_path / name).write_bytes(b"no database at all" * 100)

    said = one_sentence(piiri(tmp_path, "demo", "--port", str(free_port()), "--data", str(tmp_path)))

    assert name in said
    assert "damaged" in said


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_serve_and_worker_want_to_be_set_up_first(tmp_path, command):
    assert "piiri setup" in one_sentence(piiri(tmp_path / "nothing", command))


@pytest.mark.parametrize(("workers", "word"), [("2", "SQLite"), ("0", "least one")])
def test_serve_says_how_many_workers_go_with_sqlite(tmp_path, workers, word):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret.key").write_text("x" * 50)

    assert word in one_sentence(piiri(tmp_path, "serve", "--workers", workers, "--port", str(free_port())))


def children_of(pid: int) -> list[int]:
    """Web and worker; not the child that compiles the solver and ends."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    lines = listed.stdout.splitlines()
    return [int(line.split()[0]) for line in lines if " serve" in line or " worker" in line]


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text()


def wait_until(condition, seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def ended(process: subprocess.Popen):
    """As by Ctrl-C, whatever happened."""
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=15)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_supervisor_restarts_what_dies_and_ends_all_it_started(tmp_path):
    """With a city already made: what is made is not the point here."""
    (tmp_path / "demo.json").write_text('{"state": "ready", "accounts": []}')
    port = free_port()
    demo = subprocess.Popen(
        [*PIIRI, "demo", "--port", str(port), "--data", str(tmp_path)],
        env=environment(tmp_path), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with demo, ended(demo):
        wait_until(lambda: answers(port))
        assert f"http://127.0.0.1:{port}/" in demo.stdout.readline()
        first = children_of(demo.pid)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        wait_until(lambda: len(children_of(demo.pid)) == 2 and children_of(demo.pid) != first)
        wait_until(lambda: answers(port))
        last = children_of(demo.pid)

    assert demo.returncode == 0
    assert not any(is_alive(pid) for pid in {*first, *last})
    assert not answers(port)
