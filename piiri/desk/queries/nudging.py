"""Which signs hold in a programme, which nudges are open, what the office could do on a Monday."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from piiri.agreements.models import Agreement, Goal
from piiri.desk import signs
from piiri.desk.bands import Reason, Standing
from piiri.desk.models import Nudge, RollUp
from piiri.desk.signs import Facts, Limits, Sign
from piiri.groups.models import Group, Membership, Mentorship
from piiri.people.models import Person
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Coordinator, Programme

MOST_SILENCED = 5


def roll_ups_of_running() -> list[RollUp]:
    """One row a running programme, without what was counted. One query."""
    rows = RollUp.objects.filter(programme__state=Programme.State.PUBLISHED).select_related("programme")
    return list(rows.defer("survey", "bands").order_by("pk"))


def to_look_into(now: datetime) -> list[RollUp]:
    """Programmes into which nobody has looked today, at an hour and on a day when people are nudged."""
    found = []
    for row in roll_ups_of_running():
        today = now.astimezone(row.programme.tz).date()
        is_time = row.looked_on != today and not signs.is_quiet(now, tz=row.programme.tz)
        if is_time and not rests(row.programme, today):
            found.append(row)
    return found


def rests(programme: Programme, day: date) -> bool:
    """Whether nobody is nudged on a local day: outside the year, in a break, on a holiday. One query."""
    if not programme.starts_on <= day <= programme.ends_on:
        return True
    return programme_queries.why_no_meeting_on(programme, day) is not None


def limits_of(programme: Programme) -> Limits:
    """What the programme says of gaps and agreements, and its breaks. One query."""
    rules = programme.rules
    spans = programme_queries.breaks(programme).values_list("starts_on", "ends_on")
    return Limits(
        max_gap_days=rules.max_gap_days,
        first_within_days=rules.first_within_days,
        agreement_by_meeting=rules.agreement_by_meeting,
        ends_on=programme.ends_on,
        breaks=tuple(spans),
    )


def signs_in(programme: Programme, standings: Iterable[Standing], *, now: datetime) -> dict[int, list[Sign]]:
    """Signs by running group (its key); groups without one are left out. Three queries for any number."""
    limits = limits_of(programme)
    agreed = keys_of(Agreement.objects.standing(), programme)
    with_goals = keys_of(Goal.objects.agreed(), programme)
    today = now.astimezone(programme.tz).date()
    found: dict[int, list[Sign]] = {}
    for one in standings:
        if one.running:
            facts = Facts(one, one.pk in agreed, one.pk in with_goals)
            found[one.pk] = signs.signs_of(facts, limits, today=today, tz=programme.tz)
    return {key: held for key, held in found.items() if held}


def keys_of(rows: QuerySet[Any], programme: Programme) -> set[int]:
    """The groups (their keys) of these rows; no text is fetched."""
    return set(rows.filter(group__programme=programme).order_by().values_list("group", flat=True))


def mentors_to_tell(groups: Iterable[int]) -> dict[int, list[Person]]:
    """By group (its key) who sees to its meetings: its mentors, or all of a group that runs itself."""
    keys = list(groups)
    found: dict[int, list[Person]] = {}
    leading = Mentorship.objects.entering().filter(group__in=keys, person__isnull=False)
    joined = Membership.objects.entering().filter(group__in=keys, group__self_run=True, person__isnull=False)
    for row in [*leading.select_related("person"), *joined.select_related("person")]:
        if row.person:
            found.setdefault(row.group_id, []).append(row.person)
    return found


def told_office(programme: Programme, *, now: datetime) -> dict[int, set[Reason]]:
    """By group (its key) what the office has been told of, and nobody has silenced. One query."""
    rows = Nudge.objects.open().filter(group__programme=programme, told_office_at__isnull=False)
    found: dict[int, set[Reason]] = {}
    for group, sign in rows.exclude(silenced_until__gt=now).values_list("group", "sign"):
        found.setdefault(group, set()).update(why for why, means in signs.REASONS.items() if means == sign)
    return found


def open_nudges(group: Group) -> list[Nudge]:
    """What the mentors of a group were told of and holds still, oldest first. One query."""
    rows = Nudge.objects.open().filter(group=group, told_mentor_at__isnull=False)
    return list(rows.order_by("opened_at", "pk"))


def silenced(programme: Programme, *, now: datetime) -> list[Nudge]:
    """What mentors have put aside for a while with a word why, the newest first. One query."""
    rows = Nudge.objects.open().filter(group__programme=programme, silenced_until__gt=now)
    return list(rows.select_related("group__theme").order_by("-silenced_until", "pk")[:MOST_SILENCED])


def coordinators(programme: Programme) -> list[Person]:
    """Who works in the office. One query."""
    rows = Coordinator.objects.filter(programme=programme, person__is_active=True)
    return [row.person for row in rows.select_related("person").order_by("pk")]
