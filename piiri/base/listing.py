"""Every way in and out of the running code, with the row of docs/permissions.csv it stands under."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from piiri.base.work import all_work

IDS = re.compile(r"<(?:[^:>]+:)?([^>]+)>")
ROW = re.compile(r"\{# row: (\S+) #\}")
OURS = "piiri."


@dataclass(frozen=True)
class Listed:
    """One door: a page and method, a kind of work, a command, a mail. `row` is empty where none is told."""

    row: str
    channel: str
    method: str
    path: str
    ids: tuple[str, ...]
    name: str

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {"ids": list(self.ids)}


def doors() -> list[Listed]:
    """All of them: addresses in the order they are asked, then work, commands and mails."""
    return [*_addresses(), *_work(), *_commands(), *_mails()]


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods a view answers, as its decorator says; empty where none does. HEAD goes with GET."""
    layer: Any = view
    while layer is not None:
        allowed = inspect.getclosurevars(layer).nonlocals.get("request_method_list")
        if allowed:
            return tuple(method for method in allowed if method != "HEAD")
        layer = getattr(layer, "__wrapped__", None)
    return ()


def _addresses() -> Iterator[Listed]:
    for route, pattern, spaces in _patterns(get_resolver(), "", ()):
        view = pattern.callback
        name = ":".join((*spaces, pattern.name or ""))
        path = "/" + IDS.sub(r"{\1}", route)
        for method in methods_of(view) or ("",):
            yield Listed(
                getattr(view, "row", ""),
                getattr(view, "channel", "page"),
                method,
                path,
                tuple(IDS.findall(route)),
                name,
            )


def _patterns(
    resolver: URLResolver, before: str, spaces: tuple[str, ...]
) -> Iterator[tuple[str, URLPattern, tuple[str, ...]]]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from _patterns(each, route, inner)
        else:
            yield route, each, spaces


def _work() -> Iterator[Listed]:
    for name, work in all_work().items():
        yield Listed(work.row, "work", "", "", (), name)


def _commands() -> Iterator[Listed]:
    for name, app in sorted(get_commands().items()):
        if app.startswith(OURS):
            command = import_module(f"{app}.management.commands.{name}").Command
            yield Listed(getattr(command, "row", ""), "command", "", "", (), name.replace("_", "-"))


def _mails() -> Iterator[Listed]:
    for app in apps.get_app_configs():
        if app.name.startswith(OURS):
            folder = Path(app.path) / "templates"
            for file in sorted(folder.glob("*/email/*.txt")):
                row = ROW.match(file.read_text(encoding="utf-8"))
                name = str(file.relative_to(folder).with_suffix(""))
                yield Listed(row.group(1) if row else "", "mail", "", "", (), name)
