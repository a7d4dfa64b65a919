"""A file to bring, its columns, what to decide in it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from piiri.enrolments import columns, sheets
from piiri.enrolments.findings import WHY
from piiri.enrolments.models import ImportFile
from piiri.enrolments.report import Asked
from piiri.people.models import plain_address

LATER, LEAVE_OUT, IS = "", "-", "="


class UploadForm(forms.Form):
    """A file, and what is in it."""

    kind = forms.ChoiceField(
        label=_("What is in the file"),
        choices=ImportFile.Kind,
        initial=ImportFile.Kind.ENROLMENTS,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("An .xlsx or .csv file as your form tool saves it, with one answer a row."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        error_messages={"required": _("Choose a file."), "empty": sheets.EMPTY},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > sheets.MAX_BYTES:
            raise forms.ValidationError(sheets.TOO_LARGE)
        return file


class ColumnsForm(forms.Form):
    """Which column holds what: one choice a field, by the place of the column."""

    def __init__(
        self, *args: Any, kind: str, header: Sequence[str], mapping: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.header = kind, header
        places = [("", _("Not in this file")), *((str(at), name) for at, name in enumerate(header))]
        for code in columns.FIELDS[kind]:
            here = str(header.index(mapping[code])) if mapping.get(code) in header else ""
            self.fields[code] = forms.ChoiceField(
                label=str(columns.LABELS[code]), choices=places, required=False, initial=here
            )

    def clean(self) -> dict[str, Any]:
        chosen = [place for place in self.cleaned_data.values() if place]
        twice = {place for place in chosen if chosen.count(place) > 1}
        for code, place in list(self.cleaned_data.items()):
            if place in twice:
                self.add_error(code, _("This column is chosen for something else as well."))
        for code in () if twice else columns.missing(self.mapping(), self.kind):
            self.add_error(code, _("Without this no row can be taken."))
        return self.cleaned_data

    def mapping(self) -> columns.ColumnMap:
        """The choices as a map that fits the header."""
        return {
            code: self.header[int(place)] for code, place in self.cleaned_data.items() if place.isdecimal()
        }


class Doubt(NamedTuple):
    """One thing to decide, with the field that decides it and, for addresses, the field to write one."""

    sentence: str
    numbers: str
    rows: int
    choice: BoundField
    written: BoundField | None


class DecideForm(forms.Form):
    """Everything to be decided in a file; whatever is left at "later" stays open."""

    SHOWN = 50

    def __init__(
        self, *args: Any, asked: Sequence[Asked], themes: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked[: self.SHOWN]
        for at, one in enumerate(self.asked):
            self.fields[f"choice{at}"] = forms.ChoiceField(
                label=_("Decision"), choices=choices_of(one, themes), required=False
            )
            if one.about == "email":
                self.fields[f"written{at}"] = forms.EmailField(
                    label=_("or write the right address"), required=False
                )

    def decisions(self) -> dict[str, dict[str, str]]:
        """What was decided, as reading.Decisions."""
        found: dict[str, dict[str, str]] = {}
        for at, one in enumerate(self.asked):
            chosen = self.cleaned_data.get(f"choice{at}", LATER)
            written = plain_address(self.cleaned_data.get(f"written{at}", ""))
            if written or chosen != LATER:
                told = written or ("" if chosen == LEAVE_OUT else chosen.removeprefix(IS))
                found.setdefault(one.about, {})[one.was] = told
        return found

    @property
    def doubts(self) -> Iterator[Doubt]:
        names = set(self.fields)
        for at, one in enumerate(self.asked):
            near = ", ".join(f"“{name}”" for name in one.suggestions)
            yield Doubt(
                str(WHY[one.why]) % {"was": one.was, "nearest": near},
                rows_in_words(one.numbers),
                len(one.numbers),
                self[f"choice{at}"],
                self[f"written{at}"] if f"written{at}" in names else None,
            )


def choices_of(one: Asked, themes: Sequence[tuple[str, str]]) -> list[tuple[str, Any]]:
    """Later first: nothing is chosen for anybody. Then what is near, then the rest."""
    if one.why == "pair_apart":
        return [(LATER, _("They lead together all the same")), (LEAVE_OUT, _("Leads without a pair mentor"))]
    near = [(IS + name, _("%(name)s (nearest)") % {"name": name}) for name in one.suggestions]
    if one.about == "theme":
        rest = [(IS + name, label) for name, label in themes if name not in one.suggestions]
        more = [*rest, (LEAVE_OUT, _("Leave this wish out"))]
    elif one.about == "pair_mentor":
        more = [(LEAVE_OUT, _("Leads without a pair mentor"))]
    else:
        more = [(IS + one.was, _("It is right as written"))] if one.why == "address_domain" else []
    return [(LATER, _("Decide later")), *near, *more]


def rows_in_words(numbers: Sequence[int], most: int = 8) -> str:
    """12, 40, 97 … for the first few rows."""
    said = ", ".join(str(number) for number in numbers[:most])
    return f"{said} …" if len(numbers) > most else said


class TakeForm(forms.Form):
    """Bring in what is clear; with or without what is still open."""

    leave_open = forms.BooleanField(
        label=_("Bring the undecided rows too, without what is open in them"),
        help_text=_("Rows with a doubtful address stay out all the same."),
        required=False,
    )
