"""The one way to the solver: loaded when it is asked for, since it costs half a second and 100 MB."""

from importlib import import_module
from typing import Any

SOLVER = "piiri.formation.solver"


def solver() -> Any:
    """The solver's module. Only a worker's child process and `piiri warm-solver` ask for it."""
    return import_module(SOLVER)
