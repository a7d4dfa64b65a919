"""Whose turn it is: in a group that runs itself each meeting has somebody who sees to it, in turns."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group, Membership
from piiri.meetings import rules
from piiri.meetings.models import Meeting
from piiri.meetings.rules import MeetingRefusal
from piiri.people.models import Person

A_SWEEP = 200


@transaction.atomic
def take_turn(meeting: Meeting, *, by: Person, now: datetime) -> None:
    """See to a meeting oneself, instead of whoever's turn it is. Twice is once.

    Raises Refused with a MeetingRefusal: RUN_BY_MENTOR, CANCELLED, RECORDED, PAST.
    """
    if reason := rules.why_not_convene(meeting, meeting.group, now=now):
        raise Refused(reason)
    if Meeting.objects.filter(pk=meeting.pk, state=Meeting.State.PLANNED).update(convener=by) != 1:
        raise Refused(MeetingRefusal.CANCELLED)
    meeting.convener = by
    audit.record("turn_taken", by=by, about=meeting, now=now, place=meeting.group.uid)


@transaction.atomic
def give_turns(*, now: datetime) -> int:
    """Give up to 200 meetings to come somebody who sees to them; how many. A sweep.

    Who has had the fewest turns, then who joined first. A meeting whose convener has left gets another.
    Two workers do not give one meeting twice: each change is conditional on who had it.
    """
    given = 0
    for meeting in without_convener(now)[:A_SWEEP]:
        if person := whose_turn(meeting.group, but=meeting):
            same = Meeting.objects.filter(pk=meeting.pk, convener=meeting.convener_id)
            given += same.update(convener=person)
    if given:
        audit.record("turns_given", by=None, about=None, now=now, number=given)
    return given


def without_convener(now: datetime) -> QuerySet[Meeting]:
    """Meetings to come of groups that run themselves that nobody in the group sees to, by time."""
    sits = Membership.objects.active().filter(group=OuterRef("group"), person=OuterRef("convener"))
    coming = Meeting.objects.filter(
        state=Meeting.State.PLANNED,
        starts_at__gt=now,
        group__self_run=True,
        group__state__in=rules.MEETING_STATES,
    )
    return coming.exclude(Exists(sits)).select_related("group").order_by("starts_at", "pk")


def whose_turn(group: Group, *, but: Meeting) -> int | None:
    """The key of the member whose turn is next, or None in an empty group. Two queries."""
    joined = Membership.objects.active().filter(group=group, person__isnull=False)
    order = list(joined.order_by("joined_at", "pk").values_list("person", flat=True))
    stands = Meeting.objects.standing().filter(group=group, convener__isnull=False).exclude(pk=but.pk)
    had = Counter(stands.values_list("convener", flat=True))
    return rules.next_convener([key for key in order if key], had=had)
