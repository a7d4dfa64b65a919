"""The codes of a proposal in words: why somebody sits in a group, and why no wish could be met."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from piiri.programmes import windows as weekly

Codes = Mapping[str, Any]
Titles = Mapping[str, str]  # of themes and groups, by uid

FEWEST_COUNTED = 2

RANKS: tuple[Promise, ...] = (
    _("This was the first wish."),
    _("This was the second wish."),
    _("This was the third wish."),
)
SPOKEN: dict[str, Promise] = {
    "fi": _("The group speaks Finnish."),
    "sv": _("The group speaks Swedish."),
    "en": _("The group speaks English."),
}
NOT_AS_A_WHOLE = _("“%(wish)s”: the groups as a whole fit better without it.")
WHY_NOT: dict[str, Promise] = {
    "no_group": _("“%(wish)s”: there is no such group with a free place."),
    "no_group_in_language": _("“%(wish)s”: no group speaks a language that was chosen."),
    "no_group_in_place": _("“%(wish)s”: no group meets in the way that was chosen."),
    "no_common_time": _("“%(wish)s”: there is no time that works for the whole group."),
    # People kept apart must not read it out of their sentence: both are told alike.
    "other": NOT_AS_A_WHOLE,
    "not_opened": _("“%(wish)s”: too few people share a time for a group to start."),
    "full": _("“%(wish)s”: its groups are full."),
    "elsewhere_better": NOT_AS_A_WHOLE,
}
FULL_AND_COULD_GIVE = _("“%(wish)s”: its groups are full. One person would have to move, and could.")
FULL_AND_COULD_NOT = _("“%(wish)s”: its groups are full, and nobody in them could move elsewhere.")


@dataclass(frozen=True)
class Why:
    """One reason as a sentence, with the icon it stands beside."""

    icon: str
    text: str


def why(codes: Codes, *, at: str = "") -> list[Why]:
    """What speaks for the place; `at` is the group's weekly time in words. Names nobody."""
    if "size" not in codes:
        return []
    asked: Iterable[tuple[str, Callable[[], str]]] = (
        ("heart", lambda: rank_in_words(codes["rank"])),
        ("clock", lambda: time_in_words(codes["slots"], at)),
        ("languages", lambda: str(SPOKEN.get(codes["language"] or "", ""))),
        ("map-pin", lambda: place_in_words(codes["region"] or "")),
        ("building-2", lambda: colleagues_in_words(codes["colleagues"], codes["size"])),
        ("users", lambda: mix_in_words(codes["experienced"], codes["size"])),
    )
    return [Why(icon, text) for icon, say in asked if (text := say())]


def rank_in_words(rank: int | None) -> str:
    """Which wish it was, from 1; None: none of them."""
    if rank is None:
        return gettext("It was not among the wishes, and any theme was fine.")
    if rank <= len(RANKS):
        return str(RANKS[rank - 1])
    return gettext("This was wish number %(n)s.") % {"n": rank}


def time_in_words(slots: int, at: str) -> str:
    """The weekly time everybody shares, and how many more such times there are."""
    if not at:
        return ""
    if slots <= 1:
        return gettext("This time works for everyone in it: %(at)s.") % {"at": at}
    said = ngettext(
        "This time works for everyone in it, and so does %(n)s other: %(at)s.",
        "This time works for everyone in it, and so do %(n)s others: %(at)s.",
        slots - 1,
    )
    return said % {"at": at, "n": slots - 1}


def place_in_words(region: str) -> str:
    """How and where the group meets, from "online" or "onsite:the area"."""
    form, _colon, area = region.partition(":")
    if form == "online":
        return gettext("It meets online, as chosen.")
    if form == "either":
        return gettext("It meets in person or online, which suits every choice.")
    if area:
        return gettext("It meets in person in %(area)s, as chosen.") % {"area": area}
    return gettext("It meets in person, as chosen.") if form else ""


def colleagues_in_words(colleagues: int, size: int) -> str:
    """Whether somebody from the same workplace is there; nothing for a pair."""
    if size < 2 or colleagues:
        return ""
    return gettext("Nobody else in it comes from the same workplace.")


def mix_in_words(experienced: int | None, size: int) -> str:
    """Old hands and new ones together; said only when there are two of each, so that it points at nobody."""
    if experienced is None or experienced < 2 or size - experienced < 2:
        return ""
    return gettext("It has both experienced people and newcomers.")


def why_not(codes: Codes, *, titles: Titles) -> list[str]:
    """Why better wishes, or any, could not be met. Names nobody."""
    if codes.get("no_times"):
        return [gettext("No time of a whole meeting was ticked.")]
    return [wish_in_words(wish, titles=titles) for wish in codes.get("unmet", [])]


def wish_in_words(wish: Sequence[Any], *, titles: Titles) -> str:
    """One unmet wish from [rank or None, uid, code, number or None]; the number is that of reasons.Unmet."""
    _rank, uid, code, number = wish
    title = titles.get(uid or "") or gettext("Any group")
    return _why_not(code, number) % {"wish": title, "n": number}


def _why_not(code: str, number: int | None) -> str:
    """The sentence for a code. One who fitted is not counted out: the number would be a person."""
    if code == "full" and number is not None:
        return str(FULL_AND_COULD_GIVE if number else FULL_AND_COULD_NOT)
    if code == "not_opened" and number is not None and number >= FEWEST_COUNTED:
        return ngettext(
            "“%(wish)s”: at most %(n)s person could have met at the same time, too few to start.",
            "“%(wish)s”: at most %(n)s people could have met at the same time, too few to start.",
            number,
        )
    return str(WHY_NOT.get(code, WHY_NOT["other"]))


def more_time(codes: Codes, *, titles: Titles) -> list[str]:
    """What one more free time would have changed, from [weekday, start, end, rank or None, uid or None]."""
    return [
        gettext("One more free time would have been enough for “%(wish)s”: %(at)s.")
        % {"at": weekly.words(day, start, end), "wish": titles.get(uid or "") or gettext("Any group")}
        for day, start, end, _rank, uid in codes.get("more_time", [])
    ]


def wished(codes: Iterable[Codes]) -> set[str]:
    """The uids of the themes and groups that the unmet wishes name."""
    unmet = {wish[1] for one in codes for wish in one.get("unmet", []) if wish[1]}
    return unmet | {more[4] for one in codes for more in one.get("more_time", []) if more[4]}
