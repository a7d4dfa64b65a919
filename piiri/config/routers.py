"""The key store is a database of its own."""

from django.db import models


class KeysApart:
    """Rows of the vault live in the vault's database, all others never do."""

    def db_for_read(self, model: type[models.Model], **hints: object) -> str:
        return "vault" if model._meta.app_label == "vault" else "default"  # noqa: SLF001

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return (db == "vault") == (app_label == "vault")
