"""What is scarce in words: weekly times by the part of the day, and who wants what for how many places."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext_lazy

from piiri.formation.scarcity import Part
from piiri.programmes.windows import WEEKLY

IN_PART: dict[str, Promise] = {
    "e": pgettext_lazy("part of the day", "early"),
    "m": pgettext_lazy("part of the day", "at midday"),
    "a": pgettext_lazy("part of the day", "in the afternoon"),
    "v": pgettext_lazy("part of the day", "in the evening"),
}


def when(part: Part) -> str:
    """Thursdays in the afternoon"""
    weekday, code = part
    return capfirst(str(WEEKLY[weekday]) % {"times": IN_PART[code]})


def want_it(n: int) -> str:
    """How many have a theme among their wishes."""
    return ngettext("%(n)s person wants it.", "%(n)s people want it.", n) % {"n": n}


def can_come(n: int) -> str:
    """For how many a time is possible."""
    return ngettext("%(n)s person can come then.", "%(n)s people can come then.", n) % {"n": n}


def speak_it(n: int) -> str:
    """How many chose a language."""
    return ngettext("%(n)s person speaks it.", "%(n)s people speak it.", n) % {"n": n}


def line(wanted: Callable[[int], str], *, wanting: int, seats: int, left: int | None) -> str:
    """Who wants it, the places there are, and whom of them the answer leaves without one; None: no answer."""
    said = [wanted(wanting), places(seats)]
    if left:
        said.append(
            ngettext("%(n)s of them has no place.", "%(n)s of them have no place.", left) % {"n": left}
        )
    return " ".join(said)


def places(n: int) -> str:
    """How many places the mentors offer."""
    if not n:
        return gettext("No mentor offers a place.")
    return ngettext("Mentors offer %(n)s place.", "Mentors offer %(n)s places.", n) % {"n": n}
