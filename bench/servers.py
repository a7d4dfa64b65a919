"""What the enrolment benchmark serves: ours, the floor on our own kind of server, the floor on granian."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PIIRI = ROOT / ".venv" / "bin" / "piiri"
LOCK = ROOT / "requirements" / "bench.lock"
THREADS = 4

sys.path.insert(0, str(ROOT / "tools"))

import cluster  # noqa: E402 - from tools


@dataclass(frozen=True)
class Engine:
    """One kind of database: how many web processes go with it, its server's pid (0 for none)."""

    name: str
    workers: int
    address: str = ""
    pid: int = 0


@dataclass(frozen=True)
class Served:
    """A server that answers: where, its pid, what its world told (sessions and paths)."""

    port: int
    pid: int
    told: dict[str, Any]
    env: dict[str, str]


@contextmanager
def postgres() -> Iterator[Engine | None]:
    """A cluster of our own, so that its CPU is ours alone; None where PostgreSQL is not installed."""
    if cluster.programs() is None:
        yield None
        return
    with cluster.private_server(durable=True) as address:
        yield Engine("postgres", 2, address, postmaster(address))


def postmaster(address: str) -> int:
    """The parent of whoever answers us."""
    import psycopg  # noqa: PLC0415 - only where there is a PostgreSQL

    with psycopg.connect(f"{address}/postgres") as connection:
        stat = Path(f"/proc/{connection.info.backend_pid}/stat").read_text()
    return int(stat.rsplit(")", 1)[1].split()[1])


def create_database(address: str, name: str) -> None:
    import psycopg  # noqa: PLC0415 - see above

    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')


def granian() -> Path:
    """Its program in an environment of its own, made of the lock once per change of it."""
    venv = ROOT / ".cache" / f"venv-bench-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"
    program, done = venv / "bin" / "granian", venv / ".done"
    if not done.exists():
        print("installing granian in an environment of its own", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        install = [venv / "bin" / "pip", "install", "--quiet", "--require-hashes", "-r", LOCK]
        subprocess.run(install, check=True)
        done.touch()
    return program


@contextmanager
def started(words: list[Any], port: int, env: dict[str, str], log: Path) -> Iterator[int]:
    """The pid of a server, once something answers at `port`; ended at the end."""
    with log.open("ab") as lines:
        server = subprocess.Popen(
            [str(word) for word in words], env=os.environ | env, cwd=HERE, stdout=lines, stderr=lines
        )
    try:
        until = time.monotonic() + 60
        while not answers(port):
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{words[0]} did not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield server.pid
    finally:
        server.terminate()
        server.wait(20)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def asked(words: list[Any], env: dict[str, str]) -> dict[str, Any]:
    """What a script of this folder prints."""
    done = subprocess.run(
        [sys.executable, *words], env=os.environ | env, cwd=HERE, check=True, stdout=subprocess.PIPE
    )
    return dict(json.loads(done.stdout))


@contextmanager
def ours(engine: Engine, folder: Path, *, people: int) -> Iterator[Served]:
    """`piiri serve` with a world for the rush."""
    port, data = cluster.free_port(), folder / "ours"
    env = {
        "PIIRI_DATA": str(data), "PIIRI_ORIGIN": f"http://127.0.0.1:{port}", "PIIRI_THREADS": str(THREADS),
        "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "piiri.config.settings",
    }  # fmt: skip
    if engine.address:
        for variable, name in (("PIIRI_DATABASE", "ours"), ("PIIRI_VAULT_DATABASE", "ours_vault")):
            create_database(engine.address, name)
            env[variable] = f"{engine.address}/{name}"
    subprocess.run([PIIRI, "setup"], env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
    told = asked(["enrolment_world.py", "make", str(people)], env)
    words = [PIIRI, "serve", "--port", port, "--workers", engine.workers]
    with started(words, port, env, folder / "ours.log") as pid:
        yield Served(port, pid, told, env)


@contextmanager
def floor(engine: Engine, folder: Path, *, people: int, on: str) -> Iterator[Served]:
    """The floor with a session, on "uvicorn" as ours is or on "granian"."""
    port, name = cluster.free_port(), f"floor_{on}"
    env = {"FLOOR_DB": f"sqlite:{folder}/{name}.sqlite3", "FLOOR_SYNC": "FULL"}
    if engine.address:
        create_database(engine.address, name)
        host, number = engine.address.rpartition("@")[2].split(":")
        env["FLOOR_DB"] = f"pg:host={host} port={number} user=postgres name={name}"
    told = asked(["floor_signed_in.py", "init", "500", "8", str(people)], env)
    at = ["--host", "127.0.0.1", "--port", port, "--workers", engine.workers, "--backlog", 2048]
    if on == "granian":
        words = [granian(), "--interface", "wsgi", *at, "--blocking-threads", THREADS, "--no-ws"]
        words = [*words, "--log-level", "warning", "floor_signed_in:wsgi"]
    else:
        words = [sys.executable, "-m", "uvicorn", *at, "--no-access-log", "--lifespan", "off"]
        words = [*words, "--ws", "none", "--log-level", "warning", "floor_signed_in:asgi"]
    with started(words, port, env, folder / f"{name}.log") as pid:
        yield Served(port, pid, told | {"cookie": "sessionid"}, env)
