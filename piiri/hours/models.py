"""Hours are a query over attendance, a statement freezes them; what line managers were told of dates."""

from django.db import models

from piiri.base.models import Row, WorkRow
from piiri.enrolments.models import Approval, LineManager
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


class DateDigest(WorkRow):
    """One line manager's mail about dates: due each working morning, sent when something is new."""

    manager = models.OneToOneField(LineManager, on_delete=models.CASCADE, related_name="digest")
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="digests_due")]

    def __str__(self) -> str:
        return f"Digest of {self.manager_id}"


class ToldDate(models.Model):
    """What a line manager was told last of one date of one of their staff, and what before that.

    `thing` is the uid of a meeting or of a session of a joint event; it may be gone by now.
    """

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="told_dates")
    thing = models.CharField(max_length=16)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    before_at = models.DateTimeField(null=True, blank=True)
    before_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # Grows with every change that was told, for calendars.
    sequence = models.PositiveSmallIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["approval", "thing"], name="one_told_date_a_thing")]

    def __str__(self) -> str:
        return f"Told of {self.thing}"
