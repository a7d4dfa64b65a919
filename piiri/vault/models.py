"""The keys of groups and persons, in a database of their own."""

from django.db import models
from django.db.models import Q


class Key(models.Model):
    """One holder's key, wrapped by the master key. A destroyed key leaves an empty row behind."""

    holder = models.CharField(max_length=16, unique=True)
    wrapped = models.BinaryField()
    master = models.CharField(max_length=16)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(wrapped=b""), name="destroyed_keys_hold_nothing"
            ),
        ]

    def __str__(self) -> str:
        return self.holder
