"""When hours can be stated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HoursRefusal(TextChoices):
    NOBODY = "nobody", _("Nobody of this employer has hours yet, so there is nothing to state.")


def why_not_state(*, lines: int) -> HoursRefusal | None:
    """Return the reason against a statement of so many lines."""
    return None if lines else HoursRefusal.NOBODY
