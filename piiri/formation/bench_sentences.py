"""The workbench in words: how a group is, what a move does to it, and why it cannot be."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from piiri.formation.moves import Stand

RANKS: tuple[Promise, ...] = (_("First wish"), _("Second wish"), _("Third wish"))

BREACHES: dict[str, Promise] = {
    "nothing": _("There is nothing to change."),
    "locked": _("The place of somebody who would move is locked."),
    "gone": _("“%(group)s” is not there any more."),
    "left": _("Somebody who would move is not there any more."),
    "language": _("“%(group)s” speaks a language that was not chosen."),
    "region": _("“%(group)s” does not meet in the way that was chosen."),
    "theme": _("“%(group)s” is not among the wishes, and “any theme” is not ticked."),
    "not-with": _("“%(group)s”: it did not fit for another reason."),
    "full": _("“%(group)s” is full: somebody would have to move first."),
    "common-slots": _("“%(group)s”: no time would work for the whole group."),
    "mentor-load": _("“%(group)s”: its mentor leads as many groups as they wanted already."),
    "mentor-slots": _("“%(group)s”: its mentor’s groups would have to meet at the same time."),
}

# The same under the name of the group.
NEAR_MISSES: dict[str, Promise] = {
    "nothing": _("This is where the person sits."),
    "locked": _("The place is locked."),
    "gone": _("Not there any more."),
    "left": _("This person is not there any more."),
    "language": _("Speaks a language that was not chosen."),
    "region": _("Does not meet in the way that was chosen."),
    "theme": _("Not among the wishes, and “any theme” is not ticked."),
    "not-with": _("It did not fit for another reason."),
    "full": _("Full: somebody would have to move first."),
    "common-slots": _("No time would work for the whole group."),
    "mentor-load": _("Its mentor leads as many groups as they wanted already."),
    "mentor-slots": _("Its mentor’s groups would have to meet at the same time."),
}


def rank_in_words(rank: int | None) -> str:
    """Which wish a group is, from 1; None: none of them, and any theme is fine."""
    if rank is None:
        return gettext("Any theme")
    return str(RANKS[rank - 1]) if rank <= len(RANKS) else gettext("Wish number %(n)s") % {"n": rank}


def group_in_words(stand: Stand, *, of: int, free: int, least: int) -> str:
    """How a group is: what is missing until it can start, else wishes, workplaces and whether it is full.

    `of` counts the people of the proposal in it, `least` who is needed to start.
    """
    if not stand.people:
        return gettext("Nobody sits in it.")
    if not stand.starts:
        return short_of_people(stand.people, least=least)
    said = [wishes_in_words(stand.first_wishes, of=of)] if of else []
    if stand.workplaces:
        said.append(
            ngettext("%(n)s workplace.", "%(n)s workplaces.", stand.workplaces) % {"n": stand.workplaces}
        )
    if free <= 0:
        said.append(gettext("Full."))
    return " ".join(said)


def short_of_people(people: int, *, least: int) -> str:
    """3 participants: 1 more and it can start"""
    has = ngettext("%(n)s participant", "%(n)s participants", people) % {"n": people}
    missing = least - people
    more = ngettext("%(n)s more and it can start", "%(n)s more and it can start", missing) % {"n": missing}
    return gettext("%(people)s: %(missing)s") % {"people": has, "missing": more}


def wishes_in_words(first: int, *, of: int) -> str:
    """How many of the people have their first wish."""
    said = ngettext(
        "%(first)s of %(n)s has the first wish.", "%(first)s of %(n)s have their first wish.", first
    )
    return said % {"first": first, "n": of}


def change_in_words(group: str, before: Stand, after: Stand, *, least: int) -> str:
    """What a move does to one group."""
    about = {"group": group, "before": before.people, "after": after.people, "least": least}
    if not after.people:
        return gettext("“%(group)s” is left without people and does not open.") % about
    if after.people == before.people:
        return gettext("“%(group)s” still has %(after)s.") % about
    if not after.starts:
        said = gettext(
            "“%(group)s” goes from %(before)s to %(after)s: too few to start, %(least)s are needed."
        )
    elif after.people < before.people:
        said = gettext("“%(group)s” goes from %(before)s to %(after)s and still starts.")
    elif before.starts:
        said = gettext("“%(group)s” grows from %(before)s to %(after)s.")
    else:
        said = gettext("“%(group)s” grows from %(before)s to %(after)s and can start.")
    return said % about


def time_in_words(group: str, *, before: str, after: str) -> str:
    """That a group meets at another time after a move; "" when it does not."""
    if before == after or not before:
        return ""
    if not after:
        return gettext("“%(group)s” has no weekly time any more.") % {"group": group}
    said = gettext("“%(group)s” meets at another time: %(after)s instead of %(before)s.")
    return said % {"group": group, "after": after, "before": before}


def left_out_in_words(names: Sequence[str]) -> str:
    """Who is without a place after a move; "" when nobody is."""
    if not names:
        return ""
    if len(names) == 1:
        return gettext("%(name)s is without a place.") % {"name": names[0]}
    return ngettext("%(n)s person is without a place.", "%(n)s people are without a place.", len(names)) % {
        "n": len(names)
    }


def breach_in_words(rule: str, group: str) -> str:
    """Why a move cannot be. What keeps two people apart is never told from anything else."""
    return str(BREACHES.get(rule, BREACHES["not-with"])) % {"group": group}


def near_miss_in_words(rule: str) -> str:
    """The same under the name of the group."""
    return str(NEAR_MISSES.get(rule, NEAR_MISSES["not-with"]))


def no_group_in_words() -> str:
    """That a wish has no group at all."""
    return gettext("No group with this theme has a free place.")


def moved_in_words(people: int, *, name: str, group: str | None) -> str:
    """What a step moved; `name` and `group` are told of one person alone, None: no place."""
    if people != 1:
        return ngettext("%(n)s person moved", "%(n)s people moved", people) % {"n": people}
    if group is None:
        return gettext("%(name)s without a place") % {"name": name}
    return gettext("%(name)s to “%(group)s”") % {"name": name, "group": group}


def locked_in_words(people: int, *, locked: bool) -> str:
    """What a step locked or let loose."""
    said = (
        ngettext("%(n)s place locked", "%(n)s places locked", people)
        if locked
        else ngettext("%(n)s place unlocked", "%(n)s places unlocked", people)
    )
    return said % {"n": people}
