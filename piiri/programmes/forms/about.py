"""The first step: where a programme begins, its names and words, whose staff it serves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from piiri.base.fields import Translations
from piiri.networks.models import Organisation
from piiri.people.models import Person, plain_address
from piiri.programmes.forms.words import Choices, Wording, begin_texts
from piiri.programmes.models import Programme
from piiri.programmes.presets import Preset
from piiri.programmes.written import About

LANGUAGES = Person.Language.choices


class BeginForm(forms.Form):
    """Where and from what a new programme begins."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        to_field_name="uid",
        label=_("Whose programme is it?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose whose programme it is.")},
    )
    preset = forms.ChoiceField(
        label=_("What does it begin with?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what the programme begins with. Everything can be changed later.")
        },
    )

    year = forms.TypedChoiceField(label=_("Enrolment opens in"), coerce=int, widget=Choices)

    def __init__(
        self,
        *args: Any,
        organisations: QuerySet[Organisation],
        presets: Sequence[Preset],
        years: Sequence[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["preset"].choices = [(each.code, each) for each in presets]  # type: ignore[attr-defined]
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        if len(organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = organisations[0].uid


class AboutForm(Wording):
    """The first step: names and words, and whose staff is served."""

    languages = forms.MultipleChoiceField(
        label=_("Languages of the programme"),
        help_text=_("Names and themes are asked for in these languages, and only in these."),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )
    employers = forms.ModelMultipleChoiceField(
        queryset=Organisation.objects.none(),
        to_field_name="uid",
        label=_("Whose staff is it for?"),
        help_text=_("A programme may serve several employers."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    takes_private = forms.BooleanField(label=_("Also people who work for private providers"), required=False)
    takes_without_employer = forms.BooleanField(label=_("Also people without an employer"), required=False)
    contact_name = forms.CharField(
        label=_("Whom can people ask?"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    contact_address = forms.EmailField(
        label=_("Address for questions"),
        required=False,
        error_messages={
            "invalid": _("Write the whole address, for example firstname.lastname@city.example.")
        },
    )

    def __init__(self, *args: Any, employers: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employers"].queryset = employers  # type: ignore[attr-defined]
        self.add_texts("title", _("Name"), languages=Translations.ORDER, most=100)
        self.add_texts("lead", _("Introduction"), languages=Translations.ORDER, most=600, long=True)

    def clean(self) -> dict[str, Any]:
        for code in self.cleaned_data.get("languages", []):
            if (
                not self.cleaned_data.get(f"title_{code}", "").strip()
                and f"title_{code}" in self.cleaned_data
            ):
                self.add_error(
                    f"title_{code}", _("Write the name in this language too, or take the language away.")
                )
        return self.cleaned_data

    @property
    def titles(self) -> list[BoundField]:
        return self.bound_texts("title")

    @property
    def leads(self) -> list[BoundField]:
        return self.bound_texts("lead")

    def about(self) -> About:
        told = self.cleaned_data
        return About(
            title=self.texts("title"),
            lead=self.texts("lead"),
            languages=[code for code in Translations.ORDER if code in told["languages"]],
            contact_name=told["contact_name"],
            contact_address=told["contact_address"],
            takes_private=told["takes_private"],
            takes_without_employer=told["takes_without_employer"],
            employers=[organisation.pk for organisation in told["employers"]],
        )


def begin_about(programme: Programme, employers: QuerySet[Organisation]) -> dict[str, Any]:
    """What AboutForm shows of a programme."""
    return {
        **begin_texts("title", programme.title),
        **begin_texts("lead", programme.lead),
        "languages": programme.languages,
        "employers": [organisation.uid for organisation in employers],
        "takes_private": programme.takes_private,
        "takes_without_employer": programme.takes_without_employer,
        "contact_name": programme.contact_name,
        "contact_address": programme.contact_address,
    }


class CoordinatorForm(forms.Form):
    """Whom an administrator gives the role to."""

    email = forms.EmailField(
        label=_("Work e-mail"),
        help_text=_("The person need not have been here before. They get a mail."),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Write the e-mail address."),
            "invalid": _("Write the whole address, for example firstname.lastname@city.example."),
        },
    )

    def clean_email(self) -> str:
        return plain_address(self.cleaned_data["email"])
