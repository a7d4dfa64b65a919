"""The days of a year, and the words of a joint event."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from piiri.programmes.forms.words import Day, Wording, begin_texts
from piiri.programmes.models import Event, Programme
from piiri.programmes.written import Dates


class DatesForm(forms.Form):
    """The days of the year."""

    enrol_opens = forms.DateField(label=_("Enrolment opens"), widget=Day)
    enrol_closes = forms.DateField(
        label=_("Enrolment closes"), help_text=_("At the end of this day."), widget=Day
    )
    answers_by = forms.DateField(label=_("Everybody has an answer by"), widget=Day)
    starts_on = forms.DateField(label=_("The year starts"), widget=Day)
    ends_on = forms.DateField(label=_("The year ends"), widget=Day)

    def clean(self) -> dict[str, Any]:
        order = (
            ("enrol_closes", "enrol_opens", _("Enrolment closes before it opens. Check both days.")),
            ("answers_by", "enrol_closes", _("Answers cannot be due before enrolment has closed.")),
            ("ends_on", "starts_on", _("The year ends before it starts. Check both days.")),
            ("ends_on", "answers_by", _("Answers are due after the year has ended.")),
        )
        for later, earlier, sentence in order:
            first, last = self.cleaned_data.get(earlier), self.cleaned_data.get(later)
            if first and last and last < first:
                self.add_error(later, sentence)
        return self.cleaned_data

    def dates(self) -> Dates:
        return Dates(**self.cleaned_data)


def begin_dates(programme: Programme) -> dict[str, date]:
    return {
        "enrol_opens": programme.enrol_opens_at.astimezone(programme.tz).date(),
        "enrol_closes": programme.enrol_closes_at.astimezone(programme.tz).date(),
        "answers_by": programme.answers_by,
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
    }


class EventForm(Wording):
    """A joint event; what it is called when its kind says too little."""

    kind = forms.ChoiceField(label=_("What kind of event?"), choices=Event.Kind.choices)
    counts_hours = forms.BooleanField(label=_("Its time counts in the hours"), required=False)

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("title", _("Name"), languages=languages, most=120)
        self.add_texts("text", _("What happens there"), languages=languages, most=600, long=True)

    @property
    def wordings(self) -> list[BoundField]:
        return [*self.bound_texts("title"), *self.bound_texts("text")]


def begin_event(event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "counts_hours": event.counts_hours,
        **begin_texts("title", event.title),
        **begin_texts("text", event.text),
    }
