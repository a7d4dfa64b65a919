"""The keys of a list after the office moved somebody in it; pure."""

from collections.abc import Sequence
from typing import NamedTuple


class Key(NamedTuple):
    """What a list is ordered by: the smaller comes first, `pk` settles what is equal."""

    priority: int
    order: int
    pk: int


def moved(line: Sequence[Key], *, at: int, to: int) -> list[Key]:
    """The keys that change when the one at index `at` goes to index `to`; its own comes first.

    `line` is in order; indexes beyond its ends mean the ends. Between its new neighbours it takes the
    middle of their orders. Where there is no room, it and those before it move down as far as they must.
    """
    to = max(0, min(to, len(line) - 1))
    others = [*line[:at], *line[at + 1 :]]
    if at == to:
        return []
    before, after = others[:to], others[to:]
    if not after:
        last = before[-1]
        return [Key(last.priority, last.order + 1, line[at].pk)]
    mine = Key(after[0].priority, between(before, after[0]), line[at].pk)
    return [mine, *pushed(before, mine)]


def between(before: Sequence[Key], after: Key) -> int:
    """An order smaller than `after`, in the middle where the one before shares its priority."""
    if before and before[-1].priority == after.priority and after.order - before[-1].order > 1:
        return (before[-1].order + after.order) // 2
    return after.order - 1


def pushed(before: Sequence[Key], mine: Key) -> list[Key]:
    """Those before, from the nearest on, as long as they are not smaller than what comes after them."""
    found, limit = [], mine
    for key in reversed(before):
        if key.priority < limit.priority or key.order < limit.order:
            break
        limit = Key(key.priority, limit.order - 1, key.pk)
        found.append(limit)
    return found
