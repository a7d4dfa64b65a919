"""What people write at the doors of this room, cleaned."""

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.people.codes import DIGITS
from piiri.people.models import Person, plain_address

# Each language under its own name, so that one finds it on a page one cannot read.
OWN_NAMES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]


class SignInForm(forms.Form):
    """The one field of the sign-in page."""

    email = forms.EmailField(
        label=_("Work e-mail"),
        help_text=_("We send you a code that works once, for 15 minutes."),
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write the whole address, for example firstname.lastname@city.example."),
        },
    )

    def clean_email(self) -> str:
        return plain_address(self.cleaned_data["email"])


class CodeForm(forms.Form):
    """The code from the mail; blanks and hyphens in it do not matter."""

    code = forms.CharField(
        label=_("Code from the mail"),
        help_text=_("Six digits. Pasting works."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
        error_messages={"required": _("Write the code from the mail.")},
    )

    def clean_code(self) -> str:
        code = "".join(sign for sign in self.cleaned_data["code"] if sign not in " -\u00a0\u2013")
        if len(code) != DIGITS or not code.isascii() or not code.isdigit():
            raise forms.ValidationError(_("The code has six digits. Look at the newest mail and try again."))
        return code


class ReasonForm(forms.Form):
    """Why somebody opens a door that needs a fresh code."""

    reason = forms.CharField(
        label=_("What do you need this for?"),
        help_text=_("One sentence. It is kept, and those whose data it is can be told."),
        min_length=10,
        max_length=300,
        widget=forms.TextInput(),
        error_messages={
            "required": _("Write one sentence about what you need this for."),
            "min_length": _("Write one sentence about what you need this for."),
        },
    )


class AboutMeForm(forms.Form):
    """The name others see and the language pages and mails come in."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As your group and your programme office see it."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Write the name others call you by.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Pages and mails come in this language."),
        choices=OWN_NAMES,
        widget=forms.RadioSelect(),
    )


class LanguageForm(forms.Form):
    """One press on the language switch."""

    language = forms.ChoiceField(choices=Person.Language.choices)
