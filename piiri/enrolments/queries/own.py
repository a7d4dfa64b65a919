"""One's own application with all its page has to know, in one query: when places go, thousands look at it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from piiri.base.prepared import Prepared
from piiri.enrolments.models import Application, Approval, Conflict, Waiting, Wish
from piiri.enrolments.queries.doorstep import OF_ORGANISATION, OF_PROGRAMME, made
from piiri.groups.models import Group, Offer
from piiri.networks.models import Organisation, Unit
from piiri.people.models import Person
from piiri.programmes.models import Programme, Theme

Own = Callable[[Any], QuerySet[Application]]

COLUMNS = tuple(field.attname for field in Application._meta.concrete_fields)  # noqa: SLF001
OF_GROUP = ("id", "uid", "title", "theme_id", "form", "place", "next_at", "next_uid")
OF_THEME = ("id", "title")
OF_UNIT = ("id", "name")
FLAGS = ("offered", "listed", "wished", "told", "named")


@dataclass(frozen=True)
class OwnApplication:
    """An application with its programme, organisation and unit, and the group where there is a place.

    Each flag says whether there is something to ask further: a place held for them, a turn in a list, a
    wish, a line manager who was told, somebody they should not meet.
    """

    row: Application
    group: Group | None
    offered: bool
    listed: bool
    wished: bool
    told: bool
    named: bool


def own_application(own: Own, *, person: Person, uid: str) -> OwnApplication | None:
    """The application of this uid among the person's `own`, or None. One query."""
    told = prepared(own).first(person=person.pk, uid=uid)
    if told is None:
        return None
    row = made(Application, COLUMNS, told)
    row.programme = made(Programme, OF_PROGRAMME, told, "programme__")
    row.programme.organisation = made(Organisation, OF_ORGANISATION, told, "programme__organisation__")
    row.unit = made(Unit, OF_UNIT, told, "unit__")
    row.person = person
    group = made(Group, OF_GROUP, told, "sits__group__")
    if group:
        group.theme = made(Theme, OF_THEME, told, "sits__group__theme__")
    return OwnApplication(row, group, **{name: bool(told[name]) for name in FLAGS})


@lru_cache(maxsize=4)
def prepared(own: Own) -> Prepared:
    """The query for one way of being one's own."""

    def build(**holes: Any) -> QuerySet[Application, dict[str, Any]]:
        return asked(own(Person(pk=holes["person"])).filter(uid=holes["uid"]), person=holes["person"])

    return Prepared(build, numbers=["person"], texts=["uid"])


def asked(mine: QuerySet[Application], *, person: int) -> QuerySet[Application, dict[str, Any]]:
    """The query, from the applications that are one's own."""
    at = "programme__memberships"
    active = Q(**{f"{at}__person": person, f"{at}__ended_at": None, f"{at}__confirmed_at__isnull": False})
    programme, application = OuterRef("programme"), OuterRef("pk")
    named = Conflict.objects.filter(person=person, programme=programme, group=None)
    told: QuerySet[Application, dict[str, Any]] = mine.annotate(
        sits=FilteredRelation(at, condition=active),
        offered=Exists(Offer.objects.open().filter(person=person, programme=programme)),
        listed=Exists(Waiting.objects.standing().filter(application=application)),
        wished=Exists(Wish.objects.filter(application=application)),
        told=Exists(Approval.objects.standing().filter(application=application)),
        named=Exists(named),
    ).values(
        *COLUMNS,
        *(f"programme__{name}" for name in OF_PROGRAMME),
        *(f"programme__organisation__{name}" for name in OF_ORGANISATION),
        *(f"unit__{name}" for name in OF_UNIT),
        *(f"sits__group__{name}" for name in OF_GROUP),
        *(f"sits__group__theme__{name}" for name in OF_THEME),
        *FLAGS,
    )
    return told
