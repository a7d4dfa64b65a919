"""Pages drawn once: templates filled in where they differ from reader to reader, and kept.

A template is drawn with marks in the places of names, tokens and keys; each answer puts those in. Whoever
draws names everything else that the drawing depends on, so a drawing never goes stale.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template import Engine
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

SIGN = "\x02"


def mark(name: str) -> SafeString:
    """What stands in a drawing where `name` is put in."""
    return mark_safe(f"{SIGN}{name}{SIGN}")  # noqa: S308 - no letter of it needs escaping


class Reader(NamedTuple):
    """Stands for somebody, or something with a name and an address, while a page is drawn."""

    name: str
    is_authenticated: bool = True
    uid: str = ""

    def __str__(self) -> str:
        return self.name


def processed(request: HttpRequest, name: str) -> Any:
    """One of the words that every page may ask for, as the settings' context processors tell it."""
    told: dict[str, Any] = {}
    for processor in Engine.get_default().template_context_processors:
        told |= processor(request)
    return told[name]


class Drawings:
    """Drawings of one kind in this process; all are thrown away when there are too many."""

    def __init__(self, *, most: int) -> None:
        self.most = most
        self.kept: dict[Hashable, str] = {}

    def get(self, key: Hashable, draw: Callable[[], str]) -> str:
        """The drawing of this key, drawn now where there is none."""
        html = self.kept.get(key)
        if html is None:
            html = draw()
            if len(self.kept) >= self.most:
                self.kept = {}
            self.kept[key] = html
        return html


def fill_in(drawing: str, values: Mapping[str, str]) -> str:
    """The drawing with a value at each mark; text is escaped, what is safe already is not."""
    parts = drawing.split(SIGN)
    for at in range(1, len(parts), 2):
        parts[at] = conditional_escape(values[parts[at]])
    return "".join(parts)
