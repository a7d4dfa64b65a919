"""Everything that a press on a group's page has to know, in one query.

When enrolment opens, thousands press at once: see base.prepared.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from piiri.base.prepared import Prepared
from piiri.enrolments.models import Application, LineManager, Waiting
from piiri.groups.models import Group, Membership, Mentor, Mentorship, Place
from piiri.networks.models import Affiliation, NetworkAdmin, Organisation, OrganisationAdmin
from piiri.people.models import Person
from piiri.programmes.models import Coordinator, Programme, Theme

Visible = Callable[[Any], QuerySet[Group]]
# Finds no name: there is no such sign in any.
NOBODY = "\x03"

OF_GROUP = (
    "id", "uid", "programme_id", "theme_id", "title", "text", "state", "language", "form", "area", "place",
    "guidance", "self_run", "min_to_start", "weekday", "local_time", "times", "by_link", "merged_into_id",
    "takes_newcomers", "next_at", "next_uid",
)  # fmt: skip
OF_THEME = ("id", "uid", "title", "text", "hue", "sensitive")
OF_PROGRAMME = (
    "id", "uid", "organisation_id", "slug", "title", "languages", "zone", "parameters", "state", "starts_on",
    "ends_on", "enrol_opens_at", "enrol_closes_at", "answers_by", "contact_name", "contact_address",
)  # fmt: skip
OF_ORGANISATION = ("id", "uid", "network_id", "slug", "name")
OF_MINE = (
    "id", "uid", "state", "beginning", "priority", "order", "name_as_written", "employer_id", "unit_id",
    "workplace", "job", "years", "with_address", "manager_name", "manager_email",
)  # fmt: skip
COUNTS = ("in_all", "free", "members")
FLAGS = ("awaited", "in_office", "named", "managing")
OF_KNOWN = ("id", "unit_id", "name_as_written", "workplace", "job", "years")
NAMES = ("mine__unit__name", "known__unit__name")
SHELL = (
    *(f"programme__{name}" for name in OF_PROGRAMME),
    *(f"programme__organisation__{name}" for name in OF_ORGANISATION),
)
LOOKS = (*OF_GROUP, *(f"theme__{name}" for name in OF_THEME), *SHELL)


@dataclass(frozen=True)
class Doorstep:
    """A group as somebody signed in stands before it; of its rows only what a press needs is read."""

    group: Group
    signed_in: bool
    # Their application that is a draft or stands, and what the organiser knows of them.
    mine: Application | None
    known: Affiliation | None
    # Where they work, as it is known: the name of a unit, else what they wrote.
    workplace: str
    # Places in all, free ones, participants; whether others wait for a place of the group or of its theme.
    in_all: int
    free: int
    members: int
    awaited: bool
    # They work in the programme's office or above it.
    in_office: bool
    # Somebody named a line manager whose name theirs may be, or whose address theirs is.
    named: bool
    managing: bool

    # The row as it was read.
    told: dict[str, Any] = field(repr=False, compare=False)

    @property
    def programme(self) -> Programme:
        return self.group.programme

    @cached_property
    def looks(self) -> str:
        """All that a page about the group is drawn from, as one text: equal texts, equal pages."""
        return str([self.told[name] for name in LOOKS])

    @cached_property
    def shell(self) -> str:
        """The same of all that is not the group's own."""
        return str([self.told[name] for name in SHELL])

    @cached_property
    def mentors(self) -> list[str]:
        """One entry a mentor: the name where they chose to show it, else "". One query."""
        rows = MENTORS.rows(group=self.group.pk)
        return [row["person__name"] if row["is_shown"] else "" for row in rows]


def doorstep(
    visible: Visible, *, person: Person | None, organisation: str, programme: str, group: str
) -> Doorstep | None:
    """The group at this address among those `visible` to the person, or None; `person` None is a visitor.

    One query.
    """
    words = person.name.split() if person else []
    told = prepared(visible, person is not None).first(
        person=person.pk if person else 0,
        organisation=organisation,
        programme=programme,
        group=group,
        naming=connection.ops.prep_for_like_query(words[-1]) if words else NOBODY,
        email=person.email if person else NOBODY,
    )
    return read(told, person=person) if told else None


@lru_cache(maxsize=8)
def prepared(visible: Visible, signed_in: bool) -> Prepared:
    """The query for one way of being visible."""

    def build(**holes: Any) -> QuerySet[Group, dict[str, Any]]:
        return asked(visible(Person(pk=holes["person"]) if signed_in else AnonymousUser()), **holes)

    return Prepared(
        build, numbers=["person"], texts=["organisation", "programme", "group", "naming", "email"]
    )


def asked(
    groups: QuerySet[Group],
    *,
    person: int,
    organisation: str,
    programme: str,
    group: str,
    naming: str,
    email: str,
) -> QuerySet[Group, dict[str, Any]]:
    """The query, from the groups one may see."""
    here = groups.filter(uid=group, programme__slug=programme, programme__organisation__slug=organisation)
    open_ones = Q(programme__applications__person=person, programme__applications__state__in=Application.OPEN)
    mine = FilteredRelation("programme__applications", condition=open_ones)
    told_of = "programme__organisation__affiliations"
    known = FilteredRelation(told_of, condition=Q(**{f"{told_of}__person": person}))
    told: QuerySet[Group, dict[str, Any]] = here.annotate(
        mine=mine,
        known=known,
        in_all=counted(Place.objects.all()),
        free=counted(Place.objects.all(), which=Q(membership=None, offer=None)),
        members=counted(Membership.objects.active()),
        awaited=Exists(others_waiting(person)),
        in_office=in_office(person),
        named=Exists(naming_line_manager(naming)),
        managing=Exists(LineManager.objects.filter(programme=OuterRef("programme"), email=email)),
    ).values(
        *LOOKS,
        *(f"mine__{name}" for name in OF_MINE),
        *(f"known__{name}" for name in OF_KNOWN),
        *COUNTS,
        *FLAGS,
        *NAMES,
    )
    return told


def counted(rows: QuerySet[Any], *, which: Q | None = None) -> Combinable:
    """How many of these rows, of `which` kind, are the group's; found by the group, which is quick."""
    of_group = rows.filter(group=OuterRef("pk")).order_by().values("group")
    return Coalesce(Subquery(of_group.annotate(n=Count("pk", filter=which)).values("n")), 0)


def others_waiting(person: int) -> QuerySet[Waiting]:
    """Turns of others in the lists of the group or of its theme."""
    here = Q(group=OuterRef("pk")) | Q(theme=OuterRef("theme"))
    others = Waiting.objects.standing().filter(here, application__state=Application.State.WAITING)
    return others.exclude(application__person=person)


def leading(*, group: int) -> QuerySet[Any, dict[str, Any]]:
    """The mentors of a group, and whether their names are told to everybody."""
    shown = Mentor.objects.filter(
        programme=OuterRef("group__programme"), person=OuterRef("person"), show_name=True
    )
    rows = Mentorship.objects.active().filter(group=group, person__isnull=False).order_by("pk")
    told: QuerySet[Any, Any] = rows.annotate(is_shown=Exists(shown)).values("person__name", "is_shown")
    return told


MENTORS = Prepared(leading, numbers=["group"])


def in_office(person: int) -> Combinable:
    """Whether the person coordinates the programme or administers what is above it."""
    coordinates = Coordinator.objects.filter(programme=OuterRef("programme"), person=person)
    administers = OrganisationAdmin.objects.filter(
        organisation=OuterRef("programme__organisation"), person=person
    )
    above = NetworkAdmin.objects.filter(network=OuterRef("programme__organisation__network"), person=person)
    is_any = Q(Exists(coordinates)) | Q(Exists(administers)) | Q(Exists(above))
    return ExpressionWrapper(is_any, output_field=BooleanField())


def naming_line_manager(word: str) -> QuerySet[Application]:
    """Those of the programme whose line manager's name holds the word."""
    return Application.objects.standing().filter(
        programme=OuterRef("programme"), manager_name__gt="", manager_name__icontains=word
    )


def read(told: dict[str, Any], *, person: Person | None) -> Doorstep:
    """The rows of one answer, tied to each other."""
    organisation = made(Organisation, OF_ORGANISATION, told, "programme__organisation__")
    programme = made(Programme, OF_PROGRAMME, told, "programme__")
    group = made(Group, OF_GROUP, told)
    programme.organisation, group.programme = organisation, programme
    group.theme = made(Theme, OF_THEME, told, "theme__")
    mine, known = made(Application, OF_MINE, told, "mine__"), made(Affiliation, OF_KNOWN, told, "known__")
    if mine and person:
        mine.programme, mine.person = programme, person
    workplace = workplace_of(mine, unit=told["mine__unit__name"]) or workplace_of(
        known, unit=told["known__unit__name"]
    )
    counts = {name: told[name] for name in COUNTS}
    return Doorstep(
        group,
        person is not None,
        mine,
        known,
        workplace,
        told=told,
        **counts,
        **{name: bool(told[name]) for name in FLAGS},
    )


def workplace_of(row: Application | Affiliation | None, *, unit: str | None) -> str:
    """The name of the unit, else what was written; "" where nothing is known."""
    return unit or (row.workplace if row else "")


def made(model: Any, names: tuple[str, ...], told: dict[str, Any], before: str = "") -> Any:
    """A row of the model from some columns, the others read when they are asked for; None without a key."""
    if told[f"{before}id"] is None:
        return None
    return model.from_db("default", names, [told[f"{before}{name}"] for name in in_order(model, names)])


@lru_cache
def in_order(model: Any, names: tuple[str, ...]) -> list[str]:
    """The columns in the order of the table, as `from_db` wants them."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in names]  # noqa: SLF001
