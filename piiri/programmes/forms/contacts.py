"""Whom people of groups can talk to in confidence."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from piiri.people.models import Person, plain_address
from piiri.programmes.models import Programme


class ContactsForm(forms.Form):
    """One of the office, and one person outside the line by their address."""

    first = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        to_field_name="uid",
        label=_("Contact person in the office"),
        help_text=_("Only this person reads what they are asked; colleagues in the office do not."),
        required=False,
        empty_label=_("Whoever has worked in the office longest"),
    )
    second = forms.EmailField(
        label=_("Second contact, outside the line"),
        help_text=_(
            "For example in staff development or occupational health. People choose whom they write to."
            " The person gets a mail; leave this empty if there is nobody."
        ),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "invalid": _("Write the whole address, for example firstname.lastname@city.example.")
        },
    )

    def __init__(self, *args: Any, office: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].queryset = office  # type: ignore[attr-defined]

    def clean_second(self) -> str:
        return plain_address(self.cleaned_data["second"])


def begin_contacts(programme: Programme) -> dict[str, str]:
    """What ContactsForm shows of a programme."""
    first, second = programme.contact_person, programme.second_contact
    return {"first": first.uid if first else "", "second": second.email if second else ""}
