"""What publishing a proposal would do, and what has changed since it was found: told before the press."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from piiri.enrolments.models import Application
from piiri.formation import mapping, scoring
from piiri.formation.models import Run
from piiri.formation.problem import Offer, Problem, ProblemError
from piiri.formation.queries.gathering import facts_of
from piiri.formation.queries.letters import FORMED, PLACED, WAITING, Shown, previews
from piiri.formation.queries.proposals import proposal_of, suggested_together
from piiri.groups.models import Group, Mentorship
from piiri.programmes.models import Programme

MORNING = time(8)


@dataclass(frozen=True)
class Preview:
    """What publishing would do: mails by kind, when they go, and what has changed since.

    `gone` counts people of the proposal who cannot be placed any more. `small`, `broken` and `pairs` name
    groups: fewer people than they start with, something that must hold and does not any more, two people
    whose pair the office has not decided about.
    """

    placed: int
    waiting: int
    mentors: int
    gone: int
    hold_until: datetime
    tomorrow: datetime
    small: Sequence[str]
    broken: Sequence[str]
    pairs: Sequence[str]
    letters: Sequence[Shown]

    @property
    def mails(self) -> int:
        return self.placed + self.waiting + self.mentors


def preview(run: Run, *, now: datetime) -> Preview:
    """Say what would happen if the run were published at `now`."""
    proposal, programme = proposal_of(run), run.programme
    unplaced = set(Application.objects.unplaced().filter(programme=programme).values_list("uid", flat=True))
    living = set(Group.objects.living().filter(programme=programme).values_list("uid", flat=True))
    standing = {uid: group for uid, group in proposal.assignment.items() if uid in unplaced}
    placed = {uid: group for uid, group in standing.items() if group is not None and group in living}
    sent_to = Mentorship.objects.active().filter(group__programme=programme, person__isnull=False)
    filled = set(placed.values())
    mentors = sum(uid in filled for uid in sent_to.values_list("group__uid", flat=True))
    counts = {PLACED: len(placed), WAITING: len(standing) - len(placed), FORMED: mentors}
    small, broken = _doubtful(run, placed)
    return Preview(
        placed=counts[PLACED],
        waiting=counts[WAITING],
        mentors=mentors,
        gone=proposal.placed - len(placed),
        hold_until=now + timedelta(hours=programme.rules.hold_hours),
        tomorrow=tomorrow_morning(programme, now=now),
        small=_names(small),
        broken=_names(broken),
        pairs=suggested_together(proposal, programme=programme),
        letters=previews(run, counts=counts, now=now),
    )


def tomorrow_morning(programme: Programme, *, now: datetime) -> datetime:
    """Eight o'clock of the next day, where the programme is."""
    day = now.astimezone(programme.tz).date() + timedelta(days=1)
    return datetime.combine(day, MORNING, programme.tz)


def _doubtful(run: Run, placed: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Groups that would be too small to start, and those in which something does not hold any more."""
    facts = facts_of(run.programme, wishes=run.weights)
    wanting = [one for one in facts.wanting if one.uid in placed]
    people = Counter(placed[one.uid] for one in wanting)
    small = {
        group.uid
        for group in facts.offered
        if people[group.uid] and people[group.uid] + len(group.sitting) < group.min_to_start
    }
    try:
        problem = mapping.problem_of(replace(facts, wanting=wanting))
    except ProblemError:
        return small, set()
    return small, _broken(problem, {one.uid: placed[one.uid] for one in wanting})


def _broken(problem: Problem, ends: Mapping[str, str]) -> set[str]:
    """The groups that the breaches are about; to be too small is none here."""
    offers = {offer.id: offer for offer in problem.groups}
    full = {group for group in ends.values() if group not in offers}
    judged = scoring.score(problem, {one: group for one, group in ends.items() if group in offers})
    found = full
    for rule, *about in judged.violations:
        if rule == "size" and int(about[1]) < offers[str(about[0])].lower:
            continue
        found |= _groups_of(about, offers, filled=set(ends.values()))
    return found


def _groups_of(
    about: Collection[str | int], offers: Mapping[str, Offer], *, filled: Collection[str]
) -> set[str]:
    """The groups a breach names, or that a mentor it names leads."""
    named = {one for one in about if one in offers}
    led = {one for one in filled if one in offers and set(offers[one].mentors) & set(about)}
    return {str(one) for one in named} or led


def _names(uids: Collection[str]) -> list[str]:
    return sorted(group.name for group in Group.objects.filter(uid__in=uids).select_related("theme"))
