"""Who sits at the table and can sign, and who of them has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from piiri.agreements.models import Agreement, Goal, Signature, Yes
from piiri.base.ring import Seat
from piiri.groups.models import Group, Membership, Mentorship
from piiri.people.models import Person


@dataclass(frozen=True)
class Sitter:
    """A person at the table now, and when they signed the version that is asked about."""

    person: Person
    is_mentor: bool
    signed_at: datetime | None = None
    you: bool = False


def sits(*, group: Any, person: Any) -> Any:
    """Whether somebody enters a group now; both are expressions of the query around."""
    here = {"group": group, "person": person}
    joined, leading = (
        Membership.objects.entering().filter(**here),
        Mentorship.objects.entering().filter(**here),
    )
    return Exists(joined) | Exists(leading)


def number_of(rows: QuerySet[Any], *, by: str = "group") -> Any:
    """How many such rows a group has, as an expression; `by` is the column that they share."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted[:1], output_field=IntegerField()), 0)


def at_table(*, group: Any) -> Any:
    """How many enter the group now, mentors too, as an expression."""
    joined = Membership.objects.entering().filter(group=group, person__isnull=False)
    leading = Mentorship.objects.entering().filter(group=group, person__isnull=False)
    return number_of(joined) + number_of(leading)


def sitting(group: Group, *, number: int = 0, you: Person | None = None) -> list[Sitter]:
    """Everybody at the table now, mentors first, with their signature under version `number`. Three queries.

    Paused people are not among them: they cannot read what they would sign.
    """
    signed = dict(Signature.objects.filter(group=group, number=number).values_list("person", "signed_at"))
    leading = Mentorship.objects.entering().filter(group=group, person__isnull=False)
    joined = Membership.objects.entering().filter(group=group, person__isnull=False)
    rows = [
        *leading.select_related("person").order_by("started_at", "pk"),
        *joined.select_related("person").order_by("joined_at", "pk"),
    ]
    return [
        Sitter(row.person, isinstance(row, Mentorship), signed.get(row.person.pk), row.person == you)
        for row in rows
        if row.person
    ]


def seats(people: list[Sitter], *, asked: bool) -> list[Seat]:
    """The circle: a seat fills when its person signs. Before a version is there (`asked`), all are open."""
    return [seat_of(one, asked=asked) for one in people]


def seat_of(one: Sitter, *, asked: bool) -> Seat:
    """One seat; its state also in words."""
    state = "" if one.signed_at else "now" if one.you and asked else "todo"
    note = _("signed") if one.signed_at else _("not yet") if asked else ""
    return Seat(
        name=str(one.person),
        call=_("You") if one.you else one.person.first_name,
        state=state,
        you=one.you,
        note=note,
        small=_("mentor") if one.is_mentor else "",
    )


def signers(*, group: Any, number: Any) -> QuerySet[Signature]:
    """Signatures of people who still enter the group; both are expressions of the query around."""
    rows = Signature.objects.filter(group=group, number=number)
    return rows.filter(sits(group=OuterRef("group"), person=OuterRef("person")))


def yes_sayers(*, goal: Any) -> QuerySet[Yes]:
    """Yeses to a goal from people who still enter its group."""
    rows = Yes.objects.filter(goal=goal)
    return rows.filter(sits(group=OuterRef("goal__group"), person=OuterRef("person")))


def with_signatures(rows: QuerySet[Agreement]) -> Any:
    """Versions with `signed` (by people who still sit there) and `of` (how many sit there)."""
    signed = number_of(signers(group=OuterRef("group"), number=OuterRef("number")))
    return rows.annotate(signed=signed, of=at_table(group=OuterRef("group")))


def with_yeses(rows: QuerySet[Goal]) -> Any:
    """Suggestions with `said_yes` (by people who still sit there) and `of`."""
    said = number_of(yes_sayers(goal=OuterRef("pk")), by="goal")
    return rows.annotate(said_yes=said, of=at_table(group=OuterRef("group")))


def has_everybody_said_yes(goal: Goal) -> bool:
    """Whether everybody who sits in the group now has said yes to the suggestion. One query."""
    row = with_yeses(Goal.objects.filter(pk=goal.pk)).values_list("said_yes", "of").get()
    return bool(row[1]) and row[0] == row[1]
