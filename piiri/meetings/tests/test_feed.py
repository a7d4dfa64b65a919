"""One's own calendar: its address, what it says and what it does not."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from piiri.audit.models import Entry
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory, ThemeFactory
from piiri.meetings import actions, links
from piiri.meetings.models import Feed, Meeting
from piiri.meetings.tests.factories import (
    JOINED,
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    SessionFactory,
    members_of,
    mentor_of,
)
from piiri.programmes.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CANARY = "Canary"


def address(person, number=1):
    return links.calendar_path(person.uid, number)


def events(client, person, number=1):
    return Calendar.from_ical(client.get(address(person, number)).content).walk("VEVENT")


def group_with_words(**values):
    """A group whose every word is one that no calendar may say."""
    theme = ThemeFactory(programme=values.pop("programme", None) or ProgrammeFactory(), title={"en": CANARY})
    return RunningGroupFactory(programme=theme.programme, theme=theme, title=CANARY, **values)


def test_the_feed_shows_meetings_of_all_groups_and_joint_events_across_programmes(client):
    person = PersonFactory(language="fi")
    group, other = group_with_words(), RunningGroupFactory(mentor=person)
    group.memberships.filter(pk=group.memberships.first().pk).update(person=person)
    joint = SessionFactory(programme=group.programme)
    SessionFactory(programme=group.programme, kind=Event.Kind.MENTORS)
    MeetingFactory(group=RunningGroupFactory())
    mine = [
        MeetingFactory(group=one, title=CANARY, link="https://c.example/Canary") for one in (group, other)
    ]

    found = {str(event["UID"]).partition("@")[0]: event for event in events(client, person)}

    assert set(found) == {mine[0].uid, mine[1].uid, joint.uid}
    assert found[mine[0].uid]["SUMMARY"] == "Ryhmänne tapaaminen"
    assert found[joint.uid].decoded("DTSTART") == STARTS
    assert {str(event["LOCATION"]) for event in found.values()} == {"Library", "City Hall"}


def test_the_feed_names_nobody_and_says_nothing_of_the_group(client):
    group = group_with_words()
    Event.objects.create(programme=group.programme, kind="closing", title={"en": CANARY}).sessions.create(
        starts_at=STARTS, minutes=60
    )
    MeetingFactory(group=group, title=CANARY, link="https://c.example/Canary")

    said = client.get(address(members_of(group)[0])).content.decode()

    assert said.count("BEGIN:VEVENT") == 2
    names = [word for one in (*members_of(group), mentor_of(group)) for word in (one.name, one.email)]
    for word in (CANARY, "ATTENDEE", "ORGANIZER", str(group.programme), *names):
        assert word not in said


def test_a_cancelled_meeting_stays_for_sixty_days_and_one_of_long_ago_goes(client, clock):
    meeting = MeetingFactory()
    person = members_of(meeting.group)[0]
    MeetingFactory(group=meeting.group, starts_at=JOINED - timedelta(days=400))
    actions.cancel(meeting, by=mentor_of(meeting.group), now=JOINED)

    [event] = events(client, person)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    clock.move_to(JOINED + timedelta(days=59))
    assert len(events(client, person)) == 1
    clock.move_to(JOINED + timedelta(days=61))
    assert events(client, person) == []


def test_who_has_left_or_is_paused_sees_nothing_of_the_group_any_more(client):
    meeting = MeetingFactory()
    gone, paused, _there = members_of(meeting.group)
    meeting.group.memberships.filter(person=gone).update(ended_at=JOINED)
    meeting.group.memberships.filter(person=paused).update(paused_at=JOINED)

    assert events(client, gone) == events(client, paused) == []


def test_a_replaced_address_is_dead_and_answers_as_one_that_never_was(client):
    person = members_of(MeetingFactory().group)[0]
    client.force_login(person)
    client.post(reverse("meetings:replace-address"))
    page = client.get(reverse("meetings:calendar")).content.decode()
    client.logout()

    assert address(person, 2) in page
    assert address(person, 1) not in page
    assert len(events(client, person, 2)) == 1
    old, never = client.get(address(person)), client.get(f"/calendar/{'a' * 16}/{'b' * 16}/piiri.ics")
    assert (old.status_code, old.content) == (404, never.content)
    noted = Entry.objects.get(deed="calendar_address_replaced")
    assert (noted.by, noted.about, noted.facts) == (person.uid, person.uid, {"number": 2})


def test_replacing_twice_at_once_counts_twice():
    person = PersonFactory()

    numbers = [actions.replace_calendar_address(person, by=person, now=JOINED).number for _ in range(2)]

    assert numbers == [2, 3]
    assert Feed.objects.get().made_at == JOINED


def test_the_signature_of_another_person_opens_nothing(client):
    one, other = PersonFactory(), PersonFactory()

    assert (
        client.get(f"/calendar/{one.uid}/{links.calendar_signature(other.uid, 1)}/piiri.ics").status_code
        == 404
    )


def test_an_account_that_has_ended_has_no_feed(client):
    person = PersonFactory(is_active=False)

    assert client.get(address(person)).status_code == 404


def test_the_feed_is_sent_again_only_when_it_has_changed(client, clock):
    meeting = MeetingFactory()
    person = members_of(meeting.group)[0]
    first = client.get(address(person))
    clock.shift(timedelta(hours=3))

    same = client.get(address(person), headers={"if-none-match": first["ETag"]})
    Meeting.objects.update(place="Elsewhere")
    changed = client.get(address(person), headers={"if-none-match": first["ETag"]})

    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert changed.status_code == 200
    assert "no-cache" in first["Cache-Control"]
    assert "noindex" in first["X-Robots-Tag"]


@pytest.mark.parametrize("times", [1, 3])
def test_the_feed_needs_the_same_queries_for_any_number(client, times):
    person = PersonFactory()
    for _ in range(times):
        group = RunningGroupFactory(mentor=person)
        MeetingFactory.create_batch(
            times, group=group, starts_at=STARTS + timedelta(days=1)
        ) if times == 1 else [
            MeetingFactory(group=group, starts_at=STARTS + timedelta(days=day)) for day in range(times)
        ]
        SessionFactory(programme=group.programme)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(events(client, person)) == times * times + times
    assert len(asked) <= 12
    assert len(asked) == 3


def test_a_year_of_two_groups_costs_a_few_milliseconds(client):
    person = PersonFactory()
    for _ in range(2):
        group = RunningGroupFactory(mentor=person)
        for week in range(10):
            MeetingFactory(group=group, starts_at=STARTS + timedelta(weeks=week))
        for week in range(4):
            SessionFactory(programme=group.programme, starts_at=STARTS + timedelta(weeks=week))
    path = address(person)
    client.get(path)

    took = []
    for _ in range(15):
        began = time.process_time()
        client.get(path)
        took.append(time.process_time() - began)

    assert min(took) < 0.010


def test_the_page_shows_the_address_and_how_to_take_it(client):
    person = PersonFactory()
    client.force_login(person)

    page = client.get(reverse("meetings:calendar"))
    shown = page.content.decode()

    assert f"http://127.0.0.1:8000{address(person)}" in shown or address(person) in shown
    assert 'href="webcal://' in shown
    assert "<svg" in shown
    assert not Feed.objects.exists()
    assert "no-store" in page["Cache-Control"]
