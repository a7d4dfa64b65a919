"""A form with one field of every kind, for the design page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SpecimenForm(forms.Form):
    """Shows how fields look; nothing reads it."""

    name = forms.CharField(label=_("Name"), help_text=_("As others should see it."))
    email = forms.EmailField(label=_("E-mail"), error_messages={"required": _("Write the whole address.")})
    rhythm = forms.ChoiceField(
        label=_("How often"), choices=[("month", _("About monthly")), ("fortnight", _("Every second week"))]
    )
    place = forms.ChoiceField(
        label=_("Where you would rather meet"),
        widget=forms.RadioSelect,
        choices=[("near", _("In the same place")), ("online", _("Online")), ("any", _("Either is fine"))],
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you can meet in"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))],
        required=False,
        help_text=_("As many as you like."),
    )
    day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    wish = forms.CharField(label=_("Anything else"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label=_("I have talked about this with my line manager"))
