"""The place mail: the next date to come to, as words and as a calendar file."""

from datetime import time, timedelta

import pytest
from icalendar import Calendar

from piiri.enrolments import actions, queries
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.models import Group
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory
from piiri.mail import actions as mail
from piiri.mail import letter
from piiri.mail.models import Message
from piiri.programmes.models import Event
from piiri.programmes.tests.factories import EventFactory, EventSessionFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def session(programme, *, days, kind=Event.Kind.OPENING, **about):
    event = EventFactory(programme=programme, kind=kind)
    return EventSessionFactory(event=event, starts_at=NOW + days * DAY, minutes=90, **about)


def told(group, *, now=NOW, person=None):
    application = ApplicationFactory(programme=group.programme, person=person or PersonFactory())
    actions.tell_placed(application, group=group, now=now)
    return Message.objects.get(kind="enrolments/email/place", about_uid=application.uid)


def event_of(message):
    calendar = Calendar.from_ical(message.ics)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def text_of(message, language="en"):
    return letter.write(message.kind, words=message.words, language=language, url="https://x.example/").text


def test_the_first_date_is_the_next_joint_event():
    group = GroupFactory()
    session(group.programme, days=-3)
    opening = session(group.programme, days=5, place="City hall")
    session(group.programme, days=60, kind=Event.Kind.CLOSING)

    message = told(group)

    calendar, event = event_of(message)
    assert calendar["METHOD"] == "REQUEST"
    assert str(event["UID"]).startswith(f"{opening.uid}@")
    assert event.decoded("DTSTART") == opening.starts_at
    assert event.decoded("DTEND") == opening.ends_at
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Joint opening", "City hall")
    assert "Joint opening, 09.00–10.30." in text_of(message)
    assert "Place: City hall." in text_of(message)


def test_mentors_own_meetings_are_not_for_participants():
    group = GroupFactory()
    session(group.programme, days=5, kind=Event.Kind.MENTORS)

    message = told(group)

    assert message.ics == ""
    assert "The first date is not set yet" in text_of(message)


def test_a_late_joiner_is_told_the_next_date_of_the_group():
    group = GroupFactory(state=Group.State.RUNNING, started_at=NOW, place="Kaleva library")
    Group.objects.update(next_at=NOW + 2 * DAY, next_uid="meetingmeetingaa")
    group.refresh_from_db()
    session(group.programme, days=1)

    message = told(group)

    _calendar, event = event_of(message)
    assert str(event["UID"]).startswith("meetingmeetingaa@"), "the invitation that follows is the same entry"
    assert event.decoded("DTSTART") == NOW + 2 * DAY
    assert str(event["SUMMARY"]) == "Your group meets"
    assert "Your group has begun and meets next" in text_of(message)


def test_a_meeting_that_was_is_not_the_next():
    group = GroupFactory(next_at=NOW - DAY)
    opening = session(group.programme, days=5)

    assert queries.next_date(group, programme=group.programme, now=NOW).uid == opening.uid


def test_an_online_group_has_no_place_and_its_usual_time_is_told():
    group = GroupFactory(form=Group.Form.ONLINE, place="Nowhere", weekday=1, local_time=time(14, 30))

    words = text_of(told(group))

    assert "It meets online." in words
    assert "Tuesdays 14.30–16.30" in words
    assert "Nowhere" not in words


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_calendar_speaks_the_readers_language_and_names_nobody_else(language):
    group = GroupFactory(members=2)
    session(group.programme, days=5)
    person = PersonFactory(language=language, email=f"{'long' * 14}.{language}@a-long-name.city.example")

    message = told(group, person=person)

    _calendar, event = event_of(message)
    assert str(event["ATTENDEE"]) == f"mailto:{person.email}"
    assert not [one for one in group.memberships.all() if one.person.email in message.ics]
    assert max(len(line) for line in message.ics.splitlines()) <= 75
    assert mail.method(message.ics) == "REQUEST"


def test_tell_placed_costs_the_mail_and_one_query_in_a_while(django_assert_num_queries):
    group = GroupFactory()
    session(group.programme, days=5)
    applications = ApplicationFactory.create_batch(3, programme=group.programme)
    assert applications[0].programme.organisation

    with django_assert_num_queries(4):
        for one in applications:
            actions.tell_placed(one, group=group, now=NOW)
