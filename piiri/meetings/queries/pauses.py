"""A group's dates beside the breaks of its programme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from piiri.groups.models import Group
from piiri.meetings import pauses
from piiri.meetings.models import Meeting
from piiri.meetings.pauses import Edge, Pause, Side
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Programme

State = Meeting.State


@dataclass(frozen=True)
class Beside:
    """A meeting on one side of a long break. `again_on`: when the group meets after it, if known."""

    name: str
    is_before: bool
    again_on: date | None = None


@dataclass(frozen=True)
class NextDate:
    """A date that the group's rhythm proposes: local day and time, length, form, place."""

    on: date
    at: time
    minutes: int
    form: str
    place: str


def breaks_of(programme: Programme) -> list[Pause]:
    """All breaks of the programme, in the reader's language. One query."""
    rows = programme_queries.breaks(programme)
    return [Pause(str(row.title), row.starts_on, row.ends_on) for row in rows]


def beside(meeting: Meeting) -> list[Beside]:
    """The long breaks that the meeting is the last before, or the first after. Two queries."""
    if meeting.state == State.CANCELLED:
        return []
    stands = Meeting.objects.standing().filter(group=meeting.group_id)
    days = list(stands.values_list("local_date", flat=True))
    return beside_of(meeting.local_date, days, breaks_of(meeting.group.programme))


def beside_of(day: date, days: Iterable[date], breaks: Iterable[Pause]) -> list[Beside]:
    """What `beside` says, of days that are known already. No query."""
    known = sorted(days)
    return [told(edge, known) for edge in pauses.edges(known, breaks).get(day, [])]


def told(edge: Edge, days: list[date]) -> Beside:
    """One side of a break, with the date on its other side."""
    again = next((day for day in days if day > edge.pause.last), None)
    is_before = edge.side == Side.LAST_BEFORE
    return Beside(edge.pause.name, is_before, again if is_before else None)


def proposed(
    group: Group, meetings: Iterable[Meeting], breaks: Iterable[Pause], *, now: datetime
) -> NextDate | None:
    """The next date by the group's rhythm, on the weekday and hour of its last meeting, else its weekly time.

    None where no weekday is known, or the year is over. `meetings` are those that stand, in time order.
    """
    held = [meeting for meeting in meetings if meeting.starts_at <= now]
    last = held[-1] if held else None
    weekday = last.local_date.weekday() if last else group.weekday
    at = last.local_time if last else group.local_time
    programme = group.programme
    if weekday is None or at is None:
        return None
    off = {holiday.day for holiday in programme_queries.holidays_between(programme)}
    off |= {day for pause in breaks for day in pause.days}
    day = pauses.next_day(
        today=now.astimezone(programme.tz).date(),
        last_met=last.local_date if last else None,
        until=programme.ends_on,
        weekday=weekday,
        rhythm=programme.rules.rhythm,
        closed=off,
    )
    if day is None:
        return None
    return NextDate(
        on=day,
        at=at,
        minutes=last.minutes if last else programme.rules.meeting_minutes,
        form=last.form if last else Meeting.Form.of(group),
        place=last.place if last else group.place,
    )
