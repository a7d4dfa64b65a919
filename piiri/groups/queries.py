"""Groups as cards, as circles, as numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext

from piiri.base.ring import Seat
from piiri.groups.models import (
    Assent,
    Group,
    JoinLink,
    KeptApart,
    Membership,
    Mentor,
    Mentorship,
    Offer,
    Place,
)
from piiri.people.models import Person
from piiri.programmes.models import Programme, Theme


@dataclass(frozen=True)
class Card:
    """What the public list shows of a group. Equal cards look equal, so they can be drawn once."""

    pk: int
    uid: str
    theme: int | None
    title: str
    text: str
    language: str
    form: str
    area: str
    weekday: int | None
    local_time: time | None
    times: str
    self_run: bool
    min_to_start: int
    state: str
    # Told only of groups that have begun.
    next_at: datetime | None
    places: int
    mentors: int = 0
    # Only of mentors who chose so.
    mentor_names: tuple[str, ...] = ()

    @property
    def has_begun(self) -> bool:
        """Running already, and with a place for a newcomer."""
        return self.state == Group.State.RUNNING


COLUMNS = (
    "pk", "uid", "theme", "title", "text", "language", "form", "area", "weekday", "local_time", "times",
    "self_run", "min_to_start", "state", "next_at",
)  # fmt: skip


def cards(
    programme: Programme,
    *,
    sensitive: bool,
    language: str = "",
    online: bool = False,
    skip: int = 0,
    most: int = 50,
) -> list[Card]:
    """Groups of the public list in the order of their themes, three queries for any number.

    See on_show for which. Those that have begun come last; `most` of them after the first `skip`.
    """
    found = on_show(programme, sensitive=sensitive, language=language, online=online)
    begun = Case(When(state=Group.State.RUNNING, then=1), default=0)
    ordered = found.order_by(begun, "theme__order", "theme", "pk").values_list(*COLUMNS)
    rows = list(ordered[skip : skip + most])
    if not rows:
        return []
    only = [row[0] for row in rows]
    places, mentors = place_counts(programme, only=only), mentor_names(programme, only=only)
    return [card_of(row, places=places.get(row[0], 0), mentors=mentors.get(row[0], [])) for row in rows]


def card_of(row: Sequence[Any], *, places: int, mentors: list[str]) -> Card:
    """A card from COLUMNS, the number of places, and one name or "" a mentor."""
    told = dict(zip(COLUMNS, row, strict=True))
    names = tuple(name for name in mentors if name)
    return Card(**told, places=places, mentors=len(mentors), mentor_names=names)


def on_show(programme: Programme, *, sensitive: bool, language: str, online: bool) -> QuerySet[Group]:
    """Groups somebody could come to: those not begun, and running ones with a place for a newcomer.

    With `sensitive` those alone whose theme is shown after sign-in, else the others. Groups that are
    reached by a link of their own are never among them.
    """
    found = Group.objects.filter(joinable(programme), programme=programme, by_link=False)
    found = found.filter(theme__sensitive=True) if sensitive else found.exclude(theme__sensitive=True)
    if language:
        found = found.filter(language=language)
    if online:
        found = found.filter(form__in=(Group.Form.ONLINE, Group.Form.EITHER))
    return found


def joinable(programme: Programme) -> Q:
    """Not begun; or running with a free place where the programme, or the group, takes newcomers."""
    newcomers = programme.rules.newcomers
    not_begun = Q(state__in=(Group.State.OFFERED, Group.State.FORMING))
    if newcomers == "closed":
        return not_begun
    room = Q(Exists(Place.objects.free().filter(group=OuterRef("pk"))))
    begun = Q(state=Group.State.RUNNING) & room
    return not_begun | (begun & Q(takes_newcomers=True) if newcomers == "group" else begun)


@dataclass(frozen=True)
class OnShow:
    """How many groups a public list could show, in all and by filter."""

    all: int
    online: int
    languages: dict[str, int] = field(default_factory=dict)


def counts_on_show(programme: Programme, *, sensitive: bool) -> OnShow:
    """Count what each filter of the public list would show, in one query."""
    found = on_show(programme, sensitive=sensitive, language="", online=False)
    remote = Q(form__in=(Group.Form.ONLINE, Group.Form.EITHER))
    rows = found.values_list("language").annotate(n=Count("pk"), online=Count("pk", filter=remote))
    counted = list(rows.order_by("language"))
    languages = {language: number for language, number, _online in counted}
    return OnShow(sum(languages.values()), sum(online for *_rest, online in counted), languages)


def free_count(programme: Programme) -> int:
    """Free places in all groups of the public list, those of sensitive themes not counted. One query."""
    shown = on_show(programme, sensitive=False, language="", online=False)
    return Place.objects.free().filter(group__in=shown.values("pk")).count()


def running_count(programme: Programme) -> int:
    """How many groups meet now, whether anybody can come to them or not."""
    return Group.objects.running().filter(programme=programme).count()


def place_counts(programme: Programme, *, only: Sequence[int] | None = None) -> dict[int, int]:
    """Places by group, of all groups of a programme or of those named."""
    mine = {"group__programme": programme} if only is None else {"group__in": only}
    places = Place.objects.filter(**mine)
    return dict(places.order_by().values_list("group").annotate(n=Count("pk")))


class Together(NamedTuple):
    """What the groups of one theme have in all."""

    groups: int
    places: int


def theme_totals(programme: Programme) -> dict[int, Together]:
    """Living groups and their places by theme, for numbers that are counted by theme. One query."""
    living = Group.objects.living().filter(programme=programme, theme__isnull=False, by_link=False)
    counted = {"in_all": Count("pk", distinct=True), "to_take": Count("places")}
    rows = living.order_by().values_list("theme").annotate(**counted)
    return {theme: Together(groups, places) for theme, groups, places in rows}


def taken_counts(*, only: Sequence[int]) -> dict[int, int]:
    """Taken places by group, those held for somebody too; a group without any is left out."""
    taken = Place.objects.taken().filter(group__in=only)
    return dict(taken.order_by().values_list("group").annotate(n=Count("pk")))


def mentor_names(programme: Programme, *, only: Sequence[int]) -> dict[int, list[str]]:
    """By group one entry a mentor: the name where the mentor chose to show it, else ""."""
    shown = set(Mentor.objects.filter(programme=programme, show_name=True).values_list("person", flat=True))
    leading = Mentorship.objects.active().filter(person__isnull=False, group__in=only)
    found: dict[int, list[str]] = {}
    for group, person, name in leading.order_by("pk").values_list("group", "person", "person__name"):
        found.setdefault(group, []).append(name if person in shown else "")
    return found


def sitting(group: Group, *, you: Person | None = None, free: bool = True) -> list[Seat]:
    """Everybody round the table: mentors first, then participants as they joined, then free places."""
    leading = group.mentorships.active().select_related("person").order_by("started_at", "pk")
    joined = group.memberships.active().select_related("person").order_by("joined_at", "pk")
    seats = [seat_of(one.person, you=you, mentor=True) for one in leading]
    seats += [seat_of(one.person, you=you, mentor=False) for one in joined]
    if free:
        seats += [Seat(name=gettext("Free place"), state="free")] * group.places.free().count()
    return seats


def seat_of(person: Person | None, *, you: Person | None, mentor: bool) -> Seat:
    """One seat; somebody who was erased has a dash for a name."""
    name = str(person) if person else "–"
    note = gettext("mentor") if mentor else ""
    return Seat(name=name, you=person is not None and person == you, note=note, small=note)


@dataclass(frozen=True)
class Figures:
    """How many mentors, participants and places a group has."""

    mentors: int
    taken: int
    places: int

    @property
    def free(self) -> int:
        return self.places - self.taken


def figures(groups: Iterable[Group]) -> dict[int, Figures]:
    """Mentors, participants and places by group, in three queries for any number of groups."""
    keys = [group.pk for group in groups]

    def by_group(rows: QuerySet[Any]) -> dict[int, int]:
        return dict(rows.filter(group__in=keys).order_by().values_list("group").annotate(n=Count("pk")))

    mentors = by_group(Mentorship.objects.active())
    taken, places = by_group(Membership.objects.active()), by_group(Place.objects.all())
    return {key: Figures(mentors.get(key, 0), taken.get(key, 0), places.get(key, 0)) for key in keys}


def led_by(person: Person, *, programme: Programme) -> int:
    """How many living groups of the programme the person leads."""
    return (
        Mentorship.objects.active()
        .filter(person=person, group__programme=programme, group__state__in=Group.LIVING)
        .count()
    )


def pairs_of(person: Person, *, programme: int) -> QuerySet[KeptApart]:
    """Kept-apart pairs of the person in a programme (its key)."""
    return KeptApart.objects.filter(
        Q(first=person) | Q(second=person), programme=programme, state=KeptApart.State.KEPT
    )


class Left(NamedTuple):
    """Whom the end of a group leaves: without a place, without a group to lead, without an offer."""

    members: list[Person]
    mentors: list[Person]
    offers: list[Offer]


def left_by(group: Group) -> Left:
    """Whom the end of the group would leave at this moment. Three queries."""
    members, mentors = group.memberships.active(), group.mentorships.active()
    offers = group.offers.open().filter(person__isnull=False).select_related("person", "instead_of")
    return Left(
        members=[one.person for one in members.select_related("person").order_by("pk") if one.person],
        mentors=[one.person for one in mentors.select_related("person").order_by("pk") if one.person],
        offers=list(offers.order_by("pk")),
    )


def last_link(group: Group) -> JoinLink | None:
    """The newest join link of the group, ended or not."""
    return group.join_links.order_by("-made_at", "-pk").first()


def sits(person: int, *, group: int) -> bool:
    """Whether somebody (their key) has a place in the group (its key) or leads it."""
    here = {"group": group, "person": person, "ended_at": None}
    return Membership.objects.filter(**here).exists() or Mentorship.objects.filter(**here).exists()


def asked_about_history(mentorship: Mentorship) -> set[int]:
    """Keys of those whose yes opens the group's past to a mentor: who sat there before, and still does.

    Nobody is asked for a mentor who was there when the group began, or to whom it is open. Two queries.
    """
    group, person = mentorship.group, mentorship.person_id
    seated: dict[int | None, datetime] = {}
    led = Mentorship.objects.filter(group=group).values_list("person", "started_at", "ended_at")
    joined = Membership.objects.filter(group=group, confirmed_at__isnull=False)
    rows = [*led, *joined.values_list("person", "joined_at", "ended_at")]
    for who, since, _until in rows:
        seated[who] = min(since, seated.get(who, since))
    came = seated[person]
    if mentorship.history_opened_at or group.started_at is None or came <= group.started_at:
        return set()
    return {who for who, _since, until in rows if who and until is None and seated[who] < came}


def history_waits_for(mentorship: Mentorship) -> set[int]:
    """Keys of those who are asked and have not said yes yet."""
    said = mentorship.assents.filter(about=Assent.About.HISTORY).values_list("person", flat=True)
    return asked_about_history(mentorship) - set(said)


def history_open_to_say(mentorships: Sequence[Mentorship], person: Person) -> bool:
    """Whether the person, asked about these, has yet to say yes to one. One query, none for none."""
    if not mentorships:
        return False
    said = Assent.objects.filter(mentorship__in=mentorships, person=person, about=Assent.About.HISTORY)
    return said.count() < len(mentorships)


def swap_said_by(group: Group) -> set[int]:
    """Keys of those of a pair who have said yes to changing roles. One query."""
    rows = Assent.objects.filter(about=Assent.About.SWAP, mentorship__group=group, mentorship__ended_at=None)
    return set(rows.values_list("person", flat=True))


def pairs(programme: Programme) -> QuerySet[KeptApart]:
    """What the office sees: suggested pairs first, then kept ones, with both people."""
    standing = KeptApart.objects.exclude(state=KeptApart.State.DISMISSED).filter(programme=programme)
    return standing.select_related("first", "second").order_by("-state", "first__name", "pk")


def mentors(programme: Programme) -> list[Mentor]:
    """Accepted mentors by name, each with `leads`: how many living groups of the programme are theirs."""
    living = Q(
        person__mentorships__ended_at=None,
        person__mentorships__group__programme=programme,
        person__mentorships__group__state__in=Group.LIVING,
    )
    rows = Mentor.objects.filter(programme=programme, ended_at=None).select_related("person")
    return list(
        rows.annotate(leads=Count("person__mentorships", filter=living)).order_by("person__name", "pk")
    )


def free_mentors(programme: Programme, *, without: Person | None = None) -> QuerySet[Person]:
    """Accepted mentors who lead fewer groups than agreed."""
    living = Q(
        mentorships__ended_at=None,
        mentorships__group__programme=programme,
        mentorships__group__state__in=Group.LIVING,
    )
    accepted = Person.objects.filter(mentor_roles__programme=programme, mentor_roles__ended_at=None)
    counted = accepted.annotate(
        leads=Count("mentorships", filter=living), at_most=Max("mentor_roles__groups_at_most")
    )
    found = counted.filter(leads__lt=F("at_most")).order_by("name", "pk")
    return found.exclude(pk=without.pk) if without else found


def offers_of(person: Person, *, programme: Programme) -> list[Group]:
    """The living groups of the programme that the person leads."""
    mine = Mentorship.objects.active().filter(person=person).values("group")
    found = Group.objects.living().filter(programme=programme, pk__in=mine)
    return list(found.select_related("theme").order_by("pk"))


def themes(programme: Programme) -> dict[int, Theme]:
    """Themes by key, in the programme's order."""
    return {theme.pk: theme for theme in programme.themes.all()}
