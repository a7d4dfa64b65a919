"""The rule by which places are given, in words that one reads before enrolling."""

from django.utils.translation import gettext, ngettext

from piiri.base import dates
from piiri.programmes.models import Programme


def way_in_words(programme: Programme) -> list[str]:
    """One to three short sentences: how places go, who goes first, when one hears. No query."""
    rules, answers = programme.rules, dates.day(programme.answers_by)
    last = dates.day(programme.enrol_closes_at, programme.zone)
    by = {"day": answers, "last": last, "n": rules.wishes}
    if rules.enrol_way == "place":
        told = [gettext("Places go in the order of pressing.")]
        return told + (waiting_words(programme) if rules.waiting_list else [])
    if rules.enrol_way == "office":
        told = [gettext("The programme office gives the places. You hear from us by %(day)s.") % by]
        return [*told, first_words(programme)]
    told = [
        ngettext(
            "You choose %(n)s wish until %(last)s. It makes no difference when you send it.",
            "You choose up to %(n)s wishes until %(last)s. It makes no difference when you send them.",
            rules.wishes,
        )
        % by,
        gettext("Then groups are formed from all wishes and times. You hear from us by %(day)s.") % by,
    ]
    return told + (waiting_words(programme) if rules.waiting_list else [])


def waiting_words(programme: Programme) -> list[str]:
    """Who goes first on waiting lists, in one sentence."""
    rules = programme.rules
    if rules.new_first and rules.order == "lottery":
        told = gettext(
            "People new in the job or back from leave go first on waiting lists; among equals a draw decides."
        )
    elif rules.new_first:
        told = gettext("People new in the job or back from leave go first on waiting lists.")
    elif rules.order == "lottery":
        told = gettext("On waiting lists a draw decides who goes first.")
    else:
        told = gettext("On waiting lists whoever came first goes first.")
    return [told]


def first_words(programme: Programme) -> str:
    """Who goes first where the office gives the places."""
    rules = programme.rules
    if rules.new_first and rules.order == "lottery":
        return gettext("People new in the job or back from leave go first; among equals a draw decides.")
    if rules.new_first:
        return gettext("People new in the job or back from leave go first; among equals whoever came first.")
    if rules.order == "lottery":
        return gettext("A draw decides who goes first.")
    return gettext("Whoever applied first goes first.")
