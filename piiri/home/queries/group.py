"""The group's own page, and what the office may see of a group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from piiri.base import ring
from piiri.enrolments.models import Application
from piiri.groups.models import Group
from piiri.home.queries.people import Chair
from piiri.meetings import queries as meeting_queries
from piiri.meetings.models import Meeting
from piiri.meetings.queries import Sitting
from piiri.methods import queries as method_queries
from piiri.people.models import Person
from piiri.programmes.models import Coordinator


@dataclass(frozen=True)
class Contact:
    """Somebody of the group. `address` is empty unless the reader may know it."""

    chair: Chair
    address: str = ""


def contacts(group: Group, chairs: Sequence[Chair], *, for_mentor: bool) -> list[Contact]:
    """People of the group, mentors first. One query, none for a mentor.

    A mentor knows how to reach the members of their own group; a participant only those who said that
    their contact details may be told.
    """
    told = {chair.person.pk for chair in chairs} if for_mentor else telling_addresses(group, chairs)
    return [
        Contact(chair, chair.person.email if not chair.you and chair.person.pk in told else "")
        for chair in chairs
    ]


@dataclass(frozen=True)
class Profile:
    """What the participant of a pair wrote for it: what they can give, what they look for."""

    name: str
    gives: str
    seeks: str


def profiles(group: Group, chairs: Iterable[Chair], *, for_mentor: bool) -> list[Profile]:
    """What the mentor of a pair reads of its participant. One query, none for others and in other groups."""
    if not for_mentor or group.guidance != Group.Guidance.PAIR:
        return []
    names = {chair.person.pk: chair.name for chair in chairs if not chair.is_mentor}
    standing = Application.objects.standing().filter(programme=group.programme_id, person__in=names)
    rows = standing.order_by("pk").values_list("person", "gives", "seeks")
    return [Profile(names[person], gives, seeks) for person, gives, seeks in rows if gives or seeks]


def telling_addresses(group: Group, chairs: Iterable[Chair]) -> set[int]:
    """Keys of those who said that the group may know their address."""
    telling = Application.objects.filter(programme=group.programme_id, contact_ok=True)
    keys = [chair.person.pk for chair in chairs]
    return set(telling.filter(person__in=keys).values_list("person", flat=True))


def office_contact(group: Group) -> str:
    """Where the group's programme office is reached: its own address, else that of its first coordinator."""
    if group.programme.contact_address:
        return group.programme.contact_address
    first = Coordinator.objects.filter(programme=group.programme_id).select_related("person")
    found = first.order_by("pk").first()
    return found.person.email if found else ""


@dataclass(frozen=True)
class Row:
    """A meeting as the office sees it: when, how long, in which form, how many; never what about."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    form: str
    method: str
    seats: str
    here: int
    everybody: int
    support_wanted: bool
    held: bool
    over: bool


# Nothing sealed is even fetched.
COLUMNS = (
    "pk", "starts_at", "minutes", "form", "method", "state", "support_wanted", "group_id", "zone",
)  # fmt: skip


def without_content(group: Group, *, sat: Sitting, now: datetime) -> list[Row]:
    """The group's meetings for the office, newest first. Two queries for any number of meetings."""
    rows = Meeting.objects.standing().filter(group=group).only(*COLUMNS).order_by("-starts_at")
    meetings = list(rows)
    present = meeting_queries.present_counts(meetings)
    names = method_queries.method_names()
    return [
        row_of(meeting, present.get(meeting.pk), sat.at(meeting.ends_at), names, now=now)
        for meeting in meetings
    ]


def row_of(
    meeting: Meeting,
    present: meeting_queries.Present | None,
    sat: tuple[int, int],
    methods: dict[str, str],
    *,
    now: datetime,
) -> Row:
    """One meeting with its numbers; the glyph is empty before it has been recorded."""
    came = present or meeting_queries.Present()
    here, held = came.participants + came.mentors, meeting.state == Meeting.State.HELD
    everybody = max(sum(sat), here)
    letters = ring.letters(mentors=came.mentors, taken=came.participants, away=everybody - here)
    return Row(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        minutes=meeting.minutes,
        form=str(meeting.get_form_display()),
        method=methods.get(meeting.method, ""),
        seats=letters if held else "",
        here=here,
        everybody=everybody,
        support_wanted=meeting.support_wanted,
        held=held,
        over=meeting.ends_at <= now,
    )


def wants_support(rows: Iterable[Row]) -> bool:
    """Whether the last record asks the office for support. `rows` come newest first."""
    return next((row.support_wanted for row in rows if row.held), False)


def addresses(chairs: Iterable[Chair]) -> str:
    """Addresses of the mentors among them, for a mail to all."""
    return ",".join(chair.person.email for chair in chairs if chair.is_mentor)


def you_first(person: Person) -> str:
    """How the person is spoken to; empty while no name is known."""
    return person.first_name if person.name else ""
