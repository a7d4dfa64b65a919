"""What a group's moment is, and what is asked of somebody now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piiri.enrolments.models import Application
from piiri.groups.models import Group, Offer
from piiri.groups.rules import why_not_start
from piiri.meetings.models import Meeting
from piiri.programmes.models import Break, Programme

# More than two open tasks at once are not asked of anybody.
MOST_TASKS = 2

MORNING, AFTERNOON, EVENING = time(4), time(12), time(17)


class Situation(StrEnum):
    """What the card of a group says first."""

    MEETS = "meets"
    ON_OFFER = "on_offer"
    TOO_FEW = "too_few"
    RESTS = "rests"
    NO_DATE = "no_date"
    OVER = "over"


class Deed(StrEnum):
    """What can be asked of a person, the most pressing first."""

    PLACE = "place"
    RECORD = "record"
    ANSWER = "answer"
    SEND = "send"
    SCHEDULE = "schedule"


@dataclass(frozen=True)
class Moment:
    """A group as one person sees it now, as far as the rules need it.

    `runs_meetings`: mentors, and members of a self-run group. `answered`: the person has said whether
    they come to `meeting`. `unrecorded`: the oldest meeting that is over and has no record.
    """

    group: Group
    situation: Situation
    runs_meetings: bool
    meeting: Meeting | None = None
    answered: bool = False
    unrecorded: Meeting | None = None


@dataclass(frozen=True)
class Task:
    """One thing asked, and the row it is about."""

    deed: Deed
    about: Meeting | Group | Application | Offer


def greeting(at: time) -> tuple[Promise, Promise]:
    """The greeting of this time of the day: with a name, and without."""
    if MORNING <= at < AFTERNOON:
        return _("Good morning, %(name)s"), _("Good morning")
    if AFTERNOON <= at < EVENING:
        return _("Good afternoon, %(name)s"), _("Good afternoon")
    return _("Good evening, %(name)s"), _("Good evening")


def situation(
    group: Group, programme: Programme, *, taken: int, meets: bool, today: date, resting: Break | None = None
) -> Situation:
    """What matters most about a group: an end, a next meeting, too few people, a break, no date."""
    if group.state not in Group.LIVING or programme.state == Programme.State.CLOSED:
        return Situation.OVER
    if meets:
        return Situation.MEETS
    if group.state == Group.State.OFFERED and taken == 0:
        return Situation.ON_OFFER
    if group.state != Group.State.RUNNING and taken < group.min_to_start:
        return Situation.TOO_FEW
    if today > programme.ends_on:
        return Situation.OVER
    return Situation.RESTS if resting else Situation.NO_DATE


def missing(group: Group, *, taken: int) -> int:
    """How many more participants the group needs before it can start."""
    return max(0, group.min_to_start - taken)


def can_begin(group: Group, *, taken: int, leads: bool) -> bool:
    """Whether the reader is asked to let the group begin: its mentor, once enough came by its link."""
    return leads and group.by_link and not why_not_start(group, taken=taken)


def asked(
    moments: Iterable[Moment], *, drafts: Iterable[Application], offers: Iterable[Offer] = (), now: datetime
) -> list[Task]:
    """At most two open tasks, the most pressing first; while a place waits for an answer, only that.

    `drafts` are those that can still be sent, `offers` places that are held for the person.
    """
    told = list(moments)
    if held := [Task(Deed.PLACE, offer) for offer in offers]:
        return held[:1]
    tasks = [Task(Deed.RECORD, one.unrecorded) for one in told if one.runs_meetings and one.unrecorded]
    tasks += [
        Task(Deed.ANSWER, one.meeting)
        for one in told
        if one.meeting
        and one.situation == Situation.MEETS
        and not one.answered
        and one.meeting.starts_at > now
    ]
    tasks += [Task(Deed.SEND, draft) for draft in drafts]
    tasks += [
        Task(Deed.SCHEDULE, one.group)
        for one in told
        if one.runs_meetings and one.situation == Situation.NO_DATE
    ]
    return tasks[:MOST_TASKS]
