"""Line managers by their links, and what they answered."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piiri.base.models import Row, WorkRow
from piiri.enrolments.models.applications import Application
from piiri.programmes.models import Programme


class LineManager(Row):
    """The holder of a signed link for one year of one programme; no account, no person of ours.

    `uid`, `email` and `language` make them a recipient of mail. A new `version` ends the old links.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="line_managers")
    email = models.EmailField()
    name = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=2, default="fi")
    version = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "email"], name="one_line_manager_a_programme")
        ]

    def __str__(self) -> str:
        return self.name or self.email


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def standing(self) -> Self:
        """Not ended: of somebody who still takes part, or wants to."""
        return self.exclude(state=Approval.State.ENDED)

    def stuck(self) -> Self:
        """Asked and unanswered, or not approved: the office may have something to do."""
        return self.filter(state__in=(Approval.State.ASKED, Approval.State.DECLINED))


class Approval(WorkRow, Row):
    """That a line manager was told of a member of staff's hours, or asked once. No answer loses no place.

    `due_at` is the next reminder, or the day on which silence means yes.
    """

    class State(models.TextChoices):
        TOLD = "told", pgettext_lazy("approval", "Told")
        ASKED = "asked", _("Waiting for the manager")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Not approved")
        SILENT = "silent", _("Approved by silence")
        ENDED = "ended", _("No longer needed")

    class Reason(models.TextChoices):
        TIMES = "times", _("The times do not fit the work")
        COVER = "cover", _("No substitute can be found")
        LATER = "later", _("Another year would suit better")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="approvals")
    manager = models.ForeignKey(LineManager, on_delete=models.PROTECT, related_name="approvals")
    state = models.CharField(max_length=8, choices=State)
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Why it is not possible, of a list; nobody has to say.
    reason = models.CharField(max_length=5, choices=Reason, blank=True)
    # How the office knows that the manager agreed, where it said so itself.
    agreed_why = models.CharField(max_length=300, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=~Q(state="ended"), name="one_approval_an_application"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="approvals_due")]

    def __str__(self) -> str:
        return f"Approval of {self.application_id}"
