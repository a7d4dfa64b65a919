"""The second step: the form of all parameters, made from their declarations."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.programmes.forms.words import Choices
from piiri.programmes.parameters import PARAMETERS, Parameter, Rules

SECTIONS: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (
        _("How many participants in a group?"),
        _("Under four there are too few stories; over eight somebody stays silent. Mentors come on top."),
        (
            "guidance",
            "min_to_start",
            "places",
            "ideal_size",
            "mentors",
            "self_run",
            "swap",
            "expected_people",
        ),
    ),
    (
        _("How much time?"),
        "",
        (
            "cap_hours",
            "meeting_minutes",
            "meetings",
            "event_minutes",
            "events_count",
            "rhythm",
            "first_within_days",
            "max_gap_days",
        ),
    ),
    (
        _("What does a group agree on?"),
        _(
            "Each group writes its agreement and its goals in the first meeting. "
            "The office sees how many have signed."
        ),
        ("agreement_by_meeting", "goals_most"),
    ),
    (
        _("How do people find their group?"),
        "",
        ("enrol_way", "order", "new_first", "wish_for", "wishes", "numbers_shown"),
    ),
    (
        _("What if a group is full, or has begun?"),
        "",
        ("waiting_list", "offer_hours", "newcomers"),
    ),
    (
        _("What does the line manager hear?"),
        _("Dates and hours only: never the group, its theme, its mentor or who was there."),
        ("manager", "silence_days"),
    ),
    (
        _("When can a group meet?"),
        _("A group is formed only when all its people and its mentor share a weekly time."),
        ("day_from", "day_to", "common_windows", "windows_wished", "weekends"),
    ),
    (
        _("Mentors, time and money"),
        "",
        (
            "mentor_min_years",
            "mentor_groups",
            "mentor_factor",
            "time_model",
            "hourly_cost",
            "fee",
            "support_answer_days",
            "hold_hours",
        ),
    ),
)
OPEN_SECTIONS = 2
# Numbers this small are counted up and down with buttons where there is script.
MOST_COUNTED = 12
SHORT_WORDS = ("guidance", "rhythm", "wish_for", "manager", "order")


def parameter_field(parameter: Parameter) -> forms.Field:
    """The form field of a parameter, from its declaration."""
    said: dict[str, Any] = {"label": str(parameter.label), "help_text": str(parameter.hint)}
    if parameter.choices:
        widget = Choices() if parameter.name in SHORT_WORDS else forms.RadioSelect()
        return forms.ChoiceField(**said, choices=parameter.choices, widget=widget)
    if isinstance(parameter.default, bool):
        return forms.BooleanField(**said, required=False)
    return forms.IntegerField(
        **said,
        min_value=parameter.low,
        max_value=parameter.high,
        widget=forms.NumberInput({"class": "input", "inputmode": "numeric"}),
        error_messages={
            "required": _("Write a number."),
            "invalid": _("Write a whole number."),
            "min_value": _("The smallest number here is %(limit_value)s."),
            "max_value": _("The largest number here is %(limit_value)s."),
        },
    )


class RulesForm(forms.Form):
    """All parameters of a programme, made from their declarations."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for parameter in PARAMETERS.values():
            self.fields[parameter.name] = parameter_field(parameter)

    def sections(self) -> list[dict[str, Any]]:
        """Parameters as the page groups them; numbers beside each other share a line.

        The first two sections decide what a year is; the others are folded until something is wrong in them.
        """
        return [
            {
                "title": title,
                "hint": hint,
                "lines": self._lines(names),
                "folded": number >= OPEN_SECTIONS,
                "wrong": any(self[name].errors for name in names),
            }
            for number, (title, hint, names) in enumerate(SECTIONS)
        ]

    def _lines(self, names: Sequence[str]) -> list[list[dict[str, Any]]]:
        rows = [self._shown(name) for name in names]
        return [
            list(line) for _key, line in groupby(rows, key=lambda row: row["number"] or row["bound"].name)
        ]

    def _shown(self, name: str) -> dict[str, Any]:
        parameter, widget = PARAMETERS[name], self.fields[name].widget
        return {
            "bound": self[name],
            "unit": parameter.unit,
            "number": isinstance(widget, forms.NumberInput),
            "counts": isinstance(widget, forms.NumberInput) and (parameter.high or 0) <= MOST_COUNTED,
            "segmented": isinstance(widget, Choices),
        }

    def rules(self, before: Rules) -> Rules:
        """The parameters that could be read, over those there were before."""
        good = {name: value for name, value in self.cleaned_data.items() if name in PARAMETERS}
        return Rules(**{name: good.get(name, getattr(before, name)) for name in PARAMETERS})
