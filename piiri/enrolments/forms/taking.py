"""The form on a group's page: what is in it is known already, or may stay empty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.base.uids import new_uid
from piiri.enrolments.models import Application
from piiri.enrolments.queries import Doorstep
from piiri.enrolments.rules import Missing
from piiri.people.models import plain_address

# A field that people do not see; whoever fills it in is no person.
HONEY = "website"
BEGINNINGS = [("", _("Neither")), *Application.Beginning.choices]
FOLDED = ("job", "beginning", "with_address", "manager_name", "manager_email", "apart")


class Pressed(forms.Form):
    """What comes with every press: the key of the form it was made on."""

    key = forms.RegexField(r"^[a-z2-7]{16}$", widget=forms.HiddenInput)


class AboutForm(forms.Form):
    """What may be told of oneself with an application; all of it optional."""

    beginning = forms.ChoiceField(
        label=_("Are you beginning?"),
        help_text=_("Whoever is goes first on waiting lists."),
        choices=BEGINNINGS,
        required=False,
    )
    with_address = forms.EmailField(
        label=_("E-mail of somebody who wants to come with you"),
        help_text=_("When each of you names the other, you are offered places together."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"invalid": Missing.EMAIL.label},
    )
    manager_name = forms.CharField(label=_("Name of your line manager"), max_length=160, required=False)
    manager_email = forms.EmailField(
        label=_("E-mail of your line manager"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"invalid": Missing.EMAIL.label},
    )
    apart = forms.CharField(
        label=_("Someone I should not be in a group with"),
        help_text=_("One name or address a line. Only the programme office reads it; why is not asked."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_with_address(self) -> str:
        return plain_address(self.cleaned_data["with_address"])

    own_address = ""

    def clean_manager_email(self) -> str:
        return plain_address(self.cleaned_data["manager_email"])

    def clean(self) -> None:
        """Nobody is told by mail that they take part themselves."""
        told, own = self.cleaned_data.get("manager_email"), self.own_address or self.cleaned_data.get("email")
        if told and told == own:
            self.add_error("manager_email", Missing.OWN_ADDRESS.label)


class PlaceForm(Pressed, AboutForm):
    """A press on "Take a place". `step` is the group as the person stands before it."""

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
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": Missing.NAME.label},
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        help_text=_("You confirm it by one press in a mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
        error_messages={"required": Missing.EMAIL.label, "invalid": Missing.EMAIL.label},
    )

    def __init__(
        self, *args: Any, step: Doorstep, own_address: str = "", named: bool = True, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", initial(step))
        super().__init__(*args, **kwargs)
        self.step, self.own_address = step, own_address
        if not step.workplace:
            self.fields["workplace"].widget.attrs["list"] = "units"
        terms = step.programme.rules
        unwanted = [
            ("email", bool(own_address)),
            ("name", bool(own_address) and named),
            # Confidential: it is written down only under a name that has been shown to be theirs.
            ("apart", not own_address),
            ("beginning", not terms.new_first),
            ("manager_name", terms.manager == "off"),
            ("manager_email", terms.manager == "off"),
        ]
        for name, leave_out in unwanted:
            if leave_out:
                del self.fields[name]

    def clean_workplace(self) -> str:
        told: str = self.cleaned_data["workplace"]
        if not told and not self.step.workplace:
            raise forms.ValidationError(Missing.WORKPLACE_NAME.label)
        return told

    def clean_email(self) -> str:
        return plain_address(self.cleaned_data["email"])

    def work(self) -> dict[str, Any]:
        """What `actions.take_place` takes."""
        said = self.cleaned_data
        return {name: said[name] for name in ("workplace", *FOLDED) if said.get(name)}

    @property
    def is_open(self) -> bool:
        """Whether what is folded has to be seen."""
        return any(name in self.errors for name in FOLDED) if self.is_bound else False


def initial(step: Doorstep) -> dict[str, str]:
    """What is known already."""
    known = step.mine or step.known
    told = {"key": new_uid(), "workplace": step.workplace, "job": known.job if known else ""}
    names = ("beginning", "with_address", "manager_name", "manager_email")
    return told | ({name: getattr(step.mine, name) for name in names} if step.mine else {})
