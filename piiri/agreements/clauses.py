"""Reads the ready clauses that lie beside it, and says each in a language."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CATALOGUE = Path(__file__).with_name("clauses.toml")


@dataclass(frozen=True)
class Facts:
    """What ready clauses name: the contact person ("" for the office), and how many goals at most."""

    contact: str = ""
    most_goals: int = 3


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Title and texts by language, by code, in the order of the agreement."""
    read = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {clause.pop("code"): clause for clause in read["clause"]}


def names_contact(code: str) -> bool:
    """Whether a ready clause names the contact person."""
    return "office" in catalogue()[code]


def title_of(code: str, *, language: str) -> str:
    """The one or two words a ready clause begins with."""
    return catalogue()[code]["title"][language]


def text_of(code: str, *, language: str, facts: Facts) -> str:
    """A ready clause in full."""
    clause = catalogue()[code]
    kind = "text"
    if not facts.contact and "office" in clause:
        kind = "office"
    if facts.most_goals == 1 and "one" in clause:
        kind = "one"
    said = clause[kind][language]
    # Replaced one by one: a name may hold braces.
    return said.replace("{most}", str(facts.most_goals)).replace("{contact}", facts.contact)
