"""What a group has agreed on, beside its meeting: goals to read aloud, the agreement, a reminder of it."""

from typing import Any

from piiri.agreements import queries, rules
from piiri.meetings.models import Meeting
from piiri.people.models import Person


def beside(row: Meeting, person: Person, *, number: int) -> dict[str, Any]:
    """For the meeting's page: it is the group's so-manieth. Three queries; nothing is barred without."""
    agreement = queries.card(row.group, person)
    by_meeting = row.group.programme.rules.agreement_by_meeting
    has_version = bool(agreement and agreement.number)
    due = rules.is_due(meeting=number, by_meeting=by_meeting, has_version=has_version)
    goals = queries.goals(row.group)
    return {"agreement": agreement, "goals": goals, "agreement_due": due, "agreement_by": by_meeting}
