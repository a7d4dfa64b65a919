"""What is written of an agreement and of goals, cleaned."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.agreements.models import Outcome

LONGEST = 600
ONE_LINE = {"rows": 1, "class": "textarea--line"}


def lines(label: Any, *, required: bool = False, help_text: Any = "", most: int = LONGEST) -> forms.CharField:
    """A text that grows as one writes."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=most,
        widget=forms.Textarea(attrs=dict(ONE_LINE)),
    )


class ClauseForm(forms.Form):
    """A clause. A ready one keeps its title; left empty, it gets its ready words back."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("In a word or two"), max_length=60)
    text = lines(_("The clause"), required=True)

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-take-focus"] = True
        if not is_own:
            del self.fields["title"]
            self.fields["text"].required = False
            self.fields["text"].help_text = _("Left empty, it says the ready words again.")


class NewClauseForm(forms.Form):
    title = forms.CharField(label=_("In a word or two"), max_length=60)
    text = lines(
        _("The clause"), required=True, help_text=_("No names of pupils, children, clients or colleagues.")
    )


class ReadyForm(forms.Form):
    """The text as it was read, and what kind of change it is where a version is in force."""

    edits = forms.IntegerField(widget=forms.HiddenInput)
    change = forms.ChoiceField(
        label=_("What has changed?"),
        choices=[
            ("meaning", _("The meaning: everyone signs again")),
            ("spelling", _("Only the spelling: nobody signs again")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say which of the two it is.")},
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["change"]

    @property
    def is_of_meaning(self) -> bool:
        """Whether a new version begins."""
        return bool(self.cleaned_data.get("change") != "spelling")


class SignForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput)
    read = forms.BooleanField(
        label=_("I have read this and will keep to it"),
        error_messages={"required": _("Tick this once you have read the text.")},
    )


class GoalForm(forms.Form):
    """A goal card: the sentence is needed, the rest helps."""

    sentence = lines(
        _("The goal"),
        required=True,
        most=300,
        help_text=_("It starts with a verb and shows in the working day: what will be different, for whom?"),
    )
    why = lines(_("Why it matters"))
    sign = lines(_("A sign that we are nearer"))
    step = lines(_("The next small step"))


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What became of it?"), choices=Outcome.choices, widget=forms.RadioSelect
    )


class OwnGoalForm(GoalForm):
    """A goal of one's own: with where one stands, and what became of it."""

    sign = lines(_("A sign that I am nearer"))
    scale = forms.TypedChoiceField(
        label=_("Where am I now?"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("No number")), *((number, str(number)) for number in range(11))],
        help_text=_("0 is not begun, 10 is there."),
    )
    outcome = forms.ChoiceField(
        label=_("What became of it?"), required=False, choices=[("", _("Still open")), *Outcome.choices]
    )
