"""What groups have agreed, as far as one's own page needs it: no sentence of it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, F, IntegerField, OuterRef, Value

from piiri.agreements.models import Agreement, Goal, Signature, Yes
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
    """By group (its key) what is agreed and what waits for the person. Two queries, none for no group."""
    keys = list(groups)
    found = {key: Agreed() for key in keys}
    if keys:
        read_versions(found)
        read_goals(found, you=you)
    return found


def read_versions(found: dict[int, Agreed]) -> None:
    """The versions in force, and who has signed them."""
    nobody = Value(None, output_field=IntegerField(null=True))
    versions = Agreement.objects.standing().filter(group__in=found).order_by()
    names = Signature.objects.filter(group__in=found).order_by()
    standing = versions.annotate(who=nobody, at=F("numbered_at")).values_list("group", "number", "who", "at")
    signed = names.annotate(who=F("person"), at=F("signed_at")).values_list("group", "number", "who", "at")
    rows = list(standing.union(signed, all=True))
    for group, number, who, at in rows:
        if who is None:
            found[group].number, found[group].since = number, at
    for group, number, who, _at in rows:
        if who is not None and number == found[group].number:
            found[group].signed.add(who)


def read_goals(found: dict[int, Agreed], *, you: Person) -> None:
    """How many goals are agreed, and which suggestions wait for the person."""
    mine = Yes.objects.filter(goal=OuterRef("pk"), person=you)
    states = (Goal.State.AGREED, Goal.State.SUGGESTED)
    rows = Goal.objects.filter(group__in=found, state__in=states).annotate(said=Exists(mine)).order_by("pk")
    for group, state, said, suggested, agreed in rows.values_list(
        "group", "state", "said", "suggested_at", "agreed_at"
    ):
        one = found[group]
        if state == Goal.State.AGREED:
            one.goals += 1
            one.goals_at = max(filter(None, (one.goals_at, agreed)), default=None)
        elif not said:
            one.waiting.append(suggested)
