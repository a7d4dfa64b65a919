"""Forms of the room: what the office wishes for, and whom to move where."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from piiri.formation import rules, weighing

MOST_AT_ONCE = 60
NOWHERE = "none"


class WishesForm(forms.Form):
    """How much each of the office's wishes counts, 0 to 4; what is not said counts as usual."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in weighing.WISHES.items():
            look = {"type": "range", "min": 0, "max": 4, "step": 1, "list": "wish-words"}
            self.fields[name] = forms.IntegerField(
                label=str(label),
                required=False,
                min_value=0,
                max_value=4,
                initial=weighing.USUAL,
                widget=forms.NumberInput(attrs=look),
            )

    @property
    def wishes(self) -> dict[str, int]:
        """By name; of a form that is valid."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class ManyField(forms.Field):
    """Any number of values under one name, each once."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(value or ()))


class PeopleForm(forms.Form):
    """Some people of a proposal, and the version of it that was looked at."""

    person = ManyField(error_messages={"required": _("Choose at least one person.")})
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_person(self) -> list[str]:
        people: list[str] = self.cleaned_data["person"]
        if len(people) > MOST_AT_ONCE:
            too_many = ngettext_lazy(
                "At most %(n)s person can be moved at once.",
                "At most %(n)s people can be moved at once.",
                MOST_AT_ONCE,
            )
            raise forms.ValidationError(str(too_many) % {"n": MOST_AT_ONCE})
        return people

    def clean_seen(self) -> int:
        """No version is one that nobody has seen."""
        seen: int | None = self.cleaned_data["seen"]
        return -1 if seen is None else seen


class MoveForm(PeopleForm):
    """Whom to move, to which group or to none, and why."""

    to = forms.CharField(
        max_length=40, widget=forms.HiddenInput, error_messages={"required": _("Choose where to.")}
    )
    reason = forms.CharField(
        label=_("A reason, for the record"),
        help_text=_("Only the office reads it."),
        required=False,
        max_length=rules.LONGEST_REASON,
    )

    @property
    def moves(self) -> dict[str, str | None]:
        """As actions.move takes them; of a form that is valid."""
        to = self.cleaned_data["to"]
        return dict.fromkeys(self.cleaned_data["person"], None if to == NOWHERE else to)


class LockForm(PeopleForm):
    """Whose places to lock, or to unlock."""

    locked = forms.BooleanField(required=False)
