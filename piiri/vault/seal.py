"""Sealing and opening: AES-256-GCM, bound to the place where the text belongs. Knows no rows."""

import base64
import hashlib
import os
import secrets
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
NONCE = 12


class NotOpened(Exception):
    """The bytes do not open: another key, another place, or changed."""


class NoMasterKey(Exception):
    """The master key file is missing, unreadable or not 32 bytes."""


class Spot(NamedTuple):
    """Where a sealed text belongs; sealed for one spot, it opens nowhere else."""

    holder: str
    model: str
    uid: str
    field: str

    def bound(self, version: int) -> bytes:
        return "|".join((*self, str(version))).encode()


def new_key() -> bytes:
    return secrets.token_bytes(32)


def seal(text: str, *, key: bytes, spot: Spot) -> bytes:
    """The text as sealed bytes."""
    return seal_bytes(text.encode(), key=key, spot=spot)


def unseal(sealed: bytes, *, key: bytes, spot: Spot) -> str:
    """The text, or NotOpened."""
    return unseal_bytes(sealed, key=key, spot=spot).decode()


def seal_bytes(content: bytes, *, key: bytes, spot: Spot) -> bytes:
    """Version byte, nonce, ciphertext with tag. The same content never gives the same bytes."""
    nonce = secrets.token_bytes(NONCE)
    return bytes([VERSION]) + nonce + AESGCM(key).encrypt(nonce, content, spot.bound(VERSION))


def unseal_bytes(sealed: bytes, *, key: bytes, spot: Spot) -> bytes:
    """The content, or NotOpened."""
    if len(sealed) <= NONCE or sealed[0] != VERSION:
        raise NotOpened
    try:
        return AESGCM(key).decrypt(sealed[1 : NONCE + 1], sealed[NONCE + 1 :], spot.bound(VERSION))
    except InvalidTag:
        raise NotOpened from None


def wrap(key: bytes, *, master: bytes, holder: str) -> bytes:
    """A holder's key, sealed with the master key and bound to the holder."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(master).encrypt(nonce, key, f"key|{holder}".encode())


def unwrap(wrapped: bytes, *, master: bytes, holder: str) -> bytes:
    """The holder's key, or NotOpened."""
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE], wrapped[NONCE:], f"key|{holder}".encode())
    except (InvalidTag, ValueError):
        raise NotOpened from None


def master_id(master: bytes) -> str:
    """A short name of a master key that says nothing about it."""
    return hashlib.sha256(b"piiri master key" + master).hexdigest()[:16]


def read_master_key(path: Path) -> bytes:
    """The 32 bytes that `path` holds in base64, or NoMasterKey."""
    try:
        master = base64.b64decode(path.read_bytes().strip(), validate=True)
    except (OSError, ValueError):
        raise NoMasterKey from None
    if len(master) != 32:
        raise NoMasterKey
    return master


def write_new_file(path: Path, content: str) -> bool:
    """Write a file that only its owner can read; return False and leave it alone where one exists."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def write_master_key(path: Path) -> bool:
    """Make a master key of 32 random bytes; never replaces one."""
    return write_new_file(path, base64.b64encode(new_key()).decode())
