"""A year of meetings: those held with who came, those to come with invitations and first answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from piiri.desk.actions.seeded import World, keep
from piiri.desk.actions.seeded_groups import EVERY, Peopled
from piiri.desk.worlds import catalogue
from piiri.groups.models import Group
from piiri.meetings import links
from piiri.meetings.models import Answer, Attendance, Invitation, Meeting
from piiri.meetings.rules import moment_of
from piiri.people.models import Person
from piiri.programmes.models import EventSession

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort

FIRST_AFTER, RHYTHM = timedelta(weeks=3), timedelta(weeks=4)
CAME = 0.87
ANSWERED = 0.5
# Of every so many groups one has not met since the opening, one has no next date, one wants support.
QUIET, NO_NEXT, SUPPORT = 5, 8, 11
METHODS = ("M01", "M02", "M04", "M05", "")
Role = Attendance.Role


def make_meetings(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """Meetings, records and attendance of all groups; attendance of the joint events that are over."""
    by_group = {each.group.pk: each for each in peopled}
    meetings = keep(
        Meeting,
        (
            meeting
            for number, each in enumerate(peopled)
            for meeting in _year_of(world, cohort, each, number % EVERY)
        ),
    )
    held = [meeting for meeting in meetings if meeting.state == Meeting.State.HELD]
    coming = [meeting for meeting in meetings if meeting.state == Meeting.State.PLANNED]
    keep(Attendance, (row for meeting in held for row in _came(world, meeting, by_group[meeting.group_id])))
    keep(Attendance, (row for session in cohort.sessions for row in _at_event(world, cohort, session)))
    keep(Invitation, (row for meeting in coming for row in _invited(world, meeting, by_group)))
    keep(Answer, _answers(world, coming, by_group))
    told = [*held[: len(held) // 2 + 1], *coming]
    for meeting in told:
        world.tell("meeting", meeting.uid, cohort.organisation, cohort.programme, meeting.group)
    _tell_links(world, cohort, told, by_group)


def _tell_links(
    world: World, cohort: "Cohort", meetings: list[Meeting], by_group: dict[int, Peopled]
) -> None:
    """The secret addresses of one person a group: of the calendar, and of the answer to the first meeting."""
    first = {meeting.group_id: meeting for meeting in reversed(meetings)}
    for key, meeting in first.items():
        at = (cohort.organisation, cohort.programme, meeting.group)
        person = by_group[key].members[0].uid
        world.tell("feed", person, *at)
        world.tell("feed_signature", links.calendar_signature(person, 1), *at)
        world.tell("invited", person, *at)
        world.tell("invited_signature", links.reply_signature(meeting.uid, person), *at)


def _year_of(world: World, cohort: "Cohort", each: Peopled, number: int) -> Iterator[Meeting]:
    """The group's meetings at its weekly time, about monthly, never in a break."""
    days = list(_days(cohort, each.group))
    past = [day for day in days if day < world.now.date()]
    if number == QUIET:
        days = []
    elif number == NO_NEXT:
        days = past
    for at, day in enumerate(days):
        last_held = bool(past) and day == past[-1]
        yield _meeting(world, each.group, day, at, support=number == SUPPORT and last_held)


def _days(cohort: "Cohort", group: Group) -> Iterator[date]:
    programme = cohort.programme
    assert group.weekday is not None
    day = programme.starts_on + FIRST_AFTER + timedelta(days=group.weekday, weeks=group.pk % 3)
    for _ in range(programme.rules.meetings):
        while any(pause.holds(day) for pause in cohort.breaks):
            day += timedelta(weeks=1)
        if day > programme.ends_on:
            return
        yield day
        day += RHYTHM


def _meeting(world: World, group: Group, day: date, at: int, *, support: bool) -> Meeting:
    programme = group.programme
    assert group.local_time is not None
    starts_at = moment_of(day, group.local_time, zone=programme.zone)
    assert starts_at is not None
    minutes = programme.rules.meeting_minutes
    held = starts_at + timedelta(minutes=minutes) < world.now
    online = group.form == Group.Form.ONLINE
    titles = catalogue()["titles"]
    return Meeting(
        uid=world.dice.uid(),
        group=group,
        title=titles[at % len(titles)],
        link="https://meet.example/piiri" if online else "",
        place=group.place,
        form=Meeting.Form.ONLINE if online else Meeting.Form.ONSITE,
        starts_at=starts_at,
        zone=programme.zone,
        local_date=day,
        local_time=group.local_time,
        minutes=minutes,
        state=Meeting.State.HELD if held else Meeting.State.PLANNED,
        changed_at=min(world.now, starts_at - timedelta(weeks=4)),
        method=world.dice.rng.choice(METHODS) if held else "",
        support_wanted=support,
        recorded_at=starts_at + timedelta(minutes=minutes + 5) if held else None,
    )


def _came(world: World, meeting: Meeting, each: Peopled) -> Iterator[Attendance]:
    people = [(each.mentor, Role.MENTOR), *((person, Role.PARTICIPANT) for person in each.members)]
    if meeting.starts_at < world.now - timedelta(weeks=6):
        people += [(person, Role.PARTICIPANT) for person in each.left]
    for person, role in people:
        if role == Role.MENTOR or world.dice.some(CAME):
            yield Attendance(
                uid=world.dice.uid(),
                person=person,
                role=role,
                meeting=meeting,
                minutes=meeting.minutes,
                marked_at=meeting.ends_at,
            )


def _at_event(world: World, cohort: "Cohort", session: EventSession) -> Iterator[Attendance]:
    if session.ends_at > world.now:
        return
    people = [*((person, Role.MENTOR) for person in cohort.mentors)]
    if session.event.kind != "mentors":
        people += [(person, Role.PARTICIPANT) for person in (*cohort.participants, *cohort.past)]
    for person, role in people:
        if world.dice.some(CAME):
            yield Attendance(
                uid=world.dice.uid(),
                person=person,
                role=role,
                session=session,
                minutes=session.minutes,
                marked_at=session.ends_at,
            )


def _sitting(each: Peopled) -> list[Person]:
    return [each.mentor, *each.members]


def _invited(world: World, meeting: Meeting, by_group: dict[int, Peopled]) -> Iterator[Invitation]:
    for person in _sitting(by_group[meeting.group_id]):
        yield Invitation(meeting=meeting, person=person, sequence=0, posted_at=meeting.changed_at)


def _answers(world: World, coming: list[Meeting], by_group: dict[int, Peopled]) -> Iterator[Answer]:
    """To the next meeting of each group; those whom one may sign in as have not answered yet."""
    seen: set[int] = set()
    waiting = {account.person.pk for account in world.accounts}
    for meeting in coming:
        if meeting.group_id in seen:
            continue
        seen.add(meeting.group_id)
        for person in _sitting(by_group[meeting.group_id]):
            if person.pk not in waiting and world.dice.some(ANSWERED):
                yield Answer(
                    meeting=meeting, person=person, coming=world.dice.some(CAME), answered_at=world.now
                )
