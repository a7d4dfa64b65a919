"""The next steps of whoever leads a group, in words: what, why, and the page where it is done."""

from collections.abc import Callable, Collection

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piiri.base import dates
from piiri.home import rules
from piiri.home.rules import Step
from piiri.home.views.course import Course

Words = dict[str, str]


def next_three(course: Course, *, without: Collection[Step] = ()) -> list[Words]:
    """The next three steps for the page; the first is the one to begin with. Some may be asked elsewhere."""
    found = rules.next_three(course.facts, without=without)
    return [WORDS[step](course) | {"state": "" if place else "now"} for place, step in enumerate(found)]


def url_of(name: str, course: Course) -> str:
    return reverse(name, args=[course.group.uid])


def record(course: Course) -> Words:
    meeting = course.unrecorded
    assert meeting
    day = dates.day(meeting.starts_at, meeting.zone)
    return {
        "title": _("Record the meeting of %(day)s") % {"day": day},
        "text": _("Who came, how long, which method: under a minute"),
        "url": reverse("meetings:record", args=[meeting.uid]),
        "deed": _("Record"),
    }


def date(course: Course) -> Words:
    facts = course.facts
    if facts.is_pair and not facts.held:
        title, text = _("Take the first step"), _("As the mentor you suggest when to meet first.")
        name, deed = "meetings:new", _("Suggest a time")
    elif facts.held:
        title, text = _("Find the next date"), _("A group keeps going when its next date is always known.")
        name, deed = "meetings:new-poll", _("Find a time")
    else:
        title, text = _("Set the dates of your year"), _("All at once, so that everybody can keep them free.")
        name, deed = "meetings:year-dates", _("Find dates")
    return {"title": title, "text": text, "url": url_of(name, course), "deed": deed}


def before_break(course: Course) -> Words:
    pause = course.pause
    assert pause
    return {
        "title": _("Agree on the first date after the break"),
        "text": _("%(break)s until %(day)s: with a date, everybody comes back.")
        % {"break": pause.name, "day": dates.day(pause.last)},
        "url": url_of("meetings:new-poll", course),
        "deed": _("Find a time"),
    }


def agreement(course: Course) -> Words:
    return {
        "title": _("Make your agreement"),
        "text": _("What you keep to, in words of your own; each of you signs."),
        "url": url_of("agreements:agreement", course),
        "deed": _("Open the agreement"),
    }


def goals(course: Course) -> Words:
    return {
        "title": _("Agree on your goals"),
        "text": _("One to three that lead to doing something. Every meeting begins with them."),
        "url": url_of("agreements:agreement", course) + "#goals",
        "deed": _("Write the goals"),
    }


def welcome(course: Course) -> Words:
    said = ngettext(
        "Find somebody to show the newcomer around",
        "Find somebody to show the %(n)s newcomers around",
        course.newcomers,
    )
    return {
        "title": said % {"n": course.newcomers},
        "text": _("Begin the next meeting with a round of hellos."),
        "url": url_of("home:people", course) + "#newcomers",
        "deed": _("See who is new"),
    }


def midpoint(course: Course) -> Words:
    return {
        "title": _("Look at agreement and goals again"),
        "text": _("Half the year is over. What works, what do you change?"),
        "url": url_of("agreements:agreement", course),
        "deed": _("Open the agreement"),
    }


def harvest(course: Course) -> Words:
    return {
        "title": _("Gather what you learned"),
        "text": _("In the last meeting: what became of the goals, what may be told to others, a farewell."),
        "url": url_of("agreements:agreement", course) + "#goals",
        "deed": _("See the goals"),
    }


def closing(course: Course) -> Words:
    day = course.facts.closing_on
    return {
        "title": _("Come together to the joint closing"),
        "text": dates.full_day(day) if day else "",
        "url": url_of("home:group", course) + "#meetings",
        "deed": _("See the year"),
    }


WORDS: dict[Step, Callable[[Course], Words]] = {
    Step.RECORD: record,
    Step.DATE: date,
    Step.BREAK: before_break,
    Step.AGREEMENT: agreement,
    Step.GOALS: goals,
    Step.WELCOME: welcome,
    Step.MIDPOINT: midpoint,
    Step.HARVEST: harvest,
    Step.CLOSING: closing,
}
