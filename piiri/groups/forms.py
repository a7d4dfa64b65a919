"""What mentors and the office write about groups, cleaned."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from piiri.groups import week
from piiri.groups.models import Group
from piiri.people.models import Person, plain_address
from piiri.programmes import windows
from piiri.programmes.models import Programme, Theme
from piiri.programmes.parameters import Rules

LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]


class WeekForm(forms.Form):
    """The week table: parts of the day that open into hours. Cleans to a mask of half hours."""

    part = forms.MultipleChoiceField(required=False)
    was = forms.MultipleChoiceField(required=False)
    hour = forms.MultipleChoiceField(required=False)
    open = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, rules: Rules, mask: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.before = rules, mask
        self.parts = week.parts(rules.day_from, rules.day_to)
        days = week.days(rules.weekends)
        parts = [(f"{day}{part.code}",) * 2 for day in days for part in self.parts]
        hours = [(f"{day}-{hour}",) * 2 for day in days for part in self.parts for hour in part.hours]
        for name, choices in [("part", parts), ("was", parts), ("hour", hours)]:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["open"].choices = [(part.code,) * 2 for part in self.parts]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = {name: self.cleaned_data.get(name, []) for name in ("part", "was", "hour")}
        ticked = week.read(said["part"], said["was"], said["hour"], of=self.parts)
        return {"mask": self.changed(ticked), "opened": self.cleaned_data.get("open", [])}

    def changed(self, ticked: set[week.Hour]) -> str:
        """The mask before with what was ticked or unticked; the rest stays as fine as it was."""
        digits, before = list(self.before), windows.hours(self.before)
        for part in self.parts:
            for day in week.days(self.rules.weekends):
                for hour in part.hours:
                    if bool(before[day, hour]) != ((day, hour) in ticked):
                        at = (day * 24 + hour) * 2
                        digits[at : at + 2] = ("2" if (day, hour) in ticked else "0") * 2
        return "".join(digits)

    @property
    def mask(self) -> str:
        """What holds now: the cleaned mask, or the one from before where nothing was sent."""
        return str(self.cleaned_data["mask"]) if self.is_bound and self.is_valid() else self.before

    def toggled(self, code: str) -> None:
        """Open a part of the day, or close it; the button works without script too."""
        opened = set(self.opened)
        self.now_open = opened ^ {code}

    @property
    def opened(self) -> set[str]:
        if hasattr(self, "now_open"):
            return set(self.now_open)
        return set(self.cleaned_data["opened"]) if self.is_bound and self.is_valid() else set()

    @property
    def ticked(self) -> set[week.Hour]:
        return {hour for hour, level in windows.hours(self.mask).items() if level}

    @property
    def rows(self) -> list[week.PartRow]:
        return week.rows(self.ticked, of=self.parts, weekends=self.rules.weekends, opened=self.opened)

    @property
    def headings(self) -> list[tuple[str, str]]:
        return week.headings(self.rules.weekends)

    @property
    def words(self) -> str:
        return week.words(self.ticked)

    @property
    def codes(self) -> str:
        """Parts of the week long enough for a meeting, for the group's card."""
        return week.codes(self.ticked, of=self.parts, least=-(-self.rules.meeting_minutes // 60))


class GroupForm(forms.Form):
    """What a group says of itself: all of it while on offer, the text and the place later."""

    theme = forms.ModelChoiceField(
        queryset=Theme.objects.none(),
        to_field_name="uid",
        label=_("Theme"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose the theme of the group.")},
    )
    text = forms.CharField(
        label=_("What the group is about"),
        help_text=_("One or two sentences. They are public, so no names."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    form = forms.ChoiceField(label=_("Way of meeting"), choices=Group.Form, widget=forms.RadioSelect)
    area = forms.CharField(
        label=_("Area"), help_text=_("For example Centre, or North."), max_length=80, required=False
    )
    place = forms.CharField(
        label=_("Place"), help_text=_("Only the group sees it."), max_length=200, required=False
    )
    LATER = ("text", "area", "place")

    def __init__(self, *args: Any, programme: Programme, on_offer: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = Theme.objects.filter(programme=programme)  # type: ignore[attr-defined]
        if not on_offer:
            for name in set(GroupForm.base_fields) - set(self.LATER):
                del self.fields[name]


class OfferForm(GroupForm):
    """A new group: with its places and who leads it."""

    places = forms.IntegerField(
        label=_("Places for participants"), help_text=_("You sit on top of them."), min_value=1, max_value=12
    )
    co_mentor = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        to_field_name="uid",
        label=_("The other mentor"),
        required=False,
        empty_label=_("Nobody, I lead it alone"),
    )
    mentor = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        to_field_name="uid",
        label=_("Mentor"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose who leads the group.")},
    )

    def __init__(self, *args: Any, for_office: bool, mentors: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = kwargs["programme"].rules
        for name in ("co_mentor", "mentor"):
            self.fields[name].queryset = mentors  # type: ignore[attr-defined]
        self.fields["mentor"].required = not rules.self_run
        if rules.self_run:
            self.fields["mentor"].empty_label = _("Nobody, the group runs itself")  # type: ignore[attr-defined]
        unwanted = [
            name
            for name, wanted in [
                ("mentor", for_office),
                ("co_mentor", rules.mentors > 1),
                ("places", rules.guidance == Group.Guidance.GROUP),
            ]
            if not wanted
        ]
        for name in unwanted:
            del self.fields[name]


class PlacesForm(forms.Form):
    """How many participants a group takes."""

    places = forms.IntegerField(label=_("Places for participants"), min_value=1, max_value=12)


class ShowNameForm(forms.Form):
    """The mentor's own choice."""

    show = forms.BooleanField(required=False, label=_("Show my name on the public page"))


class MentorForm(forms.Form):
    """Accepting a mentor by address."""

    name = forms.CharField(
        label=_("Name"), max_length=150, error_messages={"required": _("Write the mentor’s name.")}
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        error_messages={
            "required": _("Write the mentor’s address."),
            "invalid": _("Write the whole address, for example firstname.lastname@city.example."),
        },
    )
    groups_at_most = forms.IntegerField(label=_("Groups at most"), min_value=1, max_value=12, initial=1)

    def clean_email(self) -> str:
        return plain_address(self.cleaned_data["email"])
