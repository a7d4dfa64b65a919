"""A line manager's year: the page behind the signed link, the calendar, one digest a morning."""

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from piiri.base import work
from piiri.base.tests.at_once import at_once
from piiri.enrolments import actions as enrolment_actions
from piiri.enrolments import links
from piiri.enrolments.models import Approval, LineManager
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.models import Membership
from piiri.groups.tests.factories import NOW, PersonFactory, ProgrammeFactory
from piiri.hours import actions, feed, queries, rules
from piiri.hours.models import DateDigest, Statement, ToldDate
from piiri.mail import letter
from piiri.mail.models import Message
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
from piiri.programmes.models import Event, EventSession, Programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BOSS = "boss@city.example"
DIGEST = "hours/email/manager_dates"
# Tuesday, seven in Helsinki: the morning after the clock of these tests.
MORNING = datetime(2027, 1, 19, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HELSINKI = ProgrammeFactory._meta.model(zone="Europe/Helsinki").tz


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


def move(meeting, at=time(15)):
    words = {"on": date(2027, 2, 9), "at": at, "minutes": 90, "form": "onsite"}
    meeting_actions.change(meeting, by=mentor_of(meeting.group), now=NOW, **words)


def test_short_name_is_enough_for_those_who_know_the_person():
    names = [feed.short_name(name) for name in ("Fatima Hassan", "Fatima El Hassan", "Fatima", "")]

    assert names == ["Fatima H.", "Fatima H.", "Fatima", ""]


def test_a_calendar_without_dates_is_a_calendar(client):
    group = running()

    assert events(client, name(PersonFactory(), group, state="sent").manager) == []


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
