"""One decision of the office about many applications."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row, WorkRow
from piiri.enrolments.models.applications import Application
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.programmes.models import Programme


class Bulk(WorkRow, Row):
    """What the office decided about many applications at once; each line is a decision of its own.

    `words` is the reason that each of them reads in a mail; it is forgotten when all lines are done.
    """

    class Deed(models.TextChoices):
        PLACE = "place", _("Place into a group")
        WAIT = "wait", _("Put on the waiting list")
        OFF = "off", _("Take off the waiting list")
        DECLINE = "decline", _("Say no")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="bulks")
    deed = models.CharField(max_length=7, choices=Deed)
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=600, blank=True)
    ordered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    ordered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(deed="place", group__isnull=False) | (~Q(deed="place") & Q(group=None)),
                name="who_is_placed_is_placed_into_a_group",
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="bulks_due")]

    def __str__(self) -> str:
        return f"{self.deed} in {self.programme_id}"


class BulkLine(models.Model):
    """One application of a bulk, in the order in which they are decided. Open while `outcome` is empty."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        LEFT = "left", _("Left as it was")
        FAILED = "failed", _("Something went wrong")

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="lines")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    # The code of the refusal where it was left as it was.
    why = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "application"], name="one_line_an_application")
        ]
        indexes = [models.Index(fields=["bulk", "outcome"])]

    def __str__(self) -> str:
        return f"{self.application_id} in {self.bulk_id}"
