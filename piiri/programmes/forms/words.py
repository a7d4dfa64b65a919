"""Fields that several forms of the set-up share: texts in languages, days, times, short choices."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from piiri.base.fields import Translations

IN_LANGUAGE = {"fi": _("%(what)s in Finnish"), "sv": _("%(what)s in Swedish"), "en": _("%(what)s in English")}


class Choices(forms.RadioSelect):
    """A few short words beside each other."""

    segmented = True


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Clock(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def in_language(what: Any, code: str) -> str:
    """ "Name" in a language: the label of one of several fields."""
    return str(IN_LANGUAGE[code]) % {"what": what}


class Wording(forms.Form):
    """A form with texts in several languages: fields `title_fi`, `title_sv` and so on."""

    def add_texts(
        self, name: str, label: Any, *, languages: Sequence[str], most: int, long: bool = False
    ) -> None:
        """One field a language, none of them required."""
        for code in languages:
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=in_language(label, code),
                max_length=most,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code})
                if long
                else forms.TextInput({"lang": code}),
            )

    def texts(self, name: str, *, before: Mapping[str, str] | None = None) -> Translations:
        """What was written, over what is there in languages the form does not show."""
        written = {
            field.removeprefix(f"{name}_"): text.strip()
            for field, text in self.cleaned_data.items()
            if field.startswith(f"{name}_")
        }
        return Translations({code: text for code, text in {**(before or {}), **written}.items() if text})

    def bound_texts(self, name: str) -> list[BoundField]:
        return [self[field] for field in self.fields if field.startswith(f"{name}_")]


class MovingRow(Wording):
    """A row of a formset that buttons move up and down; folded under the first text that is written in it."""

    HEADED_BY = "title"

    @property
    def heading(self) -> str:
        """What the folded row is called."""
        names = [str(bound.value() or "") for bound in self.bound_texts(self.HEADED_BY)]
        return next((name for name in names if name), "")

    @property
    def up(self) -> str:
        """What the button says that moves this row up; and the one that moves it down."""
        return f"up:{str(self.prefix).rpartition('-')[2]}"

    @property
    def down(self) -> str:
        return f"down:{str(self.prefix).rpartition('-')[2]}"

    @property
    def is_new(self) -> bool:
        """A row without a name yet, which is shown unfolded."""
        return not self.heading


def begin_texts(name: str, text: Mapping[str, str]) -> dict[str, str]:
    """The initial values of the fields of one text."""
    return {f"{name}_{code}": words for code, words in text.items()}
