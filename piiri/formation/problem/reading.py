"""A question from JSON: in bulk when all is well, row by row to name the field when something is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from itertools import chain
from typing import Any

from piiri.formation.problem.checks import ProblemError
from piiri.formation.problem.question import Hard, Mentor, Offer, Participant, Problem, Weights

FORMATS = ("mgf-1", "mgf-2")

Read = Callable[[Any], Any]


def from_json(data: Any) -> Problem:
    """Read a parsed mgf-1 or mgf-2 object; raises ProblemError naming the first field that is wrong."""
    if not isinstance(data, dict) or data.get("format") not in FORMATS:
        raise ProblemError("format", f"must be {' or '.join(FORMATS)}.")
    return Problem(
        participants=_rows(Participant, data, "participants"),
        mentors=_rows(Mentor, data, "mentors"),
        groups=_rows(Offer, data, "groups"),
        slots=_one(data.get("slots"), _count, "slots"),
        weights=_numbers(Weights, data, "weights"),
        hard=_numbers(Hard, data, "hard"),
        **{name: _one(data[name], read, name) for name, read in _OPTIONAL_KEYS.items() if name in data},
        pinned=_map(_text, data, "pinned"),
        banned=_map(_texts, data, "banned"),
        previous=_map(_text_or_none, data, "previous"),
    )


# --- values ------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def _mask(value: Any) -> int:
    try:
        return int(_text(value), 16)
    except (TypeError, ValueError):
        raise TypeError("a hexadecimal mask of slots") from None


def _list_of(read: Read, what: str) -> Callable[[Any], tuple[Any, ...]]:
    def read_list(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise TypeError(f"a list of {what}")
        return tuple(map(read, value))

    return read_list


_texts = _list_of(_text, "texts")
_READ: dict[str, Read] = {
    "available": _mask, "any_theme": _flag, "experienced": _flag, "max_groups": _count, "lower": _count,
    "upper": _count, "mentor": _text_or_none, "wants_with": _text_or_none, "org": _text, "id": _text,
    "theme": _text, "language": _text, "region": _text,
}  # fmt: skip
_OPTIONAL_KEYS: dict[str, Read] = {
    "overlaps": _list_of(_mask, "masks"), "together": _list_of(_texts, "lists of texts"), "opened": _texts,
    "closed": _texts, "stability": _count, "mode": _text, "name": _text, "seed": _count,
}  # fmt: skip
OPTIONAL = {Participant: {"groups"}, Mentor: set[str](), Offer: {"co_mentors"}}


def _one(value: Any, read: Read, where: str) -> Any:
    try:
        return read(value)
    except TypeError as wrong:
        raise ProblemError(where, f"must be {wrong}.") from None


def _map(read: Read, data: Mapping[str, Any], name: str) -> dict[str, Any]:
    values = data.get(name, {})
    if not isinstance(values, dict):
        raise ProblemError(name, "must be an object.")
    return {key: _one(value, read, f"{name}.{key}") for key, value in values.items()}


def _numbers(kind: Any, data: Mapping[str, Any], name: str) -> Any:
    values = data.get(name)
    if not isinstance(values, dict):
        raise ProblemError(name, "must be an object.")
    numbers = {}
    for item in fields(kind):
        if item.name not in values:
            raise ProblemError(f"{name}.{item.name}", "is missing.")
        read = _list_of(_count, "whole numbers") if item.name == "rank" else _count
        numbers[item.name] = _one(values[item.name], read, f"{name}.{item.name}")
    return kind(**numbers)


# --- rows --------------------------------------------------------------------------------------------------


def _rows(kind: Any, data: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    rows = data.get(name)
    if not isinstance(rows, list):
        raise ProblemError(name, "must be a list of objects.")
    if set(map(type, rows)) <= {dict}:
        columns = [column for item in fields(kind) if (column := _column(kind, item, rows)) is not None]
        if len(columns) == len(fields(kind)):
            return tuple(map(kind, *columns))
    return tuple(_row(kind, row, f"{name}[{at}]") for at, row in enumerate(rows))


_KINDS: dict[Read, set[type]] = {
    _text: {str}, _text_or_none: {str, type(None)}, _count: {int}, _flag: {bool},
}  # fmt: skip


def _column(kind: Any, item: Any, rows: Sequence[dict[str, Any]]) -> Sequence[Any] | None:
    """One field of all rows; None when any of them is not as it should be."""
    read = _READ.get(item.name, _texts)
    try:
        if item.name in OPTIONAL[kind] and item.default is not MISSING:
            values = [row.get(item.name, []) for row in rows]
        else:
            values = [row[item.name] for row in rows]
        if read is _mask:
            return [int(value, 16) for value in values]
    except (KeyError, TypeError, ValueError):
        return None
    if read is _texts:
        fine = set(map(type, values)) <= {list} and set(map(type, chain.from_iterable(values))) <= {str}
        return list(map(tuple, values)) if fine else None
    return values if set(map(type, values)) <= _KINDS[read] else None


def _row(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise ProblemError(where, "must be an object.")
    row = {}
    for item in fields(kind):
        if item.name in data:
            row[item.name] = _one(data[item.name], _READ.get(item.name, _texts), f"{where}.{item.name}")
        elif item.name not in OPTIONAL[kind]:
            raise ProblemError(f"{where}.{item.name}", "is missing.")
    return kind(**row)
