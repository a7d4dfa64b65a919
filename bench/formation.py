"""How good and how fast groups are formed: one JSON line of figures at the end."""

import argparse
import gzip
import json
import os
import random
import resource
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "formation"
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

from piiri.formation.problem import (  # noqa: E402 - numba reads its folder at import
    Mentor,
    Offer,
    Participant,
    Problem,
    digest,
    from_json,
    mask_of,
    to_json,
)
from piiri.formation.scoring import score  # noqa: E402
from piiri.formation.solver import solve  # noqa: E402

RUNS = {
    "school30": (30, "school", 5.0),
    "city500": (500, "city", 10.0),
    "country60000": (60_000, "country", 90.0),
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


def instance(run: str, seed: int) -> Any:
    """A stored instance, or a freshly generated one."""
    people, scale, _ = RUNS[run]
    if not SHARED.exists():
        return rough(people, seed)
    stored = SHARED / "instances" / f"{run}-s{seed}.json.gz"
    if stored.exists():
        return json.loads(gzip.decompress(stored.read_bytes()))
    return shared("generate").generate(people, scale, seed)


def known(name: str) -> dict[str, Any]:
    if not SHARED.exists():
        return {}
    bounds = json.loads((SHARED / "bounds.json").read_text())
    return bounds.get(name, {})


def measure(run: str, *, seed: int, seconds: float) -> dict[str, Any]:
    data = instance(run, seed)
    started, cpu = time.monotonic(), time.process_time()
    problem = from_json(data)
    read = time.monotonic() - started
    answer = solve(problem, seconds=seconds, seed=seed)
    figures = {
        "cost": answer.cost,
        "bound": answer.bound,
        "proven_best": answer.proven_best,
        "unassigned": sum(group is None for group in answer.assignment.values()),
        "violations": len(score(problem, answer).violations),
        "read_seconds": round(read, 2),
        "seconds": round(time.monotonic() - started, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "moves": answer.work,
        "best_known": known(digest(problem)).get("best_known"),
    }
    print(f"{run}-s{seed}: {figures}")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", help=f"of {', '.join(RUNS)}; the first two unless told")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="instead of the usual time of each run")
    asked = parser.parse_args()
    solve(from_json(instance("school30", 1)), work=20)  # compile, or load what was compiled
    results = {
        run: measure(run, seed=asked.seed, seconds=asked.seconds or RUNS[run][2])
        for run in asked.runs or list(RUNS)[:2]
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"bench": "formation", "seed": asked.seed, "peak_mib": memory, **results}))


if __name__ == "__main__":
    main()
