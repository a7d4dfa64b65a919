"""A forecast in words: how many would be left without a place, whose wishes these are, what would help."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from piiri.base.small import FEW
from piiri.formation import scarce_sentences, sentences

MEETS: dict[str, Promise] = {
    "online": _("It would meet online."),
    "onsite": _("It would meet in person."),
    "either": _("It would meet in person or online."),
}


@dataclass(frozen=True)
class MoreTold:
    """One more mentor: when, for what, whom it places; and the language and the way of meeting that help."""

    text: str
    details: str


def headline(left: int, *, is_own: bool, whole: bool) -> str:
    """How many would be left; fewer than five are not counted out unless `whole`."""
    if not left:
        return gettext("With these mentors, themes and hours, everybody would have a place.")
    if not whole and left < FEW:
        return gettext(
            "With these mentors, themes and hours, last year’s wishes would leave fewer than five without a "
            "place."
        )
    return (_so_far(left) if is_own else _last_year(left)) % {"n": left}


def _so_far(left: int) -> str:
    return ngettext(
        "With these mentors, themes and hours, the wishes so far would leave %(n)s without a place.",
        "With these mentors, themes and hours, the wishes so far would leave %(n)s without a place.",
        left,
    )


def _last_year(left: int) -> str:
    return ngettext(
        "With these mentors, themes and hours, last year’s wishes would leave %(n)s without a place.",
        "With these mentors, themes and hours, last year’s wishes would leave %(n)s without a place.",
        left,
    )


def whose(people: int, *, title: str, closed_on: str, is_own: bool, whole: bool) -> str:
    """Whose wishes these are, and how old."""
    if is_own:
        said = ngettext(
            "These are the wishes of %(n)s person who waits for a place.",
            "These are the wishes of %(n)s people who wait for a place.",
            people,
        )
        return said % {"n": people}
    if not whole and people < FEW:
        said = gettext("These are the wishes of fewer than five people who applied to “%(title)s”.")
    else:
        said = ngettext(
            "These are the wishes of %(n)s person who applied to “%(title)s”.",
            "These are the wishes of %(n)s people who applied to “%(title)s”.",
            people,
        )
    age = gettext("The last day of its enrolment was %(day)s.") % {"day": closed_on}
    return f"{said % {'n': people, 'title': title}} {age}"


def one_more(more: Mapping[str, Any], *, titles: Mapping[str, str], whole: bool) -> MoreTold:
    """One more mentor from what Forecast.result keeps of them."""
    weekday, code = more["part"]
    places: int = more["places"]
    if not whole and places < FEW:
        said = gettext("%(when)s: one more mentor for “%(theme)s” places fewer than five.")
    else:
        said = ngettext(
            "%(when)s: one more mentor for “%(theme)s” places %(n)s.",
            "%(when)s: one more mentor for “%(theme)s” places %(n)s.",
            places,
        )
    about = {
        "when": scarce_sentences.when((weekday, code)),
        "theme": titles.get(more["theme"]) or gettext("Any group"),
        "n": places,
    }
    spoken = str(sentences.SPOKEN.get(more["language"], ""))
    return MoreTold(said % about, " ".join(filter(None, (spoken, meets(more["region"])))))


def meets(region: str) -> str:
    """How and where a group would meet, from "online" or "onsite:the area"."""
    form, _colon, area = region.partition(":")
    if form == "onsite" and area:
        return gettext("It would meet in person in %(area)s.") % {"area": area}
    return str(MEETS.get(form, ""))


def notes(result: Mapping[str, Any], *, whole: bool) -> list[str]:
    """What else has to be known to read the numbers."""
    said = []
    strangers: int = result.get("strangers", 0)
    if strangers and (whole or strangers >= FEW):
        told = ngettext(
            "%(n)s of them wished only for themes that are not there any more.",
            "%(n)s of them wished only for themes that are not there any more.",
            strangers,
        )
        said.append(told % {"n": strangers})
    elif strangers:
        said.append(gettext("A few of them wished only for themes that are not there any more."))
    if result["left"] and result["tried"] and not result["more"]:
        said.append(
            gettext("One more mentor alone would not place more of them, whatever the theme and the time.")
        )
    if result["stopped"]:
        said.append(gettext("The forecast was stopped before everything had been tried."))
    return said
