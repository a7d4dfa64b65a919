"""A proposal on the workbench: groups weakest first, who has no place and why, the steps that were taken."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.dates import WEEKDAYS_ABBR

from piiri.base import ring
from piiri.enrolments.models import Application
from piiri.formation import bench_sentences, moves, sentences
from piiri.formation.models import Run, Step
from piiri.formation.moves import Question, Stand
from piiri.formation.queries.asked import asked_of
from piiri.formation.queries.effects import Live, live_of, time_of
from piiri.formation.queries.standing import publishing_of
from piiri.formation.reasons import WhyNot
from piiri.groups.models import Group, Membership, Mentorship, Place
from piiri.programmes import windows as weekly
from piiri.programmes.models import Theme

NEWEST_STEPS = 20
NEAREST = {str(code): at for at, code in enumerate(WhyNot)}


@dataclass(frozen=True)
class Member:
    """Somebody of the proposal. `gone`: withdrawn, or placed elsewhere, since."""

    uid: str
    name: str
    initials: str
    workplace: str
    locked: bool = False
    gone: bool = False


@dataclass(frozen=True)
class LeftOut:
    """Somebody without a place, with the one nearest reason in words."""

    member: Member
    reason: str


@dataclass(frozen=True)
class BenchGroup:
    """A group of the proposal. `sitting` names who sits in it already; `free` counts places left after all.

    `says` is how it is in one sentence, `weak` whether that is a warning. `cost` is what the people in it
    cost together, by part, parts of nothing left out.
    """

    uid: str
    name: str
    at: str
    at_short: str
    mentors: Sequence[str]
    members: Sequence[Member]
    sitting: Sequence[str]
    places: int
    free: int
    least: int
    gone: bool
    stand: Stand
    says: str
    weak: bool
    cost: Mapping[str, int]

    @property
    def size(self) -> int:
        return self.stand.people

    @property
    def has_room(self) -> bool:
        return self.free > 0 and not self.gone


@dataclass(frozen=True)
class Taken:
    """A step that was taken: what it was in words, by whom, when, and the reason that was given."""

    number: int
    by: str
    at: datetime
    text: str
    reason: str
    undone: bool


@dataclass(frozen=True)
class Bench:
    """A proposal to work on. `groups` have people, weakest first; `closed` have none and could be opened.

    `can_undo` and `can_redo` are the steps that would be; `steps` are the newest, newest first.
    """

    run: Run
    version: int
    letter: str
    groups: Sequence[BenchGroup]
    closed: Sequence[BenchGroup]
    left_out: Sequence[LeftOut]
    steps: Sequence[Taken]
    can_undo: Taken | None
    can_redo: Taken | None


@dataclass(frozen=True)
class _Rows:
    """What the tables say of everybody and every group of a proposal, read once."""

    run: Run
    asked: Question
    is_published: bool
    live: Mapping[str, Live]
    mentors: Mapping[str, Sequence[str]]
    sitting: Mapping[str, Sequence[str]]
    people: Mapping[str, Member]
    titles: Mapping[str, str]

    @property
    def windows(self) -> Mapping[str, Sequence[int]]:
        found: Mapping[str, Sequence[int]] = self.run.proposal.get("windows", {})
        return found


def weakness(group: BenchGroup) -> tuple[Any, ...]:
    """What groups are sorted by, the weakest first.

    Called off; too small to start; few common times; few first wishes; few workplaces, for its people.
    """
    of = len(group.members) or 1
    stand = group.stand
    return (
        not group.gone,
        stand.starts,
        stand.common,
        stand.first_wishes / of,
        stand.workplaces / of,
        group.name.casefold(),
    )


def bench(run: Run, *, costs: bool = False) -> Bench:
    """The proposal as the workbench shows it; eight queries for any number. `costs`: with those by group.

    Who withdrew and what was called off since is still there, and said to be gone.
    """
    rows = _rows(run)
    assignment: Mapping[str, str | None] = run.proposal.get("assignment", {})
    members = moves.members_of(assignment)
    cards = [_group(rows, uid, members.get(uid, ()), costs=costs) for uid in rows.live]
    left = [rows.people[uid] for uid, group in assignment.items() if not group and uid in rows.people]
    taken = [_taken(rows, step) for step in _steps(run)]
    undone = [one for one in taken if one.undone]
    done = [one for one in taken if not one.undone]
    return Bench(
        run=run,
        version=run.version,
        letter=run.letter,
        groups=sorted((one for one in cards if one.members), key=weakness),
        closed=sorted(
            (one for one in cards if not one.members and one.has_room), key=lambda one: one.name.casefold()
        ),
        left_out=sorted(
            (LeftOut(one, _nearest(rows, one)) for one in left), key=lambda one: one.member.name.casefold()
        ),
        steps=taken[:NEWEST_STEPS],
        can_undo=done[0] if done and not rows.is_published else None,
        can_redo=undone[-1] if undone and not rows.is_published else None,
    )


def _group(rows: _Rows, uid: str, members: Sequence[str], *, costs: bool) -> BenchGroup:
    live = rows.live[uid]
    stand = moves.stand(rows.asked, uid, members, sitting=live.taken, least=live.least)
    free = live.free - len(members)
    at = live.at or rows.windows.get(uid) if stand.people else live.at
    return BenchGroup(
        uid=uid,
        name=live.name,
        at=time_of(rows.run, live, rows.windows) if at else "",
        at_short=f"{WEEKDAYS_ABBR[at[0]]} {weekly.clock_face(at[1])}" if at else "",
        mentors=rows.mentors.get(uid, ()),
        members=[rows.people[one] for one in members if one in rows.people],
        sitting=rows.sitting.get(uid, ()),
        places=live.places,
        free=max(0, free),
        least=live.least,
        gone=not live.living,
        stand=stand,
        says=bench_sentences.group_in_words(stand, of=len(members), free=free, least=live.least)
        if live.living
        else bench_sentences.near_miss_in_words("gone"),
        weak=not (stand.starts and live.living),
        cost=moves.cost_of(rows.asked, uid, members) if costs else {},
    )


def _nearest(rows: _Rows, member: Member) -> str:
    """Of all the reasons against a wish the one that missed least."""
    if member.gone:
        return bench_sentences.near_miss_in_words("left")
    codes = rows.run.proposal.get("reasons", {}).get(member.uid, {})
    unmet = sorted(codes.get("unmet", ()), key=lambda wish: -NEAREST.get(wish[2], 0))
    said = sentences.why_not({**codes, "unmet": unmet[:1]}, titles=rows.titles)
    return said[0] if said else ""


def _steps(run: Run) -> list[Step]:
    return list(run.steps.select_related("by").order_by("-number"))


def _taken(rows: _Rows, step: Step) -> Taken:
    said = []
    if step.moves:
        uid, _was, to = step.moves[0]
        one, group = rows.people.get(uid), rows.live.get(to or "")
        name = one.name if one else "–"
        said.append(
            bench_sentences.moved_in_words(
                len(step.moves), name=name, group=(group.name if group else "–") if to else None
            )
        )
    for locked in (True, False):
        people = sum(is_locked == locked for _uid, _was, is_locked in step.locks)
        if people:
            said.append(bench_sentences.locked_in_words(people, locked=locked))
    return Taken(
        step.number, str(step.by) if step.by else "", step.at, ", ".join(said), step.reason, step.undone
    )


# --- the tables -------------------------------------------------------------------------------


def _rows(run: Run) -> _Rows:
    asked = asked_of(run)
    here = {"group__programme": run.programme}
    titles = {one.uid: str(one) for one in Theme.objects.filter(programme=run.programme)}
    named = set(asked.offers) | set(filter(None, run.proposal.get("assignment", {}).values()))
    groups = {
        one.pk: one
        for one in Group.objects.filter(programme=run.programme).select_related("theme")
        if one.uid in named
    }
    is_published = publishing_of(run) is not None
    people, persons = _people(run, is_published=is_published)
    sitting: dict[int, list[str]] = {}
    ours = Counter[int]()
    there = Membership.objects.active().filter(person__isnull=False, **here).order_by("pk")
    for group, person, name in there.values_list("group", "person", "person__name"):
        # Of a proposal that is published, its own people sit there already.
        if is_published and person in persons:
            ours[group] += 1
        else:
            sitting.setdefault(group, []).append(name or "–")
    counted = Place.objects.filter(**here).values_list("group")
    places = {
        group: (all_of_them, members + offers - ours[group])
        for group, all_of_them, members, offers in counted.annotate(
            Count("pk"), Count("membership"), Count("offer")
        )
    }
    leading: dict[int, list[str]] = {}
    mentors = Mentorship.objects.active().filter(person__isnull=False, **here).order_by("pk")
    for group, name in mentors.values_list("group", "person__name"):
        leading.setdefault(group, []).append(name or "–")
    live = {one.uid: live_of(one, places=places.get(pk, (0, 0))) for pk, one in groups.items()}
    return _Rows(
        run=run,
        asked=asked,
        is_published=is_published,
        live=live,
        mentors={one.uid: leading.get(pk, ()) for pk, one in groups.items()},
        sitting={one.uid: sitting.get(pk, ()) for pk, one in groups.items()},
        people=people,
        titles=titles | {one.uid: one.name for one in live.values()},
    )


def _people(run: Run, *, is_published: bool) -> tuple[dict[str, Member], set[int]]:
    """Everybody of the proposal by uid, and the keys of their persons."""
    assignment, locked = run.proposal.get("assignment", {}), set(run.proposal.get("locked", ()))
    standing = Application.STANDING if is_published else (Application.State.SENT, Application.State.WAITING)
    rows = Application.objects.filter(programme=run.programme).values_list(
        "uid",
        "person",
        "state",
        "person__name",
        "name_as_written",
        "person__email",
        "unit__name",
        "workplace",
    )
    found, persons = {}, set()
    for uid, person, state, name, written, email, unit, workplace in rows:
        if uid in assignment:
            called = name or written or email
            found[uid] = Member(
                uid, called, ring.initials(called), unit or workplace, uid in locked, state not in standing
            )
            persons.add(person)
    return found, persons
