"""Who must not share a group: as people say it of themselves, and as the office writes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.enrolments import named
from piiri.people.models import Person, plain_address


class ConflictsForm(forms.Form):
    """Names or addresses, one a line. What becomes of them is told to nobody."""

    apart = forms.CharField(
        label=_("Someone I should not be in a group with"),
        help_text=_("A name or an address, one a line, at most five. Why is not asked."),
        max_length=named.MOST_LINES * (named.LONGEST + 2),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write a name or an address, or leave the page as it is.")},
    )


class BecomeManagerForm(forms.Form):
    """Which colleague of the group it is. Who manages whom is neither asked nor kept."""

    who = forms.ModelChoiceField(
        label=_("Who is it?"),
        queryset=Person.objects.none(),
        to_field_name="uid",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who it is."), "invalid_choice": _("Choose who it is.")},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = people  # type: ignore[attr-defined]


class MeantForm(forms.Form):
    """Who is meant by a line, by address."""

    email = forms.EmailField(
        label=_("Address of whom it means"),
        error_messages={
            "required": _("Write the address of whom it means, or put the line away."),
            "invalid": _("Write the whole address, for example firstname.lastname@city.example."),
        },
    )

    def clean_email(self) -> str:
        return plain_address(self.cleaned_data["email"])


class PairForm(forms.Form):
    """Two people who must not share a group, by address. No reason is asked."""

    first = forms.EmailField(label=_("Address of one"))
    second = forms.EmailField(label=_("Address of the other"))

    def clean(self) -> dict[str, Any]:
        return {name: plain_address(value) for name, value in self.cleaned_data.items()}
