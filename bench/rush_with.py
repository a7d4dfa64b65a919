"""`rush.py` of ../shared/perf with the adapters of this folder beside its own; the same arguments."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PERF = HERE.parents[1] / "shared" / "perf"
sys.path.insert(0, str(PERF))

import adapters  # noqa: E402 - the package of perf

adapters.__path__.append(str(HERE / "adapters"))
sys.argv[0] = str(PERF / "rush.py")
runpy.run_path(sys.argv[0], run_name="__main__")
