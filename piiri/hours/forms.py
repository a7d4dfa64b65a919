"""Whose hours are shown or stated."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.hours.queries import Employer
from piiri.networks.models import Organisation


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
