"""What the overview of a large programme shows, counted beforehand; talks in confidence with the office."""

from django.db import models
from django.db.models import Q

from piiri.base.models import Row, WorkRow
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.programmes.models import Programme
from piiri.vault.fields import SealedField


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


class SupportRequest(WorkRow, Row):
    """Somebody in a group asked a contact person for a talk in confidence. Nobody but these two reads it.

    It has a key of its own. `due_at`: the morning on which the contact is reminded, then the end of the
    promise, after which the other contact is told where the asker allowed that; None once it is answered.
    """

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="support_requests")
    asker = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    may_tell_other = models.BooleanField(default=False)
    reminded_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(asker=models.F("contact")), name="nobody_asks_themselves"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(due_at=None), name="answered_requests_wait_for_nothing"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="support_due")]

    def __str__(self) -> str:
        return self.uid


class SupportLine(Row):
    """What one of the two wrote."""

    request = models.ForeignKey(SupportRequest, on_delete=models.CASCADE, related_name="lines")
    author = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    text = SealedField(holder="request.uid")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.uid
