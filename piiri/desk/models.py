"""What the overview of a large programme shows, counted beforehand by the worker."""

from django.db import models

from piiri.programmes.models import Programme


class RollUp(models.Model):
    """The survey of one programme as it stood at `as_of`; rebuilt when something has happened since.

    `seen` is the newest entry of the trail that it knows; `rest_until` spares a large programme from being
    counted all the time. `survey` holds numbers, codes and keys of groups only, no names and no words.
    """

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="roll_up")
    as_of = models.DateTimeField()
    seen = models.BigIntegerField(default=0)
    rest_until = models.DateTimeField()
    groups = models.PositiveIntegerField(default=0)
    survey = models.JSONField(default=dict)
    # By band the keys of its groups in order, for the list that shows all of a band.
    bands = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Survey of {self.programme_id}"
