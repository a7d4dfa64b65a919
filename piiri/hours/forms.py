"""Whose hours are shown or stated; what a line manager answers."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from piiri.enrolments.models import Approval
from piiri.hours.queries import Employer
from piiri.networks.models import Organisation

UID, MOST = 16, 500


class EmployerForm(forms.Form):
    """One of the programme's employers, or those without one; `everybody` as a first choice for reading."""

    employer = forms.ChoiceField(label=_("Employer"), required=False)

    def __init__(
        self, *args: Any, employers: list[Organisation], everybody: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.employers = {one.uid: one for one in employers}
        names = sorted(((uid, str(one)) for uid, one in self.employers.items()), key=lambda one: one[1])
        first = [("all", _("Everybody"))] if everybody else []
        self.fields["employer"].choices = [  # type: ignore[attr-defined]
            *first,
            *names,
            ("none", _("People without an employer here")),
        ]

    def clean_employer(self) -> Organisation | str:
        said = str(self.cleaned_data["employer"])
        return self.employers.get(said, said)

    @property
    def chosen(self) -> Employer:
        """Whose hours: of everybody where nothing was chosen, or nothing that exists."""
        said = self.cleaned_data.get("employer") if self.is_bound and self.is_valid() else "all"
        if isinstance(said, Organisation):
            return said
        return "none" if said == "none" else "all"


class AnswerForm(forms.Form):
    """Yes or no about some of the staff (approvals by uid); why not is one of a list, or nothing."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    reason = forms.ChoiceField(choices=[("", ""), *Approval.Reason.choices], required=False)
    approval = forms.TypedMultipleChoiceField(coerce=str, required=True)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        # Which of them are this manager's the deed knows; here they only have to look like uids.
        posted = [uid for uid in data.getlist("approval") if len(uid) == UID and uid.isalnum()]
        self.fields["approval"].choices = [(uid, uid) for uid in posted[:MOST]]  # type: ignore[attr-defined]
