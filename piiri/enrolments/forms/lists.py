"""Moving somebody in a waiting list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class MoveForm(forms.Form):
    """Where to, 1 being the first, and why; `most` is how many wait."""

    to = forms.IntegerField(label=_("New place in the list"), min_value=1)
    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Kept with the list, for those who may ask why somebody went first."),
    )

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.IntegerField)
        field.max_value = most
        field.widget.attrs |= {"max": most, "class": "input--short"}
        field.help_text = _("1 is the first, %(most)s the last.") % {"most": most}

    def clean_to(self) -> int:
        """No further than the end of the list."""
        return int(min(self.cleaned_data["to"], self.fields["to"].max_value))  # type: ignore[attr-defined]
