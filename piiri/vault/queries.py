"""Finding the key of a holder. Kept in memory for less than a second, so a destroyed key ends soon."""

import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from piiri.vault import seal
from piiri.vault.models import Key

KEEP_SECONDS = 0.8

_kept: dict[str, tuple[float, bytes]] = {}
_master: dict[tuple[Path, int], bytes] = {}


class Destroyed(Exception):
    """The holder's key was destroyed; what it sealed is gone."""


def master_key() -> bytes:
    """The master key, read again whenever its file changes. Raises seal.NoMasterKey."""
    path = Path(settings.MASTER_KEY_FILE)
    try:
        version = (path, path.stat().st_mtime_ns)
    except OSError:
        raise seal.NoMasterKey from None
    if version not in _master:
        found = seal.read_master_key(path)
        _master.clear()
        _master[version] = found
    return _master[version]


def key_of(holder: str) -> bytes | None:
    """The holder's key; None where none was ever made.

    Raises Destroyed, seal.NoMasterKey, or seal.NotOpened where another master key wrapped it.
    """
    master = master_key()
    kept = _kept.get(holder)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    row = Key.objects.filter(holder=holder).first()
    return _keep(row, master) if row else None


def open_bytes(sealed: bytes, *, spot: seal.Spot) -> bytes:
    """Bytes of a file, as `actions.seal_bytes` sealed them for this spot.

    Raises Destroyed, seal.NoMasterKey, or seal.NotOpened where they were moved or changed.
    """
    key = key_of(spot.holder)
    if key is None:
        raise seal.NotOpened
    return seal.unseal_bytes(sealed, key=key, spot=spot)


def have_keys_ready(holders: Iterable[str]) -> None:
    """Fetch many keys in one query, before a page opens texts of many holders."""
    try:
        master = master_key()
        for row in Key.objects.filter(holder__in=set(holders), destroyed_at=None):
            _keep(row, master)
    except (seal.NoMasterKey, seal.NotOpened):
        return


def _keep(row: Key, master: bytes) -> bytes:
    if row.destroyed_at:
        raise Destroyed
    key = seal.unwrap(bytes(row.wrapped), master=master, holder=row.holder)
    if len(_kept) > 5000:
        _kept.clear()
    _kept[row.holder] = (time.monotonic() + KEEP_SECONDS, key)
    return key


def forget_kept_keys(holder: str | None = None) -> None:
    """Drop what this process keeps in memory, of one holder or of all."""
    if holder is None:
        _kept.clear()
        _master.clear()
    else:
        _kept.pop(holder, None)
