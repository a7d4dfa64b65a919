"""What groups have agreed, as far as one's own page needs it: no sentence of it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from piiri.agreements.models import Goal
from piiri.home.queries import swift
from piiri.home.queries.people import Chair
from piiri.people.models import Person


@dataclass
class Agreed:
    """A group's agreement and goals. `number` 0: no version yet; `signed` holds keys of people.

    `waiting`: since when each suggested goal waits that the person has not said yes to.
    """

    number: int = 0
    since: datetime | None = None
    signed: set[int] = field(default_factory=set)
    goals: int = 0
    goals_at: datetime | None = None
    waiting: list[datetime] = field(default_factory=list)

    def is_complete(self, chairs: Sequence[Chair]) -> bool:
        """Whether everybody at the table has signed."""
        return bool(self.number) and all(chair.person.pk in self.signed for chair in chairs)

    @property
    def last_at(self) -> datetime | None:
        """When the agreement's version or a goal was last agreed."""
        return max((moment for moment in (self.since, self.goals_at) if moment), default=None)


def agreed_in(groups: Iterable[int], *, you: Person) -> dict[int, Agreed]:
    """By one's own group (its key) what is agreed and what waits for the person. Two queries, or none."""
    found = {key: Agreed() for key in groups}
    if found:
        read_versions(found, you=you)
        read_goals(found, you=you)
    return found


def read_versions(found: dict[int, Agreed], *, you: Person) -> None:
    """The versions in force, and who has signed them."""
    rows = [row for row in swift.own_versions().rows(person=you.pk) if row["group"] in found]
    for row in rows:
        if row["who"] is None:
            found[row["group"]].number, found[row["group"]].since = row["number"], row["at"]
    for row in rows:
        if row["who"] is not None and row["number"] == found[row["group"]].number:
            found[row["group"]].signed.add(row["who"])


def read_goals(found: dict[int, Agreed], *, you: Person) -> None:
    """How many goals are agreed, and which suggestions wait for the person."""
    for row in swift.own_goals().rows(person=you.pk):
        one = found.get(row["group"])
        if one and row["state"] == Goal.State.AGREED:
            one.goals += 1
            one.goals_at = max(filter(None, (one.goals_at, row["agreed_at"])), default=None)
        elif one and not row["said"]:
            one.waiting.append(row["suggested_at"])
