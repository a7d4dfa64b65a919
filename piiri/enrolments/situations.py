"""Says where a group stands before it is decided whether it starts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Situation(TextChoices):
    """Most urgent first."""

    SHORT = "short", _("Short of people")
    NO_MENTOR = "no_mentor", _("Without a mentor")
    ASKED = "asked", _("Its members are asked to move")
    READY = "ready", _("Can start")
    EMPTY = "empty", _("Nobody in it")
    RUNNING = "running", _("Running")


def situation(
    *, running: bool, merging: bool, taken: int, least: int, mentors: int, self_run: bool
) -> Situation:
    """Where a living group stands with so many participants, mentors not counted. A pair starts with one."""
    if running:
        return Situation.RUNNING
    if merging:
        return Situation.ASKED
    if not taken:
        return Situation.EMPTY
    if taken < least:
        return Situation.SHORT
    return Situation.READY if mentors or self_run else Situation.NO_MENTOR
