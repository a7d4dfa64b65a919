"""What needs a yes of everybody whom it concerns."""

from django.db import models

from piiri.groups.models.groups import Mentorship
from piiri.people.models import Person


class Assent(models.Model):
    """One person's yes to something about a mentorship; what was asked happens once everybody has said it."""

    class About(models.TextChoices):
        # What was said in the group before this mentor came opens to them.
        HISTORY = "history"
        # The two of a pair change roles.
        SWAP = "swap"

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="assents")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=7, choices=About)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "person", "about"], name="one_yes_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.about}: yes of {self.person_id}"
