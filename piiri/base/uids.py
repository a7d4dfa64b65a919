"""Public ids: sixteen random characters that say nothing."""

import base64
import secrets

LENGTH = 16


def new_uid() -> str:
    """Sixteen random base32 characters (80 bits)."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


class UidConverter:
    """`<uid:group>` in an address."""

    regex = f"[a-z2-7]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)
