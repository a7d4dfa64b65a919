"""The four phases of a year in words: what each is for, and what is so in it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from piiri.base import dates
from piiri.home import rules
from piiri.home.rules import Facts, Phase
from piiri.home.views.course import Course

TITLES = {
    Phase.PREPARING: pgettext_lazy("phase", "Preparing"),
    Phase.NEGOTIATING: pgettext_lazy("phase", "Negotiating"),
    Phase.GROWING: pgettext_lazy("phase", "Enabling growth"),
    Phase.CLOSING: pgettext_lazy("phase", "Closing"),
}
OF_GROUPS = {
    Phase.PREPARING: gettext_lazy("Who we are, when we meet, what each of us hopes for"),
    Phase.NEGOTIATING: gettext_lazy("What we keep to, what we aim at, how we work"),
    Phase.GROWING: gettext_lazy("Meet, try something, come back to it"),
    Phase.CLOSING: gettext_lazy("Look back, gather what we learned, thank, say goodbye"),
}
OF_PAIRS = {
    Phase.PREPARING: gettext_lazy("What do I hope for? What can I give?"),
    Phase.NEGOTIATING: gettext_lazy("Goals, trust, rhythm, and how we would end it early"),
    Phase.GROWING: gettext_lazy("Meet, try, come back to it"),
    Phase.CLOSING: gettext_lazy("Look back, thank, decide what goes on"),
}


def phases(course: Course) -> list[dict[str, str]]:
    """The four phases for the page, the one that is now marked."""
    facts = course.facts
    texts = OF_PAIRS if facts.is_pair else OF_GROUPS
    so = {
        Phase.PREPARING: began(course),
        Phase.NEGOTIATING: agreed(course),
        Phase.GROWING: met(facts),
        Phase.CLOSING: ends(facts),
    }
    return [
        {"title": str(TITLES[phase]), "text": str(texts[phase]), "state": state, "small": so[phase]}
        for phase, state in rules.states(rules.phase_of(facts))
    ]


def began(course: Course) -> str:
    """Since when the group runs, else that it has not begun."""
    group = course.group
    if group.started_at is None:
        return "" if course.facts.is_running else _("Not begun yet")
    return _("Since %(day)s") % {"day": dates.day(group.started_at, group.programme.zone)}


def agreed(course: Course) -> str:
    """When agreement and goals were agreed, or which of the two is still open."""
    facts = course.facts
    if facts.agreed and facts.has_goals:
        return _("Agreed on %(day)s") % {"day": dates.day(facts.tuned_on)} if facts.tuned_on else _("Agreed")
    if facts.agreed:
        return _("Agreement signed, goals open")
    return _("Goals agreed, agreement open") if facts.has_goals else _("Agreement and goals open")


def met(facts: Facts) -> str:
    """How many meetings of about how many."""
    said = {"held": facts.held, "all": max(facts.meetings, facts.held)}
    return _("%(held)s of about %(all)s meetings held") % said


def ends(facts: Facts) -> str:
    """When the year comes to its end."""
    return _("Until %(day)s") % {"day": dates.day(facts.closing_on or facts.ends_on)}
