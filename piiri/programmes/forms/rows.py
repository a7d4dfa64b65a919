"""Rows of the set-up: themes, breaks, sessions of a joint event."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from piiri.programmes.forms.words import Clock, Day, MovingRow, Wording, begin_texts
from piiri.programmes.models import Break, EventSession, Theme
from piiri.programmes.presets import HUES
from piiri.programmes.written import BreakText, SessionText, ThemeText

HUE_NAMES = {
    "spruce": _("Spruce"),
    "lake": _("Lake"),
    "clay": _("Clay"),
    "heather": _("Heather"),
    "fjord": _("Fjord"),
    "moss": _("Moss"),
}
MOST_ROWS = 60


class ThemeForm(MovingRow):
    """One theme, in the languages of the programme."""

    uid = forms.CharField(required=False, widget=forms.HiddenInput)
    hue = forms.ChoiceField(
        label=_("Colour"), choices=[(hue, HUE_NAMES[hue]) for hue in HUES], required=False
    )
    sensitive = forms.BooleanField(
        label=_("Shown after sign-in only"),
        help_text=_("For themes that say something about a person’s health, family or union."),
        required=False,
    )

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("title", _("Theme"), languages=languages, most=120)
        self.add_texts("text", _("In a sentence"), languages=languages, most=300)

    def clean(self) -> dict[str, Any]:
        titles = self.bound_texts("title")
        written = [self.cleaned_data.get(bound.name, "").strip() for bound in titles]
        if any(self.cleaned_data.get(bound.name) for bound in self.bound_texts("text")) and not any(written):
            self.add_error(titles[0].name, _("Give the theme a name."))
        return self.cleaned_data

    def is_written(self) -> bool:
        """Whether there is a theme in this row, not only an empty row."""
        return not self.cleaned_data.get("DELETE") and bool(self.texts("title"))

    def theme(self, before: Theme | None) -> ThemeText:
        told = self.cleaned_data
        return ThemeText(
            uid=before.uid if before else "",
            title=self.texts("title", before=before.title if before else None),
            text=self.texts("text", before=before.text if before else None),
            hue=told["hue"] or HUES[0],
            sensitive=told["sensitive"],
        )

    @property
    def wordings(self) -> list[BoundField]:
        return [*self.bound_texts("title"), *self.bound_texts("text")]


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # has no [] at run time
    """Rows with a plain word at the tick that takes one away."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this away when saving")


ThemeFormSet = forms.formset_factory(ThemeForm, formset=Rows, extra=0, can_delete=True, max_num=MOST_ROWS)


def begin_theme(theme: Theme) -> dict[str, Any]:
    return {
        "uid": theme.uid,
        "hue": theme.hue,
        "sensitive": theme.sensitive,
        **begin_texts("title", theme.title),
        **begin_texts("text", theme.text),
    }


class BreakForm(Wording):
    """Days without meetings."""

    uid = forms.CharField(required=False, widget=forms.HiddenInput)
    starts_on = forms.DateField(label=_("First day"), widget=Day, required=False)
    ends_on = forms.DateField(label=_("Last day"), widget=Day, required=False)

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("title", _("Name"), languages=languages, most=80)

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        named = bool(self.texts("title"))
        if (first or last or named) and not (first and last and named):
            raise forms.ValidationError(_("Write a name, the first and the last day, or take the row away."))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first one."))
        return self.cleaned_data

    def is_written(self) -> bool:
        return not self.cleaned_data.get("DELETE") and bool(self.cleaned_data.get("starts_on"))

    def pause(self, before: Break | None) -> BreakText:
        told = self.cleaned_data
        title = self.texts("title", before=before.title if before else None)
        return BreakText(title=title, starts_on=told["starts_on"], ends_on=told["ends_on"])

    @property
    def titles(self) -> list[BoundField]:
        return self.bound_texts("title")


BreakFormSet = forms.formset_factory(BreakForm, formset=Rows, extra=0, can_delete=True, max_num=MOST_ROWS)


def begin_break(each: Break) -> dict[str, Any]:
    return {
        "uid": each.uid,
        "starts_on": each.starts_on,
        "ends_on": each.ends_on,
        **begin_texts("title", each.title),
    }


class SessionForm(forms.Form):
    """One session of a joint event, in the programme's own time."""

    uid = forms.CharField(required=False, widget=forms.HiddenInput)
    day = forms.DateField(label=_("Day"), widget=Day, required=False)
    at = forms.TimeField(label=_("Starts at"), widget=Clock, required=False)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=15,
        max_value=600,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(
        label=_("Link for those who come online"),
        max_length=200,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Write the whole link, for example https://video.example/room.")},
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        when = [told.get("day"), told.get("at"), told.get("minutes")]
        if any((*when, told.get("place"), told.get("link"))) and not all(when):
            raise forms.ValidationError(_("Write the day, the time and how many minutes the session lasts."))
        return told

    def is_written(self) -> bool:
        return not self.cleaned_data.get("DELETE") and bool(self.cleaned_data.get("day"))

    def session(self, zone: ZoneInfo) -> SessionText:
        told = self.cleaned_data
        return SessionText(
            uid=told["uid"],
            starts_at=datetime.combine(told["day"], told["at"], zone).astimezone(UTC),
            minutes=told["minutes"],
            place=told["place"],
            link=told["link"],
        )


SessionFormSet = forms.formset_factory(SessionForm, formset=Rows, extra=0, can_delete=True, max_num=MOST_ROWS)


def begin_session(session: EventSession, zone: ZoneInfo) -> dict[str, Any]:
    local = session.starts_at.astimezone(zone)
    return {
        "uid": session.uid,
        "day": local.date(),
        "at": local.time(),
        "minutes": session.minutes,
        "place": session.place,
        "link": session.link,
    }
