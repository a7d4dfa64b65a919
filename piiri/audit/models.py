"""What happened, and the chain that shows that nothing was changed or taken away."""

from typing import Any, Never

from django.db import models


class AppendOnly(Exception):
    """Somebody tried to change or delete what may only be added to."""


class AppendOnlyQuerySet(models.QuerySet["Entry"]):
    def update(self, **kwargs: Any) -> Never:
        raise AppendOnly

    def delete(self) -> Never:
        raise AppendOnly


class Entry(models.Model):
    """One deed. Uids, counts and codes only, and no foreign keys: it outlives what it names."""

    at = models.DateTimeField(db_index=True)
    deed = models.CharField(max_length=60)
    by = models.CharField(max_length=16, blank=True, db_index=True)
    about_kind = models.CharField(max_length=60, blank=True)
    about = models.CharField(max_length=16, blank=True, db_index=True)
    place = models.CharField(max_length=16, blank=True, db_index=True)
    facts = models.JSONField(default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.deed} {self.about}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnly


class Link(models.Model):
    """One link of the chain over the entries.

    `digest` is the entry's own, so that the chain can still be followed after the entry has
    reached the end of its time; `hash` is over the previous link and this one.
    """

    seq = models.BigIntegerField(primary_key=True)
    entry = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq}"
