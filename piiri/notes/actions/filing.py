"""Putting a file into the group: sealed piece by piece, as rows that every web process can read."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.notes import queries, rules
from piiri.notes.actions.writing import add
from piiri.notes.models import PIECE, Line, Piece
from piiri.people.models import Person
from piiri.vault import actions as vault


@transaction.atomic
def put_file(group: Group, *, name: str, content: bytes, by: Person, now: datetime) -> Line:
    """Keep a file under a sealed name. All of it or nothing is there, whenever the process dies.

    Raises Refused: NO_FILE, TOO_LARGE, GROUP_FULL, ENDED, or VaultRefusal.
    """
    # Two files at once must not both fit into the last megabytes.
    Group.objects.select_for_update().get(pk=group.pk)
    if reason := rules.why_not_put(size=len(content), used=queries.used_bytes(group)):
        raise Refused(reason)
    line = add(Line(group=group, kind=Line.Kind.FILE, text=name, size=len(content)), by=by, now=now)
    for number, start in enumerate(range(0, len(content), PIECE)):
        piece = content[start : start + PIECE]
        sealed = vault.seal_bytes(piece, spot=queries.spot_of(line, number))
        Piece.objects.create(line=line, number=number, sealed=sealed)
    audit.record("file_put_in", by=by, about=line, now=now, place=group.uid, size=line.size)
    return line
