"""Why a text cannot be sealed or opened, in words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VaultRefusal(models.TextChoices):
    SEALED = (
        "sealed",
        _("Confidential text cannot be saved at the moment. Nothing was changed; please try later."),
    )
    DESTROYED = (
        "destroyed",
        _("What this group or person wrote was destroyed for good; nothing can be added."),
    )


SEALED = _("Sealed for the moment.")
DESTROYED = _("This text was destroyed.")
