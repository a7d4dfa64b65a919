"""What the office says when it decides which groups start."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.enrolments import rules
from piiri.enrolments.situations import Situation
from piiri.groups.models import Group
from piiri.programmes.models import Programme


class StartsForm(forms.Form):
    """Which groups to show: all that are undecided, or those of one situation."""

    show = forms.ChoiceField(label=_("Show"), required=False)

    def __init__(self, *args: Any, counts: Mapping[Situation, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [(one.value, f"{one.label} ({counts[one]})") for one in Situation if counts[one]]
        self.fields["show"].choices = [("", _("All that are undecided")), *told]  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """Another day of decision: from today to the end of the year."""

    on = forms.DateField(label=_("Decide on"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, programme: Programme, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme, self.now = programme, now
        today = now.astimezone(programme.tz).date()
        self.fields["on"].widget.attrs |= {"min": today.isoformat(), "max": programme.ends_on.isoformat()}

    def clean_on(self) -> date:
        """A day on which the decision can still be made."""
        on: date = self.cleaned_data["on"]
        if reason := rules.why_not_set_day(on, programme=self.programme, now=self.now):
            raise forms.ValidationError(str(reason.label), code=reason.value)
        return on


class WhyForm(forms.Form):
    """Why a group is called off, for everybody whom it concerns; and the state that was seen."""

    why = forms.CharField(
        label=_("Why"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Everybody who is told reads this sentence. Name nobody in it."),
    )
    seen = forms.ChoiceField(
        choices=[(one, one) for one in Group.LIVING], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, must_say: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = must_say
        if not must_say:
            self.fields["why"].label = _("Another reason than that too few came")


class MergeForm(forms.Form):
    """Into which of the proposed groups."""

    into = forms.ChoiceField()

    def __init__(self, *args: Any, targets: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = {group.uid: group for group in targets}
        self.fields["into"].choices = [(uid, uid) for uid in self.targets]  # type: ignore[attr-defined]

    def clean_into(self) -> Group:
        """The group itself."""
        return self.targets[self.cleaned_data["into"]]
