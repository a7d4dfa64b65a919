"""A PostgreSQL for tests: the one named, the one that stands, or one of our own for a while."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

OLDEST = 150000


def programs() -> Path | None:
    """The folder with the newest initdb and postgres of this machine."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    return next((path for path in reversed(folders) if (path / "initdb").exists()), None)


def answers(address: str) -> bool:
    """Whether a new enough server lets us in there."""
    try:
        import psycopg  # noqa: PLC0415  (the module is asked for before the lock is installed, too)

        with psycopg.connect(f"{address}/postgres", connect_timeout=3) as connection:
            return connection.info.server_version >= OLDEST
    except Exception:  # noqa: BLE001  (whatever the reason: not this one)
        return False


def standing_server() -> str | None:
    """The address of a server on 127.0.0.1:5432 that trusts `postgres`."""
    address = "postgres://postgres@127.0.0.1:5432"
    return address if answers(address) else None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Yield an address without a database, e.g. postgres://postgres@127.0.0.1:5432."""
    named = os.environ.get("PIIRI_TEST_POSTGRES", "").rstrip("/")
    if address := named or standing_server():
        yield address
        return
    with private_server() as address:
        yield address


@contextlib.contextmanager
def private_server(*, durable: bool = False) -> Iterator[str]:
    """A cluster in a temporary folder, on a free port, gone at the end; as root it runs as `postgres`.

    Tests do without its care for power cuts; who measures does not.
    """
    bin_folder = programs()
    if bin_folder is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="piiri-postgres-"))
    who = unprivileged(folder)
    data, port = folder / "data", free_port()
    initdb = [
        bin_folder / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    ]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "max_connections": 200,
    }
    if not durable:
        options |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    command = [bin_folder / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **who)
    try:
        address = f"postgres://postgres@127.0.0.1:{port}"
        wait_for(address, process, folder / "log")
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged(folder: Path) -> dict[str, object]:
    """Arguments for subprocess: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(150):
        if answers(address):
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")


def drop_databases(address: str, beginning: str) -> None:
    """Drop what a run left behind: every database whose name begins so."""
    import psycopg  # noqa: PLC0415  (see above)
    from psycopg import sql  # noqa: PLC0415

    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning]
        )
        for (name,) in names.fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
