"""The agreement in short: for the group's page, for a person's tasks, for the office in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef, Subquery

from piiri.agreements.models import LIVING, Agreement, Goal, Signature, Yes
from piiri.agreements.queries.people import signers, with_signatures
from piiri.agreements.queries.texts import ClauseText, clauses_of
from piiri.base.prepared import PreparedRows
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.people.models import Person

State = Agreement.State
FIRST_CLAUSES = 3


@dataclass(frozen=True)
class AgreementCard:
    """A group's agreement for one of its people. `number` 0: a first draft is being written.

    `joined`: everybody is asked again because somebody joined. `has_draft`: a change is being written.
    """

    group: Group
    number: int
    signed: int
    of: int
    mine: bool
    joined: bool
    has_draft: bool
    ready_at: datetime | None
    clauses: list[ClauseText]

    @property
    def asks_me(self) -> bool:
        """Whether a version waits for the reader's signature."""
        return bool(self.number) and not self.mine

    @property
    def is_complete(self) -> bool:
        """Whether all have signed."""
        return bool(self.number) and self.signed >= self.of


def counted(group: Group, *, you: Person) -> list[Any]:
    """The version in force, then the draft: at most two, with `signed`, `of` and `mine`. One query."""
    found = prepared().rows(group=group.pk, you=you.pk)
    for row in found:
        row.group = group
    return found


@lru_cache(maxsize=1)
def prepared() -> PreparedRows:
    """The query of `counted`: every look at a group's page asks it."""

    def build(*, group: int, you: int) -> Any:
        mine = Signature.objects.filter(group=OuterRef("group"), number=OuterRef("number"), person=you)
        rows = with_signatures(Agreement.objects.filter(group=group, state__in=(State.STANDING, State.DRAFT)))
        return rows.annotate(mine=Exists(mine)).order_by("-number")

    return PreparedRows(Agreement, build, numbers=["group", "you"], more=["signed", "of", "mine"])


def card(group: Group, person: Person) -> AgreementCard | None:
    """The group's agreement in short, or None before anybody began one. Two queries; needs the programme."""
    rows = counted(group, you=person)
    if not rows:
        return None
    shown = rows[0]
    is_draft = shown.state == State.DRAFT
    return AgreementCard(
        group=group,
        number=shown.number,
        signed=0 if is_draft else shown.signed,
        of=shown.of,
        mine=not is_draft and shown.mine,
        joined=shown.cause == Agreement.Cause.JOINED,
        has_draft=any(row.state == State.DRAFT for row in rows),
        ready_at=shown.ready_at,
        clauses=clauses_of(shown, most=FIRST_CLAUSES),
    )


def standing_of(group: Group) -> Agreement | None:
    """The version in force, or None. One query."""
    return Agreement.objects.filter(group=group).standing().first()


def own_signature(group: Group, person: Person) -> Signature | None:
    """The person's last signature in the group, or None. One query."""
    return Signature.objects.filter(group=group, person=person).order_by("-number").first()


@dataclass(frozen=True)
class Ask:
    """Something of a group's agreement that waits for a person. `kind`: "sign" or "goal".

    `joined`: signing again because somebody joined. `number`: the version, or the place of the goal.
    """

    kind: str
    group: Group
    number: int
    since: datetime
    joined: bool = False


def asks(person: Person) -> list[Ask]:
    """What waits for the person in their groups: versions to sign, goals to say yes to. Two queries."""
    mine = group_access.groups_of(person).filter(state__in=LIVING).values("pk")
    signed = Signature.objects.filter(group=OuterRef("group"), number=OuterRef("number"), person=person)
    versions = Agreement.objects.standing().filter(~Exists(signed), group__in=mine)
    said = Yes.objects.filter(goal=OuterRef("pk"), person=person)
    goals = Goal.objects.suggested().filter(~Exists(said), group__in=mine)
    renewed: Any = versions.select_related("group__theme", "group__programme").annotate(
        joined_at=joined_moment()
    )
    found = [
        Ask("sign", row.group, row.number, row.numbered_at, row.numbered_at == row.joined_at)
        for row in renewed.order_by("pk")
    ]
    found += [
        Ask("goal", row.group, row.place, row.suggested_at)
        for row in goals.select_related("group__theme", "group__programme").order_by("group", "place")
    ]
    return found


def joined_moment() -> Any:
    """When the number began, where it began because somebody joined; as an expression."""
    same = Agreement.objects.filter(
        group=OuterRef("group"), number=OuterRef("number"), cause=Agreement.Cause.JOINED
    )
    return Subquery(same.values("numbered_at")[:1])


class Signed(NamedTuple):
    """What the office sees of an agreement: which version, signed by how many of how many, the last when."""

    version: int
    signed: int
    of: int
    signed_on: date | None


def signed_of(groups: Iterable[Group]) -> dict[int, Signed]:
    """How many have signed, by group; groups without a version are left out. One query, and no text in it.

    People count who sit in the group now and are not paused, mentors too.
    """
    rows = with_signatures(Agreement.objects.standing().filter(group__in=[group.pk for group in groups]))
    last = signers(group=OuterRef("group"), number=OuterRef("number")).order_by().values("group")
    rows = rows.annotate(last=Subquery(last.annotate(at=Max("signed_at")).values("at")[:1]))
    told = rows.values_list("group", "number", "signed", "of", "last", "group__programme__zone")
    return {
        group: Signed(number, signed, of, at.astimezone(ZoneInfo(zone)).date() if at else None)
        for group, number, signed, of, at, zone in told
    }
