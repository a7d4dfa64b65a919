"""Lines of the office's lists, drawn once and kept: forty of them cost more than all the rest of a page."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


class GroupFace(NamedTuple):
    """What the line of a group looks like; equal faces look equal. `language` is the reader's."""

    language: str
    uid: str
    name: str
    seats: str
    why: str
    tone: str
    mentors: str
    taken: int
    last_at: datetime | None
    next_at: datetime | None
    zone: str
    minutes: int


class PersonFace(NamedTuple):
    """What the line of a person looks like. `groups` are (uid, name)."""

    language: str
    name: str
    email: str
    workplace: str
    state: str
    groups: tuple[tuple[str, str], ...]
    minutes: int


@lru_cache(maxsize=4000)
def drawn(face: GroupFace | PersonFace) -> SafeString:
    """One line as HTML."""
    template = "desk/group_row.html" if isinstance(face, GroupFace) else "desk/person_row.html"
    return mark_safe(render_to_string(template, face._asdict()))  # noqa: S308
