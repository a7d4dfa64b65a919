"""What an import says about one row: repaired, to be decided, or not to be taken; in whole sentences."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piiri.enrolments.columns import LABELS

WHY: dict[str, Promise] = {
    # repaired
    "address_case": _("The address “%(was)s” was written in small letters: %(now)s."),
    "address_at": _("The address “%(was)s” had its sign @ put back: %(now)s."),
    "address_tidied": _("The address “%(was)s” was freed from what does not belong to it: %(now)s."),
    "years_read": _("The years of experience “%(was)s” were read as %(now)s."),
    "wish_repeated": _("The theme “%(was)s” was wished twice, and its later place was left out."),
    "max_groups_read": _("The number of groups “%(was)s” was read as %(now)s."),
    "decided": _("“%(was)s” was taken as “%(now)s”, as decided."),
    "left_out": _("“%(was)s” was left out, as decided."),
    # to be decided
    "address_domain": _("The address “%(was)s” may contain a typing error. Is %(nearest)s meant?"),
    "name_missing": _("The name is not complete. Does %(nearest)s belong to it?"),
    "name_missing_unknown": _("The name is not complete, and the address does not tell it."),
    "theme_near": _("No theme is called “%(was)s”. Is %(nearest)s meant?"),
    "theme_unknown": _("No theme is called “%(was)s”, and none is near to it."),
    "wish_missing": _("No theme was wished for."),
    "form_unknown": _("“%(was)s” says neither in person nor online, so either is taken as fine."),
    "language_unknown": _("The language “%(was)s” is not known, so it is left out."),
    "language_missing": _("No language was named."),
    "years_unknown": _("The years of experience “%(was)s” name no sensible number, so they are left open."),
    "sent_at_unknown": _("The moment “%(was)s” could not be read, so this counts as the oldest answer."),
    "contact_unknown": _("“%(was)s” is neither a yes nor a no, so the contact details are not told."),
    "times_missing": _("No times were given."),
    "times_unread": _("Of the times, “%(was)s” was not understood."),
    "times_unreadable": _("The times “%(was)s” could not be read."),
    "times_few": _("The times “%(was)s” leave fewer than two possible starts."),
    "max_groups_unknown": _("The number of groups “%(was)s” names no sensible number, so it counts as one."),
    "pair_unknown": _("The pair mentor “%(was)s” is not among the mentors."),
    "pair_near": _("The pair mentor “%(was)s” is not among the mentors. Is %(nearest)s meant?"),
    "pair_apart": _(
        "The pair mentor %(was)s shares no possible start with this mentor,"
        " so the group they are to lead together cannot be formed."
    ),
    "pair_beyond": _(
        "The pair mentor %(was)s offers as many groups of their own as they want to lead,"
        " so not all of these offers can become groups."
    ),
    # not to be taken
    "address_missing": _("There is no e-mail address, so this row cannot be taken."),
    "address_unreadable": _("“%(was)s” is not an e-mail address, so this row cannot be taken."),
    "address_unreadable_near": _(
        "“%(was)s” is not an e-mail address, so this row cannot be taken. Is %(nearest)s meant?"
    ),
    "theme_missing": _("The mentor names no theme, so this row cannot be taken."),
}


@dataclass(frozen=True, slots=True)
class Repair:
    """Something was written otherwise than it was taken."""

    field: str
    was: str
    now: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """A person must decide; until then the field is empty, or as the sentence says. Best suggestion first."""

    field: str
    was: str
    suggestions: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the row cannot be taken at all."""

    field: str
    was: str
    suggestions: tuple[str, ...]
    why: str


Finding = Repair | Question | Problem


def say(finding: Finding) -> str:
    """The finding as a whole sentence in the reader's language; free of markup, so escape it as any text."""
    words = {"was": finding.was}
    if isinstance(finding, Repair):
        words["now"] = finding.now
    else:
        words["nearest"] = ", ".join(f"“{one}”" for one in finding.suggestions)
    return str(WHY[finding.why]) % words


def label(finding: Finding) -> str:
    """The field's name in the reader's language."""
    return str(LABELS[finding.field])
