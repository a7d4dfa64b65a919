"""Hours through their doors."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.hours.models import Statement
from piiri.meetings.models import Attendance
from piiri.meetings.tests.factories import (
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    members_of,
    mentor_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def office():
    return PersonFactory()


@pytest.fixture
def group(office):
    group = RunningGroupFactory(programme=ProgrammeFactory(office=office))
    meeting = MeetingFactory(group=group, state="held", recorded_at=STARTS)
    for person in members_of(group):
        Attendance.objects.create(person=person, meeting=meeting, minutes=90, marked_at=STARTS)
    return group


def step_up(client, person):
    session = client.session
    moment = "2027-01-18T07:00:00+00:00"
    session["step_up"] = {"person": person.uid, "code_at": moment, "reason_at": moment}
    session.save()


def test_mine_shows_dates_and_the_sum(client, group):
    client.force_login(members_of(group)[0])

    page = client.get(reverse("hours:mine")).content.decode()

    assert "1.5\N{NO-BREAK SPACE}h" in page
    assert "parents" not in page


@pytest.mark.parametrize(
    ("who", "status"), [("office", 200), ("mentor", 404), ("member", 404), ("stranger", 404)]
)
def test_office_is_for_those_who_run_the_programme(client, group, office, who, status):
    people = {
        "office": office,
        "mentor": mentor_of(group),
        "member": members_of(group)[0],
        "stranger": PersonFactory(),
    }
    client.force_login(people[who])

    assert client.get(reverse("hours:office", args=[group.programme.uid])).status_code == status


def test_office_needs_the_same_queries_for_any_number(client, group, office):
    client.force_login(office)
    address = reverse("hours:office", args=[group.programme.uid])
    counts = []
    for _round in range(2):
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        counts.append(len(caught))
        RunningGroupFactory.create_batch(3, programme=group.programme)

    assert counts[0] == counts[1] <= 20


def test_statements_are_written_and_taken_out_after_a_step_up_only(client, group, office):
    client.force_login(office)
    freeze = reverse("hours:freeze", args=[group.programme.uid])
    said = {"employer": group.programme.organisation.uid}
    assert client.post(freeze, said).status_code == 403
    assert not Statement.objects.exists()
    step_up(client, office)

    client.post(freeze, said)

    statement = Statement.objects.get()
    assert len(statement.lines) == 3
    csv = client.get(reverse("hours:csv", args=[statement.uid]))
    assert csv.content.decode("utf-8-sig").splitlines()[0].startswith("Name;Workplace;Role;Hours in meetings")
    assert client.get(reverse("hours:xlsx", args=[statement.uid])).content[:2] == b"PK"
    assert Entry.objects.filter(deed="hours_exported").count() == 2
    client.force_login(office)


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_statements_of_others_are_not_there(client, group, name):
    statement = Statement.objects.create(programme=group.programme, made_at=STARTS, lines=[])
    foreign = PersonFactory()
    ProgrammeFactory(office=foreign)
    client.force_login(foreign)

    there = client.get(reverse(f"hours:{name}", args=[statement.uid]))
    never = client.get(reverse(f"hours:{name}", args=["a" * 16]))

    assert (there.status_code, there.content) == (404, never.content)


def test_person_shows_dates_after_a_step_up_and_correcting_comes_back(client, group, office, clock):
    clock.move_to(STARTS + timedelta(hours=3))
    client.force_login(office)
    person = members_of(group)[0]
    page = reverse("hours:person", args=[group.programme.uid, person.uid])
    assert client.get(page).status_code == 403
    session = client.session
    moment = (STARTS + timedelta(hours=3)).isoformat()
    session["step_up"] = {"person": office.uid, "code_at": moment, "reason_at": moment}
    session.save()

    shown = client.get(page).content.decode()
    meeting = group.meetings.get()
    correct = reverse("meetings:correct", args=[meeting.uid, person.uid])
    assert f"{correct}?next={page}" in shown
    answer = client.post(correct, {"minutes": 30, "reason": "Left early", "next": page})

    assert answer.headers["Location"] == page
    assert Attendance.objects.get(person=person).minutes == 30
    client.force_login(mentor_of(group))
    assert client.get(page).status_code == 403
    client.force_login(person)
    assert client.get(page).status_code == 404
