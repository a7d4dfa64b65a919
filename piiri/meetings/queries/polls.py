"""What is known of everybody's times: said in a poll, usual, busy, booked; and what follows from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import pgettext

from piiri.groups.models import Group, Membership, Mentorship
from piiri.meetings import finder
from piiri.meetings.finder import Frame, Run, Voice
from piiri.meetings.models import Asked, Busy, Meeting, OwnCalendar, Poll, PollAnswer
from piiri.meetings.queries.sending import MEETING
from piiri.people.models import Person
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Availability, Programme

Spans = dict[int, list[tuple[datetime, datetime]]]
LONGEST = timedelta(hours=8)
AT_ONCE = 3


@dataclass(frozen=True)
class Sitter:
    """Somebody round the table who is asked for their times."""

    person: Person
    is_mentor: bool
    you: bool = False
    answered: bool = False
    none_work: bool = False

    @property
    def key(self) -> int:
        return self.person.pk

    @property
    def call(self) -> str:
        return pgettext("times", "you") if self.you else self.person.first_name


@dataclass(frozen=True)
class Table:
    """A group's people and what is known of their half hours within a frame."""

    frame: Frame
    sitters: list[Sitter]
    voices: list[Voice]

    @property
    def you(self) -> Sitter | None:
        return next((sitter for sitter in self.sitters if sitter.you), None)

    @property
    def answered(self) -> int:
        return sum(sitter.answered for sitter in self.sitters)

    @property
    def waiting(self) -> list[Sitter]:
        """Who has not answered, oneself first."""
        return sorted((each for each in self.sitters if not each.answered), key=lambda each: not each.you)

    @property
    def mine(self) -> str:
        """One's own marks: as said, else what is usual."""
        known = {voice.key: voice.marks for voice in self.voices}
        return (self.you and known.get(self.you.key)) or finder.NO * self.frame.size

    def runs(self, minutes: int) -> list[Run]:
        """All spans of this length, best first."""
        return finder.runs(self.frame, self.voices, minutes=minutes)

    def seats(self, run: Run) -> str:
        """The circle of a span: who can, who cannot, who has said nothing."""
        kinds = dict.fromkeys(run.cannot, "a") | dict.fromkeys(run.silent, "w")
        return "".join(kinds.get(each.key, "m" if each.is_mentor else "p") for each in self.sitters)

    def can(self, run: Run) -> int:
        """For how many the span works, if need be."""
        return len(self.sitters) - len(run.cannot) - len(run.silent)


def sitting(group: Group, *, you: Person | None = None) -> list[Sitter]:
    """Everybody to whom the group's content opens now, mentors first. One query."""
    leads = Mentorship.objects.entering().filter(group=group)
    joined = Membership.objects.entering().filter(group=group)
    people = Person.objects.filter(Q(pk__in=leads.values("person")) | Q(pk__in=joined.values("person")))
    rows = people.annotate(leads=Exists(leads.filter(person=OuterRef("pk")))).order_by("-leads", "name", "pk")
    return [Sitter(row, row.leads, you is not None and row == you) for row in rows]


def frame_of(group: Group, first: date, last: date, *, taken: Collection[int] = ()) -> Frame:
    """The days as the programme counts them: its hours, weekends or not, breaks and holidays. One query."""
    rules = group.programme.rules
    closed = programme_queries.closed_days(group.programme, first, last)
    return Frame(first, last, rules.day_from, rules.day_to, rules.weekends, frozenset(closed), taken)


def poll_table(poll: Poll, *, you: Person | None = None) -> Table:
    """The table of a poll. Eight queries for any number of people."""
    answers = {row.person_id: row for row in PollAnswer.objects.filter(poll=poll)}
    sitters = [with_answer(each, answers.get(each.key)) for each in sitting(poll.group, you=you)]
    said = {key: row.marks for key, row in answers.items()}
    return table_of(poll.group, sitters, poll.first_on, poll.last_on, said=said, without=poll.moves_id)


def with_answer(sitter: Sitter, answer: PollAnswer | None) -> Sitter:
    """The sitter, knowing whether they have answered."""
    none_work = bool(answer and answer.none_work)
    return Sitter(sitter.person, sitter.is_mentor, sitter.you, answer is not None, none_work)


def table_of(
    group: Group,
    sitters: list[Sitter],
    first: date,
    last: date,
    *,
    said: Mapping[int, str],
    without: int | None = None,
) -> Table:
    """What is known of these people on these days: as said in a poll, else as usual; booked is never free.

    `without` is the key of a meeting that is being moved. Six queries.
    """
    keys, zone = [sitter.key for sitter in sitters], group.programme.tz
    begin, end = local_day(first, zone), local_day(last + timedelta(days=1), zone)
    own, elsewhere = booked(group, keys, begin, end, without=without)
    joint = joint_spans(group.programme, begin, end)
    empty = frame_of(group, first, last)
    taken = finder.blocked([*own, *joint], empty, zone=zone)
    frame = Frame(**vars(empty) | {"taken": frozenset(taken)})
    usual, busy = masks(keys, group.programme), busy_spans(keys, begin, end)
    voices = []
    for key in keys:
        spans = elsewhere.get(key, [])
        marks = said.get(key)
        if marks is None and key in usual:
            marks, spans = finder.of_week(usual[key], frame), [*spans, *busy.get(key, [])]
        if marks is not None:
            marks = finder.without(marks, finder.blocked(spans, frame, zone=zone))
        voices.append(Voice(key, marks, key in said))
    return Table(frame, sitters, voices)


def local_day(day: date, zone: ZoneInfo) -> datetime:
    """Midnight at the beginning of a local day."""
    return datetime.combine(day, time(), zone)


def masks(keys: Collection[int], programme: Programme) -> dict[int, str]:
    """Usual weeks by person: told to this programme, else the last told to any. One query."""
    rows = Availability.objects.filter(person__in=keys).order_by("updated_at")
    found: dict[int, str] = {}
    here: dict[int, str] = {}
    for person, where, mask in rows.values_list("person", "programme", "mask"):
        found[person] = mask
        if where == programme.pk:
            here[person] = mask
    return found | here


def busy_spans(keys: Collection[int], begin: datetime, end: datetime) -> Spans:
    """Busy times by person: from their own calendars and said by hand. One query."""
    rows = Busy.objects.filter(person__in=keys, starts_at__lt=end, ends_at__gt=begin)
    found: Spans = {}
    for person, starts_at, ends_at in rows.values_list("person", "starts_at", "ends_at"):
        found.setdefault(person, []).append((starts_at, ends_at))
    return found


def booked(
    group: Group, keys: Collection[int], begin: datetime, end: datetime, *, without: int | None
) -> tuple[list[tuple[datetime, datetime]], Spans]:
    """Meetings of the group on these days, and those of each person's other groups. One query."""
    planned = {
        "group__meetings__state": Meeting.State.PLANNED,
        "group__meetings__starts_at__gte": begin - LONGEST,
        "group__meetings__starts_at__lt": end,
    }
    fields = ("person", "group", "group__meetings", "group__meetings__starts_at", "group__meetings__minutes")

    def of(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(person__in=keys, **planned).order_by().values_list(*fields)

    own, elsewhere = set(), Spans()
    for person, where, meeting, starts_at, minutes in of(Membership.objects.entering()).union(
        of(Mentorship.objects.entering())
    ):
        span = (starts_at, starts_at + timedelta(minutes=minutes))
        if where == group.pk and meeting != without:
            own.add(span)
        elif where != group.pk:
            elsewhere.setdefault(person, []).append(span)
    return sorted(own), elsewhere


def joint_spans(programme: Programme, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Joint events of the programme on these days, but for the mentors' own. One query."""
    rows = programme_queries.sessions(programme).exclude(event__kind="mentors")
    return [(one.starts_at, one.ends_at) for one in rows.filter(starts_at__lt=end, starts_at__gt=begin)]


# --- lists ------------------------------------------------------------------------------------


def to_ask(now: datetime, limit: int) -> list[tuple[int, int]]:
    """Keys of open polls and of people in their groups who have not been told of them. Two queries."""
    open_now = Poll.objects.open().filter(answer_by__gt=now, group__state__in=MEETING)
    told = Asked.objects.filter(poll=OuterRef("poll"), person=OuterRef("person"))
    found: list[tuple[int, int]] = []
    for people in (Membership.objects.entering(), Mentorship.objects.entering()):
        asked: QuerySet[Any] = people.filter(person__isnull=False, group__polls__in=open_now.values("pk"))
        asked = asked.annotate(poll=F("group__polls")).filter(~Exists(told), poll__in=open_now.values("pk"))
        found += list(asked.values_list("poll", "person")[: limit - len(found)])
    return found


def calendars_due(now: datetime, limit: int) -> list[OwnCalendar]:
    """Calendars to be read, longest due first; few at a time, for each may take ten seconds. One query."""
    free_now = Q(leased_until=None) | Q(leased_until__lt=now)
    due = OwnCalendar.objects.filter(free_now, due_at__lte=now, done_at=None)
    return list(due.order_by("due_at")[: min(limit, AT_ONCE)])


def to_remind(now: datetime, limit: int) -> list[Asked]:
    """Who was asked at least a day ago, has not answered, and can for less than a day. One query."""
    said = PollAnswer.objects.filter(poll=OuterRef("poll"), person=OuterRef("person"))
    soon = Asked.objects.filter(
        poll__ended_at=None,
        poll__group__state__in=MEETING,
        poll__answer_by__gt=now,
        poll__answer_by__lte=now + timedelta(days=1),
        asked_at__lte=now - timedelta(hours=12),
        reminded_at=None,
    )
    due = soon.filter(~Exists(said)).select_related("poll__group__programme", "poll__moves", "person")
    return list(due.order_by("pk")[:limit])
