"""The words of the programme's page: what it is, what it gives, a voice, questions answered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piiri.programmes.forms.rows import MOST_ROWS, Rows
from piiri.programmes.forms.words import MovingRow, Wording, begin_texts
from piiri.programmes.models import Programme, Question
from piiri.programmes.written import PageText, QuestionText

LONGEST = 1500
TEXTS: dict[str, Any] = {
    "what": _("What this is, and what it is not"),
    "for_me": _("Why for me"),
    "for_employer": _("Why for my employer"),
    "voice": _("What somebody says who was in a group"),
    "voice_by": _("Who says so"),
}
# Texts that belong together are folded together: (legend, texts).
PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (TEXTS["what"], ("what",)),
    (TEXTS["for_me"], ("for_me",)),
    (TEXTS["for_employer"], ("for_employer",)),
    (_("A voice from an earlier year"), ("voice", "voice_by")),
)


class PageForm(Wording):
    """The page's own words, in the languages of the programme; whatever stays empty is not shown."""

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in TEXTS.items():
            short = name == "voice_by"
            most = 160 if short else LONGEST
            self.add_texts(name, label, languages=languages, most=most, long=not short)

    def parts(self) -> list[dict[str, Any]]:
        """The texts as the page folds them."""
        found = []
        for legend, names in PARTS:
            bounds = [bound for name in names for bound in self.bound_texts(name)]
            found.append({"legend": legend, "bounds": bounds, "wrong": any(each.errors for each in bounds)})
        return found

    def page(self, before: Programme) -> PageText:
        return PageText(**{name: self.texts(name, before=getattr(before, name)) for name in TEXTS})


def begin_page(programme: Programme) -> dict[str, Any]:
    begun: dict[str, Any] = {}
    for name in TEXTS:
        begun |= begin_texts(name, getattr(programme, name))
    return begun


class QuestionForm(MovingRow):
    """One question and its answer."""

    HEADED_BY = "question"
    uid = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        self.add_texts("question", _("Question"), languages=languages, most=200)
        self.add_texts(
            "answer", pgettext_lazy("to a question", "Answer"), languages=languages, most=LONGEST, long=True
        )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("DELETE"):
            return self.cleaned_data
        for code in self.languages:
            question, answer = (
                self.cleaned_data.get(f"{name}_{code}", "") for name in ("question", "answer")
            )
            if question.strip() and not answer.strip():
                self.add_error(f"answer_{code}", _("Write the answer too, or take the question away."))
            if answer.strip() and not question.strip():
                self.add_error(f"question_{code}", _("Write the question to this answer."))
        return self.cleaned_data

    def is_written(self) -> bool:
        """Whether there is a question in this row, not only an empty row."""
        return not self.cleaned_data.get("DELETE") and bool(self.texts("question"))

    def question(self, before: Question | None) -> QuestionText:
        return QuestionText(
            uid=before.uid if before else "",
            question=self.texts("question", before=before.question if before else None),
            answer=self.texts("answer", before=before.answer if before else None),
        )

    @property
    def wordings(self) -> list[BoundField]:
        return [*self.bound_texts("question"), *self.bound_texts("answer")]


QuestionFormSet = forms.formset_factory(
    QuestionForm, formset=Rows, extra=0, can_delete=True, max_num=MOST_ROWS
)


def begin_question(question: Question) -> dict[str, Any]:
    return {
        "uid": question.uid,
        **begin_texts("question", question.question),
        **begin_texts("answer", question.answer),
    }
