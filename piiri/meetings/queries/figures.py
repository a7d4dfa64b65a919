"""Numbers of meetings: present of how many, minutes so far, by meeting and by group."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from piiri.groups.models import Group, Membership
from piiri.meetings.models import Attendance, Meeting
from piiri.programmes.models import Event, EventSession, Programme

State, Role = Meeting.State, Attendance.Role


@dataclass(frozen=True)
class Present:
    """How many participants came, and how many mentors."""

    participants: int = 0
    mentors: int = 0


def present_counts(meetings: Iterable[Meeting]) -> dict[int, Present]:
    """Numbers present by meeting (its key), in one query; a meeting nobody came to is left out."""
    keys = [meeting.pk for meeting in meetings]
    rows = Attendance.objects.filter(meeting__in=keys).values_list("meeting", "role").annotate(n=Count("pk"))
    counted: dict[int, Counter[str]] = {}
    for meeting, role, n in rows.order_by():
        counted.setdefault(meeting, Counter())[role] = n
    return {key: Present(c[Role.PARTICIPANT], c[Role.MENTOR]) for key, c in counted.items()}


@dataclass(frozen=True)
class GroupFigures:
    """What the office sees of a group's meetings. `minutes` are of meetings held, without joint events.

    `last_of` counts the participants of the group at the last meeting, `last_present` those who came.
    """

    held: int = 0
    minutes: int = 0
    last_at: datetime | None = None
    last_uid: str = ""
    last_present: int = 0
    last_of: int = 0
    next_at: datetime | None = None
    support_wanted: bool = False


def _number(rows: QuerySet[Any], by: str) -> Coalesce:
    """Count rows of a subquery, 0 where there are none."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def group_figures(
    programme: Programme, *, now: datetime, groups: Sequence[int] | None = None
) -> dict[int, GroupFigures]:
    """Figures by group (its key), two queries for 40 groups and for 7 500; `groups`: only these."""
    chosen = Group.objects.filter(programme=programme)
    held = Meeting.objects.filter(state=State.HELD, group__programme=programme)
    if groups is not None:
        chosen, held = chosen.filter(pk__in=groups), held.filter(group__in=groups)
    told = {
        key: (n, minutes)
        for key, n, minutes in held.order_by()
        .values_list("group")
        .annotate(n=Count("pk"), minutes=Sum("minutes"))
    }
    return {
        key: GroupFigures(*told.get(key, (0, 0)), last_at, uid or "", present, of, next_at, bool(support))
        for key, last_at, uid, present, of, next_at, support in with_last_and_next(chosen, now=now)
    }


def with_last_and_next(chosen: QuerySet[Group], *, now: datetime) -> QuerySet[Any, Any]:
    """Groups with their last meeting held and their next one planned."""
    mine = Meeting.objects.filter(group=OuterRef("pk"))
    last = mine.filter(state=State.HELD).order_by("-starts_at")
    coming = mine.filter(state=State.PLANNED, starts_at__gte=now).order_by("starts_at")
    came = Attendance.objects.filter(meeting=OuterRef("last_pk"), role=Role.PARTICIPANT)
    sat = Membership.objects.filter(group=OuterRef("pk"), confirmed_at__isnull=False)
    sat = sat.filter(joined_at__lte=OuterRef("last_at"))
    sat = sat.filter(Q(ended_at=None) | Q(ended_at__gt=OuterRef("last_at")))
    annotated = chosen.annotate(
        last_pk=Subquery(last.values("pk")[:1]),
        last_at=Subquery(last.values("starts_at")[:1]),
        last_uid=Subquery(last.values("uid")[:1]),
        support=Subquery(last.values("support_wanted")[:1]),
        next_at=Subquery(coming.values("starts_at")[:1]),
    ).annotate(present=_number(came, "meeting"), of=_number(sat, "group"))
    return annotated.values_list("pk", "last_at", "last_uid", "present", "of", "next_at", "support")


def meetings_held(programme: Programme) -> int:
    """How many meetings of all groups have been held, in one query."""
    return Meeting.objects.held().filter(group__programme=programme).count()


def minutes_used(group: Group, *, now: datetime) -> int:
    """Minutes of meetings held and of joint events that count and are over. Two queries."""
    met = group.meetings.filter(state=State.HELD).aggregate(total=Sum("minutes"))["total"] or 0
    return met + joint_minutes(group.programme, now=now)


def joint_minutes(programme: Programme, *, now: datetime) -> int:
    """Minutes of joint events that count and are over; of several sessions one counts. One query."""
    if not programme.rules.events_count:
        return 0
    over = EventSession.objects.filter(event__programme=programme, event__counts_hours=True)
    over = over.exclude(event__kind=Event.Kind.MENTORS).filter(starts_at__lt=now)
    rows = over.order_by("starts_at").annotate(of=F("event")).values_list("of", "starts_at", "minutes")
    lasted = {event: n for event, start, n in rows if start + timedelta(minutes=n) <= now}
    return sum(lasted.values())
