"""Reads the catalogue that lies beside it."""

import tomllib
from functools import lru_cache
from pathlib import Path

from piiri.base.fields import Translations

CATALOGUE = Path(__file__).with_name("methods.toml")


@lru_cache(maxsize=1)
def names() -> dict[str, Translations]:
    """Names by code, in the order of the catalogue."""
    read = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {method["code"]: Translations(method["name"]) for method in read["method"]}
