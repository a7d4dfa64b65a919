"""Texts of mails that a programme has written itself: {name} placeholders from a list per kind.

A room's `mails.py` lists its MAILS: which kinds can be written anew, and what each name stands for. A name is
filled in by a piece of template of ours; what somebody in an office types is never a template.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.template import Context, Engine
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

NAME = re.compile(r"\{(\w*)\}")
MOST_SUBJECT, MOST_BODY = 150, 3000


@dataclass(frozen=True)
class Name:
    """What a placeholder stands for: its words for the office, and the template that fills it in."""

    label: str | Promise
    filled_by: str


@dataclass(frozen=True)
class OwnKind:
    """A kind of mail that can be written anew. `sample`: words as they are posted, for a preview."""

    kind: str
    title: str | Promise
    names: Mapping[str, Name]
    sample: Mapping[str, Any]
    has_link: bool = True

    @property
    def code(self) -> str:
        """The kind in an address: its last part."""
        return self.kind.rpartition("/")[2].replace("_", "-")


@dataclass(frozen=True)
class Own:
    """What a programme says in one language: a subject, and paragraphs with empty lines between them."""

    subject: str
    body: str


def all_kinds() -> dict[str, OwnKind]:
    """Every kind that can be written anew, by kind, in the order of the rooms."""
    found = {}
    for app in apps.get_app_configs():
        if app.name.startswith("piiri.") and module_has_submodule(app.module, "mails"):
            for one in import_module(f"{app.name}.mails").MAILS:
                found[one.kind] = one
    return found


def unknown_names(text: str, kind: OwnKind) -> list[str]:
    """Placeholders that stand for nothing, as they were written, each once."""
    return sorted({name for name in NAME.findall(text) if name not in kind.names})


def filled(own: Own, kind: OwnKind, *, words: Mapping[str, Any]) -> Own:
    """The text with its names filled in. A value has no lines of its own but those of a list."""
    told = values_of(kind, words=words)
    subject = NAME.sub(lambda match: one_line(told.get(match.group(1), "")), own.subject)
    return Own(one_line(subject), NAME.sub(lambda match: told.get(match.group(1), ""), own.body))


def values_of(kind: OwnKind, *, words: Mapping[str, Any]) -> dict[str, str]:
    """What each name is filled in with."""
    return {name: fill(one.filled_by, words) for name, one in kind.names.items()}


def with_names(own: Own, values: Mapping[str, str]) -> Own:
    """The other way round: names where their values stand, the longest value first."""
    subject, body = own.subject, own.body
    for name, value in sorted(values.items(), key=lambda one: -len(one[1])):
        subject, body = subject.replace(value, f"{{{name}}}"), body.replace(value, f"{{{name}}}")
    return Own(subject, body)


def fill(template: str, words: Mapping[str, Any]) -> str:
    made = Engine.get_default().from_string(template).render(Context(dict(words), autoescape=False))
    return "\n\n".join(one_line(part) for part in re.split(r"\n\s*\n", made.strip()))


def one_line(text: str) -> str:
    return " ".join(text.split())
