"""The enrolment form: ranked wishes, a week, a few answers. A draft may lack anything, sending may not."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from piiri.enrolments import rules
from piiri.enrolments.forms.taking import AboutForm
from piiri.enrolments.rules import Missing
from piiri.groups import week as weekly
from piiri.groups.forms import LANGUAGES, WeekForm
from piiri.groups.models import Group
from piiri.networks.models import Unit
from piiri.people.models import plain_address
from piiri.programmes import windows
from piiri.programmes.models import Programme, Theme

OTHER = "other"
NOT_ANSWERS = {"name", "email", "key", "apart"}
FORMS = [
    (Group.Form.ONSITE, _("In person")),
    (Group.Form.ONLINE, _("Online")),
    (Group.Form.EITHER, _("Either is fine")),
]


FOLDS = {
    "meeting": {"way", "languages"},
    "work": {"job", "years", "beginning", "manager_name", "manager_email"},
    "people": {"with_address", "apart"},
    "pairs": {"gives", "seeks"},
    "if_you_like": {"wish", "any_theme", "other_workplaces", "contact_ok"},
}


class ApplicationForm(AboutForm):
    """The answers beside wishes and times. Nothing is required until `lacks` is asked."""

    key = forms.RegexField(r"^[a-z2-7]{16}$", widget=forms.HiddenInput, required=False)

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        help_text=_("You confirm it by one press in a mail."),
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
    gives = forms.CharField(
        label=_("What I can give"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seeks = forms.CharField(
        label=_("What I look for"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
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
        own_address: str,
        nameless: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own_address, visitor, terms = own_address, not own_address, programme.rules
        self.units = {unit.uid: unit for unit in units}
        several = len({unit.organisation_id for unit in units}) > 1
        listed = [(unit.uid, f"{unit}, {unit.organisation}" if several else str(unit)) for unit in units]
        self.fields["unit"].choices = [("", _("Choose…")), *listed, (OTHER, _("Not in the list"))]  # type: ignore[attr-defined]
        unwanted = [
            name
            for name, wanted in [
                ("name", visitor or nameless),
                ("email", visitor),
                # Confidential: written down only under a name that has been shown to be theirs.
                ("wish", not visitor),
                ("apart", not visitor),
                ("beginning", terms.new_first),
                ("manager_name", terms.manager != "off"),
                ("manager_email", terms.manager != "off"),
                ("gives", terms.guidance == Group.Guidance.PAIR),
                ("seeks", terms.guidance == Group.Guidance.PAIR),
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
        told = {name: value for name, value in self.cleaned_data.items() if name not in NOT_ANSWERS}
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


def group_when(group: Group, *, minutes: int) -> str:
    """Tuesdays 14.30–16.00, or the parts of a week the mentor offers."""
    if group.weekday is not None and group.local_time is not None:
        start = group.local_time.hour * 60 + group.local_time.minute
        return str(windows.words(group.weekday, start, start + minutes))
    return str(weekly.code_words(group.times))


def note_of(
    choice: Theme | Group, *, programme: Programme, free: Mapping[int, int], names: Mapping[int, list[str]]
) -> str:
    """What tells two groups of one theme apart: with whom, when, where, how many places; "" for a theme."""
    if isinstance(choice, Theme):
        return ""
    said = [name for name in names.get(choice.pk, []) if name]
    said.append(group_when(choice, minutes=programme.rules.meeting_minutes))
    said.append(str(choice.get_form_display()) if choice.form == Group.Form.ONLINE else choice.area)
    if choice.pk in free:
        number = free[choice.pk]
        some = ngettext("%(n)s free place", "%(n)s free places", number) % {"n": number}
        said.append(some if number else gettext("full, with a waiting list"))
    return " · ".join(part for part in said if part)


class Paper:
    """The whole form as one: ranked wishes, week, answers; from what was sent, else from what was saved."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        programme: Programme,
        choices: Sequence[Theme] | Sequence[Group],
        free: Mapping[int, int],
        names: Mapping[int, list[str]],
        mask: str,
        ranked: Sequence[str],
        initial: Mapping[str, Any],
        **about: Any,
    ) -> None:
        self.programme, self.data = programme, data
        self.most = programme.rules.wishes
        self.choices: dict[str, Theme | Group] = {choice.uid: choice for choice in choices}
        for choice in self.choices.values():
            choice.note = note_of(choice, programme=programme, free=free, names=names)  # type: ignore[union-attr]
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
        if not self.times_optional and not windows.to_bits(self.week.mask, slots):
            self.times_error = str(Missing.TIMES.label)
        return not (self.form.errors or self.wish_error or self.times_error)

    @property
    def times_optional(self) -> bool:
        """Where groups say their times and places are taken, one's own times only help to find others."""
        terms = self.programme.rules
        return terms.enrol_way == "place" and terms.wish_for == "group"

    @property
    def is_for_pairs(self) -> bool:
        """Whether mentors are chosen by their profiles."""
        terms = self.programme.rules
        return terms.guidance == Group.Guidance.PAIR and terms.wish_for == "group"

    @property
    def folds_with_faults(self) -> set[str]:
        """The folded parts of the form that have to be seen."""
        wrong = set(self.form.errors)
        found = {fold for fold, names in FOLDS.items() if wrong & names}
        return found | ({"if_you_like"} if self.wish_error else set())

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

    @property
    def spoken(self) -> str:
        """The chosen languages in their own words."""
        ticked = self.form["languages"].value() or []
        return ", ".join(words for code, words in LANGUAGES if code in ticked)
