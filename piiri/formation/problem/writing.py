"""A question as JSON, and the digest that names it."""

import hashlib
import json
from dataclasses import fields
from typing import Any

from piiri.formation.problem.question import Problem, Weights
from piiri.formation.problem.reading import OPTIONAL


def to_json(problem: Problem) -> dict[str, Any]:
    """The problem as an object ready for json.dumps: mgf-1, or mgf-2 when any optional key says something."""
    weights = {item.name: getattr(problem.weights, item.name) for item in fields(Weights)}
    out = {
        "format": "mgf-1", "name": problem.name, "seed": problem.seed, "slots": problem.slots,
        "hard": {"min_common_slots": problem.hard.min_common_slots},
        "weights": weights | {"rank": list(problem.weights.rank)},
        "participants": [_row_json(row, problem.slots) for row in problem.participants],
        "mentors": [_row_json(row, problem.slots) for row in problem.mentors],
        "groups": [_row_json(row, problem.slots) for row in problem.groups],
    }  # fmt: skip
    optional = _optional(problem)
    ranked = any(person.groups for person in problem.participants)
    if optional or ranked or any(offer.co_mentors or offer.mentor is None for offer in problem.groups):
        out["format"] = "mgf-2"
    return out | optional


def digest(problem: Problem) -> str:
    """16 hex digits that name the question: weights and data, not its name or seed."""
    body = {key: value for key, value in to_json(problem).items() if key not in {"format", "name", "seed"}}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]


def _row_json(row: Any, slots: int) -> dict[str, Any]:
    out = {}
    for item in fields(row):
        value = getattr(row, item.name)
        if item.name in OPTIONAL[type(row)] and not value:
            continue
        out[item.name] = list(value) if isinstance(value, (tuple, list)) else value
    if "available" in out:
        out["available"] = f"{row.available:0{-(-slots // 4)}x}"
    return out


def _optional(problem: Problem) -> dict[str, Any]:
    keys = {
        "overlaps": [f"{mask:x}" for mask in problem.overlaps],
        "pinned": dict(problem.pinned),
        "banned": {person: list(groups) for person, groups in problem.banned.items()},
        "together": [list(people) for people in problem.together],
        "opened": list(problem.opened),
        "closed": list(problem.closed),
        "previous": dict(problem.previous),
        "stability": problem.stability,
        "mode": problem.mode if problem.mode != "themes" else "",
    }
    return {name: value for name, value in keys.items() if value}
