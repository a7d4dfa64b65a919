"""What the office's overview shows, counted beforehand; nudges; talks in confidence with the office."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piiri.base.models import Row, WorkRow
from piiri.desk.signs import Sign
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
    # The last local day on which signs were looked for, and the last Monday the office was written to.
    looked_on = models.DateField(null=True, blank=True)
    monday_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Survey of {self.programme_id}"


class NudgeQuerySet(models.QuerySet["Nudge"]):
    def open(self) -> Self:
        """The sign still holds."""
        return self.filter(ended_at=None)


class Nudge(Row):
    """A sign of a group: its mentors hear of it first, the office only when it holds for longer.

    Mentors can silence it for a while with a word why; that word is read by the office.
    """

    class Why(models.TextChoices):
        AGREED = "agreed", _("We have agreed on it in the group")
        BUSY = "busy", _("It is a busy time at work")
        SOLVED = "solved", _("It is being settled already")
        OTHER = "other", pgettext_lazy("reason", "Something else")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="nudges")
    sign = models.CharField(max_length=12, choices=Sign)
    opened_at = models.DateTimeField()
    told_mentor_at = models.DateTimeField(null=True, blank=True)
    silenced_until = models.DateTimeField(null=True, blank=True)
    silenced_why = models.CharField(max_length=6, choices=Why, blank=True)
    silenced_word = models.CharField(max_length=200, blank=True)
    told_office_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = NudgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "sign"], condition=Q(ended_at=None), name="one_open_nudge_a_sign"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sign} of {self.group_id}"


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
