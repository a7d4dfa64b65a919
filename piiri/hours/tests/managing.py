"""A line manager and the dates of their staff, for tests."""

from datetime import UTC, date, datetime, time, timedelta

from piiri.base import work
from piiri.enrolments import actions as enrolment_actions
from piiri.enrolments import links
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.tests.factories import NOW, ProgrammeFactory
from piiri.hours import actions, queries
from piiri.mail import letter
from piiri.mail.models import Message
from piiri.meetings import actions as meeting_actions
from piiri.meetings.tests.factories import RunningGroupFactory, mentor_of

BOSS = "boss@city.example"
DIGEST = "hours/email/manager_dates"
# Tuesday, seven in Helsinki: the morning after the clock of these tests.
MORNING = datetime(2027, 1, 19, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def name(person, group, *, state="placed", email=BOSS):
    """The person names a line manager."""
    application = ApplicationFactory(
        programme=group.programme, person=person, state=state, manager_email=email, manager_name="Bo Boss"
    )
    return enrolment_actions.tell_manager(application, by=person, now=NOW)


def running(manager="told", members=3, **more):
    year = ProgrammeFactory(parameters={"manager": manager})
    return RunningGroupFactory(programme=year, members=members, **more)


def page_of(client, manager, query=""):
    return client.get(links.manager_path(manager) + query)


def morning(now=MORNING):
    """What a worker does at seven."""
    actions.begin_digests(now=NOW)
    for digest in queries.digests_due(now, 100):
        if work.claim(digest, now=now, lease=timedelta(minutes=2)):
            assert work.do_claimed("hours.tell-dates", TELL, digest, now=now)


TELL = work.Work("tell-dates", row="83", do=actions.tell_dates, due=queries.digests_due)


def digests():
    return [
        letter.write(message.kind, words=message.words, language="en", url="https://x").text
        for message in Message.objects.filter(kind=DIGEST).order_by("pk")
    ]


def move(meeting, at=time(15)):
    words = {"on": date(2027, 2, 9), "at": at, "minutes": 90, "form": "onsite"}
    meeting_actions.change(meeting, by=mentor_of(meeting.group), now=NOW, **words)
