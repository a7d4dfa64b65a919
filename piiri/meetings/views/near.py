"""What stands on the page of a meeting that is near, for a mentor who cannot come."""

from datetime import datetime, timedelta
from typing import Any

from piiri.meetings.models import Meeting
from piiri.meetings.queries import Chair
from piiri.people.models import Person

NEAR = timedelta(days=1)


def beside(meeting: Meeting, person: Person, chairs: list[Chair], *, now: datetime) -> dict[str, Any]:
    """What a mentor can press on the day of a meeting, and who sees to it where somebody stands in."""
    leads = any(chair.you and chair.is_mentor for chair in chairs)
    planned = meeting.state == Meeting.State.PLANNED
    soon = planned and meeting.starts_at - NEAR <= now < meeting.starts_at
    members = [chair for chair in chairs if not chair.is_mentor]
    # Whoever has said they come is the first to be asked.
    members.sort(key=lambda chair: (chair.person != meeting.convener, not chair.said_yes))
    return {
        "stand_ins": members if leads and soon else [],
        "stands_in": meeting.convener if planned and not meeting.group.self_run else None,
        "stands_in_you": meeting.convener == person,
    }
