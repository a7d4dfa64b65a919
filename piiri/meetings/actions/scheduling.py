"""A meeting is set, moved, cancelled. What calendars hear of it is the sweep's work."""

from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.mail import actions as mail
from piiri.meetings import rules
from piiri.meetings.models import Meeting, Poll
from piiri.meetings.rules import MeetingRefusal
from piiri.people.models import Person

# Changes of these are told to calendars.
TOLD = ("starts_at", "minutes", "form", "place")


def moment(group: Group, *, on: date, at: time) -> datetime:
    """The moment in UTC of a wall-clock time of the programme; raises Refused where it cannot be."""
    if reason := rules.why_not_meet(group, group.programme, day=on):
        raise Refused(reason)
    starts_at = rules.moment_of(on, at, zone=group.programme.zone)
    if starts_at is None:
        raise Refused(MeetingRefusal.NO_SUCH_TIME)
    return starts_at


@transaction.atomic
def schedule(
    group: Group,
    *,
    on: date,
    at: time,
    minutes: int,
    form: str,
    by: Person,
    now: datetime,
    place: str = "",
    title: str = "",
    link: str = "",
) -> Meeting:
    """Set a meeting at a local day and time of the programme's zone; holidays do not hinder.

    A meeting in the past may be set, so that one that happened unplanned can be recorded.
    Calendars are told by the sweep (`invite_due`).

    Raises Refused with a MeetingRefusal; ALREADY_THEN also when the same button was pressed twice.
    """
    meeting = Meeting(
        group=group,
        starts_at=moment(group, on=on, at=at),
        zone=group.programme.zone,
        local_date=on,
        local_time=at,
        minutes=minutes,
        form=form,
        place=place,
        title=title,
        link=link,
        changed_at=now,
    )
    save_at_a_free_time(meeting)
    keep_next(Group.objects.filter(pk=group.pk), now=now)
    audit.record("meeting_scheduled", by=by, about=meeting, now=now, place=group.uid)
    return meeting


def meets_then(group: Group, *, on: date, at: time) -> bool:
    """Whether a meeting of the group stands at that moment already: saved twice is once."""
    there = Meeting.objects.standing().filter(group=group, starts_at=moment(group, on=on, at=at))
    return there.exists()


def save_at_a_free_time(meeting: Meeting, **how: Any) -> None:
    """Save, or say that the group already meets then; the constraint decides."""
    try:
        with transaction.atomic():
            meeting.save(**how)
    except IntegrityError as error:
        raise Refused(MeetingRefusal.ALREADY_THEN) from error


@transaction.atomic
def change(
    meeting: Meeting,
    *,
    on: date,
    at: time,
    minutes: int,
    form: str,
    by: Person,
    now: datetime,
    place: str = "",
    title: str = "",
    link: str = "",
) -> Meeting:
    """Move a planned meeting or change what is said of it.

    The sequence grows only by what calendars show (time, length, form, place); title and link stay
    in the group. Another moment ends an open search for one.

    Raises Refused with a MeetingRefusal; CHANGED when somebody was faster.
    """
    if reason := rules.why_not_move(meeting):
        raise Refused(reason)
    before = {name: getattr(meeting, name) for name in TOLD}
    starts_at = moment(meeting.group, on=on, at=at)
    told = {"starts_at": starts_at, "minutes": minutes, "form": form, "place": place}
    grows = 1 if before != told else 0
    if before["starts_at"] != starts_at:
        stop_looking(meeting, booked=meeting, now=now)
    claim(meeting, sequence=meeting.sequence + grows, changed_at=now)
    for name, value in told.items():
        setattr(meeting, name, value)
    meeting.local_date, meeting.local_time = on, at
    meeting.title, meeting.link = title, link
    save_at_a_free_time(meeting)
    keep_next(Group.objects.filter(pk=meeting.group_id), now=now)
    audit.record("meeting_changed", by=by, about=meeting, now=now, place=meeting.group.uid, told=grows)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, by: Person, now: datetime) -> Meeting:
    """Cancel a planned meeting; whoever was invited gets a cancellation from the sweep.

    Raises Refused when it has been recorded or cancelled before.
    """
    if reason := rules.why_not_move(meeting):
        raise Refused(reason)
    stop_looking(meeting, now=now)
    claim(meeting, state=Meeting.State.CANCELLED, sequence=meeting.sequence + 1, changed_at=now)
    keep_next(Group.objects.filter(pk=meeting.group_id), now=now)
    audit.record("meeting_cancelled", by=by, about=meeting, now=now, place=meeting.group.uid)
    return meeting


def stop_looking(meeting: Meeting, *, booked: Meeting | None = None, now: datetime) -> None:
    """Let nobody look for another time for a meeting any more.

    Comes before the change of the meeting itself: who books locks the search first and then the meeting, too.
    """
    for poll in Poll.objects.open().filter(moves=meeting):
        end_search(poll, booked=booked, now=now)


def end_search(poll: Poll, *, booked: Meeting | None = None, now: datetime) -> bool:
    """Claim the end of an open search and take back its mails that have not left; False if it had ended."""
    if Poll.objects.open().filter(pk=poll.pk).update(ended_at=now, booked=booked) != 1:
        return False
    poll.ended_at, poll.booked = now, booked
    mail.withdraw(poll, now=now)
    return True


def claim(meeting: Meeting, **values: Any) -> None:
    """Change a planned meeting that nobody else has changed since it was read; else raise Refused."""
    here = Meeting.objects.filter(pk=meeting.pk, state=Meeting.State.PLANNED, sequence=meeting.sequence)
    if here.update(**values) != 1:
        raise Refused(MeetingRefusal.CHANGED)
    for name, value in values.items():
        setattr(meeting, name, value)


def keep_next(groups: QuerySet[Group], *, now: datetime) -> int:
    """Let these groups know their next meeting, or that there is none; how many that changed. One UPDATE.

    Lower rooms tell the next date by it: a newcomer's place mail, the card of an open place.
    """
    coming = Meeting.objects.filter(group=OuterRef("pk"), state=Meeting.State.PLANNED, starts_at__gt=now)
    soonest = coming.order_by("starts_at")
    starts_at, uid = Subquery(soonest.values("starts_at")[:1]), Subquery(soonest.values("uid")[:1])
    known = groups.annotate(starts_at=starts_at, soonest=Coalesce(uid, Value("")))
    stale = known.exclude(next_uid=F("soonest"), next_at=F("starts_at")).exclude(next_at=None, starts_at=None)
    return Group.objects.filter(pk__in=stale.values("pk")).update(
        next_at=starts_at, next_uid=Coalesce(uid, Value(""))
    )


def keep_next_dates(*, now: datetime) -> int:
    """`keep_next` for every living group whose next meeting has passed or is not known. A sweep."""
    passed = Q(next_at__lte=now) | Q(next_at=None)
    return keep_next(Group.objects.living().filter(passed), now=now)
