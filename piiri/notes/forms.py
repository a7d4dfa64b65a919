"""What is written into a group, cleaned."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piiri.notes import rules
from piiri.notes.models import Line
from piiri.notes.rules import LONGEST_NAME, NotesRefusal

HINT = _("Write so that no pupil, client or colleague can be recognised.")
# What is confidential goes to no translator of a browser.
HERE_ONLY = {"translate": "no"}


def long_text(label: Any, *, error: Any, rows: int = 3) -> forms.CharField:
    """Several lines of text, with the hint that belongs to every one of them."""
    widget = forms.Textarea(attrs={"rows": rows, **HERE_ONLY})
    return forms.CharField(
        label=label, help_text=HINT, max_length=4000, widget=widget, error_messages={"required": error}
    )


def short_text(label: Any, *, error: Any, hint: Any = HINT) -> forms.CharField:
    """One line of text."""
    widget = forms.TextInput(attrs={"autocomplete": "off", **HERE_ONLY})
    return forms.CharField(
        label=label, help_text=hint, max_length=200, widget=widget, error_messages={"required": error}
    )


class PostForm(forms.Form):
    text = long_text(_("What do you want to say to your group?"), error=_("Write something first."))


class AnswerForm(forms.Form):
    text = long_text(_("Your answer"), error=_("Write your answer first."), rows=2)


class TopicForm(forms.Form):
    text = short_text(
        _("What would you like to talk about?"), error=_("Write the topic first, in a few words.")
    )


class LinkForm(forms.Form):
    text = short_text(_("What is it?"), error=_("Write in a few words what the link is."))
    address = forms.URLField(
        label=_("Address"),
        max_length=1000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write the address, as in https://…"),
            "invalid": _("Write the whole address, as in https://…"),
        },
    )


class NameForm(forms.Form):
    """A new name for a file."""

    text = short_text(_("Name of the file"), error=_("Write a name for the file."))


class FileForm(forms.Form):
    name = forms.CharField(
        label=_("Name, if another than the file’s own"),
        help_text=HINT,
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", **HERE_ONLY}),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("At most 10 MB."),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if reason := rules.why_not_put(size=file.size or 0, used=0):
            raise forms.ValidationError(NotesRefusal(reason).label)
        return file

    def named(self) -> str:
        """The name under which the group finds the file."""
        told = self.cleaned_data
        return rules.tidy_name(told["name"], own=told["file"].name or "")


EDITING: dict[str, type[forms.Form]] = {
    Line.Kind.POST: PostForm,
    Line.Kind.TOPIC: TopicForm,
    Line.Kind.LINK: LinkForm,
    Line.Kind.FILE: NameForm,
}


def edit_form(line: Line, data: Any = None) -> forms.Form:
    """The form that changes a line, filled with what it says."""
    begin = {"text": str(line.text), "address": str(line.address)}
    return EDITING[line.kind](data, initial=begin)
