"""A pair that has begun and has no date: its mentor is asked, once, to take the first step."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from piiri.audit import actions as audit
from piiri.groups.models import Group, Mentorship
from piiri.mail import actions as mail
from piiri.meetings.models import Meeting

WAITS = timedelta(days=3)
# A pair that began long ago, before this was asked at all, is left alone.
FORGETS = timedelta(days=30)
A_SWEEP = 200


def ask_first_steps(*, now: datetime) -> int:
    """Ask the mentors of up to 200 pairs that began three days ago and have no meeting; how many. A sweep."""
    return sum(ask_first_step(group, now=now) for group in pairs_without_date(now)[:A_SWEEP])


def pairs_without_date(now: datetime) -> QuerySet[Group]:
    """Running pairs that began at least three days ago, have no meeting and were not asked yet."""
    stands = Meeting.objects.standing().filter(group=OuterRef("pk"))
    waiting = Group.objects.running().filter(guidance=Group.Guidance.PAIR, first_step_at=None)
    began = waiting.filter(started_at__lte=now - WAITS, started_at__gt=now - FORGETS)
    return began.exclude(Exists(stands)).select_related("programme").order_by("started_at", "pk")


@transaction.atomic
def ask_first_step(group: Group, *, now: datetime) -> bool:
    """Post the mail to the pair's mentor; False when somebody already did: a conditional UPDATE decides."""
    if not Group.objects.filter(pk=group.pk, first_step_at=None).update(first_step_at=now):
        return False
    for seat in Mentorship.objects.entering().filter(group=group).select_related("person"):
        if seat.person:
            mail.post(
                "meetings/email/first_step",
                to=seat.person,
                about=group,
                now=now,
                link=f"/groups/{group.uid}/",
                programme=group.programme.title,
            )
    audit.record("first_step_asked", by=None, about=group, now=now, place=group.programme.uid)
    return True
