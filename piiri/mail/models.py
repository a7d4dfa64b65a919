"""Messages waiting for delivery, texts that programmes have written, and what a demo keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row, WorkRow


class Message(WorkRow, Row):
    """One mail to one person. What it says is kept until it is delivered and no longer.

    `again`: must arrive, so it is sent again when a worker died while sending. Otherwise it must
    not repeat, and what a worker died over is DOUBTFUL and never sent again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DOUBTFUL = "doubtful", _("Perhaps sent")
        FAILED = "failed", _("Undelivered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    again = models.BooleanField(default=True)
    # Whose words it is said in, where the programme has written its own.
    programme_uid = models.CharField(max_length=16, blank=True)
    person_uid = models.CharField(max_length=16, db_index=True)
    about_uid = models.CharField(max_length=16, blank=True, db_index=True)
    language = models.CharField(max_length=5)
    address = models.EmailField(blank=True)
    words = models.JSONField(default=dict)
    link = models.CharField(max_length=500, blank=True)
    ics = models.TextField(blank=True)
    posted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="mail_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class MailText(models.Model):
    """How one programme says one kind of mail in one language; without a row it is said as everywhere."""

    programme_uid = models.CharField(max_length=16)
    kind = models.CharField(max_length=100)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=150)
    body = models.TextField(max_length=3000)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme_uid", "kind", "language"], name="one_text_a_kind_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language} of {self.programme_uid}"


class DemoCopy(Row):
    """A mail as it would have been delivered; written in a demo only."""

    address = models.EmailField(db_index=True)
    language = models.CharField(max_length=5)
    kind = models.CharField(max_length=100)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    ics = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.uid
