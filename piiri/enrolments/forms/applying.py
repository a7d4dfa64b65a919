"""The enrolment form: ranked wishes, a week, a few answers. A draft may lack anything, sending may not."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from piiri.enrolments import rules
from piiri.enrolments.models import Application
from piiri.enrolments.rules import Missing
from piiri.groups.forms import LANGUAGES, WeekForm
from piiri.groups.models import Group
from piiri.networks.models import Unit
from piiri.people.models import plain_address
from piiri.programmes import windows
from piiri.programmes.models import Programme, Theme

OTHER = "other"
FORMS = [
    (Group.Form.ONSITE, _("In person")),
    (Group.Form.ONLINE, _("Online")),
    (Group.Form.EITHER, _("Either is fine")),
]


class ApplicationForm(forms.Form):
    """The answers beside wishes and times. Nothing is required until `lacks` is asked."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        help_text=_("We send a code there, so that nobody enrols you but yourself."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
        error_messages={"invalid": Missing.EMAIL.label},
    )
    unit = forms.ChoiceField(label=_("Workplace"), required=False)
    workplace = forms.CharField(label=_("Name of your workplace"), max_length=160, required=False)
    job = forms.CharField(
        label=_("Job"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    years = forms.IntegerField(label=_("Years in this work"), min_value=0, max_value=60, required=False)
    # Not `form`: a form with a field of that name cannot be told from its own property in a browser.
    way = forms.ChoiceField(
        label=_("Way of meeting"), choices=FORMS, widget=forms.RadioSelect, required=False
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you can talk about work in"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    manager_name = forms.CharField(
        label=_("Name of your line manager"),
        help_text=_("So that the two of you are not put into one group."),
        max_length=160,
        required=False,
    )
    wish = forms.CharField(
        label=_("What would you like to talk about?"),
        help_text=_("Your future group reads this. It does not change your place."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    any_theme = forms.BooleanField(
        label=_("If none of my wishes works out, anything else is fine"), required=False
    )
    other_workplaces = forms.BooleanField(
        label=_("I would rather be with people from other workplaces than my own"), required=False
    )
    contact_ok = forms.BooleanField(
        label=_("My group may be told my e-mail address before we have met"), required=False
    )

    def __init__(
        self,
        *args: Any,
        programme: Programme,
        units: Sequence[Unit],
        visitor: bool,
        nameless: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.uid: unit for unit in units}
        several = len({unit.organisation_id for unit in units}) > 1
        listed = [(unit.uid, f"{unit}, {unit.organisation}" if several else str(unit)) for unit in units]
        self.fields["unit"].choices = [("", _("Choose…")), *listed, (OTHER, _("Not in the list"))]  # type: ignore[attr-defined]
        unwanted = [
            name
            for name, wanted in [
                ("name", visitor or nameless),
                ("email", visitor),
                ("wish", not visitor),
                ("manager_name", programme.rules.manager != "off"),
                ("unit", bool(units)),
            ]
            if not wanted
        ]
        for name in unwanted:
            del self.fields[name]

    def clean_email(self) -> str:
        return plain_address(self.cleaned_data["email"])

    def answers(self) -> dict[str, Any]:
        """The cleaned answers as `actions.save_application` takes them."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in {"name", "email"}}
        told["unit"] = self.units.get(told.get("unit", ""))
        if told["unit"]:
            told["workplace"] = ""
        told["form"] = told.pop("way", "") or Group.Form.EITHER
        if self.cleaned_data.get("name"):
            told["name_as_written"] = self.cleaned_data["name"]
        return told

    def lacks(self) -> list[Missing]:
        """What is missing among these answers before they can be sent."""
        said = self.cleaned_data
        at_work = "unit" not in self.fields or said.get("unit") == OTHER
        wanted = [
            (Missing.NAME, "name" in self.fields and not said.get("name")),
            (Missing.EMAIL, "email" in self.fields and "email" not in self.errors and not said.get("email")),
            (Missing.WORKPLACE, "unit" in self.fields and not said.get("unit")),
            (Missing.WORKPLACE_NAME, at_work and not said.get("workplace")),
            (Missing.LANGUAGES, not said.get("languages")),
        ]
        return [reason for reason, is_missing in wanted if is_missing]


class Paper:
    """The whole form as one: ranked wishes, week, answers; from what was sent, else from what was saved."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        programme: Programme,
        choices: Sequence[Theme] | Sequence[Group],
        mask: str,
        ranked: Sequence[str],
        initial: Mapping[str, Any],
        **about: Any,
    ) -> None:
        self.programme, self.data = programme, data
        self.most = programme.rules.wishes
        self.choices: dict[str, Theme | Group] = {choice.uid: choice for choice in choices}
        asked = ranked if data is None else data.getlist("wishes")
        self.ranked = [uid for uid in dict.fromkeys(asked) if uid in self.choices][: self.most]
        self.form = ApplicationForm(data, programme=programme, initial=initial, **about)
        self.week = WeekForm(data, rules=programme.rules, mask=mask)
        self.wish_error = self.times_error = self.focus = ""

    def press(self, op: str) -> None:
        """Do what a button inside the form asks: rank a wish, open a part of the day."""
        deed, _colon, uid = op.partition(":")
        if deed == "open":
            self.week.toggled(uid)
        else:
            chosen = uid or (self.data.get("more", "") if self.data else "")
            known = chosen if chosen in self.choices else ""
            self.ranked = (
                rules.moved(self.ranked, deed=deed, uid=known, most=self.most) if known else self.ranked
            )

    @property
    def wishes(self) -> list[Theme | Group]:
        return [self.choices[uid] for uid in self.ranked]

    @property
    def others(self) -> list[Theme | Group]:
        """What can still be added; nothing when the ranks are full."""
        if len(self.ranked) >= self.most:
            return []
        return [choice for uid, choice in self.choices.items() if uid not in self.ranked]

    @property
    def many(self) -> bool:
        """Too many to show as buttons."""
        return len(self.choices) > 24

    @property
    def empty_rank(self) -> int | None:
        """The number of the next free rank, or None."""
        return len(self.ranked) + 1 if len(self.ranked) < self.most and self.others else None

    def savable(self) -> bool:
        """Whether everything that was written can be kept, finished or not."""
        return self.form.is_valid() and self.week.is_valid()

    def sendable(self) -> bool:
        """Whether it can be sent; what is missing is said at its field."""
        if not self.savable():
            return False
        for reason in self.form.lacks():
            self.form.add_error(reason.value, reason.label)
        if not self.wishes and not self.form.cleaned_data.get("any_theme"):
            self.wish_error = str(Missing.WISHES.label)
        slots = windows.windows(self.programme.rules)
        if not windows.to_bits(self.week.mask, slots):
            self.times_error = str(Missing.TIMES.label)
        return not (self.form.errors or self.wish_error or self.times_error)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What needs another look, as (address on the page, words)."""
        found = [("#q1", self.wish_error), ("#q2", self.times_error)]
        found += [
            (f"#{bound.id_for_label or bound.auto_id}", str(bound.errors[0]))
            for bound in self.form
            if bound.errors
        ]
        return [(address, words) for address, words in found if words]

    @property
    def meeting(self) -> str:
        """The chosen way of meeting in words."""
        return str(dict(FORMS).get(self.form["way"].value(), ""))


class DeclineForm(forms.Form):
    """Why the office says no; the person reads it in a mail."""

    reason = forms.CharField(
        label=_("The reason, as the person reads it"),
        help_text=_("A sentence or two. It goes out by mail and is not kept."),
        min_length=10,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Write a sentence the person can do something with."),
            "min_length": _("Write a sentence the person can do something with."),
        },
    )


class ListForm(forms.Form):
    """What the office looks for in the list of applications."""

    q = forms.CharField(label=_("Name, address or workplace"), max_length=80, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    wish = forms.ChoiceField(label=_("Wishes for"), required=False)

    def __init__(self, *args: Any, choices: Sequence[Theme] | Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [choice for choice in Application.State.choices if choice[0] != Application.State.DRAFT]
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]
        wishes = [(choice.uid, str(choice)) for choice in choices]
        self.fields["wish"].choices = [("", _("Anything")), *wishes]  # type: ignore[attr-defined]
        if not wishes:
            del self.fields["wish"]
