"""The dates of a group's whole year: a plan, its dates with who cannot, fairer ones, their hours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from piiri.base import dates
from piiri.groups.models import Group
from piiri.meetings import fair, finder, pauses
from piiri.meetings.fair import Option, Score
from piiri.meetings.finder import Run
from piiri.meetings.models import Meeting
from piiri.meetings.queries import heat, polls
from piiri.meetings.queries.polls import Table
from piiri.people.models import Person
from piiri.programmes import queries as programme_queries
from piiri.programmes import windows
from piiri.programmes.models import Event, EventSession

MOST = 15
FIRST_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Plan:
    """A rhythm: every so many weeks on a weekday (Monday is 0), at `start` minutes after midnight."""

    first: date
    last: date
    weekday: int
    start: int
    minutes: int
    weeks: int
    number: int


@dataclass(frozen=True)
class Hours:
    """Minutes: of joint events before and after the first date, of meetings that stand, of the new ones."""

    before: int
    standing: int
    number: int
    minutes: int
    after: int
    cap: int

    @property
    def total(self) -> int:
        return self.before + self.standing + self.number * self.minutes + self.after

    @property
    def over(self) -> int:
        return max(0, self.total - self.cap)

    @property
    def sum(self) -> str:
        """2 + 7 × 2 + 2 = 18"""
        many = f"{self.number} × {bare(self.minutes)}" if self.number else ""
        parts = [bare(self.before), bare(self.standing), many, bare(self.after)]
        return " + ".join(filter(None, parts)) + f" = {bare(self.total) or 0}"


@dataclass(frozen=True)
class Line:
    """One date of the list: `note` says who cannot, `closed` names the holiday or break it falls on."""

    day: date
    run: Run
    note: str
    closed: str = ""
    stands: bool = False
    ticked: bool = True


@dataclass(frozen=True)
class Other:
    """Another weekday and time for the same rhythm, and how fair it would be."""

    weekday: int
    start: int
    words: str
    score: Score
    number: int

    @property
    def at(self) -> str:
        return f"{self.start // 60:02d}:{self.start % 60:02d}"


@dataclass(frozen=True)
class Year:
    """All that is known of the days from the plan's first to its last."""

    group: Group
    table: Table
    closed: Mapping[date, str]
    sessions: Sequence[EventSession]
    meetings: Sequence[Meeting]

    @classmethod
    def of(cls, group: Group, first: date, last: date, *, you: Person) -> "Year":
        """Ten queries, for any number of people and dates."""
        sitters = polls.sitting(group, you=you)
        return cls(
            group=group,
            table=polls.table_of(group, sitters, first, last, said={}),
            closed=programme_queries.closed_days(group.programme, first, last),
            sessions=list(programme_queries.sessions(group.programme)),
            meetings=list(Meeting.objects.standing().filter(group=group).order_by("starts_at")),
        )

    def run(self, day: date, plan: Plan) -> Run:
        return finder.run_at(
            self.table.frame, self.table.voices, day=day, start=plan.start, minutes=plan.minutes
        )

    def option(self, day: date, plan: Plan) -> Option:
        return Option(day, frozenset(self.run(day, plan).cannot))


def bare(minutes: int) -> str:
    """Hours as a bare number; nothing for none."""
    return dates.hours(minutes).split("\N{NO-BREAK SPACE}")[0] if minutes else ""


def default_plan(group: Group, *, today: date) -> Plan:
    """From the group's weekly time and the programme's length, rhythm and number of meetings."""
    programme, rules = group.programme, group.programme.rules
    at = group.local_time or time(14, 30)
    first = max(today, programme.starts_on) + FIRST_AFTER
    return Plan(
        first=first,
        last=max(programme.ends_on, first),
        weekday=1 if group.weekday is None else group.weekday,
        start=at.hour * 60 + at.minute // 30 * 30,
        minutes=rules.meeting_minutes,
        weeks=pauses.WEEKS[rules.rhythm],
        number=min(MOST, rules.meetings),
    )


def fitting(year: Year, plan: Plan) -> Plan:
    """The plan with as many dates as the hours beside joint events and set meetings hold; one at least."""
    rest = hours_of(year, days=[], minutes=plan.minutes)
    fit = fair.most_meetings(cap=rest.cap, joint=rest.total, minutes=plan.minutes)
    return replace(plan, number=max(1, min(plan.number, fit)))


def planned(year: Year, plan: Plan) -> list[date]:
    """The dates of the rhythm between the joint opening and closing.

    Minus breaks, holidays and days on which the group meets anyway.
    """
    busy = {meeting.local_date for meeting in year.meetings} | joint_days(year)
    return fair.rhythm(
        max([plan.first, *joint_days(year, Event.Kind.OPENING)]),
        min([plan.last, *joint_days(year, Event.Kind.CLOSING)]),
        weekday=plan.weekday,
        weeks=plan.weeks,
        number=plan.number,
        closed={*year.closed, *busy},
    )


def joint_days(year: Year, *kinds: str) -> set[date]:
    """Days of joint events of these kinds; of all but the mentors' own where none is named."""
    zone, wanted = year.group.programme.tz, kinds or set(Event.Kind) - {Event.Kind.MENTORS}
    return {one.starts_at.astimezone(zone).date() for one in year.sessions if one.event.kind in wanted}


def fairer(year: Year, plan: Plan, days: Sequence[date]) -> list[date]:
    """The same weeks on the fairest of their days, at the same time; the days themselves where no way is."""
    open_days = set(year.table.frame.days) - joint_days(year)
    rounds = [
        [year.option(each, plan) for n in range(7) if (each := monday(day) + timedelta(days=n)) in open_days]
        for day in days
    ]
    found = fair.fairest(rounds, gap=max(1, plan.weeks * 7 // 2))
    return [option.day for option in found] if found else list(days)


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def lines(year: Year, plan: Plan, days: Iterable[date], *, left_out: Iterable[date] = ()) -> list[Line]:
    """The list of dates, with who cannot at each."""
    stands, out = {meeting.local_date for meeting in year.meetings}, set(left_out)
    found = []
    for day in sorted({*days, *out}):
        run = year.run(day, plan)
        closed = year.closed.get(day, "")
        note = who_cannot(year.table, run)
        found.append(Line(day, run, note, closed, day in stands, day not in out))
    return found


def who_cannot(table: Table, run: Run) -> str:
    """Who cannot, and for whom it works only if needed, by their usual times."""
    by_key = {sitter.key: sitter for sitter in table.sitters}
    missing = heat.cannot([by_key[key] for key in run.cannot])
    return "; ".join([*missing, *heat.if_needed([by_key[key] for key in run.if_needed])])


def score_of(year: Year, plan: Plan, days: Iterable[date]) -> Score:
    """How fair these dates are."""
    return fair.score(year.option(day, plan) for day in days)


def unknown(table: Table) -> list[str]:
    """First names of those of whose times nothing is known."""
    silent = {voice.key for voice in table.voices if voice.marks is None}
    return [sitter.call for sitter in table.sitters if sitter.key in silent]


def others(year: Year, plan: Plan, *, most: int = 3) -> list[Other]:
    """Other weekdays and times for the same rhythm that are fairer, fairest first, one a weekday."""
    here = score_of(year, plan, planned(year, plan))
    found: dict[int, Other] = {}
    for weekday in range(7 if year.table.frame.weekends else 5):
        days = planned(year, replace(plan, weekday=weekday))
        for start in year.table.frame.starts(plan.minutes):
            there = replace(plan, weekday=weekday, start=start)
            score = score_of(year, there, days)
            better = found.get(weekday)
            if score < (better.score if better else here):
                found[weekday] = Other(weekday, start, weekly(there), score, len(days))
    return sorted(found.values(), key=lambda other: other.score)[:most]


def weekly(plan: Plan) -> str:
    """Tuesdays 14.30–16.00"""
    return windows.words(plan.weekday, plan.start, plan.start + plan.minutes)


def in_words(score: Score, number: int) -> str:
    """How fair so many dates are."""
    if not score.total:
        return _("Everybody can come each time.")
    words = {"most": score.most, "number": number, "total": score.total}
    if score.most == number:
        return _("Somebody can come to none of the %(number)s; absences in all: %(total)s.") % words
    return _("Nobody misses more than %(most)s of %(number)s; absences in all: %(total)s.") % words


def hours_of(year: Year, *, days: Sequence[date], minutes: int) -> Hours:
    """What the year would take of the hours it is meant to have."""
    programme, rules = year.group.programme, year.group.programme.rules
    first = min(days, default=programme.ends_on)
    lasts: dict[int, tuple[datetime, int]] = {}
    for one in year.sessions if rules.events_count else ():
        if one.event.counts_hours and one.event.kind != Event.Kind.MENTORS:
            lasts[one.event_id] = (one.starts_at, one.minutes)
    early = [length for at, length in lasts.values() if at.astimezone(programme.tz).date() < first]
    return Hours(
        before=sum(early),
        standing=sum(meeting.minutes for meeting in year.meetings),
        number=len(days),
        minutes=minutes,
        after=sum(length for _at, length in lasts.values()) - sum(early),
        cap=rules.cap_hours * 60,
    )
