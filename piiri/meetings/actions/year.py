"""All dates of a group's year are set in one press."""

from collections.abc import Collection
from datetime import date, datetime, time

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.meetings.actions.scheduling import keep_next, moment, save_at_a_free_time
from piiri.meetings.models import Meeting
from piiri.meetings.rules import PollRefusal
from piiri.people.models import Person


@transaction.atomic
def schedule_year(
    group: Group,
    *,
    days: Collection[date],
    at: time,
    minutes: int,
    form: str,
    by: Person,
    now: datetime,
    place: str = "",
) -> list[Meeting]:
    """Set a meeting on each of the days at one local time, all or none. Calendars are told by the sweep.

    A day on which the group meets then already stays as it is: pressed twice is once. Returns the new ones.

    Raises Refused: NO_DATES, or whatever a single date is refused for.
    """
    if not days:
        raise Refused(PollRefusal.NO_DATES)
    facts = {"zone": group.programme.zone, "minutes": minutes, "form": form, "place": place}
    found = []
    for day in sorted(days):
        meeting = Meeting(group=group, local_date=day, local_time=at, changed_at=now, **facts)
        meeting.starts_at = moment(group, on=day, at=at)
        if set_once(meeting):
            found.append(meeting)
    if found:
        keep_next(Group.objects.filter(pk=group.pk), now=now)
        audit.record("year_scheduled", by=by, about=group, now=now, place=group.uid, number=len(found))
    return found


def set_once(meeting: Meeting) -> bool:
    """Save it, unless the group meets then already."""
    try:
        save_at_a_free_time(meeting)
    except Refused:
        return False
    return True
