"""A refusal has a name."""

from django.db.models import TextChoices


class Refused(Exception):
    """A deed was refused for a reason that can be told: a member of some room's TextChoices.

    Its label is the sentence the person reads; its value the code that tests and the API see.
    `details` are ids or numbers for the caller, never for the sentence.
    """

    def __init__(self, reason: TextChoices, **details: object) -> None:
        super().__init__(str(reason.value))
        self.reason = reason
        self.details = details

    @property
    def sentence(self) -> str:
        return str(self.reason.label)
