"""Who sits in a meeting, who came; who is asked at a joint event; one person's attendance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from piiri.base.ring import Seat, initials
from piiri.groups.models import Group, Membership, Mentor, Mentorship
from piiri.meetings.models import Answer, Attendance, Correction, Meeting
from piiri.people.models import Person
from piiri.programmes.models import Event, EventSession, Programme

Role = Attendance.Role


@dataclass(frozen=True)
class Chair:
    """Somebody of the group at one meeting. `coming` is their answer, None for none yet."""

    person: Person
    role: str
    coming: bool | None = None
    present: bool = False
    you: bool = False
    late_minutes: int = 0

    @property
    def name(self) -> str:
        return str(self.person)

    @property
    def call(self) -> str:
        return _("You") if self.you else self.person.first_name

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def said_yes(self) -> bool:
        return self.coming is True

    @property
    def said_no(self) -> bool:
        return self.coming is False

    @property
    def is_mentor(self) -> bool:
        return self.role == Role.MENTOR


def sat_in(meeting: Meeting) -> dict[int, tuple[Person, str]]:
    """Person and role, by the person's key, of everybody who was in the group then: mentors first.

    For a meeting to come: who is in it now. Two queries.
    """
    then = meeting.ends_at
    stayed = Q(ended_at=None) | Q(ended_at__gt=then)
    people = Q(group=meeting.group_id, person__isnull=False)
    leading = Mentorship.objects.filter(people & stayed, started_at__lte=then).select_related("person")
    joined = Membership.objects.filter(people & stayed, confirmed_at__isnull=False, joined_at__lte=then)
    found: dict[int, tuple[Person, str]] = {}
    for row in [
        *leading.order_by("started_at", "pk"),
        *joined.select_related("person").order_by("joined_at", "pk"),
    ]:
        role = Role.MENTOR if isinstance(row, Mentorship) else Role.PARTICIPANT
        if row.person:
            found.setdefault(row.person.pk, (row.person, role))
    return found


def chairs(meeting: Meeting, *, you: Person | None = None) -> list[Chair]:
    """Everybody round the table with answer and presence, mentors first. Four queries."""
    rows = Answer.objects.filter(meeting=meeting).values_list("person", "coming", "late_minutes")
    answers = {person: (coming, late) for person, coming, late in rows}
    present = set(Attendance.objects.filter(meeting=meeting).values_list("person", flat=True))
    found = []
    for key, (person, role) in sat_in(meeting).items():
        coming, late = answers.get(key, (None, 0))
        found.append(Chair(person, role, coming, key in present, you is not None and person == you, late))
    return found


def answer_of(person: Person, meeting: Meeting) -> Answer | None:
    """What the person has said to the meeting."""
    return Answer.objects.filter(meeting=meeting, person=person).first()


def seats_of(chairs: Iterable[Chair], *, held: bool) -> list[Seat]:
    """The circle of a meeting: filled who comes (came), hollow who does not, dashed who has not said."""
    return [seat_of(chair, held=held) for chair in chairs]


def seat_of(chair: Chair, *, held: bool) -> Seat:
    """One seat; its state also in words, for those who do not see it."""
    there = chair.present if held else chair.coming
    states = {True: "", False: "away", None: "todo"}
    words = {True: _("comes"), False: _("does not come"), None: _("no answer yet")}
    if held:
        words = {True: _("was there"), False: _("was not there")}
    return Seat(
        name=chair.name,
        call=chair.call,
        state=states[there],
        you=chair.you,
        note=words[there],
        small=small_of(chair, held=held),
    )


def small_of(chair: Chair, *, held: bool) -> str:
    """What stands below a name: who is the mentor, and who comes later until the meeting is recorded."""
    mentor = _("mentor") if chair.is_mentor else ""
    late = _("%(n)s min late") % {"n": chair.late_minutes} if chair.late_minutes and not held else ""
    return ", ".join(filter(None, [mentor, late]))


def corrected_people(what: Meeting | EventSession) -> set[int]:
    """Keys of people whose attendance the office has corrected: records and lists leave them alone."""
    about = Q(meeting=what) if isinstance(what, Meeting) else Q(session=what)
    return set(Correction.objects.filter(about).values_list("person", flat=True))


def minutes_of(person: Person, what: Meeting | EventSession) -> int:
    """For how many minutes the person was there; 0 is not at all."""
    about = Q(meeting=what) if isinstance(what, Meeting) else Q(session=what)
    return Attendance.objects.filter(about, person=person).values_list("minutes", flat=True).first() or 0


def participants_of(meeting: Meeting) -> int:
    """How many participants the group had at the meeting; people who were erased count too."""
    then = meeting.ends_at
    joined = Membership.objects.filter(
        group=meeting.group_id, confirmed_at__isnull=False, joined_at__lte=then
    )
    return joined.filter(Q(ended_at=None) | Q(ended_at__gt=then)).count()


# --- joint events -----------------------------------------------------------------------------


def roles_at_session(session: EventSession, *, people: Iterable[Person]) -> dict[int, str]:
    """Role by person (the key): participants of the programme as such, everybody else as a mentor."""
    keys = [person.pk for person in people]
    joined = Membership.objects.active().filter(programme=session.event.programme_id, person__in=keys)
    participants = set(joined.values_list("person", flat=True))
    return {key: Role.PARTICIPANT if key in participants else Role.MENTOR for key in keys}


def role_at_session(session: EventSession, *, person: Person) -> str:
    """As what one person comes to a joint event."""
    return roles_at_session(session, people=[person])[person.pk]


def roll(session: EventSession, *, search: str = "") -> QuerySet[Any]:
    """People the session is for, by name, each with `came` and `mentors`: for a list at the door."""
    programme = session.event.programme_id
    joined = Membership.objects.active().filter(programme=programme)
    mentors = Mentor.objects.filter(programme=programme, ended_at=None)
    asked = Q(pk__in=mentors.values("person"))
    if session.event.kind != Event.Kind.MENTORS:
        asked |= Q(pk__in=joined.filter(person__isnull=False).values("person"))
    people = Person.objects.filter(asked)
    if search:
        people = people.filter(name__icontains=search)
    came = Attendance.objects.filter(session=session, person=OuterRef("pk"))
    leads = Exists(mentors.filter(person=OuterRef("pk")))
    return people.annotate(came=Exists(came), mentors=leads).order_by("name", "pk")


def came_to(session: EventSession) -> int:
    """How many people came to the session."""
    return Attendance.objects.filter(session=session).count()


@dataclass(frozen=True)
class Table:
    """A group at a joint event: a number, a name that may hang on a wall, the people by name."""

    number: int
    name: str
    mentors: list[str]
    participants: list[str]


def groups_at_tables(programme: Programme) -> QuerySet[Group]:
    """Groups that have people, in the order of their tables."""
    living = Group.objects.filter(programme=programme, state__in=(Group.State.FORMING, Group.State.RUNNING))
    return living.select_related("theme").order_by("theme__order", "pk")


def tables(groups: Sequence[Group], *, first: int = 1) -> list[Table]:
    """Table by table who sits where, in two queries; a sensitive theme is not written on the wall."""
    keys = [group.pk for group in groups]
    leading = Mentorship.objects.active().filter(group__in=keys, person__isnull=False)
    joined = Membership.objects.active().filter(group__in=keys, person__isnull=False)
    mentors = by_group(leading.order_by("pk").values_list("group", "person__name"))
    participants = by_group(joined.order_by("person__name", "pk").values_list("group", "person__name"))
    return [
        Table(
            number,
            "" if group.theme and group.theme.sensitive else group.name,
            mentors.get(group.pk, []),
            participants.get(group.pk, []),
        )
        for number, group in enumerate(groups, first)
    ]


def by_group(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    """Names in the order given, by group."""
    found: dict[int, list[str]] = {}
    for group, name in rows:
        found.setdefault(group, []).append(name)
    return found


# --- one person -------------------------------------------------------------------------------


def in_programmes(programmes: Iterable[int]) -> Q:
    """Attendances and corrections of meetings and joint events of these programmes (their keys)."""
    keys = list(programmes)
    return Q(meeting__group__programme__in=keys) | Q(session__event__programme__in=keys)


def attendances_of(person: Person, *, programmes: Iterable[int]) -> QuerySet[Attendance]:
    """When the person came, in these programmes. One query."""
    mine = Attendance.objects.filter(in_programmes(programmes), person=person)
    return mine.select_related("meeting__group", "session__event")


def corrections_of(person: Person, *, programmes: Iterable[int]) -> QuerySet[Correction]:
    """What the office corrected in the person's attendance, oldest first. One query."""
    mine = Correction.objects.filter(in_programmes(programmes), person=person)
    return mine.select_related("meeting__group", "session__event").order_by("corrected_at", "pk")


def correctable(programme: Programme, person: Person, *, now: datetime) -> list[Meeting | EventSession]:
    """Meetings held of the person's groups and sessions over: what the office can correct. Two queries."""
    groups = Q(group__memberships__person=person, group__memberships__confirmed_at__isnull=False)
    groups |= Q(group__mentorships__person=person)
    met = Meeting.objects.held().filter(groups, group__programme=programme).distinct()
    over = EventSession.objects.filter(event__programme=programme, starts_at__lt=now).select_related("event")
    found: list[Meeting | EventSession] = [*met.select_related("group"), *over]
    return sorted(found, key=lambda one: one.starts_at)
