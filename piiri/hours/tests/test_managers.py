"""A line manager's year: the page behind the signed link, and the calendar."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from piiri.enrolments import actions as enrolment_actions
from piiri.enrolments import links
from piiri.enrolments.models import Approval, LineManager
from piiri.groups.models import Membership
from piiri.groups.tests.factories import NOW, PersonFactory
from piiri.hours import queries, rules
from piiri.hours.models import Statement
from piiri.hours.tests.managing import DAY, MORNING, digests, morning, move, name, page_of, running
from piiri.meetings import actions as meeting_actions
from piiri.meetings.models import Attendance, Meeting
from piiri.meetings.tests.factories import (
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    SessionFactory,
    members_of,
    mentor_of,
)
from piiri.programmes.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# --- the page ---------------------------------------------------------------------------------


def test_the_page_shows_dates_of_own_staff_and_nothing_of_the_group(client):
    group = running()
    mine, other, nobodys = members_of(group)
    approval = name(mine, group)
    name(other, group, email="other@city.example")
    MeetingFactory(group=group)
    SessionFactory(programme=group.programme, starts_at=STARTS + DAY)
    SessionFactory(programme=group.programme, kind=Event.Kind.MENTORS, starts_at=STARTS + 2 * DAY)

    response = page_of(client, approval.manager)
    page = response.content.decode()

    assert response.status_code == 200
    assert mine.name in page
    assert "14.30–16.00" in page
    assert "3.5\N{NO-BREAK SPACE}h are planned" in page
    assert "Joint opening" in page
    assert "The mentors" not in page
    secrets = [group.name, "Library", "City Hall", "parents", mentor_of(group).name, other.name, nobodys.name]
    assert not [word for word in secrets if word in page]
    assert response.headers["X-Robots-Tag"].startswith("noindex")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


def world(title, theme_title, mentor_name, place, state, came):
    """Two of these differ in everything a manager must not see."""
    group = running(title=title, place=place, members=2, mentor=PersonFactory(name=mentor_name))
    group.theme.title = {"en": theme_title}
    group.theme.save()
    person = members_of(group)[0]
    person.name = "Fatima Hassan"
    person.save()
    meetings = [
        MeetingFactory(group=group, place=place, title=theme_title, starts_at=NOW + timedelta(hours=1)),
        MeetingFactory(group=group, place=place, form="online", link="https://x.example/" + place),
    ]
    session = SessionFactory(programme=group.programme, starts_at=NOW + timedelta(hours=5), place=place)
    if state == Meeting.State.HELD:
        Meeting.objects.filter(pk=meetings[0].pk).update(state=state, recorded_at=NOW + DAY, method="circle")
    if came:
        Attendance.objects.create(person=person, meeting=meetings[0], minutes=90, marked_at=NOW)
        Attendance.objects.create(person=person, session=session, minutes=120, marked_at=NOW)
    approval = name(person, group)
    # What is random in any two worlds is made the same.
    Approval.objects.filter(pk=approval.pk).update(uid="d" * 16)
    LineManager.objects.filter(pk=approval.manager_id).update(uid="b" * 16)
    for number, thing in enumerate([*meetings, session]):
        type(thing).objects.filter(pk=thing.pk).update(uid=f"{'cef'[number]}" * 16)
    group.programme.organisation.name = {"en": "City"}
    group.programme.organisation.save()
    return LineManager.objects.get(pk=approval.manager_id)


def seen_in(client, clock, manager):
    """Page, calendar and digest of the world two days on."""
    clock.move_to(NOW + 2 * DAY)
    morning(MORNING + DAY)
    page = page_of(client, manager)
    ics = client.get(links.manager_path(manager) + "calendar.ics")
    assert page.status_code == ics.status_code == 200
    clock.move_to(NOW)
    return page.content, ics.content, digests()


def test_twin_worlds_give_the_same_page_and_calendar_byte_by_byte(client, clock):
    seen = []
    for differs in (
        ("Circle of exhausted teachers", "Burnout", "Maija Mentor", "Library", Meeting.State.HELD, True),
        ("New heads", "Leading", "Olli Other", "", Meeting.State.PLANNED, False),
    ):
        with transaction.atomic():
            seen.append(seen_in(client, clock, world(*differs)))
            transaction.set_rollback(True)

    assert b"Fatima" in seen[0][0]
    assert seen[0][1].count(b"BEGIN:VEVENT") == 3
    assert len(seen[0][2]) == 1
    assert seen[0] == seen[1]


def test_whoever_has_no_place_yet_has_no_dates_and_is_told_when_they_are_known(client):
    group = running()
    approval = name(PersonFactory(), group, state="sent")
    MeetingFactory(group=group)

    page = page_of(client, approval.manager).content.decode()

    assert "known at the latest on Friday 5 February 2027" in page
    assert "14.30" not in page


def test_dates_are_those_while_the_person_sat_in_the_group(client):
    group = running()
    person = members_of(group)[0]
    approval = name(person, group)
    MeetingFactory(group=group, starts_at=NOW - DAY)
    MeetingFactory(group=group)
    MeetingFactory(group=group, starts_at=STARTS + 7 * DAY)
    Membership.objects.filter(person=person).update(ended_at=STARTS + DAY)
    elsewhere = RunningGroupFactory(programme=group.programme, members=0)
    Membership.objects.create(
        group=elsewhere, programme=group.programme, person=person, joined_at=STARTS + DAY, confirmed_at=STARTS
    )
    MeetingFactory(group=elsewhere, starts_at=STARTS + 10 * DAY)

    [staff] = queries.staff_of(approval.manager, now=NOW)

    assert [line.starts_at for line in staff.dates] == [STARTS, STARTS + 10 * DAY]


def test_of_several_sessions_of_an_event_one_counts():
    group = running()
    approval = name(members_of(group)[0], group)
    first = SessionFactory(programme=group.programme)
    SessionFactory(event=first.event, starts_at=STARTS + DAY)

    [staff] = queries.staff_of(approval.manager, now=NOW)

    assert (len(staff.dates), staff.planned) == (2, 120)


def test_the_page_needs_the_same_queries_for_any_number_of_staff(client):
    group = running(members=4)
    approvals = [name(members_of(group)[0], group)]
    MeetingFactory(group=group)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert page_of(client, approvals[0].manager).status_code == 200
        counts.append(len(caught))
        approvals += [name(person, group) for person in members_of(group)[1:] if _round == 0]

    assert counts[0] == counts[1] <= 7


def test_what_is_asked_stands_first_and_is_answered_by_one_press(client):
    group = running("approve")
    first, second, third = (name(person, group) for person in members_of(group))
    path = links.manager_path(first.manager)
    assert "3 of your staff ask for time" in client.get(path).content.decode()

    uids = [first.uid, second.uid]
    answered = client.post(f"{path}answer/", {"answer": "yes", "approval": uids, "lang": "en"})
    client.post(f"{path}answer/", {"answer": "no", "approval": third.uid, "reason": "times"})

    assert answered.headers["Location"].startswith(f"{path}?said=yes")
    assert [*Approval.objects.order_by("pk").values_list("state", "reason")] == [
        ("approved", ""),
        ("approved", ""),
        ("declined", "times"),
    ]
    page = page_of(client, first.manager, "?said=no").content.decode()
    assert "When your staff meet their groups" in page
    assert "Change your answer" in page
    assert "look at it together" in page


def test_looking_changes_nothing_and_a_press_that_comes_late_is_refused_kindly(client, clock):
    group = running("approve")
    approval = name(members_of(group)[0], group)
    path = links.manager_path(approval.manager)

    assert client.get(f"{path}answer/").status_code == 405
    assert "Choose again" in client.post(f"{path}answer/", {}).content.decode()
    client.get(f"{path}?answer=yes&approval={approval.uid}")
    assert Approval.objects.get().state == "asked"
    client.post(f"{path}answer/", {"answer": "yes", "approval": approval.uid})
    clock.move_to(NOW + timedelta(days=20))
    late = client.post(f"{path}answer/", {"answer": "no", "approval": approval.uid})

    assert late.status_code == 409
    assert "The year has begun" in late.content.decode()
    assert Approval.objects.get().state == "approved"


def test_a_press_needs_no_token_and_comes_without_where_it_came_from():
    group = running("approve")
    approval = name(members_of(group)[0], group)
    strict = Client(enforce_csrf_checks=True)

    answered = strict.post(
        f"{links.manager_path(approval.manager)}answer/",
        {"answer": "yes", "approval": approval.uid},
        headers={"origin": "null"},
    )

    assert answered.status_code == 302


@pytest.mark.parametrize("tail", ["", "calendar.ics"])
def test_other_signatures_find_nothing_and_old_ones_a_kind_page(client, tail):
    group = running()
    approval = name(members_of(group)[0], group)
    manager = approval.manager
    path = links.manager_path(manager)
    never = client.get(f"/manager/{'a' * 16}/{'a' * 16}/{tail}")
    forged = client.get(f"/manager/{manager.uid}/{'a' * 16}/{tail}")
    assert (forged.status_code, forged.content) == (404, never.content)

    LineManager.objects.update(version=2)
    old = client.get(path + tail)

    assert old.status_code == 410
    assert "This link has ended" in old.content.decode()
    assert client.post(f"{path}answer/", {}).status_code == 410


@pytest.mark.parametrize(("language", "words"), [("fi", "Suomi"), ("sv", "Svenska"), ("en", "Language")])
def test_the_page_speaks_the_language_asked_for(client, language, words):
    group = running()
    approval = name(members_of(group)[0], group)

    response = page_of(client, approval.manager, f"?lang={language}")

    assert f'<html lang="{language}">' in response.content.decode()
    assert response.headers["Content-Language"] == language
    assert words in response.content.decode()
    assert page_of(client, approval.manager, "?lang=xx").headers["Content-Language"] == "en"


def test_after_the_year_the_page_shows_what_the_statement_froze(client, clock):
    group = running()
    person, employer = members_of(group)[0], group.programme.organisation
    approval = name(person, group)
    approval.application.employer = employer
    approval.application.save()
    line = {"person": person.uid, "name": "x", "workplace": "", "cap": 1080}
    lines = [
        line | {"role": "participant", "minutes": 600, "events_minutes": 120},
        line | {"role": "mentor", "minutes": 900, "events_minutes": 0},
        line | {"person": "o" * 16, "role": "participant", "minutes": 1, "events_minutes": 0},
    ]
    for frozen in (lines[:2], lines):
        Statement.objects.create(
            programme=group.programme, employer=employer, made_at=NOW + timedelta(days=140), lines=frozen
        )
    assert "were used" not in page_of(client, approval.manager).content.decode()

    clock.move_to(NOW + timedelta(days=150))

    assert "12\N{NO-BREAK SPACE}h were used in the year" in page_of(client, approval.manager).content.decode()


# --- the calendar -----------------------------------------------------------------------------


def events(client, manager):
    answer = client.get(links.manager_path(manager) + "calendar.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_the_calendar_keeps_uids_and_counts_changes(client):
    group = running()
    for person in members_of(group)[:2]:
        approval = name(person, group)
    meeting = MeetingFactory(group=group)
    morning()

    first = events(client, approval.manager)
    move(meeting)
    second = events(client, approval.manager)
    morning(MORNING + DAY)
    third = events(client, approval.manager)
    meeting.refresh_from_db()
    meeting_actions.cancel(meeting, by=mentor_of(group), now=NOW)
    fourth = events(client, approval.manager)

    assert len({event["UID"] for event in first}) == 2
    assert {event["UID"] for event in first} == {event["UID"] for event in fourth}
    assert [one[0]["SEQUENCE"] for one in (first, second, third, fourth)] == [0, 1, 1, 2]
    assert [one[0]["STATUS"] for one in (third, fourth)] == ["CONFIRMED", "CANCELLED"]
    assert second[0].decoded("DTSTART") == STARTS + timedelta(minutes=30)
    assert {event["TRANSP"] for event in first} == {"TRANSPARENT"}
    assert meeting.uid not in str(first)


def test_short_name_is_enough_for_those_who_know_the_person():
    names = [rules.short_name(name) for name in ("Fatima Hassan", "Fatima El Hassan", "Fatima", "")]

    assert names == ["Fatima H.", "Fatima H.", "Fatima", ""]


def test_a_calendar_without_dates_is_a_calendar(client):
    group = running()

    assert events(client, name(PersonFactory(), group, state="sent").manager) == []


def test_a_page_without_staff_says_so(client):
    group = running()
    person = members_of(group)[0]
    approval = name(person, group)
    enrolment_actions.withdraw_application(approval.application, by=person, now=NOW)

    assert "Nobody of your staff takes part now" in page_of(client, approval.manager).content.decode()
