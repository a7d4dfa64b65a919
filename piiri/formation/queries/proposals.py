"""A proposal as the office reads it: a sentence, groups as circles, who has no place and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext, ngettext

from piiri.base import ring
from piiri.base.ring import Seat
from piiri.enrolments.models import Application
from piiri.formation import sentences
from piiri.formation.models import Run
from piiri.formation.queries.explaining import titles_of
from piiri.formation.sentences import Why
from piiri.groups.models import Group, KeptApart, Membership, Mentorship, Place
from piiri.programmes import windows as weekly
from piiri.programmes.models import Programme

SCARCE = 5


@dataclass(frozen=True)
class Proposal:
    """The answer of a run, by uid, as it was stored; parts may be missing in old ones."""

    run: Run
    assignment: Mapping[str, str | None]
    windows: Mapping[str, Sequence[int]] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    proven: bool = False

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """Applications by group."""
        found: dict[str, list[str]] = {}
        for application, group in self.assignment.items():
            if group:
                found.setdefault(group, []).append(application)
        return found

    @cached_property
    def unplaced(self) -> list[str]:
        return [application for application, group in self.assignment.items() if not group]

    @cached_property
    def titles(self) -> dict[str, str]:
        """Titles of everything that somebody wished in vain, in the reader's language."""
        return titles_of(sentences.wished(self.reasons.values()))

    @property
    def people(self) -> int:
        return len(self.assignment)

    @property
    def placed(self) -> int:
        return self.people - len(self.unplaced)

    @property
    def groups(self) -> int:
        return len(self.members)

    @property
    def first_wishes(self) -> int:
        return sum(codes.get("rank") == 1 for codes in self.reasons.values())

    def time_of(self, group: Group) -> tuple[str, str]:
        """The weekly time in words, in full and in short: the group's own, else the proposed one."""
        at = self.windows.get(group.uid)
        if group.weekday is not None and group.local_time is not None:
            at = (group.weekday, group.local_time.hour * 60 + group.local_time.minute)
        if at is None:
            return "", ""
        weekday, start = at
        full = weekly.words(weekday, start, start + self.run.programme.rules.meeting_minutes)
        return full, f"{WEEKDAYS_ABBR[weekday]} {weekly.clock_face(start)}"


def proposal_of(run: Run) -> Proposal:
    """The stored answer of a run that is ready."""
    stored = run.proposal
    return Proposal(
        run=run,
        assignment=stored.get("assignment", {}),
        windows=stored.get("windows", {}),
        reasons=stored.get("reasons", {}),
        proven=stored.get("proven", False),
    )


@dataclass(frozen=True)
class Sitting:
    """One person of a proposal with the reasons, for the office."""

    name: str
    work: str
    why: list[Why]
    unmet: list[str]


@dataclass(frozen=True)
class GroupCard:
    """A proposed group: the circle, its time, who sits in it and why."""

    uid: str
    name: str
    at: str
    at_short: str
    size: int
    places: int
    mentors: list[str]
    names: list[str]
    seats: list[Seat]
    people: list[Sitting]
    wishes: str
    ring: str


def group_cards(proposal: Proposal, *, uids: Sequence[str]) -> list[GroupCard]:
    """Cards of these groups in their order; seven queries for any number."""
    rows = Group.objects.filter(uid__in=uids).select_related("theme")
    groups = {group.uid: group for group in rows}
    for group in groups.values():
        group.programme = proposal.run.programme
    keys = [group.pk for group in groups.values()]
    leading: dict[int, list[str]] = {}
    rows_of_mentors = Mentorship.objects.active().filter(group__in=keys, person__isnull=False)
    for key, name in rows_of_mentors.order_by("pk").values_list("group", "person__name"):
        leading.setdefault(key, []).append(name or "–")
    people = _people(proposal, applications=[one for uid in uids for one in proposal.members.get(uid, ())])
    there: dict[int, list[str]] = {}
    sitting = Membership.objects.active().filter(group__in=keys, person__isnull=False)
    # Of a proposal that is published, its own people sit there already.
    sitting = sitting.exclude(person__in=[one.person_id for one in people.values()])
    for key, name in sitting.order_by("pk").values_list("group", "person__name"):
        there.setdefault(key, []).append(name or "–")
    places = Counter(Place.objects.filter(group__in=keys).values_list("group", flat=True))
    return [
        _card(
            proposal,
            groups[uid],
            mentors=leading.get(groups[uid].pk, []),
            there=there.get(groups[uid].pk, []),
            people=people,
            places=places[groups[uid].pk],
        )
        for uid in uids
        if uid in groups
    ]


def _people(proposal: Proposal, *, applications: Sequence[str]) -> dict[str, Application]:
    rows = Application.objects.filter(uid__in=applications, programme=proposal.run.programme)
    return {row.uid: row for row in rows.defer("wish").select_related("person", "unit")}


def _card(
    proposal: Proposal,
    group: Group,
    *,
    mentors: list[str],
    there: list[str],
    people: Mapping[str, Application],
    places: int,
) -> GroupCard:
    at, at_short = proposal.time_of(group)
    members = [uid for uid in proposal.members.get(group.uid, ()) if uid in people]
    names = [*there, *(_name(people[uid]) for uid in members)]
    seats = [Seat(name=name, note=gettext("mentor")) for name in mentors]
    seats += [Seat(name=name) for name in names]
    if len(mentors) + places <= ring.MOST:
        seats += [Seat(name=gettext("Free place"), state="free")] * max(0, places - len(names))
    return GroupCard(
        uid=group.uid,
        name=group.name,
        at=at,
        at_short=at_short,
        size=len(names),
        places=places,
        mentors=mentors,
        names=names,
        seats=seats,
        people=[_sitting(proposal, people[uid], at=at) for uid in members],
        wishes=_wishes_in_words(proposal, members),
        ring="closed" if len(names) >= group.min_to_start else "open",
    )


def _name(application: Application) -> str:
    return application.person.name or application.name_as_written or application.person.email


def _sitting(proposal: Proposal, application: Application, *, at: str = "") -> Sitting:
    codes = proposal.reasons.get(application.uid, {})
    work = application.unit.name if application.unit else application.workplace
    unmet = sentences.why_not(codes, titles=proposal.titles)
    return Sitting(_name(application), work, sentences.why(codes, at=at), unmet)


def _wishes_in_words(proposal: Proposal, members: Sequence[str]) -> str:
    codes = [proposal.reasons[uid] for uid in members if uid in proposal.reasons]
    first = sum(one.get("rank") == 1 for one in codes)
    if not codes:
        return ""
    said = ngettext(
        "%(first)s of %(n)s has the first wish.", "%(first)s of %(n)s have their first wish.", first
    )
    return said % {"first": first, "n": len(codes)}


def without_a_place(proposal: Proposal, *, first: int) -> list[Sitting]:
    """The first so many without a place, by name, with the reasons."""
    people = _people(proposal, applications=proposal.unplaced).values()
    chosen = sorted(people, key=lambda one: (_name(one).casefold(), one.pk))[:first]
    return [_sitting(proposal, one) for one in chosen]


def scarce(proposal: Proposal) -> list[tuple[int, str]]:
    """What those without a place wished for most and why it could not be, most frequent first."""
    counted: Counter[str] = Counter()
    for uid in proposal.unplaced:
        counted.update(sentences.why_not(proposal.reasons.get(uid, {}), titles=proposal.titles)[:1])
    return [(n, text) for text, n in counted.most_common(SCARCE)]


def suggested_together(proposal: Proposal, *, programme: Programme) -> list[str]:
    """Names of the groups in which two people would sit whose pair the office has not decided about."""
    pairs = KeptApart.objects.filter(programme=programme, state=KeptApart.State.SUGGESTED)
    found = list(pairs.values_list("first", "second"))
    if not found:
        return []
    people = {person for pair in found for person in pair}
    rows = Application.objects.filter(programme=programme, person__in=people).values_list("uid", "person")
    sits = {person: {proposal.assignment[uid]} for uid, person in rows if proposal.assignment.get(uid)}
    for person, group in (
        Mentorship.objects.active()
        .filter(group__programme=programme, person__in=people)
        .values_list("person", "group__uid")
    ):
        sits.setdefault(person, set()).add(group)
    uids = {group for one, other in found for group in sits.get(one, set()) & sits.get(other, set())}
    return sorted(group.name for group in Group.objects.filter(uid__in=uids - {None}).select_related("theme"))
