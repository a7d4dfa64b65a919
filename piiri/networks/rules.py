"""What may be changed in an organisation, and who may be given a role."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.networks.models import Organisation


class NetworkRefusal(TextChoices):
    SUSPENDED = (
        "suspended",
        _("This organisation is suspended. Until its network opens it again, nothing changes."),
    )
    ONESELF = "oneself", _("Nobody gives or takes away their own role. Ask another administrator.")
    SLUG_TAKEN = "slug_taken", _("Another organisation has this short name already. Choose another one.")
    NAME_TAKEN = "name_taken", _("There is a unit of this name already.")


def why_not_change(organisation: Organisation) -> NetworkRefusal | None:
    """Return SUSPENDED while the organisation is, else None."""
    return NetworkRefusal.SUSPENDED if organisation.suspended_at else None


def why_not_give_role(organisation: Organisation, *, to_oneself: bool) -> NetworkRefusal | None:
    """Return the first reason against giving or taking away a role, or None."""
    if to_oneself:
        return NetworkRefusal.ONESELF
    return why_not_change(organisation)
