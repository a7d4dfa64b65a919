"""What administrators write, cleaned."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.base.fields import Translations
from piiri.networks.models import Organisation
from piiri.people.models import plain_address


class NameForm(forms.Form):
    """A name in up to three languages; one is enough."""

    name_fi = forms.CharField(
        label=_("Name in Finnish"), help_text=_("One language is enough."), max_length=120, required=False
    )
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=120, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        told = {code: self.cleaned_data.pop(f"name_{code}", "") for code in Translations.ORDER}
        self.cleaned_data["name"] = Translations({code: text for code, text in told.items() if text})
        if not self.cleaned_data["name"]:
            self.add_error("name_fi", _("Write the name in at least one language."))
        return self.cleaned_data


def names(name: Translations) -> dict[str, str]:
    """The name as the fields of NameForm begin with it."""
    return {f"name_{code}": name.get(code, "") for code in Translations.ORDER}


class DescribeForm(NameForm):
    """The texts an organisation's administrators keep."""

    contact_address = forms.EmailField(
        label=_("Address of the programme office"),
        help_text=_("Where people write with questions."),
        required=False,
    )


class NewOrganisationForm(DescribeForm):
    """A new organisation of a network."""

    slug = forms.SlugField(
        label=_("Short name"),
        help_text=_("Small letters and hyphens; it stands in the addresses of pages and stays for good."),
        max_length=60,
    )
    kind = forms.ChoiceField(label=_("What is it?"), choices=Organisation.Kind.choices)

    field_order = ["name_fi", "name_sv", "name_en", "slug", "kind", "contact_address"]

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


class UnitForm(forms.Form):
    """A workplace."""

    name = forms.CharField(label=_("Name of the unit"), max_length=150)
    area = forms.CharField(label=_("Area"), help_text=_("For example East."), max_length=80, required=False)


class AdministratorForm(forms.Form):
    """Whom to give the role."""

    email = forms.EmailField(
        label=_("E-mail of the new administrator"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "invalid": _("Write the whole address, for example firstname.lastname@city.example.")
        },
    )

    def clean_email(self) -> str:
        return plain_address(self.cleaned_data["email"])
