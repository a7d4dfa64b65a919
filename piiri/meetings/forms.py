"""What is written about a meeting, cleaned."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from piiri.base import dates
from piiri.meetings.models import Meeting
from piiri.meetings.rules import LATE, LONGEST, lengths
from piiri.methods import queries as methods

# The name of a half hour in the form of a poll.
MARK = re.compile(r"h[0-9]{1,4}")
MOST_DATES = 30
WRITE_DAY = {"required": _("Choose a day."), "invalid": _("Write the day as in 2027-01-26.")}
# Years at the very end of the calendar cannot be reckoned with.
SANE = [
    MinValueValidator(date(1970, 1, 1), message=WRITE_DAY["invalid"]),
    MaxValueValidator(date(2200, 1, 1), message=WRITE_DAY["invalid"]),
]
WRITE_TIME = {"required": _("Choose a time."), "invalid": _("Write the time as in 14:30.")}


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A plain date input; every browser brings its calendar."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=widget,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages=WRITE_DAY,
        validators=SANE,
    )


def time_field(label: Any, *, required: bool = True) -> forms.TimeField:
    """A plain time input."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(
        label=label,
        required=required,
        widget=widget,
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages=WRITE_TIME,
    )


def length_choices(usual: int) -> list[tuple[int, str]]:
    return [(minutes, dates.hours(minutes)) for minutes in lengths(usual=usual)]


class FactsForm(forms.Form):
    """Length and form: of a meeting to come and of its record."""

    minutes = forms.TypedChoiceField(label=_("Length"), coerce=int)
    form = forms.ChoiceField(label=_("Form"), choices=Meeting.Form.choices)

    def __init__(self, *args: Any, usual: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = length_choices(usual)  # type: ignore[attr-defined]


class MeetingForm(FactsForm):
    """When, where and what about. Title and link are read in the group only."""

    on = day_field(_("Day"))
    at = time_field(_("Starts at"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    title = forms.CharField(
        label=_("What about"),
        max_length=160,
        required=False,
        help_text=_("Your group reads this. The office cannot open it, and it stands in no mail."),
    )
    link = forms.URLField(
        label=_("Link to the online meeting"),
        required=False,
        assume_scheme="https",
        help_text=_("Your group reads this. It stands in no mail and no calendar."),
        error_messages={"invalid": _("Write the whole address, as in https://…")},
    )

    field_order = ("on", "at", "minutes", "form", "place", "title", "link")


class RecordForm(FactsForm):
    """The record without content: who came, how long, how. Only people of the group can be ticked."""

    came = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    method = forms.ChoiceField(label=_("Method"), required=False)
    next_on = day_field(_("Next meeting, if agreed"), required=False)
    next_at = time_field(_("It starts at"), required=False)
    support_wanted = forms.BooleanField(
        label=_("We would like support from the programme office"), required=False
    )

    def __init__(self, *args: Any, people: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["came"].choices = [(uid, uid) for uid in people]  # type: ignore[attr-defined]
        names = sorted(methods.method_names().items(), key=lambda item: item[1])
        self.fields["method"].choices = [("", _("No method")), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("next_on") and not said.get("next_at") and "next_at" not in self.errors:
            self.add_error("next_at", _("Write when the next meeting starts, or leave out its day."))
        return said | {"came": set(said.get("came", []))}

    @property
    def ticked(self) -> set[str]:
        """Uids of those whose seats are filled: what was sent, else what the page began with."""
        return set(self["came"].value() or [])


class AnswerForm(forms.Form):
    """One press: coming or not; `late` in minutes goes with coming."""

    coming = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes")
    late = forms.TypedChoiceField(
        choices=[(minutes, "") for minutes in LATE], coerce=int, empty_value=None, required=False
    )

    def clean_late(self) -> int:
        return self.cleaned_data["late"] or 0


class CorrectionForm(forms.Form):
    """One person's minutes at one meeting or session, and why."""

    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=0, max_value=LONGEST, help_text=_("0 is not at all.")
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads this on their page of hours."),
        error_messages={"required": _("Write why you correct this. The person reads it.")},
    )


class RollForm(forms.Form):
    """One page of the list at the door; who is on it is checked by the deed."""

    def clean(self) -> dict[str, Any]:
        sent = self.data.getlist if hasattr(self.data, "getlist") else lambda name: []
        return {"shown": sent("shown")[:200], "came": set(sent("came")[:200])}


class PollForm(FactsForm):
    """On which days the group looks for a time, and until when everybody marks theirs."""

    first_on = day_field(_("First day"))
    last_on = day_field(_("Last day"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    answer_on = day_field(
        _("Answers by"), help_text=_("Who has not answered gets one reminder, a day before.")
    )

    field_order = ("first_on", "last_on", "minutes", "form", "place", "answer_on")


class MarksForm(forms.Form):
    """One week of a poll: a digit for each half hour shown, under its number; or that no time works."""

    none_work = forms.BooleanField(required=False)

    def __init__(self, *args: Any, size: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.size = size

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        marks = {int(name[1:]): mark for name, mark in self.data.items() if MARK.fullmatch(name)}
        if any(number >= self.size or mark not in ("0", "1", "2") for number, mark in marks.items()):
            raise forms.ValidationError(_("Choose yes, if needed or no for each time."))
        return said | {"marks": marks}


class BookForm(forms.Form):
    """A time of a poll: a local day and a time."""

    on = day_field(_("Day"))
    at = time_field(_("Starts at"))


RHYTHMS = [
    (1, _("Every week")),
    (2, _("Every second week")),
    (3, _("Every third week")),
    (4, _("Every fourth week")),
    (5, _("Every fifth week")),
    (8, _("Every eighth week")),
]
WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class RhythmForm(forms.Form):
    """The rhythm of a group's year."""

    weeks = forms.TypedChoiceField(label=_("Rhythm"), choices=RHYTHMS, coerce=int)
    weekday = forms.TypedChoiceField(label=_("Day of the week"), choices=WEEKDAYS, coerce=int)
    at = time_field(_("Starts at"))
    minutes = forms.TypedChoiceField(label=_("Length"), coerce=int)
    number = forms.IntegerField(label=_("Number of meetings"), min_value=1, max_value=15)
    first = day_field(_("From this day on"))

    def __init__(self, *args: Any, usual: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = length_choices(usual)  # type: ignore[attr-defined]


class DatesForm(forms.Form):
    """The dates of a year as listed: `day-0`, `day-1` …, each ticked by `on-0` … or left out."""

    def clean(self) -> dict[str, Any]:
        field = day_field("")
        ticked: list[date] = []
        out: list[date] = []
        for number in range(MOST_DATES):
            if text := self.data.get(f"day-{number}"):
                (ticked if f"on-{number}" in self.data else out).append(field.clean(text))
        return {"days": sorted(set(ticked)), "left_out": sorted(set(out) - set(ticked))}


class CalendarForm(forms.Form):
    """The secret address of a calendar of one's own."""

    address = forms.CharField(
        label=_("Address of your calendar"),
        max_length=2000,
        help_text=_("The secret address in iCal format: it begins with https:// and often ends in .ics."),
        error_messages={"required": _("Copy the address from your calendar.")},
    )


class BusyForm(forms.Form):
    """A span in which one cannot meet: some hours of a day, or whole days."""

    first = day_field(_("First day"))
    start = time_field(_("Starts at"), required=False)
    last = day_field(_("Last day"), required=False)
    end = time_field(_("Ends at"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return said | {"last": said.get("last") or said.get("first")}
