"""Hours are a query over attendance; a statement freezes them for one employer."""

from django.db import models

from piiri.base.models import Row
from piiri.networks.models import Organisation
from piiri.people.models import Person
from piiri.programmes.models import Programme


class Statement(Row):
    """The hours of one employer's people in one programme, as they stood at a moment."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="statements")
    employer = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    # Of people of `employer`, or of those who have none. Minutes are as they counted then:
    # [{"person": uid, "name": …, "workplace": …, "role": …, "minutes": n, "events_minutes": n, "cap": n}]
    lines = models.JSONField()

    def __str__(self) -> str:
        return f"Hours of {self.programme_id} at {self.made_at:%Y-%m-%d}"
