"""Running things: the web server, and for a demo the server and a worker under one supervisor."""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import uvicorn

from piiri.config import folder, ready

GRACE_SECONDS = 6.0
QUICK_DEATHS = 5
MOST_OPEN_FILES = 65_536
PARENT_DIED = 1  # PR_SET_PDEATHSIG
# Whose word on where a request came from counts: a proxy beside us. Whoever knocks at it could write
# the first addresses of the header, so those never count.
PROXIES = ["127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]


def serve(host: str, port: int, workers: int = 1) -> None:
    """The pages, until told to stop; several `workers` are processes of their own. Raises folder.Trouble."""
    check_set_up()
    check_workers(workers)
    folder.check_port(host, port)
    if workers == 1:
        answer(host, port)
    else:
        serve_by_many(host, port, workers)


def check_workers(workers: int) -> None:
    """SQLite lets one write at a time, and one web process puts its writers into a fair queue."""
    if workers < 1:
        raise folder.Trouble("At least one worker is needed.")
    if workers > 1 and not os.environ.get("PIIRI_DATABASE"):
        raise folder.Trouble(
            f"SQLite goes with one web process, not {workers}; more need PIIRI_DATABASE, a PostgreSQL."
        )


def serve_by_many(host: str, port: int, workers: int) -> None:
    """Under a supervisor that starts again what dies."""
    words = ("serve", "--host", host, "--port", str(port), "--shared")
    supervisor = Supervisor([Child(f"web-{number}", words, own_log=False) for number in range(workers)])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, supervisor.told_to_stop)
    try:
        for child in supervisor.children:
            child.start()
        supervisor.watch()
    finally:
        supervisor.end()


def shared_socket(host: str, port: int) -> socket.socket:
    """A socket at a port that several processes listen at; the kernel deals connections out among them."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    shared = socket.socket(family, socket.SOCK_STREAM)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    shared.bind((host, port))
    return shared


def answer(host: str, port: int, *, shared: bool = False) -> None:
    """The pages, in this process."""
    allow_many_connections()
    behind_proxy = os.environ.get("PIIRI_BEHIND_PROXY", "").lower() in ("1", "true", "yes", "on")
    config = uvicorn.Config(
        "piiri.config.asgi:application",
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips=PROXIES if behind_proxy else None,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run([shared_socket(host, port)] if shared else None)


def allow_many_connections() -> None:
    """Each person who waits is an open file; the usual limit of 1024 is meant for other programs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def check_set_up() -> None:
    if not folder.secret_key_file().exists():
        raise folder.Trouble(f"There is nothing in {folder.data_folder()} yet; run `piiri setup` first.")


def die_with_parent() -> None:
    """On Linux a child goes when its supervisor is killed, however that happened."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "piiri.cli", *words]


@dataclass
class Child:
    """A process that is started again when it ends by itself; with `own_log` what it says goes to a file."""

    name: str
    words: tuple[str, ...]
    own_log: bool = True
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0

    @property
    def log_file(self) -> Path:
        return folder.data_folder() / f"{self.name}.log"

    def start(self) -> None:
        with self.log_file.open("ab") if self.own_log else nullcontext() as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                command(*self.words),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.started = time.monotonic()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self) -> None:
        """Start it again; Trouble when it keeps dying at once."""
        self.quick_deaths = self.quick_deaths + 1 if time.monotonic() - self.started < 5 else 0
        if self.quick_deaths >= QUICK_DEATHS:
            raise folder.Trouble(f"The {self.name} process does not stay up; see {self.log_file}.")
        self.start()

    def signal_group(self, number: int) -> None:
        """To the process and everything it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


@dataclass
class Supervisor:
    children: list[Child]
    stopping: bool = field(default=False)

    def told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def watch(self) -> None:
        """Until told to stop, or until a child cannot be kept alive."""
        while not self.stopping:
            for child in self.children:
                if not child.is_alive():
                    child.revive()
            time.sleep(0.3)

    def wait_for(self, port: int, seconds: float = 30.0) -> None:
        """Until something answers at the port; Trouble when nothing does."""
        until = time.monotonic() + seconds
        while not self.stopping and not answers(port):
            if time.monotonic() > until or not self.children[0].is_alive():
                raise folder.Trouble(f"The web process did not start; see {self.children[0].log_file}.")
            time.sleep(0.05)

    def end(self) -> None:
        """Ask all groups to end, then end what is left."""
        for child in self.children:
            child.signal_group(signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and any(child.is_alive() for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def demo(port: int, data: Path) -> None:
    """The demo city with web and worker, until told to stop. Raises folder.Trouble."""
    began = time.monotonic()
    origin = f"http://127.0.0.1:{port}"
    os.environ |= {
        "PIIRI_DEMO": "1",
        "PIIRI_DATA": str(data.resolve()),
        "PIIRI_ORIGIN": origin,
        "PIIRI_HOSTS": "127.0.0.1,localhost",
    }
    os.environ.setdefault("PIIRI_CLOCK_FILE", str(data.resolve() / "clock"))
    folder.check_port("127.0.0.1", port)
    folder.make_ready()
    if ready.demo_state().get("state") != ready.READY:
        say("Making the demo city; this happens once.")
    web = Child("web", ("serve", "--port", str(port)))
    supervisor = Supervisor([web, Child("worker", ("worker",))])
    warmer = Child("warm-solver", ("warm-solver",))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, supervisor.told_to_stop)
    try:
        set_up_in_child(supervisor)
        for child in supervisor.children:
            child.start()
        supervisor.wait_for(port)
        say(greeting(origin, seconds=time.monotonic() - began))
        warmer.start()
        supervisor.watch()
    finally:
        warmer.signal_group(signal.SIGKILL)
        supervisor.end()


def set_up_in_child(supervisor: Supervisor) -> None:
    """A process of its own, so that the supervisor stays small; its one sentence is ours."""
    setup = Child("setup", ("setup", "--demo"))
    setup.process = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command(*setup.words), start_new_session=True, preexec_fn=die_with_parent
    )
    supervisor.children.append(setup)
    while setup.is_alive() and not supervisor.stopping:
        time.sleep(0.02)
    if supervisor.stopping:
        raise SystemExit(0)
    supervisor.children.remove(setup)
    if setup.process.returncode:
        raise SystemExit(setup.process.returncode)


def greeting(origin: str, *, seconds: float) -> str:
    """Where to go and whom to be."""
    lines = [f"Piiri is ready after {seconds:.1f} s: {origin}/", ""]
    accounts = ready.demo_state().get("accounts", [])
    if accounts:
        width = max(len(account["label"]) for account in accounts)
        lines += ["Sign in with one click as"]
        lines += [f"  {a['label']:<{width}}  {origin}{a['path']}  ({a['name']})" for a in accounts]
        lines += ["", f"All accounts: {origin}/demo/"]
    return "\n".join([*lines, "Ctrl-C ends it."])


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is what the command answers
