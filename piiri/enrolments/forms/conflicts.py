"""Who must not share a group: as the office writes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.people.models import plain_address


class PairForm(forms.Form):
    """Two people who must not share a group, by address. No reason is asked."""

    first = forms.EmailField(label=_("Address of one"))
    second = forms.EmailField(label=_("Address of the other"))

    def clean(self) -> dict[str, Any]:
        return {name: plain_address(value) for name, value in self.cleaned_data.items()}
