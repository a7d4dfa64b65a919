"""The data folder and the key files in it. Knows nothing of Django, which reads its settings from here."""

import os
import secrets
import socket
import sqlite3
from pathlib import Path

from piiri.vault import seal


class Trouble(Exception):
    """Why a command cannot go on: one sentence for whoever typed it."""


def data_folder() -> Path:
    return Path(os.environ.get("PIIRI_DATA") or "data").resolve()


def key_file(name: str, variable: str) -> Path:
    return Path(os.environ.get(variable) or data_folder() / "keys" / name)


def secret_key_file() -> Path:
    return key_file("secret.key", "PIIRI_SECRET_KEY_FILE")


def master_key_file() -> Path:
    return key_file("master.key", "PIIRI_MASTER_KEY_FILE")


def make_ready() -> None:
    """The folder exists and can be written to, and there is a signing key; otherwise Trouble."""
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".writable-{os.getpid()}"
        probe.write_text("")
        probe.unlink()
        (folder / "static").mkdir(exist_ok=True)
        seal.write_new_file(secret_key_file(), secrets.token_urlsafe(50))
    except OSError as error:
        raise Trouble(f"The data folder {folder} cannot be written to ({error.strerror}).") from None


def check_database_files() -> None:
    """SQLite files that exist are whole; otherwise Trouble that names the file."""
    for variable, name in (("PIIRI_DATABASE", "piiri.sqlite3"), ("PIIRI_VAULT_DATABASE", "vault.sqlite3")):
        path = data_folder() / name
        if not os.environ.get(variable) and path.exists():
            check_database_file(path)


def check_database_file(path: Path) -> None:
    try:
        connection = sqlite3.connect(path, timeout=20)
        try:
            sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        finally:
            connection.close()
    except sqlite3.Error:
        sound = False
    if not sound:
        raise Trouble(f"The database file {path} is damaged or is not a database; put a backup in its place.")


def check_port(host: str, port: int) -> None:
    """Nobody listens at `port` yet; otherwise Trouble."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or "no such port"
            raise Trouble(
                f"Port {port} on {host} cannot be used ({why}); choose another with --port."
            ) from None
