"""Hours add up, whatever came in."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piiri.base.errors import Refused
from piiri.enrolments.models import Application
from piiri.groups.tests.factories import OrganisationFactory, PersonFactory, ProgrammeFactory
from piiri.hours import actions, counting, queries
from piiri.hours.rules import HoursRefusal
from piiri.meetings import actions as meeting_actions
from piiri.meetings.models import Attendance
from piiri.meetings.tests.factories import (
    JOINED,
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    SessionFactory,
    members_of,
    mentor_of,
)

pytestmark = pytest.mark.django_db
AFTER = STARTS + timedelta(hours=2)


def came(person, *, minutes, role="participant", meeting=None, session=None):
    return Attendance.objects.create(
        person=person, role=role, meeting=meeting, session=session, minutes=minutes, marked_at=AFTER
    )


def applied(person, programme, **facts):
    facts = {"state": "placed", "saved_at": JOINED, "sent_at": JOINED} | facts
    return Application.objects.create(person=person, programme=programme, **facts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from([15, 45, 90, 100, 240])), max_size=12
    )
)
def test_hours_are_the_sum_of_the_raw_rows(rows):
    group = RunningGroupFactory()
    programme = group.programme
    people = [mentor_of(group), *members_of(group)]
    expected = dict.fromkeys([person.pk for person in people], 0)
    for number, (who, joint, minutes) in enumerate(rows):
        starts_at = STARTS + timedelta(days=number)
        thing = (
            {"session": SessionFactory(programme=programme, starts_at=starts_at)}
            if joint
            else {"meeting": MeetingFactory(group=group, starts_at=starts_at)}
        )
        person, role = people[who], "participant" if who else "mentor"
        came(person, minutes=minutes, role=role, **thing)
        expected[person.pk] += minutes * (2 if role == "mentor" and not joint else 1)

    listed = queries.hours_by_person(programme, queries.people_of(programme))

    assert {row.person.pk: row.total for row in listed} == expected
    for person in people:
        [hours] = queries.hours_of(person, [programme])
        assert hours.total == expected[person.pk]
    assert queries.programme_total(programme).total == sum(expected.values())


def test_events_that_do_not_count_are_listed_with_nothing():
    programme = ProgrammeFactory(parameters={"events_count": False})
    group = RunningGroupFactory(programme=programme)
    person = members_of(group)[0]
    came(person, minutes=120, session=SessionFactory(programme=programme))

    [hours] = queries.hours_of(person, [programme])

    assert (hours.total, [line.minutes for line in hours.lines]) == (0, [120])
    assert queries.programme_total(programme).total == 0


def test_a_correction_is_seen_with_its_reason_also_down_to_nothing():
    group = RunningGroupFactory()
    person, office = members_of(group)[0], PersonFactory()
    for days, minutes in [(0, 45), (7, 0)]:
        meeting = MeetingFactory(group=group, starts_at=STARTS + timedelta(days=days))
        came(person, minutes=90, meeting=meeting)
        meeting_actions.correct_attendance(
            person, meeting=meeting, minutes=minutes, reason=f"Because {minutes}", by=office, now=AFTER
        )

    [hours] = queries.hours_of(person, [group.programme])

    assert hours.total == 45
    seen = [(line.minutes, [one.reason for one in line.corrections]) for line in hours.lines]
    assert seen == [(45, ["Because 45"]), (0, ["Because 0"])]


def test_people_belong_to_the_employer_they_applied_from_and_mentors_to_the_organiser():
    group = RunningGroupFactory()
    programme, (first, second, third) = group.programme, members_of(group)
    other = OrganisationFactory()
    applied(first, programme, employer=other)
    applied(second, programme, employer=None)

    def names(employer):
        return set(queries.people_of(programme, employer=employer))

    assert names(other) == {first}
    assert names("none") == {second}
    assert names(programme.organisation) == {third, mentor_of(group)}
    assert names("all") == {first, second, third, mentor_of(group)}


def test_freeze_statement_stays_as_it_was_written():
    office = PersonFactory()
    group = RunningGroupFactory(programme=ProgrammeFactory(office=office))
    first, meeting = members_of(group)[0], MeetingFactory(group=group)
    applied(first, group.programme, employer=group.programme.organisation, name_as_written="=A Name")
    row = came(first, minutes=100, meeting=meeting)

    statement = actions.freeze_statement(
        group.programme, employer=group.programme.organisation, by=office, now=AFTER
    )
    row.delete()

    statement.refresh_from_db()
    assert statement.lines == [
        {
            "person": first.uid,
            "name": "=A Name",
            "workplace": "",
            "role": "participant",
            "minutes": 100,
            "events_minutes": 0,
            "cap": 1080,
        }
    ]
    assert queries.sheet(statement)[1][:5] == ["=A Name", "", "Participant", counting.as_hours(100), 0]
    with pytest.raises(Refused) as refusal:
        actions.freeze_statement(group.programme, employer=None, by=office, now=AFTER)
    assert refusal.value.reason == HoursRefusal.NOBODY
