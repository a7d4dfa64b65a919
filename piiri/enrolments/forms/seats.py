"""What people write about their own seat in a group, and a mentor about a group of their own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.enrolments.rules import Missing
from piiri.groups.forms import LANGUAGES
from piiri.groups.models import Group, Leaving, Membership
from piiri.people.models import plain_address
from piiri.programmes.models import Programme, Theme


class LeaveForm(forms.Form):
    """Why, a few last words, and whether another group would be welcome."""

    reason = forms.ChoiceField(
        label=_("Why do you leave?"),
        help_text=_("Nobody sees your answer: it is only counted, together with those of others."),
        choices=Leaving.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one. “Something else” is an answer too.")},
    )
    goodbye = forms.CharField(
        label=_("A few words to the group"),
        help_text=_("Only those inside read them, on the group’s page, for four weeks."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wait_again = forms.BooleanField(label=_("I would like a place in another group"), required=False)

    def __init__(self, *args: Any, may_wait: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_wait:
            del self.fields["wait_again"]

    @property
    def told(self) -> dict[str, Any]:
        """What `actions.leave_group` takes."""
        return {"wait_again": False} | self.cleaned_data


class BuddyForm(forms.Form):
    """Whom somebody shows around, and who does: oneself where nobody is named. Cleans to memberships."""

    newcomer = forms.ChoiceField()
    buddy = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, members: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {one.uid: one for one in members}
        for name in ("newcomer", "buddy"):
            self.fields[name].choices = [(uid, uid) for uid in self.members]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return {name: self.members.get(value) for name, value in self.cleaned_data.items()}


class OpenGroupForm(forms.Form):
    """One group of one's own, in three minutes."""

    title = forms.CharField(
        label=_("Name of the group"),
        help_text=_("Those who have the link see it."),
        max_length=120,
        error_messages={"required": _("Give the group a name.")},
    )
    theme = forms.ModelChoiceField(
        queryset=Theme.objects.none(),
        to_field_name="uid",
        label=_("Theme"),
        required=False,
        empty_label=_("None of these"),
    )
    text = forms.CharField(
        label=_("What, when and where, in a sentence or two"),
        help_text=_("For example: How to begin with a new class. Tuesdays at 14.30, first on 2 February."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a sentence when you meet, so that people can judge.")},
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    form = forms.ChoiceField(label=_("Way of meeting"), choices=Group.Form, widget=forms.RadioSelect)
    places = forms.IntegerField(
        label=_("Places for participants"), help_text=_("You sit on top of them."), min_value=1, max_value=12
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = Theme.objects.filter(programme=programme)  # type: ignore[attr-defined]
        if programme.rules.guidance == Group.Guidance.PAIR:
            del self.fields["places"]


class JoinForm(forms.Form):
    """A visitor with a mentor's link: who they are, and where the mail with the button goes."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": Missing.NAME.label},
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        help_text=_("We send a mail with a button there, so that nobody enrols you but yourself."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
        error_messages={"required": Missing.EMAIL.label, "invalid": Missing.EMAIL.label},
    )

    def clean_email(self) -> str:
        return plain_address(self.cleaned_data["email"])
