"""What a page costs: CPU ms and queries of the main pages, beside the floor in the same run.

`./run bench pages [--scale city|country] [--loads N] [--keep DIR]`: makes a world, serves it with
`piiri serve`, loads each page over one kept connection and reads the server's CPU from /proc. The floor is
the smallest Django that lists 500 groups and shows one; it runs beside, on the same server.
"""

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLOOR = ROOT.parent / "shared" / "perf" / "floor"
PIIRI = ROOT / ".venv" / "bin" / "piiri"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """User and system time of one process."""
    after = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(after[11]) + int(after[12])) / TICKS


def memory_mib(pid: int) -> float:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return round(sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024, 1)


@contextmanager
def served(words: list[str], port: int, env: dict[str, str], cwd: Path) -> Iterator[int]:
    """The pid of a server that answers on `port`."""
    server = subprocess.Popen(words, env=os.environ | env, cwd=cwd, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield server.pid
    finally:
        server.terminate()
        server.wait(20)


class Reader:
    """One browser with one kept connection and its session."""

    says = {"Accept-Language": "fi", "Accept-Encoding": "gzip"}

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, bytes]:
        crumbs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.line.request("GET", path, headers=self.says | {"Cookie": crumbs})
        answer = self.line.getresponse()
        body = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                crumb = value.split(";", 1)[0]
                self.cookies[crumb.split("=", 1)[0]] = crumb.split("=", 1)[1]
        return answer.status, body


def measure(port: int, pid: int, path: str, *, sign_in: str = "", loads: int) -> dict[str, object]:
    """CPU ms of one load: the median of five rounds of `loads` loads, after one warm round."""
    reader = Reader(port)
    if sign_in:
        reader.get(sign_in)
    status, body = reader.get(path)
    if status != 200:
        raise SystemExit(f"{path} answered {status}")
    for _ in range(10):
        reader.get(path)
    rounds = []
    for _ in range(5):
        before = cpu_seconds(pid)
        for _ in range(loads):
            reader.get(path)
        rounds.append(1000 * (cpu_seconds(pid) - before) / loads)
    return {"cpu_ms": round(sorted(rounds)[2], 2), "bytes": len(body)}


def world(folder: Path, scale: str, env: dict[str, str]) -> None:
    """Make the world unless it lies there already, with what `piiri seed` printed."""
    told = folder / "seed.json"
    if not told.exists():
        subprocess.run([PIIRI, "setup"], env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
        made = subprocess.run(
            [PIIRI, "seed", "--scale", scale, "--seed", "1", "--json"],
            env=os.environ | env, check=True, capture_output=True, text=True,
        )  # fmt: skip
        told.write_text(made.stdout)


def pages_of(env: dict[str, str]) -> dict[str, tuple[str, str, int]]:
    """Page name → (path, path that signs in, queries), for people who have what the page shows."""
    asked = subprocess.run(
        [sys.executable, Path(__file__).with_name("pages_paths.py")],
        env=os.environ | env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return {name: tuple(pair) for name, pair in json.loads(asked.stdout).items()}


def ours(folder: Path, scale: str, loads: int) -> dict[str, object]:
    port = free_port()
    env = {
        "PIIRI_DATA": str(folder), "PIIRI_DEMO": "1", "PIIRI_ORIGIN": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "piiri.config.settings",
    }  # fmt: skip
    world(folder, scale, env)
    pages = pages_of(env)
    figures: dict[str, object] = {}
    with served([str(PIIRI), "serve", "--port", str(port)], port, env, ROOT) as pid:
        for name, (path, sign_in, queries) in pages.items():
            figures[name] = measure(port, pid, path, sign_in=sign_in, loads=loads) | {"queries": queries}
        figures["memory_mib"] = memory_mib(pid)
    return figures


def floor(loads: int) -> dict[str, object]:
    """The same two pages by the smallest Django there is; empty where it does not lie beside us."""
    if not FLOOR.exists():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = {"FLOOR_DB": f"sqlite:{folder}/floor.sqlite3", "FLOOR_SYNC": "FULL"}
        subprocess.run(
            [sys.executable, "floor.py", "init", "500", "8"], env=os.environ | env, cwd=FLOOR, check=True
        )
        program = (
            "import uvicorn; from a2wsgi import WSGIMiddleware; import floor;"
            f"uvicorn.run(WSGIMiddleware(floor.wsgi, workers=4), port={port},"
            " access_log=False, log_config=None)"
        )
        with served([sys.executable, "-c", program], port, env, FLOOR) as pid:
            listing, detail = (measure(port, pid, path, loads=loads) for path in ("/?n=500", "/g/1"))
            return {"list_500": listing, "detail": detail, "memory_mib": memory_mib(pid)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", choices=["city", "country", "both"], default="city")
    options.add_argument("--loads", type=int, default=60)
    options.add_argument("--keep", type=Path, default=ROOT / "bench" / "out")
    options.add_argument("--fresh", action="store_true", help="make the worlds anew")
    chosen = options.parse_args()
    scales = ["city", "country"] if chosen.scale == "both" else [chosen.scale]
    figures: dict[str, object] = {"bench": "pages", "floor": floor(chosen.loads)}
    for scale in scales:
        folder = chosen.keep / scale
        if chosen.fresh:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        figures[scale] = ours(folder, scale, chosen.loads)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
