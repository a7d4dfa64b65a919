"""One mail a morning at most tells a line manager what is new, moved or off."""

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection

from piiri.base.tests.at_once import at_once
from piiri.enrolments import actions as enrolment_actions
from piiri.groups.tests.factories import NOW, ProgrammeFactory
from piiri.hours import actions, queries, rules
from piiri.hours.models import DateDigest, ToldDate
from piiri.hours.tests.managing import DAY, MORNING, digests, morning, move, name, running
from piiri.hours.work import WORK
from piiri.meetings import actions as meeting_actions
from piiri.meetings.models import Meeting
from piiri.meetings.tests.factories import (
    STARTS,
    MeetingFactory,
    SessionFactory,
    members_of,
    mentor_of,
)
from piiri.programmes.models import EventSession, Programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HELSINKI = ProgrammeFactory._meta.model(zone="Europe/Helsinki").tz


# --- when -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2027, 1, 18, 4, 59, tzinfo=UTC), datetime(2027, 1, 18, 5, 0, tzinfo=UTC)),
        (datetime(2027, 1, 18, 5, 0, tzinfo=UTC), MORNING),
        (datetime(2027, 1, 22, 9, 0, tzinfo=UTC), datetime(2027, 1, 25, 5, 0, tzinfo=UTC)),
        (datetime(2027, 3, 26, 9, 0, tzinfo=UTC), datetime(2027, 3, 30, 4, 0, tzinfo=UTC)),
    ],
)
def test_next_morning_is_seven_on_a_working_day_there(now, expected):
    closed = {date(2027, 3, 29)}

    assert rules.next_morning(now, tz=HELSINKI, closed=closed) == expected


def test_link_has_ended_after_another_version_and_long_after_the_year():
    year = Programme(ends_on=date(2027, 6, 1), zone="Europe/Helsinki")
    last = datetime(2027, 11, 28, 12, 0, tzinfo=UTC)

    assert not rules.link_has_ended(year, version=2, holds=2, now=last)
    assert rules.link_has_ended(year, version=2, holds=2, now=last + DAY)
    assert rules.link_has_ended(year, version=1, holds=2, now=NOW)


# --- the digest -------------------------------------------------------------------------------


def test_first_planning_is_one_digest_and_nothing_new_is_no_mail():
    group = running()
    mine, other = members_of(group)[:2]
    name(mine, group), name(other, group)
    for week in range(3):
        MeetingFactory(group=group, starts_at=STARTS + week * 7 * DAY)
    MeetingFactory(group=group, starts_at=NOW + timedelta(hours=1))

    for day in range(3):
        morning(MORNING + day * DAY)

    [text] = digests()
    assert text.startswith("Hours and dates of Peer groups")
    assert text.count("New: Tue 9 February, 14.30–16.00") == 2
    assert mine.name in text
    assert other.name in text
    assert "18 January" not in text
    assert not [word for word in (group.name, "Library", "parents") if word in text]
    assert ToldDate.objects.count() == 6


def test_changes_are_told_the_next_morning_in_one_mail():
    group = running()
    person = members_of(group)[0]
    approval = name(person, group)
    moved, off = MeetingFactory(group=group), MeetingFactory(group=group, starts_at=STARTS + 7 * DAY)
    session = SessionFactory(programme=group.programme, starts_at=STARTS + 14 * DAY)
    morning()

    move(moved, at=time(16))
    move(moved, at=time(15))
    meeting_actions.cancel(off, by=mentor_of(group), now=NOW)
    EventSession.objects.filter(pk=session.pk).delete()
    MeetingFactory(group=group, starts_at=STARTS + 21 * DAY)
    assert len(digests()) == 1
    for day in (1, 2):
        morning(MORNING + day * DAY)

    _first, second = digests()
    assert "4 dates of your staff are new or changed" in second
    assert "Moved: now Tue 9 February, 15.00–16.30 (it was Tue 9 February, 14.30–16.00)" in second
    assert "Called off: Tue 16 February, 14.30–16.00" in second
    assert "Called off: Tue 23 February" in second
    assert "New: Tue 2 March" in second
    [staff] = queries.staff_of(approval.manager, now=NOW)
    assert [(line.before_at is not None, line.cancelled) for line in staff.dates] == [
        (True, False),
        (False, True),
        (False, True),
        (False, False),
    ]


def test_a_date_moved_back_before_the_morning_is_no_news():
    group = running()
    name(members_of(group)[0], group)
    meeting = MeetingFactory(group=group)
    morning()

    move(meeting, at=time(16))
    move(meeting, at=time(14, 30))
    morning(MORNING + DAY)

    assert len(digests()) == 1


def test_a_date_called_off_and_set_again_is_new_again():
    group = running()
    name(members_of(group)[0], group)
    meeting = MeetingFactory(group=group)
    morning()
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    morning(MORNING + DAY)
    Meeting.objects.filter(pk=meeting.pk).update(state="planned")

    morning(MORNING + 2 * DAY)

    assert "New: Tue 9 February" in digests()[2]
    assert ToldDate.objects.get().sequence == 2


def test_whoever_takes_no_time_any_more_is_told_once():
    group = running()
    person = members_of(group)[0]
    approval = name(person, group)
    MeetingFactory(group=group)
    morning()
    enrolment_actions.withdraw_application(approval.application, by=person, now=NOW)

    for day in (1, 2):
        morning(MORNING + day * DAY)

    _first, second = digests()
    assert "does not ask for your working time any more" in second
    assert page_is_empty(approval.manager)


def page_is_empty(manager):
    return queries.staff_of(manager, now=NOW) == []


def test_weekends_rest_and_the_year_ends():
    group = running()
    name(members_of(group)[0], group)
    actions.begin_digests(now=NOW)
    assert actions.begin_digests(now=NOW) == 0
    friday = datetime(2027, 1, 22, 5, 0, tzinfo=UTC)

    morning(friday)
    assert DateDigest.objects.get().due_at == friday + 3 * DAY

    morning(datetime(2027, 6, 2, 5, 0, tzinfo=UTC))
    assert DateDigest.objects.get().due_at is None
    assert not digests()


def test_a_morning_that_failed_is_put_off_to_the_next():
    group = running()
    name(members_of(group)[0], group)
    actions.begin_digests(now=NOW)
    digest = DateDigest.objects.get()
    DateDigest.objects.update(due_at=None, attempts=8)

    actions.put_off_digest(digest, now=MORNING)

    digest.refresh_from_db()
    assert (digest.due_at, digest.attempts) == (MORNING + DAY, 0)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_tells():
    group = running()
    name(members_of(group)[0], group)
    MeetingFactory(group=group)
    actions.begin_digests(now=NOW)
    digest = DateDigest.objects.select_related("manager__programme").get()

    # Even without the lease, e.g. of a worker that was slower than its own.
    at_once(lambda _one: actions.tell_dates(digest, now=MORNING), range(6))

    assert len(digests()) == 1
    assert ToldDate.objects.count() == 1


DYING = """
import os, signal, sys
from datetime import datetime
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from piiri.base.work import run_due
from piiri.mail import actions as mail
post = mail.post
def post_and_die(*args, **words):
    post(*args, **words)
    os.kill(os.getpid(), signal.SIGKILL)
mail.post = post_and_die
run_due(datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_telling_neither_loses_nor_doubles():
    group = running()
    name(members_of(group)[0], group)
    MeetingFactory(group=group)
    actions.begin_digests(now=NOW)
    words = [str(connection.settings_dict["NAME"]), MORNING.isoformat()]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "piiri.config.settings"}

    dying = subprocess.run([sys.executable, "-c", DYING, *words], env=environment, check=False)
    assert dying.returncode == -signal.SIGKILL
    assert not ToldDate.objects.exists()
    for after in (timedelta(seconds=1), timedelta(minutes=3), timedelta(minutes=4)):
        morning(MORNING + after)

    assert len(digests()) == 1


def test_workers_begin_mornings_and_tell():
    kinds = {work.name: work for work in WORK}

    assert kinds["begin-digests"].do is actions.begin_digests
    assert (kinds["tell-dates"].due, kinds["tell-dates"].do) == (queries.digests_due, actions.tell_dates)
    assert kinds["tell-dates"].give_up is actions.put_off_digest
