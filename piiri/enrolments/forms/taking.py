"""The form on a group's page: everything in it is known already or may stay empty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.enrolments.models import Application
from piiri.enrolments.rules import Missing

# A field that people do not see; who fills it in is no person.
HONEY = "website"
BEGINNINGS = [("", _("Neither")), *Application.Beginning.choices]


class PressForm(forms.Form):
    """A press on "Take a place"."""

    key = forms.RegexField(r"^[a-z2-7]{16}$", widget=forms.HiddenInput)
    workplace = forms.CharField(
        label=_("Workplace"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    job = forms.CharField(
        label=_("Job"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    beginning = forms.ChoiceField(
        label=_("Are you beginning?"),
        help_text=_("Where there is a waiting list, this may let you go first."),
        choices=BEGINNINGS,
        required=False,
    )

    def __init__(self, *args: Any, known: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def clean_workplace(self) -> str:
        told: str = self.cleaned_data["workplace"]
        if not told and not self.known:
            raise forms.ValidationError(Missing.WORKPLACE_NAME.label)
        return told
