"""Which groups of a programme can start, which are short, and where a short one could go."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from piiri.enrolments import merging
from piiri.enrolments.merging import Circle, Idea
from piiri.enrolments.models import Application, Wish
from piiri.enrolments.situations import Situation, situation
from piiri.groups.models import Group, KeptApart, Membership, Mentorship, Offer, Place
from piiri.groups.rules import DECIDING
from piiri.programmes import windows as weekly
from piiri.programmes.models import Availability, Programme
from piiri.programmes.windows import Window

ORDER = list(Situation)


@dataclass(frozen=True)
class Start:
    """A group whose start is to be decided, or that runs: how many sit in it, and where it stands."""

    group: Group
    situation: Situation
    taken: int
    places: int
    mentors: int
    decided_on: date
    # Names of the mentors, for the office: groups of one theme are told apart by them.
    led_by: tuple[str, ...] = ()
    # Of those who are asked to move: how many have said yes, and how many have not answered.
    moved: int = 0
    unanswered: int = 0

    @property
    def called(self) -> str:
        """What tells it apart from others of its theme: mentors, area."""
        return " · ".join(filter(None, [", ".join(self.led_by), self.group.area]))

    @property
    def lacking(self) -> int:
        """So many more and it starts."""
        return max(0, self.group.min_to_start - self.taken)

    @property
    def seats(self) -> str:
        """Its glyph: mentors, people, and those who are still missing for a start."""
        return "m" * self.mentors + "p" * self.taken + "w" * self.lacking


@dataclass(frozen=True)
class Starts:
    """All living groups of a programme, most urgent first."""

    groups: list[Start]
    counts: dict[Situation, int] = field(default_factory=dict)

    def of(self, *situations: str) -> list[Start]:
        return [one for one in self.groups if one.situation in situations]

    @property
    def undecided(self) -> list[Start]:
        return [one for one in self.groups if one.situation != Situation.RUNNING]


def starts(programme: Programme) -> Starts:
    """The living groups with where they stand; the same six queries for any number."""
    groups = list(
        Group.objects.living()
        .filter(programme=programme)
        .select_related("theme", "merged_into__theme")
        .order_by("theme__order", "pk")
    )
    found = stand(groups, programme=programme)
    found.sort(key=lambda one: (ORDER.index(one.situation), one.decided_on, one.lacking))
    counts = {each: sum(one.situation == each for one in found) for each in Situation}
    return Starts(found, counts)


def start_of(group: Group) -> Start:
    """Where one group stands."""
    return stand([group], programme=group.programme, only=[group.pk])[0]


def stand_of(groups: Sequence[Group]) -> list[Start]:
    """Where a few groups of one programme stand, in their order."""
    keys = [group.pk for group in groups]
    return stand(groups, programme=groups[0].programme, only=keys) if groups else []


def stand(groups: Iterable[Group], *, programme: Programme, only: Sequence[int] | None = None) -> list[Start]:
    """Each of these groups of the programme with where it stands; `only`: their keys, where they are few."""
    here = Q(group__in=only) if only else Q(group__programme=programme)
    taken, places = counted(Membership.objects.active(), here), counted(Place.objects.all(), here)
    mentors = names_of_mentors(here)
    answers = answers_to_merges(programme)

    def start(group: Group) -> Start:
        numbers = {"taken": taken.get(group.pk, 0), "mentors": len(mentors.get(group.pk, ()))}
        at = situation(
            running=group.state == Group.State.RUNNING,
            merging=group.merged_into_id is not None,
            least=group.min_to_start,
            self_run=group.self_run,
            **numbers,
        )
        return Start(
            group=group,
            situation=at,
            places=places.get(group.pk, 0),
            decided_on=group.decide_on or programme.answers_by,
            led_by=tuple(filter(None, mentors.get(group.pk, ()))),
            moved=answers.get((group.pk, Offer.State.ACCEPTED), 0),
            unanswered=answers.get((group.pk, Offer.State.OPEN), 0),
            **numbers,
        )

    return [start(group) for group in groups]


def counted(rows: QuerySet[Any], here: Q) -> dict[int, int]:
    """Rows by group."""
    return dict(rows.filter(here).order_by().values_list("group").annotate(n=Count("pk")))


def names_of_mentors(here: Q) -> dict[int, list[str]]:
    """By group one entry a mentor: the name, or "" of somebody who was erased."""
    found: dict[int, list[str]] = {}
    rows = Mentorship.objects.active().filter(here).order_by("pk")
    for group, name in rows.values_list("group", "person__name"):
        found.setdefault(group, []).append(name or "")
    return found


def answers_to_merges(programme: Programme) -> dict[tuple[int, str], int]:
    """How many offers to move there are, by the group one would leave and by state."""
    asked = Offer.objects.filter(programme=programme, instead_of__group__merged_into__isnull=False)
    rows = asked.order_by().values_list("instead_of__group", "state").annotate(n=Count("pk"))
    return {(group, state): number for group, state, number in rows}


@dataclass(frozen=True)
class Undecided:
    """How many groups can start and how many are short, and by when the first of them is to be decided."""

    ready: int
    short: int
    first_on: date | None


def undecided(programme: Programme) -> Undecided:
    """The numbers for the office's first page. Two queries for any number of groups."""
    sitting = Membership.objects.active().filter(group__programme=programme, group__state__in=DECIDING)
    taken = counted(sitting, Q())
    rows = list(
        Group.objects.filter(programme=programme, state__in=DECIDING, merged_into=None).values_list(
            "pk", "min_to_start", "decide_on"
        )
    )
    short = sum(0 < taken.get(pk, 0) < least for pk, least, _day in rows)
    ready = sum(taken.get(pk, 0) >= least for pk, least, _day in rows)
    waited_for = [day or programme.answers_by for pk, _least, day in rows if taken.get(pk, 0)]
    return Undecided(ready, short, min(waited_for, default=None))


# --- merging ----------------------------------------------------------------------------------


def merge_ideas(group: Group, *, now: datetime) -> list[tuple[Group, Idea]]:
    """The best three groups into which the members of this one could be asked to move, with why.

    Seven queries for any number of groups.
    """
    programme = group.programme
    rows = {one.pk: one for one in possible_targets(group, now=now)}
    circles = circles_of([group, *rows.values()], programme=programme)
    found = merging.ideas(circles[0], circles[1:], apart=apart(programme))
    return [(rows[idea.target.key], idea) for idea in found]


def possible_targets(group: Group, *, now: datetime) -> QuerySet[Group]:
    """Groups of programme and language that wait for a decision, have just started or take newcomers.

    None out of which or into which members are being asked to move at the moment; pairs never.
    """
    emptying = Group.objects.filter(merged_into=OuterRef("pk"), state__in=DECIDING)
    first_meeting = timedelta(days=group.programme.rules.first_within_days)
    new = Q(started_at__gt=now - first_meeting) | Q(takes_newcomers=True)
    fresh = Q(state__in=DECIDING) | (Q(state=Group.State.RUNNING) & new)
    return (
        Group.objects.filter(fresh, programme=group.programme, language=group.language, merged_into=None)
        .exclude(Q(pk=group.pk) | Q(by_link=True) | Q(guidance=Group.Guidance.PAIR))
        .filter(~Exists(emptying))
        .select_related("theme")
        .order_by("pk")
    )


def circles_of(groups: Sequence[Group], *, programme: Programme) -> list[Circle]:
    """These groups as the workshop sees them."""
    keys = [group.pk for group in groups]
    slots = weekly.windows(programme.rules)
    sitting = people_by_group(Membership.objects.active(), keys)
    leading = people_by_group(Mentorship.objects.active(), keys)
    people = {one for group in groups for one in (*sitting.get(group.pk, ()), *leading.get(group.pk, ()))}
    told = Availability.objects.filter(programme=programme, person__in=people)
    masks = dict(told.exclude(mask=weekly.NOTHING).values_list("person", "mask"))
    free = counted(Place.objects.free(), Q(group__in=keys))

    def times(of: Iterable[int]) -> tuple[int, ...]:
        return tuple(weekly.to_bits(masks[one], slots) for one in of if one in masks)

    def circle(group: Group) -> Circle:
        return Circle(
            key=group.pk,
            theme=group.theme_id,
            language=group.language,
            form=group.form,
            area=group.area,
            people=tuple(sitting.get(group.pk, ())),
            mentors=tuple(leading.get(group.pk, ())),
            free=free.get(group.pk, 0),
            least=group.min_to_start,
            times=times(sitting.get(group.pk, ())),
            mentor_times=times(leading.get(group.pk, ())),
            own_time=own_time(group, slots),
            self_run=group.self_run,
            is_running=group.state == Group.State.RUNNING,
        )

    return [circle(group) for group in groups]


def people_by_group(rows: QuerySet[Any], keys: Collection[int]) -> dict[int, list[int]]:
    """Keys of people by group."""
    found: dict[int, list[int]] = {}
    known = rows.filter(group__in=keys, person__isnull=False).order_by("pk")
    for group, person in known.values_list("group", "person"):
        found.setdefault(group, []).append(person)
    return found


def own_time(group: Group, slots: Sequence[Window]) -> int:
    """The bit of the weekly time that the group was formed around; 0 without one."""
    if group.weekday is None or group.local_time is None:
        return 0
    start = group.local_time.hour * 60 + group.local_time.minute
    return sum(
        1 << number
        for number, slot in enumerate(slots)
        if (slot.weekday, slot.start) == (group.weekday, start)
    )


def apart(programme: Programme) -> set[frozenset[int]]:
    """Pairs of people who must not share a group."""
    kept = KeptApart.objects.filter(programme=programme, state=KeptApart.State.KEPT)
    return {frozenset(pair) for pair in kept.values_list("first", "second")}


def merges_answered() -> list[Group]:
    """Groups whose members were asked to move and have all answered, or let the time go by. One query."""
    unanswered = Offer.objects.open().filter(instead_of__group=OuterRef("pk"))
    asked = Group.objects.filter(state__in=DECIDING, merged_into__isnull=False).filter(~Exists(unanswered))
    return list(asked.select_related("programme", "theme", "merged_into__programme").order_by("pk"))


def unanswered(group: Group) -> list[Offer]:
    """Open questions to the group's members whether they want to move."""
    asked = Offer.objects.open().filter(instead_of__group=group)
    return list(asked.select_related("person", "group").order_by("pk"))


# --- what else there is -----------------------------------------------------------------------


def instead_of(applications: Sequence[Application]) -> dict[int, list[Group]]:
    """By applicant up to three groups with a free place or a list, in a language they speak.

    Those of a wished theme first, free places before lists; never a group they were in. All of one programme.
    Three queries for any number of people.
    """
    if not applications:
        return {}
    programme = applications[0].programme
    found = {group.pk: group for group in groups_to_choose(programme)}
    wished: dict[int, set[int]] = {}
    wishes = Wish.objects.filter(application__in=applications, theme__isnull=False)
    for application, theme in wishes.values_list("application", "theme"):
        wished.setdefault(application, set()).add(theme)
    were_in = people_by_group(
        Membership.objects.filter(person__in=[a.person_id for a in applications]), found
    )

    def fitting(one: Application) -> list[Group]:
        spoken = one.languages or [one.person.language]
        possible = [
            group
            for group in found.values()
            if group.language in spoken and one.person_id not in were_in.get(group.pk, ())
        ]
        dear = wished.get(one.pk, set())
        return sorted(possible, key=lambda group: (group.theme_id not in dear, not group.is_free))  # type: ignore[attr-defined]

    return {one.person_id: fitting(one)[: merging.BEST] for one in applications}


def groups_to_choose(programme: Programme) -> QuerySet[Group]:
    """Groups one may come to before they start: each says whether it has a place free; else it has a list."""
    free = Exists(Place.objects.free().filter(group=OuterRef("pk")))
    living = Group.objects.filter(programme=programme, state__in=DECIDING, merged_into=None, by_link=False)
    shown = living.exclude(theme__sensitive=True).annotate(is_free=free)
    if not programme.rules.waiting_list:
        shown = shown.filter(is_free=True)
    return shown.select_related("theme").order_by("theme__order", "pk")
