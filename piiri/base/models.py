"""What tables of all rooms share. Abstract: the cellar has no table of its own."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from piiri.base.uids import new_uid


class Row(models.Model):
    """A row that the world can name: bigint key inside, `uid` outside."""

    uid = models.CharField(max_length=16, unique=True, default=new_uid, editable=False)

    class Meta:
        abstract = True


def free(now: datetime) -> Q:
    """Leased by nobody, or the lease has run out."""
    return Q(leased_until=None) | Q(leased_until__lt=now)


class WorkRow(models.Model):
    """A row that is work: due at a moment, leased while one worker does it, done once.

    `due_at` None means never (given up, or waiting for somebody).
    """

    due_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def renew(self, *, now: datetime, lease: timedelta) -> None:
        """Hold the lease for longer; for work that takes minutes."""
        self.leased_until = now + lease
        self.save(update_fields=["leased_until"])
