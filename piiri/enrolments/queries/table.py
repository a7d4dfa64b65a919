"""The office's table of applications: what it looks for, in which order, and what each line says."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from piiri.enrolments.models import Application, Approval, Waiting, Wish
from piiri.enrolments.queries.applications import any_of
from piiri.groups.models import Group, Membership, Offer, Place
from piiri.networks.models import Unit
from piiri.programmes import windows
from piiri.programmes.models import Availability, Programme

State = Application.State
OTHER_UNIT = "other"
NOBODY = "none"
MOST_UNITS = 300
ORDERS: dict[str, tuple[str, ...]] = {
    "key": ("priority", "order", "pk"),
    "name": ("person__name", "pk"),
    "sent": ("sent_at", "pk"),
}


@dataclass(frozen=True)
class Look:
    """What the office looks for; an empty value asks for nothing.

    `q` looks for a name, a workplace or an address; `wish` is the uid of a theme or a group; `unit` the uid
    of a workplace, or "other" where it is not in the list; `times` "told" or "none"; `manager` a state of
    an approval, or "none" where nobody was asked; `turn` "list", "offer" or "none"; `fit` "free" where
    something wished for has a free place, "none" where nothing has; `sort` is a key of ORDERS.
    """

    q: str = ""
    state: str = ""
    wish: str = ""
    unit: str = ""
    language: str = ""
    beginning: str = ""
    times: str = ""
    manager: str = ""
    turn: str = ""
    fit: str = ""
    sort: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything but the order is asked for."""
        return any(getattr(self, one.name) for one in fields(self) if one.name != "sort")


def order_first(programme: Programme) -> str:
    """In which order the table is shown when nobody asked: where the office decides, by the ordering key."""
    return "key" if programme.rules.enrol_way == "office" else "name"


def listed(programme: Programme, look: Look, *, addresses: bool) -> QuerySet[Application]:
    """Applications that were sent and fit the look, in its order; never the text to the future group.

    Without `addresses` the search does not look into them.
    """
    rows = Application.objects.filter(programme=programme).exclude(state=State.DRAFT)
    wanted = [*plainly(look, addresses=addresses), *beside(programme, look)]
    order = ORDERS[look.sort or order_first(programme)]
    return rows.filter(*wanted).defer("wish").select_related("person", "unit").order_by(*order)


def plainly(look: Look, *, addresses: bool) -> list[Q]:
    """The conditions on the application itself and on its wishes."""
    found = []
    if look.q:
        columns = ["person__name", "name_as_written", "workplace", "unit__name"]
        columns += ["person__email"] if addresses else []
        found.append(any_of(Q(**{f"{column}__icontains": look.q}) for column in columns))
    if look.state:
        found.append(Q(state=look.state))
    if look.unit:
        found.append(Q(unit=None) if look.unit == OTHER_UNIT else Q(unit__uid=look.unit))
    if look.beginning:
        found.append(Q(beginning=look.beginning))
    if look.wish:
        found.append(Q(pk__in=wishing_for(look.wish).values("application")))
    return found


def beside(programme: Programme, look: Look) -> list[Q]:
    """The conditions on what stands beside an application: times, approvals, turns, offers, free places."""
    found = []
    if look.language:
        # Both databases keep the list as JSON; as text a code is found in quotes.
        speaking = Application.objects.alias(spoken=Cast("languages", TextField()))
        speaking = speaking.filter(programme=programme, spoken__contains=f'"{look.language}"')
        found.append(Q(pk__in=speaking.values("pk")))
    if look.times:
        told = Q(Exists(times_told(programme).filter(person=OuterRef("person"))))
        found.append(told if look.times == "told" else ~told)
    if look.manager:
        asked = Approval.objects.standing().filter(application=OuterRef("pk"))
        nobody = look.manager == NOBODY
        found.append(~Q(Exists(asked)) if nobody else Q(Exists(asked.filter(state=look.manager))))
    if look.turn:
        found.append(queueing(look.turn, programme=programme))
    if look.fit:
        fits = Q(pk__in=fitting(programme).values("pk"))
        found.append(fits if look.fit == "free" else ~fits)
    return found


def wishing_for(uid: str) -> QuerySet[Wish]:
    """Wishes for one theme or one group."""
    return Wish.objects.filter(Q(theme__uid=uid) | Q(group__uid=uid))


def times_told(programme: Programme) -> QuerySet[Availability]:
    """Who has told at least one half hour in which they can meet."""
    return Availability.objects.filter(programme=programme).exclude(mask=windows.NOTHING)


def queueing(turn: str, *, programme: Programme) -> Q:
    """Those who stand in a list, those to whom a place is offered now, or neither."""
    in_list = Q(Exists(Waiting.objects.standing().filter(application=OuterRef("pk"))))
    offers = Offer.objects.open().filter(programme=programme, person=OuterRef("person"))
    asked = Q(Exists(offers))
    return {"list": in_list, "offer": asked}.get(turn, ~in_list & ~asked)


@dataclass(frozen=True)
class Free:
    """How many places are free now, by the key of a theme and of a group; nothing where none is."""

    themes: dict[int, int]
    groups: dict[int, int]

    def for_wish(self, wish: Wish) -> int:
        """Free places in what is wished for."""
        if wish.group_id:
            return self.groups.get(wish.group_id, 0)
        return self.themes.get(wish.theme_id or 0, 0)


def free_places(programme: Programme) -> Free:
    """Free places of living groups. One query."""
    places = Place.objects.free().filter(group__programme=programme, group__state__in=Group.LIVING)
    rows = places.order_by().values_list("group", "group__theme", "group__by_link")
    themes, groups = dict[int, int](), dict[int, int]()
    for group, theme, by_link, number in rows.annotate(n=Count("pk")):
        groups[group] = number
        if theme and not by_link:
            themes[theme] = themes.get(theme, 0) + number
    return Free(themes, groups)


def fitting(programme: Programme) -> QuerySet[Application]:
    """Applications of the programme of which at least one wish has a free place."""
    free = free_places(programme)
    wishes = Wish.objects.filter(Q(theme__in=free.themes) | Q(group__in=free.groups))
    anything = Q(any_theme=True) if free.groups else Q(pk__in=[])
    return Application.objects.filter(
        anything | Q(pk__in=wishes.filter(application__programme=programme).values("application")),
        programme=programme,
    )


# --- what each line says ----------------------------------------------------------------------


@dataclass
class TableRow:
    """One application as the office sees it; `wishes` with how many places are free in each."""

    application: Application
    wishes: list[tuple[Wish, int]] = field(default_factory=list)
    lists: int = 0
    offer: Offer | None = None
    approval: Approval | None = None
    has_times: bool = False
    group: Group | None = None

    @property
    def can_be_decided(self) -> bool:
        return self.application.state in (State.SENT, State.WAITING)


def with_wishes(rows: QuerySet[Application]) -> QuerySet[Application]:
    """The same with their ranked wishes, in one query more."""
    return rows.prefetch_related(
        Prefetch("wishes", Wish.objects.select_related("theme", "group__theme"), to_attr="ranked")
    )


def table_rows(
    programme: Programme, applications: Sequence[Application], *, free: Free | None = None
) -> list[TableRow]:
    """What the office sees of a page of applications; the same six queries for any number."""
    free = free or free_places(programme)
    keys = [one.pk for one in applications]
    people = {one.person_id: one.pk for one in applications}
    found = {
        one.pk: TableRow(one, [(wish, free.for_wish(wish)) for wish in getattr(one, "ranked", [])])
        for one in applications
    }
    turns = Waiting.objects.standing().filter(application__in=keys).order_by()
    for key, number in turns.values_list("application").annotate(n=Count("pk")):
        found[key].lists = number
    for approval in Approval.objects.standing().filter(application__in=keys):
        found[approval.application_id].approval = approval
    here: dict[str, Any] = {"programme": programme, "person__in": list(people)}
    for offer in Offer.objects.open().filter(**here).select_related("group__theme"):
        found[people[offer.person_id or 0]].offer = offer
    for person in times_told(programme).filter(person__in=list(people)).values_list("person", flat=True):
        found[people[person]].has_times = True
    for member in Membership.objects.active().filter(**here).select_related("group__theme"):
        found[people[member.person_id or 0]].group = member.group
    return list(found.values())


# --- what one may look for --------------------------------------------------------------------


def units_applied_from(programme: Programme, *, asked: str = "") -> list[tuple[str, str]]:
    """(uid, name) of the workplaces from which somebody has applied, by name. One query.

    Of more than 300 only the one that is asked for: nobody chooses from such a list, and words find them too.
    """
    from_here = Application.objects.filter(programme=programme, unit=OuterRef("pk"))
    units = Unit.objects.filter(Exists(from_here.exclude(state=State.DRAFT))).order_by("name", "pk")
    found = list(units.values_list("uid", "name"))
    return found if len(found) <= MOST_UNITS else [one for one in found if one[0] == asked]


def said_of(row: TableRow) -> list[tuple[str, str]]:
    """What somebody said of themselves, as label and value; what they left empty is left out."""
    one, names = row.application, dict(settings.LANGUAGES)
    said = [
        (_("Workplace"), str(one.unit or one.workplace)),
        (_("Employer"), str(one.employer or "")),
        (_("Job"), one.job),
        (_("Years in this work"), "" if one.years is None else str(one.years)),
        (_("Beginning"), str(one.get_beginning_display())),
        (_("Languages"), ", ".join(str(names.get(code, code)) for code in one.languages)),
        (_("Way of meeting"), str(one.get_form_display())),
        (_("If no wish works out"), _("Anything is fine") if one.any_theme else ""),
        (_("Rather with"), _("People from other workplaces") if one.other_workplaces else ""),
        (_("Can give"), one.gives),
        (_("Looks for"), one.seeks),
        (_("Line manager"), one.manager_name or one.manager_email),
        (_("The manager’s answer"), str(row.approval.get_state_display()) if row.approval else ""),
    ]
    return [(label, value) for label, value in said if value]
