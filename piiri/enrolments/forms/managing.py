"""What the office looks for among those who wait for a line manager, and how it knows of a yes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.enrolments.models import Approval


class ManagersForm(forms.Form):
    """A name, an address, a state; nothing chosen shows whoever is stuck."""

    q = forms.CharField(label=_("Name or address"), max_length=80, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [choice for choice in Approval.State.choices if choice[0] != Approval.State.ENDED]
        self.fields["state"].choices = [("", _("Stuck")), *states]  # type: ignore[attr-defined]


class AgreementForm(forms.Form):
    """How the office knows that the line manager agrees; it stays on record."""

    why = forms.CharField(
        label=_("How you know"),
        help_text=_("For example: said so on the phone on Monday. It stays on record."),
        min_length=5,
        max_length=300,
        error_messages={
            "required": _("Write how you know; it stays on record."),
            "min_length": _("Write how you know; it stays on record."),
        },
    )
