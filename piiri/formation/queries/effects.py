"""What moving people would do to a proposal, before it is done, and what it is after."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count

from piiri.enrolments.models import Application
from piiri.formation import bench_sentences, moves, scoring
from piiri.formation.mapping import KEEPER
from piiri.formation.models import Run
from piiri.formation.moves import Breach, Members, Moves, Question, Stand, Verdict
from piiri.formation.queries.asked import asked_of
from piiri.groups.models import Group, Mentorship, Place
from piiri.programmes import windows as weekly

Proposal = dict[str, Any]  # as Run.proposal
At = Sequence[int]  # weekday and minutes after midnight


@dataclass(frozen=True)
class Live:
    """A group as it is now: places in all and taken already, and its own weekly time if it has one."""

    uid: str
    name: str
    least: int
    places: int
    taken: int
    living: bool
    at: At | None = None

    @property
    def free(self) -> int:
        return self.places - self.taken


@dataclass(frozen=True)
class Mover:
    """Somebody who would move; `waits`: whether they still wait for a place."""

    name: str
    waits: bool


@dataclass(frozen=True)
class Touched:
    """One group that a move reaches: how it stands before and after, its weekly time, and that in words."""

    uid: str
    name: str
    before: Stand
    after: Stand
    at_before: str
    at_after: str
    text: str


@dataclass(frozen=True)
class Effect:
    """What moves would do. `rule` "": they can be made, whatever `warnings` say.

    Else it is the code of why not (moves.RULES, or left, gone, locked, nothing) and `why_not` the sentence,
    which names groups only.
    """

    rule: str
    why_not: str
    people: int
    groups: Sequence[Touched]
    left_out: Sequence[str]
    warnings: Sequence[str]
    text: str
    cost_before: int
    cost_after: int

    @property
    def allowed(self) -> bool:
        return not self.rule


@dataclass(frozen=True)
class Change:
    """Moves of a proposal, worked out: the same for showing what they do and for doing it.

    `known` groups as they are now, and `seated` people by group, save working them out again.
    """

    run: Run
    asked: Question
    wanted: Moves
    known: Mapping[str, Live] | None = None
    seated: Members | None = None

    @cached_property
    def assignment(self) -> Mapping[str, str | None]:
        found: Mapping[str, str | None] = self.run.proposal.get("assignment", {})
        return found

    @cached_property
    def moves(self) -> dict[str, str | None]:
        """Those that move somebody."""
        return {
            person: group or None
            for person, group in self.wanted.items()
            if person not in self.assignment or (self.assignment[person] or None) != (group or None)
        }

    @cached_property
    def before(self) -> Members:
        return moves.members_of(self.assignment) if self.seated is None else self.seated

    @cached_property
    def after(self) -> dict[str, list[str]]:
        return moves.members_after(self.before, self.assignment, self.moves)

    @cached_property
    def without_a_place(self) -> list[str]:
        """Who has none after the moves."""
        return [person for person, group in self.assignment.items() if not self.moves.get(person, group)]

    @cached_property
    def touched(self) -> list[str]:
        return moves.touched(self.assignment, self.moves)

    @cached_property
    def bunch(self) -> list[str]:
        """The touched groups and those whose weekly times depend on theirs."""
        return moves.linked(self.timed, self.touched, {*self.before, *self.after})

    @cached_property
    def timed(self) -> Question:
        """The question with the mentors of groups that people sit in already; it knows only their time."""
        kept = [
            uid
            for uid in {*self.before, *self.after}
            if uid in self.asked.offers and (self.asked.offers[uid].mentor or "").startswith(KEEPER)
        ]
        if not kept:
            return self.asked
        leading = Mentorship.objects.active().filter(group__uid__in=kept, person__isnull=False)
        pairs = leading.order_by("pk").values_list("group__uid", "person__uid")
        return moves.with_mentors(self.asked, [(group, person or "") for group, person in pairs])

    @cached_property
    def live(self) -> Mapping[str, Live]:
        return live_groups(self.run, [*self.touched, *self.bunch]) if self.known is None else self.known

    @cached_property
    def verdict(self) -> Verdict:
        return moves.judge(self.asked, self.assignment, self.moves, before=self.before, after=self.after)

    @cached_property
    def parts(self) -> dict[str, int]:
        """The parts of the cost before; of an old proposal that kept none they are counted."""
        return self.run.proposal.get("parts") or _counted(self.asked, self.assignment)

    @cached_property
    def parts_after(self) -> dict[str, int]:
        change = Counter(self.verdict.after)
        change.subtract(self.verdict.before)
        return {name: cost + change[name] for name, cost in self.parts.items()}

    @cached_property
    def windows(self) -> dict[str, At]:
        return dict(self.run.proposal.get("windows", {}))

    @cached_property
    def slots(self) -> Sequence[weekly.Window]:
        """The times of the question's slots; none where the programme's hours are others by now."""
        slots = weekly.windows(self.run.programme.rules)
        return slots if len(slots) == self.asked.problem.slots else ()

    @cached_property
    def windows_after(self) -> dict[str, At]:
        """The weekly times after: those that were found stay where they still work for everybody."""
        here = {one for one in self.bunch if one in self.live and self.live[one].at is None}
        if not here or not self.slots:
            return self.windows
        number = {(slot.weekday, slot.start): at for at, slot in enumerate(self.slots)}
        found = self.run.proposal.get("found", {}).get("windows", self.windows)
        wanted = {one: number[tuple(found[one])] for one in here if tuple(found.get(one, ())) in number}
        members = {one: self.after[one] for one in here if one in self.after}
        chosen = moves.meeting_slots(self.timed, members, wanted)
        others = {one: at for one, at in self.windows.items() if one not in here}
        return others | {one: [self.slots[at].weekday, self.slots[at].start] for one, at in chosen.items()}


def effect(run: Run, wanted: Moves) -> Effect:
    """What moving these people would do: application uid → group uid, or None to free the place.

    Any number at once; whoever sits there already is left out. Four queries.
    """
    return effect_of(Change(run, asked_of(run), wanted))


def effect_of(change: Change, people: Mapping[str, Mover] | None = None) -> Effect:
    """The same of a change that is worked out already; `people` saves asking who moves."""
    people = people_of(change.moves) if people is None else people
    rule, *about = _breach(change, people) or ("",)
    groups = [_touched(change, uid) for uid in change.touched if uid in change.live]
    freed = [uid for uid, to in change.moves.items() if to is None and change.assignment.get(uid)]
    left_out = [people[uid].name if uid in people else "–" for uid in freed]
    said = [one.text for one in groups]
    said += [
        bench_sentences.time_in_words(one.name, before=one.at_before, after=one.at_after) for one in groups
    ]
    said.append(bench_sentences.left_out_in_words(left_out))
    return Effect(
        rule=rule,
        why_not=bench_sentences.breach_in_words(rule, _told_of(change, about)) if rule else "",
        people=len(change.moves),
        groups=groups,
        left_out=left_out,
        warnings=[one.text for one in groups if one.after.people and not one.after.starts],
        text=" ".join(one for one in said if one),
        cost_before=sum(change.parts.values()),
        cost_after=sum(change.parts_after.values()),
    )


def live_groups(run: Run, uids: Iterable[str]) -> dict[str, Live]:
    """Groups of the run's programme as they are now, by uid; two queries."""
    here = Group.objects.filter(programme=run.programme_id, uid__in=set(uids))
    rows = {one.pk: one for one in here.select_related("theme")}
    counted = Place.objects.filter(group__in=rows).values_list("group")
    places = {
        group: (all_of_them, members + offers)
        for group, all_of_them, members, offers in counted.annotate(
            Count("pk"), Count("membership"), Count("offer")
        )
    }
    return {one.uid: live_of(one, places=places.get(pk, (0, 0))) for pk, one in rows.items()}


def live_of(group: Group, *, places: tuple[int, int]) -> Live:
    """A group with its places in all, and taken."""
    at = None
    if group.weekday is not None and group.local_time is not None:
        at = (group.weekday, group.local_time.hour * 60 + group.local_time.minute)
    return Live(
        uid=group.uid,
        name=group.name,
        least=group.min_to_start,
        places=places[0],
        taken=places[1],
        living=group.state in Group.LIVING and group.merged_into_id is None,
        at=at,
    )


def people_of(uids: Iterable[str]) -> dict[str, Mover]:
    """Who they are, by application uid; one query."""
    rows = Application.objects.filter(uid__in=list(uids)).values_list(
        "uid", "state", "person__name", "name_as_written", "person__email"
    )
    waiting = (Application.State.SENT, Application.State.WAITING)
    return {
        uid: Mover(name or written or email, state in waiting) for uid, state, name, written, email in rows
    }


def _breach(change: Change, people: Mapping[str, Mover]) -> Breach | None:
    """The one that is told: what is not there any more first, then locks, then what misses farthest."""
    if not change.moves:
        return ("nothing",)
    for uid, to in change.moves.items():
        if uid not in change.assignment or (to and not (uid in people and people[uid].waits)):
            return ("left",)
        if to and (to not in change.asked.offers or to not in change.live or not change.live[to].living):
            return "gone", to
    if not change.moves.keys().isdisjoint(change.run.proposal.get("locked", ())):
        return ("locked",)
    for breach in change.verdict.breaches:
        return breach
    return _overfull(change)


def _overfull(change: Change) -> Breach | None:
    """A group that others have joined since the groups were looked for."""
    for uid in change.touched:
        after, before = len(change.after.get(uid, ())), len(change.before.get(uid, ()))
        if uid in change.live and after > max(before, change.live[uid].free):
            return "full", uid
    return None


def _told_of(change: Change, about: Sequence[str]) -> str:
    """The name of the group that a breach is about; of a mentor's the one that somebody joins."""
    joined = [to for to in change.moves.values() if to]
    return next((change.live[uid].name for uid in (*about, *joined) if uid in change.live), "")


def _touched(change: Change, uid: str) -> Touched:
    live = change.live[uid]
    before, after = (
        moves.stand(change.asked, uid, members.get(uid, ()), sitting=live.taken, least=live.least)
        for members in (change.before, change.after)
    )
    text = bench_sentences.change_in_words(live.name, before, after, least=live.least)
    at_before = time_of(change.run, live, change.windows) if change.before.get(uid) else ""
    at_after = time_of(change.run, live, change.windows_after) if change.after.get(uid) else ""
    if not change.after.get(uid):
        at_before = ""
    return Touched(uid, live.name, before, after, at_before, at_after, text)


def time_of(run: Run, group: Live, windows: Mapping[str, At]) -> str:
    """The weekly time of a group in words: its own, else the proposed one; "" when it has none."""
    at = group.at or windows.get(group.uid)
    if at is None:
        return ""
    weekday, start = at
    return weekly.words(weekday, start, start + run.programme.rules.meeting_minutes)


def _counted(asked: Question, assignment: Mapping[str, str | None]) -> dict[str, int]:
    if not asked.people:
        return dict.fromkeys(scoring.PARTS, 0)
    here = {one: group for one, group in assignment.items() if one in asked.people and group in asked.offers}
    return scoring.score(asked.problem, here).parts
