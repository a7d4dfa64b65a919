"""Ranks with which group a short one could be merged, and says why. Pure: knows no rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

BEST = 3
EITHER, ONLINE = "either", "online"

# What each thing in common is worth when targets are put in order. The theme is what people came for; a time
# that suits all decides whether they can come at all.
SAME_THEME = 40
A_TIME, MOST_TIMES = 12, 4
NO_TIME = -60
ITS_TIME_FITS, ITS_TIME_DOES_NOT = 20, -40
SAME_FORM, OTHER_FORM, SAME_AREA = 12, -30, 10
HAS_MENTOR = 15
ENOUGH = 25


@dataclass(frozen=True)
class Circle:
    """A group as this module sees it. Times are bits, one a weekly window; people are keys.

    `times` are of participants who have told when they can meet, `mentor_times` of mentors; `own_time` is the
    bit of the weekly time it was formed around.
    """

    key: int
    theme: int | None
    language: str
    form: str
    area: str
    people: tuple[int, ...]
    mentors: tuple[int, ...]
    free: int
    least: int
    times: tuple[int, ...] = ()
    mentor_times: tuple[int, ...] = ()
    own_time: int = 0
    self_run: bool = False
    is_running: bool = False


@dataclass(frozen=True)
class Idea:
    """A possible target and what speaks for it and against it; `worth` puts ideas in order."""

    target: Circle
    together: int
    same_theme: bool
    windows: int
    told: int
    fits_its_time: bool | None
    same_form: bool
    form_fits: bool
    same_area: bool

    @property
    def worth(self) -> int:
        worth = SAME_THEME * self.same_theme + SAME_FORM * self.same_form + SAME_AREA * self.same_area
        worth += 0 if self.form_fits else OTHER_FORM
        worth += HAS_MENTOR * bool(self.target.mentors) + ENOUGH * self.is_enough
        if self.told:
            worth += A_TIME * min(self.windows, MOST_TIMES) if self.windows else NO_TIME
        if self.fits_its_time is not None:
            worth += ITS_TIME_FITS if self.fits_its_time else ITS_TIME_DOES_NOT
        return worth

    @property
    def is_enough(self) -> bool:
        """Whether the two together are enough to start, or run already."""
        return self.target.is_running or self.together >= self.target.least


def ideas(short: Circle, others: Sequence[Circle], *, apart: Collection[frozenset[int]]) -> list[Idea]:
    """The best three targets for a short group, best first; none whose people must not meet.

    Must: the same language, a free place for everybody, no kept-apart pair in the group that comes of it
    (its mentors among them), nobody who leads the target, and for a pair nothing at all.
    """
    possible = [idea_of(short, other) for other in others if can_take(other, short, apart=apart)]
    return sorted(possible, key=lambda idea: (-idea.worth, idea.target.key))[:BEST]


def can_take(target: Circle, short: Circle, *, apart: Collection[frozenset[int]]) -> bool:
    """Whether the target may be asked about at all."""
    if target.key == short.key or target.language != short.language or target.free < len(short.people):
        return False
    if not short.people or not target.people or set(short.people) & set(target.mentors):
        return False
    sitting = {*target.people, *target.mentors, *short.people}
    return not any(pair <= sitting for pair in apart)


def idea_of(short: Circle, target: Circle) -> Idea:
    """What the two have in common; the mentors of the short group do not come along."""
    told = (*short.times, *target.times)
    return Idea(
        target=target,
        together=len(short.people) + len(target.people),
        same_theme=short.theme is not None and short.theme == target.theme,
        windows=in_common((*told, *target.mentor_times)).bit_count() if told else 0,
        told=len(told),
        fits_its_time=bool(in_common(short.times) & target.own_time)
        if target.own_time and short.times
        else None,
        same_form=short.form == target.form,
        form_fits=short.form == target.form or EITHER in (short.form, target.form),
        same_area=bool(short.area) and short.area.casefold() == target.area.casefold(),
    )


def in_common(times: Sequence[int]) -> int:
    """The bits that all of them have; of nobody none."""
    shared = -1 if times else 0
    for bits in times:
        shared &= bits
    return shared


def reasons(idea: Idea) -> list[str]:
    """What speaks for it, in words, strongest first."""
    target = idea.target
    said = [
        _("Same theme") if idea.same_theme else "",
        times_in_words(idea) if idea.windows else "",
        _("The time it was formed around suits those who would move") if idea.fits_its_time else "",
        form_in_words(idea),
        _("Same area") if idea.same_area else "",
        _("It has a mentor") if target.mentors else "",
        _("Together %(n)s participants: it can start") % {"n": idea.together}
        if idea.is_enough and not target.is_running
        else "",
        _("It has just started") if target.is_running else "",
    ]
    return [one for one in said if one]


def doubts(idea: Idea) -> list[str]:
    """What speaks against it, in words."""
    target = idea.target
    said = [
        "" if idea.same_theme else _("Another theme"),
        _("No weekly time suits everybody") if idea.told and not idea.windows else "",
        _("Nobody has told when they can meet") if not idea.told else "",
        _("The time it was formed around does not suit all who would move")
        if idea.fits_its_time is False
        else "",
        "" if idea.form_fits else _("One meets online, the other in person"),
        "" if target.mentors or target.self_run else _("It has no mentor yet"),
        still_short(idea),
    ]
    return [one for one in said if one]


def times_in_words(idea: Idea) -> str:
    """3 weekly times suit all 8, or those of them who have told their times."""
    words = {"n": idea.windows, "people": idea.told, "all": idea.together}
    if idea.told >= idea.together:
        said = ngettext(
            "%(n)s weekly time suits all %(people)s", "%(n)s weekly times suit all %(people)s", idea.windows
        )
    else:
        said = ngettext(
            "%(n)s weekly time suits the %(people)s of %(all)s who have told their times",
            "%(n)s weekly times suit the %(people)s of %(all)s who have told their times",
            idea.windows,
        )
    return said % words


def form_in_words(idea: Idea) -> str:
    """How both meet, where they meet the same way."""
    if not idea.same_form:
        return ""
    if idea.target.form == ONLINE:
        return _("Both meet online")
    return _("Both meet in person or online") if idea.target.form == EITHER else _("Both meet in person")


def still_short(idea: Idea) -> str:
    """That even the two together are too few."""
    lacking = idea.target.least - idea.together
    if idea.is_enough:
        return ""
    words = ngettext(
        "Together still %(n)s participant short", "Together still %(n)s participants short", lacking
    )
    return words % {"n": lacking}
