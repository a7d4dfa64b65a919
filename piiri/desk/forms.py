"""What is looked for in the office's lists, and what is written in confidence, cleaned."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.desk.bands import Band
from piiri.desk.models import Nudge
from piiri.mail.texts import MOST_BODY, MOST_SUBJECT
from piiri.people.models import Person


class GroupsForm(forms.Form):
    """What is looked for among groups. Whatever it is, it finds something or says that nothing fits."""

    q = forms.CharField(label=_("Theme, place or mentor"), required=False, max_length=80)
    band = forms.ChoiceField(
        label=_("How it goes"),
        required=False,
        choices=[
            ("", _("All")),
            (Band.NEED.value, _("Need you now")),
            (Band.GLANCE.value, _("Worth a glance")),
            (Band.WELL.value, _("Going well")),
        ],
    )


class SilenceForm(forms.Form):
    """Why a nudge is put aside for a while."""

    why = forms.ChoiceField(label=_("Why"), choices=Nudge.Why)
    word = forms.CharField(
        label=_("A word more"),
        max_length=200,
        required=False,
        help_text=_(
            "The programme office reads this, and the mentors of the group. Write nothing about anybody."
        ),
    )


class MailTextForm(forms.Form):
    """A mail in a programme's own words. What its names in braces stand for is checked by the deed."""

    subject = forms.CharField(label=_("Subject"), max_length=MOST_SUBJECT)
    body = forms.CharField(
        label=_("Text"),
        max_length=MOST_BODY,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("An empty line begins a paragraph; a line that begins with * is an item of a list."),
    )


class PeopleForm(forms.Form):
    """What is looked for among people."""

    q = forms.CharField(label=_("Name, address or workplace"), required=False, max_length=80)
    role = forms.ChoiceField(
        label=_("Who"),
        required=False,
        choices=[
            ("", _("Everybody")),
            ("participants", _("Participants")),
            ("mentors", _("Mentors")),
            ("waiting", _("Without a group")),
        ],
    )


class SupportForm(forms.Form):
    """To whom, what, and whether somebody else may hear that an answer is late."""

    contact = forms.ChoiceField(
        label=_("Whom do you write to?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whom you write to."),
            "invalid_choice": _("Choose whom you write to."),
        },
    )
    text = forms.CharField(
        label=_("What would you like to talk about?"),
        help_text=_("A few words are enough. Write so that no pupil or client can be recognised."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "translate": "no"}),
        error_messages={"required": _("Write something first.")},
    )
    may_tell_other = forms.BooleanField(
        label=_("If no answer comes in time, the other contact may hear that something waits"),
        help_text=_("Not what, and not from whom."),
        required=False,
    )

    def __init__(self, *args: Any, contacts: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].choices = [(person.uid, str(person)) for person in contacts]  # type: ignore[attr-defined]
        if len(contacts) == 1:
            self.fields["contact"].widget = forms.HiddenInput()
            self.fields["contact"].initial = contacts[0].uid
            del self.fields["may_tell_other"]

    def clean(self) -> dict[str, Any]:
        return {"may_tell_other": False, **(super().clean() or {})}


class SupportLineForm(forms.Form):
    """The next words of a talk in confidence."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "translate": "no"}),
        error_messages={"required": _("Write something first.")},
    )
