"""Pairs of people who are kept apart, and the claims that make it so."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row
from piiri.groups.models.groups import Group
from piiri.people.models import Person
from piiri.programmes.models import Programme


class KeptApart(Row):
    """Two people who must not share a group. Why is never stored here."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        KEPT = "kept", _("Kept apart")
        DISMISSED = "dismissed", _("Dismissed")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="kept_apart")
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=State)
    made_at = models.DateTimeField()
    # Both agreed to share a group all the same, as the office noted.
    consented_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "first", "second"], name="one_kept_apart_pair"),
            models.CheckConstraint(condition=Q(first_id__lt=F("second_id")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class PairClaim(models.Model):
    """Taken by whoever of a kept-apart pair is in the group first; the other's claim fails."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="pair_claims")
    pair = models.ForeignKey(KeptApart, on_delete=models.CASCADE, related_name="claims")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "pair"], name="one_claim_a_pair")]

    def __str__(self) -> str:
        return f"Claim of {self.pair_id} in {self.group_id}"
