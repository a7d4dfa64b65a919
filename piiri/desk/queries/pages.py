"""The lists of the office: groups, people, what comes up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _

from piiri.base import ring
from piiri.desk.bands import Standing
from piiri.enrolments.models import Application
from piiri.groups.models import Group, Membership, Mentor, Mentorship
from piiri.hours import queries as hour_queries
from piiri.networks.models import Affiliation
from piiri.people.models import Person
from piiri.programmes.models import EventSession, Programme

EVENTS = 4
# All that the name of a membership's group takes.
NAMED = ("group__uid", "group__title", "group__theme__title")


def offices(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Programmes one runs: published ones before drafts and closed ones, the newest year first."""
    drafts_last = Case(When(state=Programme.State.PUBLISHED, then=0), default=1)
    return programmes.select_related("organisation").order_by(drafts_last, "-starts_on", "pk")


def named(groups: Iterable[int]) -> dict[int, Group]:
    """Groups by key, with their themes. One query."""
    found = Group.objects.filter(pk__in=list(groups)).select_related("theme")
    return {group.pk: group for group in found}


def mentors_of(groups: Iterable[int]) -> dict[int, list[Person]]:
    """Mentors by group (its key). One query."""
    rows = Mentorship.objects.active().filter(group__in=list(groups), person__isnull=False)
    found: dict[int, list[Person]] = {}
    named = rows.select_related("person").only("group", "person__name", "person__email")
    for row in named.order_by("started_at", "pk"):
        if row.person:
            found.setdefault(row.group_id, []).append(row.person)
    return found


def coming_up(programme: Programme, *, now: datetime) -> QuerySet[EventSession]:
    """The next sessions of joint events, the mentors' own among them. One query."""
    coming = EventSession.objects.filter(event__programme=programme, starts_at__gt=now - timedelta(hours=1))
    return coming.select_related("event").order_by("starts_at")[:EVENTS]


def groups_listed(
    programme: Programme, *, words: str = "", keys: Sequence[int] | None = None
) -> QuerySet[Group]:
    """Groups that are not over, by theme; `words` look for a theme, a title, a place or a mentor's name."""
    rows = Group.objects.living().filter(programme=programme)
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    if words:
        led = Mentorship.objects.active().filter(group__programme=programme, person__name__icontains=words)
        themed = [theme.pk for theme in programme.themes.all() if says(theme.title, words)]
        rows = rows.filter(
            Q(title__icontains=words)
            | Q(area__icontains=words)
            | Q(place__icontains=words)
            | Q(theme__in=themed)
            | Q(pk__in=led.values("group"))
        )
    return rows.select_related("theme").order_by("theme__order", "pk")


def says(title: dict[str, str], words: str) -> bool:
    """Whether the text says this in any language."""
    return any(words.lower() in text.lower() for text in title.values())


def letters(standing: Standing) -> str:
    """Mentors and participants for the glyph; a missing mentor is a hollow seat on top."""
    lost = 0 if standing.mentors or standing.self_run else 1
    return "f" * lost + ring.letters(mentors=standing.mentors, taken=standing.taken)


# --- people -----------------------------------------------------------------------------------


@dataclass
class PersonRow:
    """Somebody of the programme as the office lists them. `minutes` as they count."""

    person: Person
    name: str
    workplace: str = ""
    membership: Membership | None = None
    application: Application | None = None
    leads: list[Group] = field(default_factory=list)
    is_mentor: bool = False
    minutes: int = 0

    @property
    def groups(self) -> list[Group]:
        """Where the person sits: the group joined, then those led."""
        return ([self.membership.group] if self.membership else []) + self.leads

    @property
    def state(self) -> str:
        """Where the person stands in the programme."""
        words = [_("Mentor")] if self.is_mentor or self.leads else []
        if self.membership:
            words.append(_("Participant"))
        elif self.application:
            sent = self.application.state == Application.State.SENT
            words.append(_("Has applied") if sent else str(self.application.get_state_display()))
        return ", ".join(words)


def people_listed(programme: Programme, *, words: str = "", role: str = "") -> QuerySet[Person]:
    """Everybody of the programme by name: participants, mentors, and those who wait for a place.

    `role`: participants, mentors or waiting. `words` look for a name, an address or a workplace.
    """
    sets = {
        "participants": Membership.objects.active().filter(programme=programme, person__isnull=False),
        "mentors": Mentor.objects.filter(programme=programme, ended_at=None),
        "waiting": Application.objects.unplaced().filter(programme=programme),
    }
    chosen = [sets[role]] if role in sets else list(sets.values())
    # One list of keys, not three conditions: PostgreSQL would hold them against every person there is.
    first, *more = (rows.order_by().values("person") for rows in chosen)
    people = Person.objects.filter(pk__in=first.union(*more) if more else first)
    if words:
        people = people.filter(
            Q(name__icontains=words)
            | Q(email__icontains=words)
            | Q(pk__in=at_workplace(programme, words).values("person"))
        )
    return people.order_by("name", "pk")


def at_workplace(programme: Programme, words: str) -> QuerySet[Affiliation]:
    """Who works at a place whose name has these words, as the organisation knows it."""
    return Affiliation.objects.filter(
        Q(workplace__icontains=words) | Q(unit__name__icontains=words) | Q(name_as_written__icontains=words),
        organisation=programme.organisation_id,
    )


def with_facts(programme: Programme, people: Sequence[Person]) -> list[PersonRow]:
    """A page of people with workplace, state, group and hours; seven queries for any number."""
    keys = [person.pk for person in people]
    rows = {person.pk: PersonRow(person, person.name) for person in people}
    chosen = {"programme": programme, "person__in": keys}
    known = Affiliation.objects.filter(organisation=programme.organisation_id, person__in=keys)
    for key, written, workplace, unit in known.values_list(
        "person", "name_as_written", "workplace", "unit__name"
    ):
        rows[key].name = rows[key].name or written
        rows[key].workplace = unit or workplace
    for application in Application.objects.filter(**chosen).only("person", "state").order_by("pk"):
        rows[application.person_id].application = application
    joined = Membership.objects.active().filter(**chosen).select_related("group__theme")
    for member in joined.only("person", *NAMED):
        rows[member.person_id or 0].membership = member
    for key in Mentor.objects.filter(**chosen, ended_at=None).values_list("person", flat=True):
        rows[key].is_mentor = True
    leading = Mentorship.objects.active().filter(person__in=keys, group__programme=programme)
    for led in leading.select_related("group__theme").only("person", *NAMED):
        rows[led.person_id or 0].leads.append(led.group)
    rules, (met, joint) = programme.rules, hour_queries.sums(programme, only=keys)
    for person, role in {*met, *joint}:
        here = {"met": met.get((person, role), 0), "joint": joint.get((person, role), 0)}
        rows[person].minutes += sum(hour_queries.counted(rules, role=role, **here))
    return list(rows.values())
