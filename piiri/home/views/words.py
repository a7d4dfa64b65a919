"""What a card says when there is no meeting ahead, and what is asked of a person: words and addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piiri.base import dates
from piiri.enrolments.models import Application
from piiri.enrolments.queries import MyState
from piiri.groups.models import Group, Offer
from piiri.home import rules
from piiri.home.queries import MyGroup
from piiri.home.rules import Deed, Situation, Task
from piiri.meetings.models import Meeting, Poll
from piiri.programmes.models import Break


@dataclass(frozen=True)
class Quiet:
    """A card without a meeting: what is, what happens next, and at most one thing to do."""

    title: str
    text: str
    seats: str
    small: str = ""
    url: str = ""
    deed: str = ""


def quiet(mine: MyGroup, situation: Situation, *, resting: Break | None, today: date) -> Quiet | None:
    """The words of a group that has no meeting ahead; None for one that has."""
    if resting and situation == Situation.RESTS:
        return rests(mine, resting, today=today)
    made = QUIET.get(situation)
    return made(mine) if made else None


def no_date(mine: MyGroup) -> Quiet:
    people = len(mine.chairs)
    small, url = _("Your mentor sets the next meeting; you get it by mail."), ""
    if mine.runs_meetings:
        small, url = "", reverse("meetings:new", args=[mine.group.uid])
    return Quiet(
        _("No meeting in the calendar: %(group)s") % {"group": mine.group.name},
        ngettext("%(n)s of you, no date yet.", "%(n)s of you, no date yet.", people) % {"n": people},
        mine.letters,
        small,
        url,
        _("Set a meeting"),
    )


def too_few(mine: MyGroup) -> Quiet:
    more = rules.missing(mine.group, taken=mine.taken)
    least = {"group": mine.group.name, "n": mine.group.min_to_start}
    return Quiet(
        ngettext("%(n)s more and you can start", "%(n)s more and you can start", more) % {"n": more},
        _("%(group)s starts when %(n)s participants are in.") % least,
        mine.letters,
        url=reverse("home:group", args=[mine.group.uid]),
        deed=_("Open the group"),
    )


def on_offer(mine: MyGroup) -> Quiet:
    day = dates.day(mine.programme.answers_by)
    return Quiet(
        _("Your group is on offer: %(group)s") % {"group": mine.group.name},
        _("Groups are formed from all wishes. You hear by %(day)s who sits in yours.") % {"day": day},
        mine.letters,
        url=reverse("groups:edit", args=[mine.group.uid]) if mine.leads else "",
        deed=_("Change the offer"),
    )


def rests(mine: MyGroup, resting: Break, *, today: date) -> Quiet:
    until = {"break": resting.title, "day": dates.day(resting.ends_on)}
    title, name = _("%(break)s until %(day)s") % until, {"group": mine.group.name}
    if mine.runs_meetings and rules.is_back_soon(resting.ends_on, today=today):
        return Quiet(
            title,
            _("%(group)s comes back soon. A first date is already proposed.") % name,
            mine.resting_letters,
            url=reverse("home:group", args=[mine.group.uid]) + "#next-date",
            deed=_("See the date"),
        )
    calm = _("Nobody needs anything from you. %(group)s is here when you come back.")
    return Quiet(title, calm % name, mine.resting_letters)


def over(mine: MyGroup) -> Quiet:
    return Quiet(
        _("The year of %(group)s is over") % {"group": mine.group.name},
        _("Nobody needs anything from you. Your hours and the group’s page stay here."),
        mine.resting_letters,
        url=reverse("home:group", args=[mine.group.uid]),
        deed=_("Open the group"),
    )


def paused(group: Group) -> Quiet:
    """A group whose page waits for the person."""
    return Quiet(
        _("%(group)s waits for you") % {"group": group.name},
        _("Your place stays yours. The programme office looks for a way and writes to you."),
        "",
        url=reverse("home:group", args=[group.uid]),
        deed=_("See why, and what happens next"),
    )


QUIET: dict[Situation, Callable[[MyGroup], Quiet]] = {
    Situation.NO_DATE: no_date,
    Situation.TOO_FEW: too_few,
    Situation.ON_OFFER: on_offer,
    Situation.OVER: over,
}


def applied(state: MyState, *, today: date) -> Quiet:
    """An application that has not led to a group yet."""
    application = state.application
    programme = application.programme
    ahead = state.next_on if state.next_on and state.next_on >= today else None
    small = " · ".join(filter(None, [str(programme.title), dates.full_day(ahead) if ahead else ""]))
    if application.state == Application.State.DRAFT:
        url = reverse("enrolments:enrol", args=[programme.organisation.slug, programme.slug])
        return Quiet(state.headline, state.next, "wwwwwww", small, url, _("Go on with your application"))
    if application.state == Application.State.PLACED:
        # Whoever has a group sees the group instead.
        title, text = _("You are not in a group any more"), _("The hours you have gathered stay yours.")
        return Quiet(title, text, "", str(programme.title), reverse("hours:mine"), _("See my hours"))
    url = reverse("enrolments:application", args=[application.uid])
    if application.state == Application.State.SENT:
        title = _("Your group is being formed")
        return Quiet(title, state.next, "wwwwwww", small, url, _("See or change my wish"))
    return Quiet(state.headline, state.next, "", small, url, _("See my application"))


# --- what is asked ----------------------------------------------------------------------------


def in_words(task: Task) -> dict[str, str]:
    """A task with its words and the page where it is done."""
    return ASKED[task.deed](task)


def place(task: Task) -> dict[str, str]:
    offer = cast("Offer", task.about)
    until = dates.full_day(offer.expires_at, offer.group.programme.zone)
    return {
        "title": _("A place is free for you"),
        "text": _("%(group)s · held for you until %(day)s") % {"group": offer.group.name, "day": until},
        "url": reverse("enrolments:offer", args=[offer.uid]),
        "deed": _("See the place and answer"),
    }


def record(task: Task) -> dict[str, str]:
    meeting = cast("Meeting", task.about)
    day = dates.day(meeting.starts_at, meeting.zone)
    return {
        "title": _("Record the meeting of %(day)s") % {"day": day},
        "text": _("%(group)s · who came, and for how long; it takes a minute")
        % {"group": meeting.group.name},
        "url": reverse("meetings:record", args=[meeting.uid]),
        "deed": _("Record"),
    }


def answer(task: Task) -> dict[str, str]:
    meeting = cast("Meeting", task.about)
    day = dates.day(meeting.starts_at, meeting.zone)
    return {
        "title": _("Say whether you come on %(day)s") % {"day": day},
        "text": meeting.group.name,
        "url": f"#answer-{meeting.uid}",
        "deed": _("Answer"),
    }


def send(task: Task) -> dict[str, str]:
    programme = cast("Application", task.about).programme
    closes = dates.day(programme.enrol_closes_at, programme.zone)
    return {
        "title": _("Send your application"),
        "text": _("%(programme)s · until %(day)s") % {"programme": programme.title, "day": closes},
        "url": reverse("enrolments:enrol", args=[programme.organisation.slug, programme.slug]),
        "deed": _("Go on"),
    }


def schedule(task: Task) -> dict[str, str]:
    group = cast("Group", task.about)
    return {
        "title": _("Set the next meeting"),
        "text": group.name,
        "url": reverse("home:group", args=[group.uid]) + "#next-date",
        "deed": _("Choose a time"),
    }


def poll(task: Task) -> dict[str, str]:
    found = cast("Poll", task.about)
    until = {"group": found.group.name, "day": dates.day(found.answer_by, found.group.programme.zone)}
    return {
        "title": _("Say when you have time"),
        "text": _("%(group)s · until %(day)s") % until,
        "url": reverse("meetings:poll", args=[found.group.uid, found.uid]),
        "deed": _("Answer"),
    }


def sign(task: Task) -> dict[str, str]:
    group = cast("Group", task.about)
    return {
        "title": _("Sign your group’s agreement"),
        "text": group.name,
        "url": reverse("agreements:agreement", args=[group.uid]),
        "deed": _("Read it"),
    }


def goal(task: Task) -> dict[str, str]:
    group = cast("Group", task.about)
    return {
        "title": _("A goal has been suggested"),
        "text": _("%(group)s · it holds once all of you say yes") % {"group": group.name},
        "url": reverse("agreements:agreement", args=[group.uid]) + "#goals",
        "deed": _("Read it"),
    }


ASKED = {
    Deed.PLACE: place,
    Deed.RECORD: record,
    Deed.ANSWER: answer,
    Deed.POLL: poll,
    Deed.SIGN: sign,
    Deed.GOAL: goal,
    Deed.SEND: send,
    Deed.SCHEDULE: schedule,
}
