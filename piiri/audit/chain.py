"""The arithmetic of the chain: what is hashed, and how one link follows from the last."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


def digest(fields: dict[str, Any]) -> str:
    """SHA-256 over the canonical form of a row: sorted keys, no spaces, moments in UTC."""
    plain = {name: moment(value) if isinstance(value, datetime) else value for name, value in fields.items()}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def follow(previous: str, *, seq: int, entry: int, at: datetime, digest: str) -> str:
    """The hash of the link that comes after the one whose hash is `previous`."""
    return hashlib.sha256(f"{previous}|{seq}|{entry}|{moment(at)}|{digest}".encode()).hexdigest()


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
