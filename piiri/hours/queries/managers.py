"""What a line manager sees of the dates of their staff: when and how long, nothing of where and with whom."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _

from piiri.base.models import free
from piiri.enrolments import queries as enrolment_queries
from piiri.enrolments import rules as enrolment_rules
from piiri.enrolments.models import Approval, LineManager
from piiri.groups.models import Group, Membership
from piiri.hours.models import DateDigest, Statement, ToldDate
from piiri.hours.queries.sums import cap_of
from piiri.meetings.models import Attendance, Meeting
from piiri.programmes.models import Event, EventSession, Programme

State = Approval.State
TONES = {State.ASKED: "watch", State.APPROVED: "good", State.SILENT: "good", State.DECLINED: "care"}
MET_IN = (Group.State.FORMING, Group.State.RUNNING, Group.State.CLOSED)


@dataclass(frozen=True)
class Slot:
    """One planned date of one person. `event` is the key of a joint event, `label` says no group's name."""

    thing: str
    starts_at: datetime
    minutes: int
    label: str
    event: int | None = None
    counts: bool = True

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class DateLine:
    """A date as the page and the calendar show it. `before_at` is when it was to be before it was moved."""

    thing: str
    starts_at: datetime
    minutes: int
    label: str
    sequence: int = 0
    before_at: datetime | None = None
    before_minutes: int = 0
    cancelled: bool = False
    over: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def before_ends_at(self) -> datetime | None:
        return self.before_at + timedelta(minutes=self.before_minutes) if self.before_at else None


@dataclass(frozen=True)
class Staff:
    """One member of staff on their manager's page. Minutes are planned ones, not of attendance."""

    approval: Approval
    name: str
    can_answer: bool
    dates: list[DateLine]
    planned: int
    cap: int
    used: int | None = None

    @property
    def uid(self) -> str:
        return self.approval.uid

    @property
    def is_asked(self) -> bool:
        return self.can_answer and self.approval.state == State.ASKED

    @property
    def coming(self) -> list[DateLine]:
        return [line for line in self.dates if not line.over]

    @property
    def behind(self) -> list[DateLine]:
        return [line for line in self.dates if line.over]

    @property
    def tone(self) -> str:
        return TONES.get(State(self.approval.state), "info")

    @property
    def state_words(self) -> str:
        """What was answered, as its reader said it."""
        words = {
            State.TOLD: _("You were told"),
            State.ASKED: _("Not answered yet"),
            State.APPROVED: _("You agreed"),
            State.DECLINED: _("You said: not possible"),
            State.SILENT: _("Counts as yes"),
        }
        noted = _("Agreed, as the office noted")
        return noted if self.approval.agreed_why else words[State(self.approval.state)]


@dataclass(frozen=True)
class Change:
    """One date that is new, moved or off since the manager was told last; `sequence` is the change's."""

    kind: str
    thing: str
    starts_at: datetime
    minutes: int
    sequence: int = 0
    before_at: datetime | None = None
    before_minutes: int = 0


@dataclass(frozen=True)
class News:
    """What is new about one member of staff; `ended`: they no longer take time of this manager's."""

    approval: Approval
    name: str
    changes: list[Change] = field(default_factory=list)
    ended: bool = False


def staff_of(manager: LineManager, *, now: datetime) -> list[Staff]:
    """Everybody who named this manager, in the order they did; six queries for any number of them."""
    programme = manager.programme
    approvals = list(enrolment_queries.approvals_of(manager.pk))
    slots, told = slots_of(programme, approvals), told_of(approvals)
    over = enrolment_rules.stage(programme, now=now) == enrolment_rules.Stage.OVER
    used = stated(programme, approvals) if over else {}
    return [
        Staff(
            approval=approval,
            name=name_of(approval),
            can_answer=enrolment_rules.why_not_answer(approval, programme, now=now) is None,
            dates=lines_of(slots[approval.pk], told[approval.pk], now=now),
            planned=planned(slots[approval.pk]),
            cap=cap_of(programme.rules),
            used=used.get(approval.application.person.uid),
        )
        for approval in approvals
    ]


def name_of(approval: Approval) -> str:
    """How the person wrote their name in the application."""
    return approval.application.name_as_written or str(approval.application.person)


def slots_of(programme: Programme, approvals: Sequence[Approval]) -> dict[int, list[Slot]]:
    """Planned dates by approval (its key) in time order: of the groups the person sat in while they did.

    Three queries. Who has no place yet has no dates.
    """
    people = [approval.application.person_id for approval in approvals]
    joined = Membership.objects.filter(programme=programme, person__in=people, confirmed_at__isnull=False)
    sitting = list(joined.values_list("person", "group", "joined_at", "ended_at"))
    met: dict[int, list[Slot]] = defaultdict(list)
    meetings = Meeting.objects.standing().filter(group__in={group for _p, group, _j, _e in sitting})
    for group, thing, starts_at, minutes in meetings.filter(group__state__in=MET_IN).values_list(
        "group", "uid", "starts_at", "minutes"
    ):
        met[group].append(Slot(thing, starts_at, minutes, _("Meeting of the group")))
    joint = joint_slots(programme)
    found: dict[int, dict[str, Slot]] = defaultdict(dict)
    for person, group, joined_at, ended_at in sitting:
        for slot in [*met[group], *joint]:
            if slot.starts_at >= joined_at and (ended_at is None or slot.starts_at < ended_at):
                found[person][slot.thing] = slot
    return {
        approval.pk: sorted(
            found[approval.application.person_id].values(), key=lambda slot: (slot.starts_at, slot.thing)
        )
        for approval in approvals
    }


def joint_slots(programme: Programme) -> list[Slot]:
    """Sessions of joint events for participants, by kind and not by title. One query."""
    sessions = EventSession.objects.filter(event__programme=programme).exclude(event__kind=Event.Kind.MENTORS)
    counts = programme.rules.events_count
    return [
        Slot(
            one.uid,
            one.starts_at,
            one.minutes,
            str(one.event.get_kind_display()),
            one.event_id,
            counts and one.event.counts_hours,
        )
        for one in sessions.select_related("event")
    ]


def planned(slots: Iterable[Slot]) -> int:
    """Minutes of all these dates that count; of several sessions of one joint event one does."""
    meetings, events = 0, {}
    for slot in slots:
        if slot.event is None:
            meetings += slot.minutes
        elif slot.counts:
            events[slot.event] = slot.minutes
    return meetings + sum(events.values())


def told_of(approvals: Iterable[Approval]) -> dict[int, dict[str, ToldDate]]:
    """What was told, by approval and thing. One query."""
    found: dict[int, dict[str, ToldDate]] = defaultdict(dict)
    for row in ToldDate.objects.filter(approval__in=[approval.pk for approval in approvals]):
        found[row.approval_id][row.thing] = row
    return found


def lines_of(slots: Sequence[Slot], told: dict[str, ToldDate], *, now: datetime) -> list[DateLine]:
    """The dates as they are, with what they were when the manager was told, and those called off."""
    lines = [line_of(slot, told.get(slot.thing), now=now) for slot in slots]
    standing = {slot.thing for slot in slots}
    lines += [
        called_off(row, now=now)
        for thing, row in told.items()
        if thing not in standing and row.starts_at > (row.cancelled_at or now)
    ]
    return sorted(lines, key=lambda line: (line.starts_at, line.thing))


def line_of(slot: Slot, row: ToldDate | None, *, now: datetime) -> DateLine:
    """A date that stands. A calendar hears of a change that is still to be told by the next sequence."""
    differs = row is not None and (row.cancelled_at is not None or is_moved(slot, row))
    before_at, before_minutes = None, 0
    if row is not None and row.cancelled_at is None and is_moved(slot, row):
        before_at, before_minutes = row.starts_at, row.minutes
    elif row is not None and row.before_at and not differs:
        before_at, before_minutes = row.before_at, row.before_minutes or 0
    over = slot.ends_at <= now
    return DateLine(
        thing=slot.thing,
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        label=slot.label,
        sequence=(row.sequence if row else 0) + differs,
        before_at=None if over else before_at,
        before_minutes=before_minutes,
        over=over,
    )


def called_off(row: ToldDate, *, now: datetime) -> DateLine:
    """A date that no longer stands, and was told as if it did."""
    return DateLine(
        thing=row.thing,
        starts_at=row.starts_at,
        minutes=row.minutes,
        label=_("Called off"),
        sequence=row.sequence + (row.cancelled_at is None),
        cancelled=True,
        over=row.starts_at + timedelta(minutes=row.minutes) <= now,
    )


def is_moved(slot: Slot, row: ToldDate) -> bool:
    """Whether the manager was told of another time or length."""
    return (slot.starts_at, slot.minutes) != (row.starts_at, row.minutes)


def stated(programme: Programme, approvals: Iterable[Approval]) -> dict[str, int]:
    """Minutes as participants by person (uid), from the last statement of their employer. Two queries."""
    people = {approval.application.person.uid for approval in approvals}
    employers = {approval.application.employer_id for approval in approvals}
    rows = Statement.objects.filter(programme=programme).order_by("made_at", "pk")
    last = {employer: pk for pk, employer in rows.values_list("pk", "employer") if employer in employers}
    minutes: dict[str, int] = {}
    for lines in Statement.objects.filter(pk__in=last.values()).values_list("lines", flat=True):
        for line in lines:
            if line["person"] in people and line["role"] == Attendance.Role.PARTICIPANT:
                minutes[line["person"]] = line["minutes"] + line["events_minutes"]
    return minutes


# --- digests ----------------------------------------------------------------------------------


def undigested(limit: int) -> list[LineManager]:
    """Line managers of running programmes whose mornings have not begun."""
    rows = LineManager.objects.filter(digest=None, programme__state=Programme.State.PUBLISHED)
    return list(rows.select_related("programme").order_by("pk")[:limit])


def digests_due(now: datetime, limit: int) -> list[DateDigest]:
    """Digests whose morning has come."""
    due = DateDigest.objects.filter(free(now), done_at=None, due_at__lte=now)
    return list(due.select_related("manager__programme").order_by("due_at")[:limit])


def news_for(manager: LineManager, *, now: datetime) -> list[News]:
    """What changed for coming dates since the manager was told last; nothing for those it is not new for.

    Four or five queries for any number of staff.
    """
    known = Q(told_dates__cancelled_at=None, told_dates__starts_at__gt=now)
    rows = Approval.objects.filter(~Q(state=State.ENDED) | known, manager=manager).distinct()
    approvals = list(rows.select_related("application__person").order_by(F("asked_at"), "pk"))
    standing = [approval for approval in approvals if approval.state != State.ENDED]
    slots, told = slots_of(manager.programme, standing), told_of(approvals)
    found = [
        News(
            approval,
            name_of(approval),
            changes_of(slots.get(approval.pk, []), told[approval.pk], now=now),
            approval.state == State.ENDED,
        )
        for approval in approvals
    ]
    return [news for news in found if news.changes]


def changes_of(slots: Sequence[Slot], told: dict[str, ToldDate], *, now: datetime) -> list[Change]:
    """New, moved and called-off dates in time order; what lies behind is not told any more."""
    found = []
    for slot in slots:
        row = told.get(slot.thing)
        if row is None or row.cancelled_at is not None:
            if slot.starts_at > now:
                sequence = row.sequence + 1 if row else 0
                found.append(Change("new", slot.thing, slot.starts_at, slot.minutes, sequence))
        elif is_moved(slot, row) and max(slot.starts_at, row.starts_at) > now:
            found.append(
                Change(
                    "moved",
                    slot.thing,
                    slot.starts_at,
                    slot.minutes,
                    row.sequence + 1,
                    row.starts_at,
                    row.minutes,
                )
            )
    standing = {slot.thing for slot in slots}
    found += [
        Change("off", row.thing, row.starts_at, row.minutes, row.sequence + 1)
        for row in told.values()
        if row.thing not in standing and row.cancelled_at is None and row.starts_at > now
    ]
    return sorted(found, key=lambda change: (change.starts_at, change.thing))
