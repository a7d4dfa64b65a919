"""How good and fast pairs, diverse groups and mixed tables are found: one JSON line of figures at the end."""

import argparse
import gzip
import json
import os
import resource
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT.parent / "shared" / "formation" / "mdgplib"
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

from piiri.formation.solver.assignment import assign, bound  # noqa: E402 - numba reads its folder at import
from piiri.formation.solver.diverse import diverse  # noqa: E402
from piiri.formation.solver.pairs import paid  # noqa: E402
from piiri.formation.solver.tables import encounters, tables  # noqa: E402

# Of others: the value of TPSDP, its CPU seconds, the value of IMS (0: not known), its seconds.
OTHERS = {
    "RanReal_n120": (47_088.3, 0.13, 47_275.4, 3.0),
    "RanInt_n120": (47_703.0, 0.13, 47_894.0, 3.0),
    "Geo_n120": (101_526.7, 0.19, 101_592.8, 3.0),
    "RanReal_n240": (153_919.1, 0.45, 155_099.5, 20.0),
    "RanInt_n240": (154_789.0, 0.44, 0.0, 20.0),
    "Geo_n240": (188_788.3, 0.59, 0.0, 20.0),
}
COSTS = ("ranks", "random")


def options(people: int, seed: int, costs: str) -> tuple[np.ndarray, ...]:
    """People with 20 options each among half as many mentors, who have 1 to 3 places."""
    draw = np.random.default_rng(seed)
    mentors = max(1, people // 2)
    cost = draw.integers(0, 1001, (people, 20))
    if costs == "ranks":
        ranks = np.array([0, 15, 35, 60, 90] + [150] * 15)
        cost = ranks + 10 * draw.integers(0, 5, (people, 20))
    return (
        np.arange(0, people * 20 + 1, 20),
        draw.integers(0, mentors, people * 20).astype(np.int32),
        cost.ravel(),
        draw.integers(1, 4, mentors),
        np.full(people, 1000),
    )


def pairs(people: int, seed: int, costs: str) -> dict[str, Any]:
    one = options(people, seed, costs)
    wall, cpu = time.monotonic(), time.process_time()
    taken, price = assign(*one)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    ptr, column, cost, _, out = one
    total = paid(ptr, column, cost, out, taken)
    return {
        "people": people,
        "cost": total,
        "proved": total == bound(*one, price),
        "left_out": int((taken < 0).sum()),
        "seconds": round(wall, 2),
        "cpu_seconds": round(cpu, 2),
    }


def instance(name: str) -> tuple[np.ndarray, list[int], list[int]]:
    head, *rows = gzip.decompress((LIBRARY / f"{name}_ss_01.txt.gz").read_bytes()).decode().splitlines()
    people, _, _, *sizes = head.split()
    distance = np.zeros((int(people), int(people)))
    for row in filter(None, rows):
        i, j, far = row.split()
        distance[int(i), int(j)] = distance[int(j), int(i)] = float(far)
    return distance, [int(size) for size in sizes[::2]], [int(size) for size in sizes[1::2]]


def spread(name: str, seeds: int, *, long: bool) -> dict[str, Any]:
    """The values of several seeds, in the time of TPSDP and, when asked, in that of IMS."""
    asked, (quick, seconds, slow, slow_seconds) = instance(name), OTHERS[name]
    figures: dict[str, Any] = {}
    # On a busy machine only CPU time is fair: as much work as the processor does in that time alone.
    work = 4_000_000
    for label, goal, limit in [("quick", quick, seconds), ("long", slow, slow_seconds)][: 2 if long else 1]:
        cpu = time.process_time()
        diverse(*asked, work=work, seed=101)
        used = time.process_time() - cpu
        work = int(work * limit / used)
        cpu = time.process_time()
        values = sorted(round(diverse(*asked, work=work, seed=seed)[1], 1) for seed in range(1, seeds + 1))
        figures[label] = {
            "seconds": limit,
            "cpu_seconds": round((time.process_time() - cpu) / seeds, 2),
            "values": values,
            "median": statistics.median(values),
            "goal": goal or None,
        }
    return figures


def mixed(groups: int, size: int, table: int, rounds: int, seed: int) -> dict[str, Any]:
    group_of = {f"{group}.{at}": str(group) for group in range(groups) for at in range(size)}
    sizes = [table] * -(-groups * size // table)
    cpu = time.process_time()
    met = encounters(tables(list(group_of), group_of, sizes, rounds, seed=seed, seconds=2.0), group_of)
    return {
        "people": groups * size,
        "rounds": rounds,
        "fewest": met.fewest,
        "mean": round(met.mean, 2),
        "most_possible": met.most,
        "own_group": met.own_group,
        "again": met.again,
        "cpu_seconds": round(time.process_time() - cpu, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=101, help="of the pairs and the tables")
    parser.add_argument(
        "--seeds", type=int, default=5, help="how many seeds of the search for diverse groups"
    )
    parser.add_argument("--long", action="store_true", help="diverse groups in the time of IMS, too: minutes")
    asked = parser.parse_args()
    pairs(50, 1, "ranks")  # compile, or load what was compiled
    diverse(np.ones((6, 6)), [3, 3], [3, 3], work=10)
    mixed(2, 2, 2, 1, 1)
    results: dict[str, Any] = {}
    for costs in COSTS:
        for people in (500, 5000, 60_000):
            results[f"pairs_{costs}_{people}"] = pairs(people, asked.seed, costs)
    for name in OTHERS if LIBRARY.exists() else ():
        results[f"diverse_{name}"] = spread(name, asked.seeds, long=asked.long)
    for groups, size, table, rounds in [(10, 6, 6, 3), (10, 6, 6, 6), (20, 6, 8, 4), (80, 6, 8, 5)]:
        results[f"tables_{groups * size}_{rounds}"] = mixed(groups, size, table, rounds, asked.seed)
    for name, figures in results.items():
        print(f"{name}: {figures}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"bench": "formation_modes", "seed": asked.seed, "peak_mib": memory, **results}))


if __name__ == "__main__":
    main()
