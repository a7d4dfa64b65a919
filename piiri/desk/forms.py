"""What is looked for in the office's lists, cleaned."""

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.desk.bands import Band


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
