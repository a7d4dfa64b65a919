"""What a group's moment is, and what is asked of somebody now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piiri.enrolments.models import Application
from piiri.groups.models import Group, Offer
from piiri.groups.rules import why_not_start
from piiri.meetings.models import Meeting
from piiri.programmes.models import Break, Programme

# More than two open tasks at once are not asked of anybody.
MOST_TASKS = 2

# What has no day of its own is due in so long.
SOON = timedelta(days=14)

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
    POLL = "poll"
    SIGN = "sign"
    GOAL = "goal"
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
    # In a break: its last day.
    rests_until: date | None = None


@dataclass(frozen=True)
class Task:
    """One thing asked, the row it is about, and by when: what is due first is asked first."""

    deed: Deed
    about: Any
    due: datetime


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
    moments: Iterable[Moment],
    *,
    drafts: Iterable[Application],
    offers: Iterable[Offer] = (),
    more: Iterable[Task] = (),
    now: datetime,
) -> list[Task]:
    """All that is asked, what is due first first; while a place waits for an answer, only that.

    `drafts` are those that can still be sent, `offers` places that are held for the person, `more` what other
    rooms ask. A page shows the first MOST_TASKS of them.
    """
    told = list(moments)
    if held := [Task(Deed.PLACE, offer, offer.expires_at) for offer in offers]:
        return held[:1]
    tasks = [Task(Deed.RECORD, one.unrecorded, one.unrecorded.ends_at) for one in to_record(told)]
    tasks += [Task(Deed.ANSWER, one, one.starts_at) for one in unanswered(told, now=now)]
    tasks += [Task(Deed.SEND, draft, draft.programme.enrol_closes_at) for draft in drafts]
    tasks += [
        Task(Deed.SCHEDULE, one.group, now + SOON)
        for one in told
        if one.runs_meetings and one.situation == Situation.NO_DATE
    ]
    tasks += [
        Task(Deed.SCHEDULE, one.group, now + SOON)
        for one in told
        if one.runs_meetings and one.rests_until and is_back_soon(one.rests_until, today=now.date())
    ]
    return sorted([*tasks, *more], key=lambda task: task.due)


def is_back_soon(rests_until: date, *, today: date) -> bool:
    """Whether a break ends within two weeks: time to find the first date after it."""
    return rests_until - today <= SOON


def to_record(moments: Iterable[Moment]) -> list[Any]:
    """Those whose runner has a meeting to record."""
    return [one for one in moments if one.runs_meetings and one.unrecorded]


def unanswered(moments: Iterable[Moment], *, now: datetime) -> list[Meeting]:
    """Meetings to come to which the person has said neither yes nor no."""
    coming = [one for one in moments if one.situation == Situation.MEETS and not one.answered]
    return [one.meeting for one in coming if one.meeting and one.meeting.starts_at > now]
