"""A formation run with its proposal, and the publishing of one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row, WorkRow
from piiri.people.models import Person
from piiri.programmes.models import Programme


class Run(WorkRow, Row):
    """One question to the solver and its answer: a proposal until it is published."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting for its turn")
        RUNNING = "running", _("Looking for groups")
        READY = "ready", _("Ready to look at")
        FAILED = "failed", _("Did not succeed")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="formation_runs")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    seconds = models.PositiveSmallIntegerField(default=10)
    seed = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    progress = models.JSONField(default=dict)
    # By uid: {"assignment": {application: group or null}, "parts": {…}, "reasons": {…}, "windows": {…}}
    proposal = models.JSONField(default=dict)
    failure = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"Formation of {self.programme_id}"


class Publishing(WorkRow, Row):
    """Turning a proposal into memberships, in batches, with an undo until the mails go out."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("Being prepared")
        HOLDING = "holding", _("Published, mails wait")
        PUBLISHING = "publishing", _("Mails are being posted")
        DONE = "done", _("Done")
        UNDONE = "undone", _("Taken back")

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="publishings")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="publishings")
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    hold_until = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=models.Q(state__in=["preparing", "holding", "publishing"]),
                name="one_publishing_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Publishing of {self.run_id}"
