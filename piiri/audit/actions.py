"""Noting a deed, and linking what was noted into the chain."""

import re
from datetime import datetime
from typing import Protocol

from django.db import IntegrityError, models, transaction

from piiri.audit import chain, queries
from piiri.audit.models import Entry, Link
from piiri.base.prepared import PreparedInsert

INSERT = PreparedInsert(Entry)
CODE = re.compile(r"[\w.:+/-]{0,64}")


class Named(Protocol):
    """Anything with a uid: a person, a row."""

    uid: str


def record(
    deed: str, *, by: Named | None, about: Named | None, now: datetime, place: str = "", **facts: object
) -> Entry:
    """Note that `by` did `deed` to `about`, in the transaction of the deed itself.

    `by` None: nobody in particular, a night job or a visitor. `place` is the uid of the group,
    programme or organisation it happened in. `facts` are uids, codes, counts or lists of them;
    anything that looks like an address or a text is a ValueError.
    """
    for name, value in facts.items():
        check_fact(name, value=value)
    entry = Entry(
        at=now,
        deed=deed,
        by=by.uid if by else "",
        about_kind=str(about._meta) if isinstance(about, models.Model) else "",  # noqa: SLF001
        about=about.uid if about else "",
        place=place,
        facts=facts,
    )
    INSERT.run(entry)
    return entry


def check_fact(name: str, *, value: object) -> None:
    """Let uids, codes and counts pass; raise ValueError at everything else, without repeating it."""
    for item in value if isinstance(value, list | tuple) else [value]:
        if not (
            item is None or isinstance(item, int | float) or (isinstance(item, str) and CODE.fullmatch(item))
        ):
            raise ValueError(f"the fact {name} is not an id, a code or a count")


def link_entries(*, now: datetime) -> int:
    """Link everything not linked yet; return how many were linked.

    Any number of workers may try: the sequence is unique, so of two at the same time one links
    and the other links nothing.
    """
    try:
        return link_batch()
    except IntegrityError:
        return 0


@transaction.atomic
def link_batch() -> int:
    """One batch, in the order of the entries' ids; an entry that committed late comes later in the chain."""
    last = queries.last_link()
    seq, previous, after = (
        (last.seq, last.hash, last.entry - queries.LATE_COMMITS) if last else (0, chain.START, 0)
    )
    links = []
    for entry in queries.unlinked(after=after)[: queries.BATCH]:
        seq += 1
        digest = chain.digest(queries.fields_of(entry))
        previous = chain.follow(previous, seq=seq, entry=entry.pk, at=entry.at, digest=digest)
        links.append(Link(seq=seq, entry=entry.pk, at=entry.at, digest=digest, hash=previous))
    Link.objects.bulk_create(links)
    return len(links)
