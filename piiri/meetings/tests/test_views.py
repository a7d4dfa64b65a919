"""Meetings through their doors."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.meetings.models import Answer, Attendance, Meeting
from piiri.meetings.tests.factories import (
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    SessionFactory,
    members_of,
    mentor_of,
)
from piiri.networks.models import OrganisationAdmin
from piiri.programmes.models import Break

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SAID = {"on": "2027-02-16", "at": "14:30", "minutes": "90", "form": "onsite", "place": "Library"}


@pytest.fixture
def office():
    return PersonFactory()


@pytest.fixture
def group(office):
    return RunningGroupFactory(programme=ProgrammeFactory(office=office))


@pytest.fixture
def meeting(group):
    return MeetingFactory(group=group, link="https://meet.example/secret")


def cast(group, office):
    admin = PersonFactory()
    OrganisationAdmin.objects.create(person=admin, organisation=group.programme.organisation, since=STARTS)
    return {
        "mentor": mentor_of(group),
        "member": members_of(group)[0],
        "office": office,
        "admin": admin,
        "other_mentor": mentor_of(RunningGroupFactory(programme=group.programme)),
        "stranger": PersonFactory(),
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("meeting", {"mentor": 200, "member": 200, "office": 200, "admin": 200}),
        ("invitation", {"mentor": 200, "member": 200, "office": 200, "admin": 403}),
        ("change", {"mentor": 200, "member": 409, "office": 403, "admin": 403}),
        ("cancel", {"mentor": 200, "member": 409, "office": 403, "admin": 403}),
        ("record", {"mentor": 200, "member": 409, "office": 403, "admin": 403}),
    ],
)
def test_doors_of_a_meeting_know_their_people(client, clock, group, office, meeting, name, expected):
    clock.move_to(STARTS)
    for who, person in cast(group, office).items():
        client.force_login(person)

        answer = client.get(reverse(f"meetings:{name}", args=[meeting.uid]))

        assert (who, answer.status_code) == (who, expected.get(who, 404))


@pytest.mark.parametrize("who", ["office", "admin"])
def test_the_office_sees_no_title_no_link_and_no_names(client, group, office, meeting, who):
    client.force_login(cast(group, office)[who])

    page = client.get(reverse("meetings:meeting", args=[meeting.uid])).content.decode()

    words = ["parents", "secret", *[person.name for person in members_of(group)]]
    assert not [word for word in words if word in page]
    assert ("9 February" in page) == (who == "office")


def test_the_group_sees_title_link_and_who_comes(client, group, meeting):
    member = members_of(group)[0]
    client.force_login(member)
    client.post(reverse("meetings:answer", args=[meeting.uid]), {"coming": "no"})
    client.post(reverse("meetings:answer", args=[meeting.uid]), {"coming": "yes"})

    page = client.get(reverse("meetings:meeting", args=[meeting.uid])).content.decode()

    assert Answer.objects.get().coming
    assert "Messages from parents" in page
    assert "https://meet.example/secret" in page
    assert "1 of 4 have said they come" in page


def test_new_sets_a_meeting_and_warns_of_a_break_without_refusing(client, group):
    Break.objects.create(
        programme=group.programme, title={"en": "Skiing week"}, starts_on="2027-02-15", ends_on="2027-02-19"
    )
    client.force_login(mentor_of(group))

    answer = client.post(reverse("meetings:new", args=[group.uid]), SAID, follow=True)

    assert Meeting.objects.get().place == "Library"
    assert b"That day is Skiing week." in answer.content


def test_new_keeps_what_was_written_when_the_clock_skips_that_time(client, group):
    client.force_login(mentor_of(group))
    said = SAID | {"on": "2027-03-28", "at": "03:30", "place": "The old library"}

    answer = client.post(reverse("meetings:new", args=[group.uid]), said)

    assert answer.status_code == 422
    assert b"that time does not exist" in answer.content
    assert b"The old library" in answer.content


def test_any_member_of_a_self_run_group_sets_and_records(client, clock):
    group = RunningGroupFactory(self_run=True, mentor=False)
    member, other, _third = members_of(group)
    client.force_login(member)
    client.post(reverse("meetings:new", args=[group.uid]), SAID)
    meeting = Meeting.objects.get()
    clock.move_to(meeting.starts_at)
    client.force_login(member)
    said = {"minutes": "90", "form": "walk", "method": "M22", "came": [member.uid, other.uid]}

    client.post(reverse("meetings:record", args=[meeting.uid]), said)

    held = Meeting.objects.get()
    assert (held.state, held.form, held.method) == ("held", "walk", "M22")
    assert set(Attendance.objects.values_list("person", flat=True)) == {member.pk, other.pk}


def test_record_begins_with_everybody_who_did_not_say_no(client, clock, group, meeting):
    away = members_of(group)[0]
    Answer.objects.create(meeting=meeting, person=away, coming=False, answered_at=STARTS)
    clock.move_to(STARTS)
    client.force_login(mentor_of(group))

    page = client.get(reverse("meetings:record", args=[meeting.uid])).content.decode()

    assert page.count('name="came"') == 4
    assert page.count("checked") == 3


def test_record_refuses_somebody_from_elsewhere_and_keeps_the_rest(client, clock, group, meeting):
    clock.move_to(STARTS)
    client.force_login(mentor_of(group))
    said = {"minutes": "90", "form": "onsite", "came": [PersonFactory().uid]}

    answer = client.post(reverse("meetings:record", args=[meeting.uid]), said)

    assert answer.status_code == 422
    assert Meeting.objects.get().state == "planned"


def test_here_marks_oneself_only_while_the_meeting_runs(client, clock, group, meeting):
    member = members_of(group)[0]
    client.force_login(member)
    page = reverse("meetings:here", args=[meeting.uid])
    assert client.post(page).status_code == 409
    clock.move_to(STARTS)
    client.force_login(member)

    client.post(page)

    assert Attendance.objects.get().person == member


def test_invitation_is_a_calendar_file_without_content(client, group, meeting):
    client.force_login(members_of(group)[0])

    text = client.get(reverse("meetings:invitation", args=[meeting.uid])).content.decode()

    assert Calendar.from_ical(text)["METHOD"] == "PUBLISH"
    assert "parents" not in text
    assert "secret" not in text


def queries_for(client, person, address):
    """How many queries a page takes; the first visit warms what is kept."""
    client.force_login(person)
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_meeting_needs_the_same_queries_for_any_number(client):
    counts = []
    for members in (2, 6):
        meeting = MeetingFactory(group=RunningGroupFactory(members=members))
        address = reverse("meetings:meeting", args=[meeting.uid])
        counts.append(queries_for(client, mentor_of(meeting.group), address))

    assert counts[0] == counts[1] <= 15


def test_index_needs_the_same_queries_for_any_number(client):
    counts = []
    for meetings in (1, 5):
        group = RunningGroupFactory()
        for week in range(meetings):
            MeetingFactory(group=group, starts_at=STARTS + timedelta(days=7 * week))
        counts.append(queries_for(client, mentor_of(group), reverse("meetings:index")))

    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("check-in", {"mentor": 200, "member": 200, "other_mentor": 200, "office": 302, "admin": 302}),
        ("attendance", {"office": 200, "admin": 200}),
        ("code", {"office": 200, "admin": 200}),
        ("tables", {"office": 200, "admin": 200}),
    ],
)
def test_doors_of_a_joint_event_know_their_people(client, group, office, name, expected):
    session = SessionFactory(programme=group.programme)
    for who, person in cast(group, office).items():
        client.force_login(person)

        answer = client.get(reverse(f"meetings:{name}", args=[session.uid]))

        assert (who, answer.status_code) == (who, expected.get(who, 404))


def test_check_in_is_one_press_while_it_is_open(client, clock, group):
    session = SessionFactory(programme=group.programme)
    member = members_of(group)[0]
    client.force_login(member)
    page = reverse("meetings:check-in", args=[session.uid])
    assert client.post(page).status_code == 409
    clock.move_to(STARTS - timedelta(minutes=30))
    client.force_login(member)

    answer = client.post(page, follow=True)

    assert b"You are in." in answer.content
    assert Attendance.objects.get().minutes == 120


def test_mentors_own_event_is_for_mentors(client, group):
    session = SessionFactory(programme=group.programme, kind="mentors")
    page = reverse("meetings:check-in", args=[session.uid])

    for person, status in [(members_of(group)[0], 404), (mentor_of(group), 200)]:
        client.force_login(person)
        assert client.get(page).status_code == status


def test_attendance_list_is_saved_by_the_office(client, clock, group, office):
    session = SessionFactory(programme=group.programme)
    first, second, _third = members_of(group)
    clock.move_to(STARTS)
    client.force_login(office)
    page = reverse("meetings:attendance", args=[session.uid])

    answer = client.post(page, {"shown": [first.uid, second.uid], "came": [first.uid]}, follow=True)

    assert b"1 of 4 have come" in answer.content
    assert Attendance.objects.get().person == first


def test_tables_leave_out_what_says_something_about_a_person(client, group, office):
    session = SessionFactory(programme=group.programme)
    group.theme.sensitive = True
    group.theme.save()
    client.force_login(office)

    page = client.get(reverse("meetings:tables", args=[session.uid])).content.decode()

    assert "Table 1" in page
    assert group.name not in page
    assert members_of(group)[0].name in page


@pytest.mark.parametrize(
    ("who", "status"), [("office", 403), ("mentor", 403), ("admin", 403), ("member", 404), ("stranger", 404)]
)
def test_correct_asks_the_office_for_a_step_up_and_is_nobody_elses(
    client, clock, group, office, meeting, who, status
):
    clock.move_to(STARTS)
    person = cast(group, office)[who]
    client.force_login(person)
    page = reverse("meetings:correct", args=[meeting.uid, members_of(group)[1].uid])

    answer = client.post(page, {"minutes": 30, "reason": "No"})

    assert answer.status_code == status
    assert ("X-Step-Up" in answer.headers) == (who == "office")
    assert not Attendance.objects.exists()
