"""How a programme stands: its groups in three bands by need, and its figures; counted from the raw rows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from piiri.audit.models import Entry
from piiri.desk import bands
from piiri.desk.bands import BANDS, Band, Reason, Standing
from piiri.desk.models import RollUp
from piiri.desk.queries.nudging import told_office
from piiri.enrolments import queries as enrolment_queries
from piiri.enrolments.models import Application
from piiri.groups.models import Group, Membership, Mentorship
from piiri.meetings import queries as meeting_queries
from piiri.meetings.models import Attendance
from piiri.meetings.queries.figures import GroupFigures, minutes_over
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Event, EventSession, Programme

AT_WORK = (Group.State.FORMING, Group.State.RUNNING)
A_BAND = 12
# Up to so many groups the page counts for itself when the roll-up is not of this moment.
COUNTED_AT_ONCE = 200
AT_LEAST_EVERY = timedelta(hours=1)

# What is read of a group.
GROUP = ("pk", "self_run", "min_to_start", "started_at", "state")
MOMENTS = ("began_at", "last_at", "next_at", "unrecorded_at")


@dataclass(frozen=True)
class Told:
    """A group with the reason for its band."""

    standing: Standing
    reason: Reason

    @property
    def band(self) -> Band:
        return BANDS[self.reason]


@dataclass(frozen=True)
class Figures:
    """The funnel and who waits for others, in people; working time in minutes."""

    applied: int = 0
    waiting: int = 0
    placed: int = 0
    came_to_opening: int = 0
    still_in: int = 0
    minutes: int = 0
    mentor_minutes: int = 0
    wait_for_managers: int = 0
    stopped: int = 0


@dataclass(frozen=True)
class Survey:
    """A programme at `as_of`. `shown` are the first of each band, `counts` is how many there are."""

    as_of: datetime
    groups: int
    counts: dict[str, int]
    reasons: dict[str, int]
    figures: Figures
    shown: list[Told] = field(default_factory=list)

    def of_band(self, band: Band) -> list[Told]:
        return [told for told in self.shown if told.band == band]


def survey(programme: Programme, *, now: datetime) -> tuple[Survey, dict[str, list[int]]]:
    """The survey, and the keys of all groups by band. Counted anew; the same queries for any size."""
    told = judged(programme, standings(programme, now=now), now=now)
    ordered = {band: sorted_band(told, band) for band in Band}
    found = Survey(
        as_of=now,
        groups=len(told),
        counts={band: len(ordered[band]) for band in Band},
        reasons=count_reasons(told),
        figures=figures(programme),
        shown=[one for band in Band for one in ordered[band][:A_BAND]],
    )
    return found, {band: [one.standing.pk for one in ordered[band]] for band in Band}


def judged(programme: Programme, standings: Iterable[Standing], *, now: datetime) -> list[Told]:
    """Each group with the reason for its band, by the programme's parameters. One query.

    Of a running group the office is told some things only when its mentor has heard of them for a while.
    """
    rules, told = programme.rules, told_office(programme, now=now)

    def reason(group: Standing) -> Reason:
        return bands.reason(
            group,
            first_within_days=rules.first_within_days,
            max_gap_days=rules.max_gap_days,
            now=now,
            told=told.get(group.pk, ()) if group.running else bands.IN_NUMBERS,
        )

    return [Told(one, reason(one)) for one in standings]


def sorted_band(told: Iterable[Told], band: Band) -> list[Told]:
    """The groups of a band: by reason, then those longest without a meeting first."""
    order = list(Reason)
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(
        (one for one in told if one.band == band),
        key=lambda one: (order.index(one.reason), one.standing.last_at or never, one.standing.pk),
    )


def count_reasons(told: Iterable[Told]) -> dict[str, int]:
    """How many groups each reason has; every reason is named."""
    counts = dict.fromkeys((str(each) for each in Reason), 0)
    for one in told:
        counts[one.reason] += 1
    return counts


def standings(
    programme: Programme, *, now: datetime, groups: Sequence[Group] | None = None
) -> list[Standing]:
    """How each forming or running group stands; eight queries for any number; only `groups`: six."""
    at_work = Group.objects.filter(programme=programme, state__in=AT_WORK)
    rows = at_work.only(*GROUP) if groups is None else [one for one in groups if one.state in AT_WORK]
    keys = None if groups is None else [group.pk for group in rows]
    met = meeting_queries.group_figures(programme, now=now, groups=keys)
    sessions = list(programme_queries.sessions(programme))
    opened, joint = opening(programme, sessions), minutes_over(programme, sessions, now=now)
    mentors = counted(Mentorship.objects.active(), programme, keys)
    taken = counted(Membership.objects.active(), programme, keys)
    return [
        Standing(
            pk=group.pk,
            mentors=mentors.get(group.pk, 0),
            self_run=group.self_run,
            taken=taken.get(group.pk, 0),
            min_to_start=group.min_to_start,
            began_at=max(filter(None, [opened, group.started_at]), default=None),
            held=figures.held,
            minutes=figures.minutes + joint,
            last_at=figures.last_at,
            last_present=figures.last_present,
            last_of=figures.last_of,
            next_at=figures.next_at,
            support_wanted=figures.support_wanted,
            unrecorded_at=figures.unrecorded_at,
            running=group.state == Group.State.RUNNING,
        )
        for group in rows
        for figures in [met.get(group.pk, GroupFigures())]
    ]


def counted(rows: QuerySet[Any], programme: Programme, groups: Sequence[int] | None) -> dict[int, int]:
    """Rows by group."""
    chosen = rows.filter(group__programme=programme) if groups is None else rows.filter(group__in=groups)
    return dict(chosen.order_by().values_list("group").annotate(n=Count("pk")))


def opening(programme: Programme, sessions: Iterable[EventSession]) -> datetime:
    """When the joint opening begins, or the programme itself where there is none."""
    openings = (one.starts_at for one in sessions if one.event.kind == Event.Kind.OPENING)
    return min(openings, default=datetime.combine(programme.starts_on, time(0), programme.tz))


def figures(programme: Programme) -> Figures:
    """The figures in eight queries; on 60 000 people they take a good second."""
    applied = Application.objects.filter(programme=programme, sent_at__isnull=False)
    by_state = dict(applied.order_by().values_list("state").annotate(n=Count("pk")))
    standing = sum(n for state, n in by_state.items() if state != Application.State.WITHDRAWN)
    joined = Membership.objects.filter(programme=programme, confirmed_at__isnull=False)
    there = Attendance.objects.filter(
        session__event__programme=programme,
        session__event__kind=Event.Kind.OPENING,
        role=Attendance.Role.PARTICIPANT,
    )
    minutes = minutes_by_role(programme)
    return Figures(
        applied=standing,
        waiting=by_state.get(Application.State.WAITING, 0),
        placed=joined.aggregate(n=Count("person", distinct=True))["n"],
        came_to_opening=there.aggregate(n=Count("person", distinct=True))["n"],
        still_in=joined.filter(ended_at=None).count(),
        minutes=minutes.get(Attendance.Role.PARTICIPANT, 0),
        mentor_minutes=minutes.get(Attendance.Role.MENTOR, 0),
        wait_for_managers=enrolment_queries.waiting_for_managers(programme),
        stopped=enrolment_queries.stopped_count(programme),
    )


def minutes_by_role(programme: Programme) -> dict[str, int]:
    """Minutes of attendance by role: at meetings, and at joint events that count."""
    at_meetings = Attendance.objects.filter(meeting__group__programme=programme)
    totals: dict[str, int] = {}
    rows = [*at_meetings.order_by().values_list("role").annotate(total=Sum("minutes"))]
    if programme.rules.events_count:
        counting = {"session__event__programme": programme, "session__event__counts_hours": True}
        at_events = Attendance.objects.filter(**counting).order_by()
        rows += at_events.values_list("role").annotate(total=Sum("minutes"))
    for role, total in rows:
        totals[role] = totals.get(role, 0) + (total or 0)
    return totals


# --- the roll-up ------------------------------------------------------------------------------


def newest_entry() -> int:
    """The key of the newest entry of the trail; 0 while nothing has happened."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def current_survey(programme: Programme, *, now: datetime) -> Survey:
    """The survey for the overview: the roll-up where it is of this moment or there is too much to count."""
    row = RollUp.objects.filter(programme=programme).defer("bands").first()
    if row and (row.groups > COUNTED_AT_ONCE or is_of_this_moment(row, now=now)):
        return from_json(row.survey)
    return survey(programme, now=now)[0]


def is_of_this_moment(row: RollUp, *, now: datetime) -> bool:
    """Whether nothing has happened in the programme since, and no day has passed."""
    return row.as_of.date() == now.date() and row.programme_id not in happened(row.seen)


def keys_of_band(programme: Programme, band: Band, *, now: datetime) -> list[int]:
    """Keys of all groups of a band in their order, from the same source as the overview."""
    row = RollUp.objects.filter(programme=programme).first()
    if row and (row.groups > COUNTED_AT_ONCE or is_of_this_moment(row, now=now)):
        return list(row.bands[band])
    return survey(programme, now=now)[1][band]


def to_json(found: Survey) -> dict[str, Any]:
    """A survey as JSON keeps it."""
    plain = {"as_of": found.as_of.isoformat(), "groups": found.groups, "counts": found.counts}
    plain |= {"reasons": found.reasons, "figures": asdict(found.figures)}
    return plain | {"shown": [[told.reason, standing_to_json(told.standing)] for told in found.shown]}


def fingerprint(found: Survey) -> str:
    """A short text that is the same for the same survey of the same moment."""
    return sha256(json.dumps(to_json(found), sort_keys=True).encode()).hexdigest()


def standing_to_json(standing: Standing) -> dict[str, Any]:
    """A standing as JSON keeps it: moments in ISO form."""
    values = {item.name: getattr(standing, item.name) for item in fields(standing)}
    return values | {name: values[name].isoformat() for name in MOMENTS if values[name]}


def from_json(plain: dict[str, Any]) -> Survey:
    """The survey that `to_json` wrote."""
    return Survey(
        as_of=datetime.fromisoformat(plain["as_of"]),
        groups=plain["groups"],
        counts=plain["counts"],
        reasons=plain["reasons"],
        figures=Figures(**plain["figures"]),
        shown=[Told(standing_from_json(values), Reason(reason)) for reason, values in plain["shown"]],
    )


def standing_from_json(values: dict[str, Any]) -> Standing:
    """The standing that `standing_to_json` wrote."""
    moments = {name: datetime.fromisoformat(values[name]) for name in MOMENTS if values[name]}
    return Standing(**(values | moments))


def out_of_date(now: datetime) -> tuple[list[Programme], list[RollUp]]:
    """Running programmes to be counted anew, and roll-ups in whose programmes nothing has happened.

    Three queries for any number of programmes, and no more than a look at the newest entry when all is quiet.
    """
    rows = list(RollUp.objects.defer("survey", "bands"))
    known = {row.programme_id: row for row in rows}
    newest = happened(min((row.seen for row in rows), default=0))
    due, quiet = [], []
    for programme in Programme.objects.running():
        row, last = known.get(programme.pk), newest.get(programme.pk, 0)
        if row is None or (now >= row.rest_until and is_old(row, last, now=now)):
            due.append(programme)
        elif last <= row.seen:
            quiet.append(row)
    return due, quiet


def is_old(row: RollUp, last: int, *, now: datetime) -> bool:
    """Whether something has happened since, a day has passed, or an hour: then it is counted to be sure."""
    return last > row.seen or row.as_of.date() != now.date() or now - row.as_of > AT_LEAST_EVERY


def happened(seen: int) -> dict[int, int]:
    """By programme the newest entry of the trail in it or in its groups, later than entry `seen`."""
    fresh = Entry.objects.filter(pk__gt=seen).exclude(place="").order_by()
    places = dict(fresh.values_list("place").annotate(last=Max("pk")))
    if not places:
        return {}
    found: dict[int, int] = {}
    programmes = Programme.objects.filter(uid__in=places).values_list("pk", "uid")
    groups = Group.objects.filter(uid__in=places).values_list("programme", "uid")
    for programme, uid in [*programmes, *groups]:
        found[programme] = max(found.get(programme, 0), places[uid])
    return found
