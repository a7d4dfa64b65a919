"""`./run bench enrolment`: what an enrolment costs, and whether the rush stays exact; beside the floor.

A signed-in person opens a group's page, takes a place, sees the confirmation; measured is the CPU of web
and database. The floor is ../shared/perf/floor with a session and a person added (floor_signed_in.py), in
the same minutes on our own kind of server (uvicorn with a2wsgi, as many threads and processes), which the
budgets are against, and on granian. SQLite with one web process, PostgreSQL with two.

The last line is JSON. Exit 1 when something is wrong (an overbooked group, an error, an answer without its
row), never for being slow.
"""

import argparse
import gzip
import http.client
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import servers
from servers import HERE, Engine, Served

PERF = HERE.parents[1] / "shared" / "perf"
PEOPLE, CLIENTS = 2100, 6
PLACES = {"race": 80, "noon": 60}
MANY = 500  # at once: then some may be asked to come back

Figures = dict[str, Any]


@dataclass
class Bench:
    """The servers of one engine, and how large the rounds are."""

    engine: Engine
    ours: Served
    floor: Served
    granian: Served | None
    folder: Path
    rounds: int
    journeys: int
    wrong: list[str] = field(default_factory=list)
    came: int = 0

    def people(self, number: int) -> int:
        """The first of `number` people who have not pressed in the programme "rush" yet."""
        self.came += number
        return self.came - number

    def rush(
        self, of: str, *, journeys: int, clients: int = CLIENTS, groups: int = 0, **opts: Any
    ) -> Figures:
        """One run of rush.py against "ours", "floor" or "granian"."""
        served: Served = getattr(self, of)
        data = self.folder / f"{of}.json"
        if not data.exists():
            data.write_text(json.dumps(served.told))
        start = opts.pop("start", 0)
        pids = f"web={served.pid}" + (f",pg={self.engine.pid}" if self.engine.pid else "")
        words: list[Any] = [
            "rush_with.py", "--adapter", "piiri" if of == "ours" else "floor_signed_in", "--data", data,
            "--base", f"http://127.0.0.1:{served.port}", "--clients", clients, "--journeys", journeys,
            "--groups", groups, "--offset", start, "--pid", pids,
        ]  # fmt: skip
        words += [word for name, value in opts.items() for word in ("--opt", f"{name}={value}")]
        told = servers.asked([str(word) for word in words], {})
        self.check(of, told)
        return told

    def check(self, of: str, told: Figures) -> None:
        """Nothing but places and honest refusals."""
        odd = {
            name: number
            for name, number in told["counts"].items()
            if name.startswith(("error", "exception", "http_5")) and name != "http_503"
        }
        if odd:
            self.wrong.append(f"{self.engine.name} {of}: {odd} {told['exceptions']}")

    def standing(self, programme: str) -> Figures:
        return servers.asked(["enrolment_world.py", "audit", programme], self.ours.env)


def ms_per_ok(told: Figures) -> float:
    return float(told["cpu"]["server_ms_per_ok"] or 0)


def medians(rounds: list[Figures], what: Callable[[Figures], float]) -> float:
    return round(statistics.median(what(told) for told in rounds), 2)


def enrolments(bench: Bench) -> Figures:
    """CPU and rate of whole enrolments, in rounds that take turns."""
    kinds = ["ours", "floor", *(["granian"] if bench.granian else [])]
    runs: dict[str, list[Figures]] = {kind: [] for kind in kinds}
    for number in range(bench.rounds + 1):
        journeys = bench.journeys if number else 60
        for kind in kinds:
            if kind == "ours":
                told = bench.rush(
                    kind, journeys=journeys, start=bench.people(journeys), programme="rush", groups=500
                )
            else:
                told = bench.rush(kind, journeys=journeys, reset="500x8")
            runs[kind] += [told] if number else []  # the first round warms up
    figures: Figures = {}
    for kind in kinds:
        figures[f"{kind}_cpu_ms"] = medians(runs[kind], ms_per_ok)
        figures[f"{kind}_per_s"] = medians(runs[kind], lambda told: told["ok_per_s"])
    figures["ratio"] = paired(runs["ours"], runs["floor"], ms_per_ok)
    figures["rate_ratio"] = paired(runs["ours"], runs["floor"], lambda told: told["ok_per_s"])
    figures["latency"] = {name: steps["p50_ms"] for name, steps in runs["ours"][-1]["latency"].items()}
    figures["memory_mib"] = runs["ours"][-1]["cpu"]["by"]["web"]["pss_mib"]
    return figures


def paired(these: list[Figures], those: list[Figures], what: Callable[[Figures], float]) -> float:
    """The median of the ratios of neighbours in time: noise of other programs hits both."""
    pairs = zip(these, those, strict=True)
    return round(statistics.median(what(one) / max(what(other), 0.01) for one, other in pairs), 2)


def sorry_full(bench: Bench) -> Figures:
    """A press on a group that has filled up since its page was opened."""

    def ms(told: Figures) -> float:
        return 1000 * float(told["cpu"]["server_s"]) / max(1, told["counts"].get("full", 0))

    mine, floors = [], []
    for _round in range(bench.rounds):
        mine.append(bench.rush("ours", journeys=bench.journeys, programme="full", only="press"))
        floors.append(bench.rush("floor", journeys=bench.journeys, reset="500x0", only="press"))
    bench.rush("floor", journeys=1, reset="500x8")
    if any(told["ok"] for told in mine):
        bench.wrong.append(f"{bench.engine.name}: somebody got into a full group")
    return {
        "ours_ms": medians(mine, ms), "floor_ms": medians(floors, ms), "ratio": paired(mine, floors, ms),
    }  # fmt: skip


def load(bench: Bench, of: str, path: str, *, signed_in: bool) -> Callable[[], Figures]:
    """A reader with one kept connection; each call is a round of loads: CPU ms, kB, kB on the wire."""
    served: Served = getattr(bench, of)
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    cookies = f"{served.told['cookie']}={served.told['sessions'][-1]}" if signed_in else ""

    def get() -> tuple[bytes, int]:
        try:
            line.request("GET", path, headers={"Cookie": cookies, "Accept-Encoding": "gzip"})
            answer = line.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):  # kept open for too long
            line.close()
            return get()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{of} {path} answered {answer.status}")
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(body) if packed else body, len(body)

    def a_round(loads: int = 60) -> Figures:
        before = cpu(bench, served)
        for _load in range(loads):
            body, wire = get()
        used = cpu(bench, served) - before
        return {"ms": 1000 * used / loads, "kb": len(body) / 1000, "wire_kb": wire / 1000}

    for _load in range(10):
        get()
    return a_round


def cpu(bench: Bench, served: Served) -> float:
    """Seconds that the server and the database have used so far."""
    trees = [served.pid, *([bench.engine.pid] if bench.engine.pid else [])]
    return sum(float(loadlib.rss_tree(pid)["cpu_s"]) for pid in trees)


def pages(bench: Bench) -> Figures:
    """The list of 500 groups, and a group's page over what the floor's costs."""
    listing, detail = bench.ours.told["lists"]["rush"], bench.ours.told["groups"]["rush"][-1]
    readers = {
        "list_first": load(bench, "ours", listing, signed_in=False),
        "list_500": load(bench, "ours", f"{listing}?all=1", signed_in=False),
        "detail": load(bench, "ours", detail.removesuffix("take/"), signed_in=True),
        "floor_list": load(bench, "floor", "/?n=500", signed_in=False),
        "floor_detail": load(bench, "floor", "/g/500", signed_in=True),
    }
    runs: dict[str, list[Figures]] = {name: [] for name in readers}
    for _round in range(5):
        for name, a_round in readers.items():
            runs[name].append(a_round())
    figures = {
        name: {what: medians(told, lambda one, what=what: one[what]) for what in ("ms", "kb", "wire_kb")}
        for name, told in runs.items()
    }
    over = [one["ms"] - other["ms"] for one, other in zip(runs["detail"], runs["floor_detail"], strict=True)]
    return figures | {"detail_over_floor_ms": round(statistics.median(over), 2)}


def crowd(bench: Bench, programme: str, *, people: int, clients: int, **opts: Any) -> Figures:
    """Many people on few places: answers, rows, and how long they waited."""
    told = bench.rush(
        "ours", journeys=people, clients=clients, programme=programme, people=people, groups=10, **opts
    )
    floors = bench.rush(
        "floor", journeys=people, clients=clients, groups=10, people=people,
        reset=f"10x{PLACES[programme] // 10}", **opts,
    )  # fmt: skip
    rows, places = bench.standing(programme), PLACES[programme]
    sound = {
        "overbooked": rows["overbooked"] == 0, "doubled": rows["doubled"] == 0, "sold": rows["unsold"] == 0,
        "answers are rows": told["ok"] == rows["people"] == rows["placed"] == rows["presses"] == places,
        "all answered": told["ok"] + told["counts"].get("full", 0) == people,
        "each has a place": rows["without_place"] == 0,
        "nobody sent away": clients > MANY or "http_503" not in told["counts"],
    }  # fmt: skip
    bench.wrong += [
        f"{bench.engine.name} {programme}: not {name}: {rows}" for name, ok in sound.items() if not ok
    ]
    mine, other = told["latency"]["person"], floors["latency"]["person"]
    return {
        "placed": told["ok"], **rows, "came_back": told["counts"].get("came_back", 0),
        "p50_ms": mine["p50_ms"], "p95_ms": mine["p95_ms"], "p99_ms": mine["p99_ms"],
        "floor_p95_ms": other["p95_ms"], "floor_p99_ms": other["p99_ms"],
        "p99_ratio": round(mine["p99_ms"] / other["p99_ms"], 2), "wall_s": told["wall_s"],
    }  # fmt: skip


def measure(engine: Engine, asked: argparse.Namespace, wrong: list[str]) -> Figures:
    with ExitStack() as open_ones:
        folder = Path(open_ones.enter_context(tempfile.TemporaryDirectory(prefix="piiri-bench-")))
        say(f"── {engine.name}: making worlds")
        floor = open_ones.enter_context(servers.floor(engine, folder, people=PEOPLE, on="uvicorn"))
        granian = None
        if not asked.without_granian:
            granian = open_ones.enter_context(servers.floor(engine, folder, people=PEOPLE, on="granian"))
        ours = open_ones.enter_context(servers.ours(engine, folder, people=PEOPLE))
        bench = Bench(engine, ours, floor, granian, folder, asked.rounds, asked.journeys, wrong)
        counted = servers.asked(["enrolment_world.py", "queries"], ours.env)
        figures = {
            "queries": counted["queries"], "page_queries": counted["page_queries"],
            "enrolment": told("enrolment", enrolments(bench)), "full": told("full", sorry_full(bench)),
            "pages": told("pages", pages(bench)),
            "race": told("race", crowd(bench, "race", people=1000, clients=200)),
            "noon": told("noon", crowd(bench, "noon", people=2000, clients=2000, spread=10)),
        }  # fmt: skip
        rush = bench.standing("rush")
        if rush["people"] != bench.came or rush["overbooked"] or rush["doubled"] or rush["without_place"]:
            wrong.append(f"{engine.name} rush: {bench.came} answers and {rush}")
        return figures


def say(text: str) -> None:
    print(text, flush=True)


def told(name: str, figures: Figures) -> Figures:
    say(f"{name}: {json.dumps(figures)}")
    return figures


def budgets(engine: Figures) -> dict[str, tuple[float, float, bool]]:
    """Each budget of the issue: reached, allowed, kept."""
    pages, race = engine["pages"], engine["race"]
    at_most = {
        "CPU, times the floor's": (engine["enrolment"]["ratio"], 2),
        "queries of the press": (engine["queries"], 9),
        "“full”, times the floor's": (engine["full"]["ratio"], 2),
        "list of 500, ms": (pages["list_500"]["ms"], 3),
        "list of 500, kB on the wire": (pages["list_500"]["wire_kb"], 60),
        "detail over the floor's, ms": (pages["detail_over_floor_ms"], 3),
        "race p99, times the floor's": (race["p99_ratio"], 2.5),
        "2 000 in 10 s, p95 ms": (engine["noon"]["p95_ms"], 2000),
    }
    rate = engine["enrolment"]["rate_ratio"]
    kept = {name: (reached, limit, reached <= limit) for name, (reached, limit) in at_most.items()}
    return kept | {"rate, times the floor's (at least)": (rate, 0.5, rate >= 0.5)}


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--journeys", type=int, default=300)
    options.add_argument("--only", choices=["sqlite", "postgres"])
    options.add_argument("--without-granian", action="store_true")
    asked = options.parse_args()
    engines: Figures = {}
    wrong: list[str] = []
    if asked.only != "postgres":
        engines["sqlite"] = measure(Engine("sqlite", 1), asked, wrong)
    if asked.only != "sqlite":
        with servers.postgres() as engine:
            if engine:
                engines["postgres"] = measure(engine, asked, wrong)
            else:
                say("PostgreSQL is not installed: SQLite only")
    kept = {name: budgets(figures) for name, figures in engines.items()}
    for name, lines in kept.items():
        for what, (reached, limit, ok) in lines.items():
            say(f"{name:9} {what:36} {reached:>8} of {limit:<6} {'kept' if ok else 'NOT KEPT'}")
    for line in wrong:
        say(f"WRONG {line}")
    print(
        json.dumps(
            {
                "bench": "enrolment",
                "ratio": {name: figures["enrolment"]["ratio"] for name, figures in engines.items()},
                "overbooked": sum(e[part]["overbooked"] for e in engines.values() for part in PLACES),
                "errors": len(wrong),
                "not_kept": {n: [w for w, line in lines.items() if not line[2]] for n, lines in kept.items()},
                **engines,
            }
        )
    )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if not PERF.exists():
        print(json.dumps({"bench": "enrolment", "skipped": "../shared/perf is not here"}))
        sys.exit(0)
    sys.path.insert(0, str(PERF))
    import loadlib

    main()
