"""Meetings in order: the group's year as a timeline, and what comes next."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piiri.base import dates, ring
from piiri.base.prepared import Prepared
from piiri.groups.models import Group, Membership, Mentorship
from piiri.meetings.models import CHECK_IN_AFTER, CHECK_IN_BEFORE, Answer, Attendance, Meeting
from piiri.meetings.queries.figures import Present, minutes_over
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Event, EventSession

State = Meeting.State
YES, NO = Value("yes"), Value("no")


@dataclass(frozen=True)
class Moment:
    """One step of a group's year: a meeting or a joint event. `seats` are letters for the glyph."""

    starts_at: datetime
    when: str
    title: str
    text: str = ""
    meeting: str = ""
    state: str = ""
    seats: str = ""
    label: str = ""
    # Of a joint event at which one can check in now.
    session: str = ""


def next_meetings(groups: Iterable[int], *, now: datetime) -> dict[int, Meeting]:
    """By group (its key) the next planned meeting that has not ended two hours ago. One query."""
    coming = Meeting.objects.coming(now).filter(group__in=list(groups)).order_by("-starts_at")
    found = coming.select_related("group__programme", "group__theme")
    return {meeting.group_id: meeting for meeting in found if meeting.ends_at > now}


def number_of(meeting: Meeting) -> int:
    """The how-manieth meeting of its group it is, from 1."""
    earlier = Meeting.objects.standing().filter(group=meeting.group_id, starts_at__lt=meeting.starts_at)
    return earlier.count() + 1


@dataclass(frozen=True)
class Sitting:
    """From when to when each participant and mentor was in the group."""

    participants: list[tuple[datetime, datetime | None]]
    mentors: list[tuple[datetime, datetime | None]]

    @classmethod
    def of(cls, group: Group) -> "Sitting":
        joined = Membership.objects.filter(group=group, confirmed_at__isnull=False)
        leading = Mentorship.objects.filter(group=group)
        return cls(
            list(joined.values_list("joined_at", "ended_at")),
            list(leading.values_list("started_at", "ended_at")),
        )

    def at(self, moment: datetime) -> tuple[int, int]:
        """How many participants and mentors sat in the group then."""

        def there(spans: list[tuple[datetime, datetime | None]]) -> int:
            return sum(start <= moment and (end is None or end > moment) for start, end in spans)

        return there(self.participants), there(self.mentors)


@dataclass(frozen=True)
class Year:
    """All meetings of a group that stand and all sessions of its joint events, in time order."""

    group: Group
    meetings: list[Meeting]
    sessions: list[EventSession]

    @classmethod
    def of(cls, group: Group) -> "Year":
        """Two queries; titles stay sealed until they are read."""
        meetings = list(Meeting.objects.standing().filter(group=group).order_by("starts_at"))
        for meeting in meetings:
            meeting.group = group
        return cls(group, meetings, list(programme_queries.sessions(group.programme)))

    def minutes(self, now: datetime) -> int:
        """What `minutes_used` counts."""
        met = sum(meeting.minutes for meeting in self.meetings if meeting.state == State.HELD)
        return met + minutes_over(self.group.programme, self.sessions, now=now)


def timeline(
    year: Year, *, now: datetime, for_mentor: bool = False, sitting: Sitting | None = None
) -> list[Moment]:
    """The year of a group for those who sit in it: meetings with their titles, joint events, by time.

    The first that has not ended is `now`. Three queries for any number of meetings, one where it is known
    who was `sitting` in the group when.
    """
    meetings, sitting = year.meetings, sitting or Sitting.of(year.group)
    present, answers = counts(year.group) if meetings else ({}, {})
    found = [
        meeting_moment(
            meeting,
            present=present.get(meeting.pk, Present()),
            answers=answers.get(meeting.pk, Counter()),
            sitting=sitting.at(meeting.ends_at if meeting.state == State.HELD else now),
            now=now,
        )
        for meeting in meetings
    ]
    found += event_moments(year, now=now, for_mentor=for_mentor)
    return marked(sorted(found, key=lambda moment: moment.starts_at))


def marked(moments: list[Moment]) -> list[Moment]:
    """The first moment that is not done is now."""
    for place, moment in enumerate(moments):
        if not moment.state:
            moments[place] = Moment(**vars(moment) | {"state": "now"})
            break
    return moments


def counts(group: Group) -> tuple[dict[int, Present], dict[int, Counter[bool]]]:
    """How many came and how many said yes and no, each by meeting of the group. One query."""
    counted: dict[int, Counter[str]] = {}
    for row in tallies().rows(group=group.pk):
        counted.setdefault(row["meeting"], Counter())[row["kind"]] = row["n"]
    role = Attendance.Role
    present = {key: Present(c[role.PARTICIPANT], c[role.MENTOR]) for key, c in counted.items()}
    answers = {key: Counter({True: c[YES.value], False: c[NO.value]}) for key, c in counted.items()}
    return present, answers


@lru_cache(maxsize=1)
def tallies() -> Prepared:
    """The query of `counts`: every look at a group's page asks it."""

    def build(*, group: int) -> Any:
        either = Case(When(coming=True, then=YES), default=NO)
        said = Answer.objects.filter(meeting__group=group).annotate(kind=either)
        came = Attendance.objects.filter(meeting__group=group).annotate(kind=F("role"))
        counted, more = (
            rows.order_by().values("meeting", "kind").annotate(n=Count("pk")) for rows in (came, said)
        )
        return counted.union(more, all=True)

    return Prepared(build, numbers=["group"])


def meeting_moment(
    meeting: Meeting, *, present: Present, answers: Counter[bool], sitting: tuple[int, int], now: datetime
) -> Moment:
    """A meeting as a step: who came when it was held, who has said yes when it is to come."""
    letters, label, text = "", "", _("no record yet")
    if meeting.state == State.HELD:
        letters, label = who_came(present, sitting=sum(sitting))
        text = dates.hours(meeting.minutes)
    elif meeting.ends_at > now:
        letters, label = who_comes(answers, sitting=sum(sitting))
        when = dates.times(meeting.starts_at, meeting.ends_at, meeting.zone)
        text = " · ".join(filter(None, [when, meeting.place]))
    return Moment(
        starts_at=meeting.starts_at,
        when=dates.day(meeting.starts_at, meeting.zone),
        title=meeting.title or _("Group meeting"),
        text=text,
        meeting=meeting.uid,
        state="done" if meeting.state == State.HELD or meeting.ends_at <= now else "",
        seats=letters,
        label=label,
    )


def who_came(present: Present, *, sitting: int) -> tuple[str, str]:
    """Seats and words of a meeting held."""
    here = present.participants + present.mentors
    everybody = max(sitting, here)
    seats = ring.letters(mentors=present.mentors, taken=present.participants, away=everybody - here)
    return seats, _("%(here)s of %(all)s present") % {"here": here, "all": everybody}


def who_comes(answers: Counter[bool], *, sitting: int) -> tuple[str, str]:
    """Seats and words of a meeting to come; who has not answered is dashed."""
    yes, no = answers[True], answers[False]
    everybody = max(sitting, yes + no)
    seats = ring.letters(mentors=0, taken=yes, away=no, waiting=everybody - yes - no)
    return seats, _("%(yes)s of %(all)s have said they come") % {"yes": yes, "all": everybody}


def event_moments(year: Year, *, now: datetime, for_mentor: bool) -> list[Moment]:
    """Joint events of the programme as steps; several sessions of one event are one step."""
    zone, found = year.group.programme.zone, []
    by_event: dict[int, list[EventSession]] = {}
    for session in year.sessions:
        by_event.setdefault(session.event_id, []).append(session)
    for sessions in by_event.values():
        event = sessions[0].event
        if event.kind == Event.Kind.MENTORS and not for_mentor:
            continue
        shown = next((one for one in sessions if one.ends_at > now), sessions[-1])
        over = shown.ends_at <= now
        when = dates.times(shown.starts_at, shown.ends_at, zone)
        words = [dates.hours(shown.minutes)] if over else [when, shown.place]
        if len(sessions) > 1:
            words.append(ngettext("%(n)s session", "%(n)s sessions", len(sessions)) % {"n": len(sessions)})
        found.append(
            Moment(
                starts_at=shown.starts_at,
                when=dates.day(shown.starts_at, zone),
                title=str(event),
                text=" · ".join(filter(None, words)),
                state="done" if over else "",
                session=shown.uid if is_open(shown, now=now) else "",
            )
        )
    return found


def is_open(session: EventSession, *, now: datetime) -> bool:
    """Whether one can check in at the session now."""
    return session.starts_at - CHECK_IN_BEFORE <= now <= session.ends_at + CHECK_IN_AFTER


def unrecorded(groups: Iterable[int], *, now: datetime) -> dict[int, Meeting]:
    """By group the oldest meeting that has begun and has no record yet. One query."""
    begun = Meeting.objects.filter(Q(state=State.PLANNED, starts_at__lte=now), group__in=list(groups))
    return {meeting.group_id: meeting for meeting in begun.order_by("-starts_at")}
