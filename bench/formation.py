"""How good and how fast `piiri form` is on fresh instances, checked by the neutral scorer; ends with JSON."""

import argparse
import gzip
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from formation_chart import draw

from piiri.formation.problem import Mentor, Offer, Participant, Problem, digest, from_json, mask_of, to_json
from piiri.formation.scoring import score

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "formation"
OUT = ROOT / ".cache" / "bench"
BEST = ROOT / "bench" / "formation_best.json"
PIIRI = [sys.executable, "-m", "piiri.cli", "form"]
COMPILED = {"NUMBA_CACHE_DIR": str(ROOT / ".cache" / "numba"), "PIIRI_DATA": str(OUT)}

RUNS = {
    "school30": (30, "school", 5.0),
    "city500": (500, "city", 10.0),
    "region5000": (5_000, "region", 30.0),
    "country60000": (60_000, "country", 120.0),
}


def shared(name: str) -> ModuleType:
    spec = spec_from_file_location(f"mgf_{name}", SHARED / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rough(people: int, seed: int) -> dict[str, Any]:
    """A simple instance of our own, for checkouts without the benchmark beside them."""
    draw = random.Random(seed)
    themes = [f"theme{at}" for at in range(max(4, min(20, people // 20)))]
    participants = [
        Participant(
            f"p{at}",
            mask_of(draw.sample(range(40), 12)),
            languages=["fi"],
            regions=["online"],
            themes=draw.sample(themes, 3),
            org=f"school{draw.randrange(max(2, people // 15))}",
            experienced=draw.random() < 0.5,
        )
        for at in range(people)
    ]
    mentors = [Mentor(f"m{at}", mask_of(draw.sample(range(40), 12))) for at in range(people // 5)]
    groups = [
        Offer(f"g{at}", mentor.id, draw.choice(themes), "fi", "online") for at, mentor in enumerate(mentors)
    ]
    return to_json(Problem(participants, mentors, groups, name=f"rough{people}-s{seed}", seed=seed))


def instance(run: str, seed: int) -> Path:
    """A file with a freshly generated instance, or one of our own where the benchmark is not at hand."""
    path = OUT / f"{run}-s{seed}.json.gz"
    people, scale, _ = RUNS[run]
    data = shared("generate").generate(people, scale, seed) if SHARED.exists() else rough(people, seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps(data).encode(), 1))
    return path


def load(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def judged(question: Path, answer: Path) -> dict[str, Any]:
    """What the neutral scorer says, in a process that knows nothing of ours."""
    if not SHARED.exists():
        problem, found = from_json(load(question)), load(answer)
        ours = score(problem, found["assignment"])
        left_out = sum(group is None for group in found["assignment"].values())
        return {"cost": ours.cost, "feasible": not ours.violations, "unassigned": left_out}
    scorer = [sys.executable, "-I", str(SHARED / "score.py"), str(question), str(answer)]
    return dict(json.loads(subprocess.run(scorer, capture_output=True, text=True, check=False).stdout))


def form(question: Path, *, seconds: float, seed: int, bound: bool) -> dict[str, Any]:
    """Figures of one run of the command, from its start to its end."""
    answer = OUT / "answer.json.gz"
    answer.unlink(missing_ok=True)
    words = [str(question), "-o", str(answer), "--seconds", str(seconds), "--seed", str(seed), "--progress"]
    started = time.monotonic()
    process = subprocess.Popen(
        [*PIIRI, *words, *(["--bound"] if bound else [])], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, env=os.environ | COMPILED,
    )  # fmt: skip
    course = [
        (time.monotonic() - started, int(found[1]))
        for line in process.stderr or ()
        if (found := re.search(r"cost (\d+)", line))
    ]
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    if process.returncode or not answer.exists():
        return {"seed": seed, "feasible": False, "returncode": process.returncode}
    found, report = load(answer), judged(question, answer)
    return {
        "seed": seed, "cost": report["cost"],
        "feasible": report["feasible"] and report["cost"] == found["cost"],
        "unassigned": report["unassigned"], "bound": found["bound"], "proven_best": found["proven_best"],
        "wall": round(wall, 2), "cpu": round(used.ru_utime + used.ru_stime, 2),
        "mib": used.ru_maxrss // 1024, "course": [*course, (wall, found["cost"])],
    }  # fmt: skip


def known(name: str) -> dict[str, Any]:
    """The best cost and bound that anybody has found; ours are kept in formation_best.json."""
    ours = json.loads(BEST.read_text()).get(name, {}) if BEST.exists() else {}
    theirs = json.loads((SHARED / "bounds.json").read_text()).get(name, {}) if SHARED.exists() else {}
    costs = [one for one in (ours.get("cost"), theirs.get("best_known")) if one is not None]
    bounds = [one for one in (ours.get("bound"), theirs.get("lower_bound")) if one is not None]
    return {"cost": min(costs, default=None), "bound": max(bounds, default=None)}


def keep(name: str, label: str, *, cost: int, bound: int | None) -> None:
    """Write down what is better than what was known."""
    before = known(name)
    best = json.loads(BEST.read_text()) if BEST.exists() else {}
    bounds = [one for one in (before["bound"], bound) if one is not None]
    costs = [one for one in (before["cost"], cost) if one is not None]
    best[name] = {"name": label, "cost": min(costs), "bound": max(bounds, default=None)}
    rows = [
        f'"{key}": {json.dumps(value)}' for key, value in sorted(best.items(), key=lambda row: row[1]["name"])
    ]
    BEST.write_text("{\n" + ",\n".join(rows) + "\n}\n")


def percent(cost: int, of: int | None) -> float | None:
    return round(100 * (cost - of) / of, 2) if of else None


def measure(run: str, seed: int, asked: argparse.Namespace) -> dict[str, Any]:
    """One instance with every solver seed asked for."""
    question = instance(run, seed)
    name = digest(from_json(load(question)))
    seconds = asked.seconds or RUNS[run][2]
    runs = [form(question, seconds=seconds, seed=one, bound=asked.bound) for one in asked.solver_seeds]
    fine = [one for one in runs if one["feasible"]]
    if fine:
        bounds = [one["bound"] for one in fine if one["bound"] is not None]
        keep(name, f"{run}-s{seed}", cost=min(one["cost"] for one in fine), bound=max(bounds, default=None))
    best = known(name)
    costs = sorted(one["cost"] for one in fine)
    median = int(statistics.median(costs)) if costs else 0
    figures = {
        "digest": name, "cost": median, "best_known": best["cost"], "bound": best["bound"],
        "gap_to_best_%": percent(median, best["cost"]), "gap_to_bound_%": percent(median, best["bound"]),
        "spread_%": percent(costs[-1], costs[0]) if costs else None,
        "unassigned": [one["unassigned"] for one in fine], "proven": sum(one["proven_best"] for one in fine),
        "wall": max((one["wall"] for one in fine), default=None),
        "cpu": max((one["cpu"] for one in fine), default=None),
        "mib": max((one["mib"] for one in fine), default=None),
        "infeasible": len(runs) - len(fine),
    }  # fmt: skip
    print(f"{run}-s{seed}: {figures}", flush=True)
    lines = [[(at, percent(cost, best["cost"]) or 0.0) for at, cost in one["course"]] for one in fine]
    return figures | {"lines": lines}


def numbers(text: str) -> list[int]:
    """100-103,110 is 100, 101, 102, 103 and 110."""
    ends = [part.split("-") for part in text.split(",")]
    return [number for end in ends for number in range(int(end[0]), int(end[-1]) + 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", help=f"of {', '.join(RUNS)}; all but the last unless told")
    parser.add_argument("--seeds", type=numbers, default=[100], help="of the generator, as 100-119")
    parser.add_argument("--solver-seeds", type=numbers, default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, help="instead of the usual time of each run")
    parser.add_argument("--bound", action="store_true", help="prove bounds, too")
    parser.add_argument("--long", action="store_true", help="with 60 000 people")
    asked = parser.parse_args()
    form(instance("school30", 1), seconds=2, seed=1, bound=asked.bound)  # compile, or load what was compiled
    results, lines = {}, {}
    for run in asked.runs or list(RUNS)[: None if asked.long else -1]:
        measured = [measure(run, seed, asked) for seed in asked.seeds]
        lines[run] = [line for one in measured for line in one.pop("lines")]
        results[run] = {f"s{seed}": one for seed, one in zip(asked.seeds, measured, strict=True)}
    draw(OUT / "formation.svg", lines)
    wrong = sum(one["infeasible"] for run in results.values() for one in run.values())
    print(json.dumps({"bench": "formation", "infeasible": wrong, **results}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
