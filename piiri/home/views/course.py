"""A group's year as it is known now, and from it the facts that the rules of phases and steps need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from piiri.groups import rules as group_rules
from piiri.groups.models import Group
from piiri.home.rules import Facts
from piiri.meetings import pauses
from piiri.meetings.models import Meeting
from piiri.meetings.pauses import Pause
from piiri.programmes.models import Event, EventSession

State = Meeting.State


@dataclass(frozen=True)
class Agreed:
    """What a group has agreed: whether all have signed, whether it has goals, and when it last agreed."""

    signed: bool = False
    goals: bool = False
    on: date | None = None


@dataclass(frozen=True)
class Course:
    """A group's year as far as it is known now: its meetings that stand, joint events, long breaks."""

    group: Group
    meetings: Sequence[Meeting]
    sessions: Sequence[EventSession]
    breaks: Sequence[Pause]
    now: datetime
    agreed: Agreed
    newcomers: int = 0

    @property
    def today(self) -> date:
        return self.now.astimezone(self.group.programme.tz).date()

    @property
    def coming(self) -> list[Meeting]:
        """Planned meetings that are not over."""
        return [one for one in self.meetings if one.state == State.PLANNED and one.ends_at > self.now]

    @property
    def unrecorded(self) -> Meeting | None:
        """The oldest meeting that is over and has no record."""
        over = (one for one in self.meetings if one.state == State.PLANNED and one.ends_at <= self.now)
        return next(over, None)

    @property
    def pause(self) -> Pause | None:
        """The long break that is near, where no date after it is known."""
        near = pauses.ahead(self.breaks, today=self.today)
        known = near and any(one.local_date > near.last for one in self.meetings)
        is_over_by_then = near and near.last >= self.group.programme.ends_on
        return None if known or is_over_by_then else near

    def day_of(self, kind: str) -> date | None:
        """The local day of a joint event of this kind; of several sessions the last."""
        days = [one.starts_at for one in self.sessions if one.event.kind == kind]
        return max(days).astimezone(self.group.programme.tz).date() if days else None

    @property
    def facts(self) -> Facts:
        """What the rules need to know."""
        group, programme = self.group, self.group.programme
        half = group_rules.half_of(programme.starts_on, programme.ends_on)
        return Facts(
            today=self.today,
            ends_on=programme.ends_on,
            is_running=group.state == Group.State.RUNNING,
            is_closed=group.state == Group.State.CLOSED,
            agreed=self.agreed.signed,
            has_goals=self.agreed.goals,
            held=sum(one.state == State.HELD for one in self.meetings),
            meetings=programme.rules.meetings,
            has_next=bool(self.coming),
            unrecorded=self.unrecorded is not None,
            break_ahead=self.pause is not None,
            newcomers=self.newcomers,
            half_on=self.day_of(Event.Kind.MIDPOINT) or half,
            tuned_on=self.agreed.on,
            closing_on=self.day_of(Event.Kind.CLOSING),
            is_pair=group.guidance == Group.Guidance.PAIR,
        )
