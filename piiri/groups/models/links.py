"""Links into one group, and that somebody left one."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from piiri.base import signed
from piiri.base.models import Row
from piiri.groups.models.groups import Group
from piiri.people.models import Person
from piiri.programmes.models import Programme


class JoinLink(Row):
    """An address that lets people join one group, until it ends or is used up; signed, never kept."""

    PURPOSE = "piiri.groups.join"

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="join_links")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    uses_at_most = models.PositiveSmallIntegerField(default=12)
    uses = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses__lte=F("uses_at_most")), name="join_links_are_used_up")
        ]

    def __str__(self) -> str:
        return f"Link into {self.group_id}"

    @property
    def signature(self) -> str:
        """What stands behind the uid in the link's address."""
        return signed.signature(self.PURPOSE, self.uid)


class Leaving(models.Model):
    """That somebody left a running group and why, without who or where: the office sees numbers only."""

    class Reason(models.TextChoices):
        TIME = "time", _("The times did not fit")
        WORKLOAD = "workload", _("Too much else at work")
        JOB = "job", _("A new job or a leave")
        THEME = "theme", _("The theme was not mine")
        GROUP = "group", _("The group was not right for me")
        PRIVATE = "private", _("Something else")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="leavings")
    reason = models.CharField(max_length=8, choices=Reason)
    left_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.reason} in {self.programme_id}"
