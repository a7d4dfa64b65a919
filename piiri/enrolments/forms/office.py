"""What the office looks for in its table, and what it decides about many at once."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from piiri.enrolments.actions import Order
from piiri.enrolments.models import Application, Approval
from piiri.enrolments.queries import NOBODY, OTHER_UNIT, Look
from piiri.groups.forms import LANGUAGES
from piiri.groups.models import Group
from piiri.programmes.models import Theme

ANYTHING = ("", _("Anything"))
STATES = [choice for choice in Application.State.choices if choice[0] != Application.State.DRAFT]
ANSWERS = [choice for choice in Approval.State.choices if choice[0] != Approval.State.ENDED]
SORTS = [
    ("key", pgettext_lazy("order of a table", "As places are given")),
    ("name", pgettext_lazy("order of a table", "By name")),
    ("sent", pgettext_lazy("order of a table", "As they were sent")),
]


class TableForm(forms.Form):
    """What the office looks for; everything stands in the address of the page."""

    q = forms.CharField(label=_("Name, address or workplace"), max_length=80, required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *STATES], required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)
    wish = forms.ChoiceField(label=_("Wishes for"), required=False)
    unit = forms.ChoiceField(label=_("Workplace"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[ANYTHING, *LANGUAGES], required=False)
    beginning = forms.ChoiceField(
        label=_("Goes first"), choices=[ANYTHING, *Application.Beginning.choices], required=False
    )
    times = forms.ChoiceField(
        label=_("Times"),
        choices=[ANYTHING, ("told", _("Told when they can meet")), ("none", _("Told no times"))],
        required=False,
    )
    manager = forms.ChoiceField(
        label=_("Line manager"),
        choices=[ANYTHING, *ANSWERS, (NOBODY, _("Nobody was asked"))],
        required=False,
    )
    turn = forms.ChoiceField(
        label=_("Waiting lists"),
        choices=[
            ANYTHING,
            ("list", _("Stands in a list")),
            ("offer", _("Is offered a place now")),
            ("none", _("Neither")),
        ],
        required=False,
    )
    fit = forms.ChoiceField(
        label=_("Free places"),
        choices=[
            ANYTHING,
            ("free", _("A wish has a free place")),
            ("none", _("No wish has a free place")),
        ],
        required=False,
    )
    FOLDED = ("wish", "unit", "language", "beginning", "times", "manager", "turn", "fit")

    def __init__(
        self,
        *args: Any,
        wishes: Sequence[Theme] | Sequence[Group],
        units: Sequence[tuple[str, str]],
        decides: bool,
        first: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wish"].choices = [ANYTHING, *((one.uid, str(one)) for one in wishes)]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [ANYTHING, *units, (OTHER_UNIT, _("Not in the list"))]  # type: ignore[attr-defined]
        self.first = first
        # The first is what a page without an address shows, so it stands on top.
        sorts = sorted(SORTS, key=lambda choice: choice[0] != first)
        self.fields["sort"].choices = sorts  # type: ignore[attr-defined]
        if not decides:
            for name in (*self.FOLDED, "sort"):
                del self.fields[name]

    @property
    def look(self) -> Look:
        """What was really asked for; what makes no sense is left out."""
        self.is_valid()
        return Look(**{name: str(value) for name, value in self.cleaned_data.items() if value})

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields that are folded away until one is asked for."""
        return [self[name] for name in self.FOLDED if name in self.fields]

    @property
    def asked_folded(self) -> int:
        """How many of the folded fields say something."""
        return sum(bool(getattr(self.look, field.name)) for field in self.folded)

    @property
    def address(self) -> str:
        """The same look as the query of an address; the usual order is left out."""
        look = self.look
        told = {one.name: getattr(look, one.name) for one in fields(look)}
        if told["sort"] == self.first:
            told["sort"] = ""
        return urlencode({name: value for name, value in told.items() if value})


class DecisionForm(forms.Form):
    """What is said with a decision."""

    def order(self, deed: str) -> Order:
        """The decision, once the form is valid."""
        return Order(deed, self.cleaned_data.get("reason", ""), self.cleaned_data.get("group"))


class ReasonForm(DecisionForm):
    """A reason that each person reads in the mail; some decisions need none."""

    reason = forms.CharField(
        label=_("The reason, as each person reads it"),
        help_text=_("A sentence or two. It goes out by mail and is not kept."),
        min_length=10,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Write a sentence the person can do something with."),
            "min_length": _("Write a sentence the person can do something with."),
        },
    )

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed


def in_words(group: Group, free: int) -> str:
    """A group among others: its name, language and area, and how many places are free."""
    about = ", ".join(filter(None, [group.name, dict(LANGUAGES).get(group.language, ""), group.area]))
    places = ngettext("%(n)s free place", "%(n)s free places", free) % {"n": free}
    return f"{about} · {places}"


class GroupForm(DecisionForm):
    """The group into which the office places people; only groups with a free place."""

    group = forms.ChoiceField(label=_("Group"), error_messages={"required": _("Choose a group.")})

    def __init__(self, *args: Any, groups: Sequence[tuple[Group, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {group.uid: group for group, _free in groups}
        told = [(group.uid, in_words(group, free)) for group, free in groups]
        self.fields["group"].choices = [("", _("Choose…")), *told]  # type: ignore[attr-defined]

    def clean_group(self) -> Group:
        return self.groups[self.cleaned_data["group"]]
