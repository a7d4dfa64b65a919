"""What a mail says to somebody who was left without a place: why, in one sentence without themes or names."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("fi", "sv", "en")
NO_FIT = _("No group with a free place fitted you this time.")
# From the nearest miss to the farthest; what is not here is not told apart.
WHY: dict[str, Promise] = {
    "full": _("The groups that fit you are full."),
    "not_opened": _("Too few people wished for the same and share a time with you for a group to start."),
    "no_common_time": _("No time suits both you and a whole group that you wished for."),
    "no_group_in_place": _("No group that you wished for meets in the way that you chose."),
    "no_group_in_language": _("No group that you wished for speaks a language that you chose."),
    "no_group": _("No group that you wished for has a free place."),
}
NO_TIMES = _("You ticked no time that is long enough for a whole meeting.")
AFTER_ALL: dict[str, Promise] = {
    "full": _("The group that was found for you has become full meanwhile."),
    "ended": _("The group that was found for you has been called off meanwhile."),
}


def why_without(codes: Mapping[str, Any], *, left_out: str = "") -> dict[str, str]:
    """The one sentence in every language, from the codes of a reason and what became of it since.

    Of several wishes the nearest miss is told. People kept apart are told from nothing else.
    """
    sentence = AFTER_ALL.get(left_out) or (NO_TIMES if codes.get("no_times") else None) or _nearest(codes)
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(sentence)
    return said


def _nearest(codes: Mapping[str, Any]) -> Promise:
    found = {wish[2] for wish in codes.get("unmet", ())}
    return next((sentence for code, sentence in WHY.items() if code in found), NO_FIT)
