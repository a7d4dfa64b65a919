"""A proposal as it is stored: who sits where, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from piiri.enrolments.models import Application
from piiri.formation import moves
from piiri.formation.models import Run
from piiri.groups.models import Group, KeptApart, Mentorship
from piiri.programmes.models import Programme


@dataclass(frozen=True)
class Proposal:
    """The answer of a run, by uid, as it was stored; parts may be missing in old ones."""

    assignment: Mapping[str, str | None]
    windows: Mapping[str, Sequence[int]] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """Applications by group."""
        return moves.members_of(self.assignment)

    @cached_property
    def unplaced(self) -> list[str]:
        return [application for application, group in self.assignment.items() if not group]

    @property
    def placed(self) -> int:
        return len(self.assignment) - len(self.unplaced)


def proposal_of(run: Run) -> Proposal:
    """The stored answer of a run that is ready."""
    stored = run.proposal
    return Proposal(
        assignment=stored.get("assignment", {}),
        windows=stored.get("windows", {}),
        reasons=stored.get("reasons", {}),
    )


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
