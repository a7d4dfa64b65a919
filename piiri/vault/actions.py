"""Making keys and destroying them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.vault import queries, seal
from piiri.vault.models import Key
from piiri.vault.rules import VaultRefusal


def key_for_writing(holder: str) -> bytes:
    """The holder's key, made now where there is none.

    One statement in the vault's own database, outside the caller's transaction: it waits for
    nothing the caller holds, and of two callers at the same time one key wins and both get it.
    A key left over from a deed that was rolled back does no harm.

    Raises Refused when there is no master key or the holder's key was destroyed.
    """
    try:
        return queries.key_of(holder) or _make_key(holder)
    except (seal.NoMasterKey, seal.NotOpened):
        raise Refused(VaultRefusal.SEALED) from None
    except queries.Destroyed:
        raise Refused(VaultRefusal.DESTROYED) from None


def seal_bytes(content: bytes, *, spot: seal.Spot) -> bytes:
    """Bytes of a file, sealed with the key of the spot's holder. Raises Refused as `key_for_writing` does."""
    return seal.seal_bytes(content, key=key_for_writing(spot.holder), spot=spot)


def have_keys_for_writing(holders: Iterable[str]) -> None:
    """Make the missing keys of many in two statements and keep all in memory, before their texts are sealed.

    Only a help against thousands of statements: what is wrong is told by `key_for_writing`, text by text.
    """
    wanted = set(holders)
    try:
        master = queries.master_key()
    except seal.NoMasterKey:
        return
    master_id = seal.master_id(master)
    known = set(Key.objects.filter(holder__in=wanted).values_list("holder", flat=True))
    rows = [
        Key(holder=holder, wrapped=seal.wrap(seal.new_key(), master=master, holder=holder), master=master_id)
        for holder in sorted(wanted - known)
    ]
    Key.objects.bulk_create(rows, ignore_conflicts=True)
    queries.have_keys_ready(wanted)


def _make_key(holder: str) -> bytes:
    master = queries.master_key()
    wrapped = seal.wrap(seal.new_key(), master=master, holder=holder)
    row = Key(holder=holder, wrapped=wrapped, master=seal.master_id(master))
    Key.objects.bulk_create([row], ignore_conflicts=True)
    key = queries.key_of(holder)
    if key is None:
        raise seal.NotOpened
    return key


@transaction.atomic
def destroy(holder: audit.Named, *, by: audit.Named | None, now: datetime) -> bool:
    """End everything sealed for `holder`, for good; return False where there was no key to destroy.

    A holder without a key gets a destroyed one, so that nothing can be sealed later either.
    Other processes stop opening within a second.
    """
    Key.objects.bulk_create([Key(holder=holder.uid, wrapped=b"", destroyed_at=now)], ignore_conflicts=True)
    standing = Key.objects.filter(holder=holder.uid, destroyed_at=None)
    ended = standing.update(wrapped=b"", destroyed_at=now) == 1
    queries.forget_kept_keys(holder.uid)
    audit.record("key_destroyed", by=by, about=holder, now=now, had_key=ended)
    return ended
