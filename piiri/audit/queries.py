"""Reading the trail: what is not linked yet, and whether the chain holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from piiri.audit import chain
from piiri.audit.models import Entry, Link

KEPT = timedelta(days=730)
LATE_COMMITS = 20_000
BATCH = 1000


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold. `why`: gap, changed_link, changed_entry or missing_entry."""

    seq: int
    entry: int
    why: str


def last_link() -> Link | None:
    """The head of the chain; None before the first entry was linked."""
    return Link.objects.order_by("-seq").first()


def unlinked(*, after: int = 0) -> QuerySet[Entry]:
    """Entries without a link, oldest first. `after` is an entry's id below which nobody looks."""
    links = Link.objects.filter(entry=OuterRef("pk"))
    return Entry.objects.filter(~Exists(links), pk__gt=after).order_by("pk")


def fields_of(entry: Entry) -> dict[str, object]:
    """What the chain vouches for."""
    names = ("at", "deed", "by", "about_kind", "about", "place", "facts")
    return {"id": entry.pk} | {name: getattr(entry, name) for name in names}


def links_with_entries() -> Iterator[tuple[Link, Entry | None]]:
    """All links in order, each with its entry or None; in batches, so of any length."""
    seq = 0
    while links := list(Link.objects.filter(seq__gt=seq).order_by("seq")[:BATCH]):
        entries = Entry.objects.in_bulk([link.entry for link in links])
        for link in links:
            yield link, entries.get(link.entry)
        seq = links[-1].seq


def first_broken_link(*, now: datetime) -> Broken | None:
    """The first place where the chain does not hold, or None.

    An entry older than KEPT may be gone (it reached the end of its time); a younger one may not.
    """
    previous, expected = chain.START, 1
    for link, entry in links_with_entries():
        if why := why_broken(link, entry, previous=previous, expected=expected, now=now):
            return Broken(link.seq, link.entry, why)
        previous, expected = link.hash, expected + 1
    return None


def why_broken(link: Link, entry: Entry | None, *, previous: str, expected: int, now: datetime) -> str:
    """Why a link does not follow from the previous hash, or nothing when it does."""
    if link.seq != expected:
        return "gap"
    made = chain.follow(previous, seq=link.seq, entry=link.entry, at=link.at, digest=link.digest)
    if made != link.hash:
        return "changed_link"
    if entry is None:
        return "missing_entry" if link.at > now - KEPT else ""
    return "" if chain.digest(fields_of(entry)) == link.digest else "changed_entry"
