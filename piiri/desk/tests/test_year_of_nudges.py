"""A year of an office, day by day, by all workers of all rooms: what is written, to whom, when."""

import os
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from piiri.base.work import run_due
from piiri.desk import queries, signs
from piiri.desk.models import Nudge
from piiri.desk.queries import nudging
from piiri.groups.models import Membership, Mentorship
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.mail import letter
from piiri.mail.models import Message
from piiri.meetings import actions as meetings
from piiri.meetings.models import Attendance, Meeting
from piiri.meetings.tests.factories import RunningGroupFactory, members_of, mentor_of
from piiri.programmes.models import Break

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CANARY = "Canary"
TZ = ZoneInfo("Europe/Helsinki")
FIRST, LAST = date(2026, 11, 9), date(2027, 6, 30)
CHRISTMAS = (date(2026, 12, 21), date(2027, 1, 6))
# The whole year with ./run test --long, its first weeks and Christmas otherwise.
DAYS = 365 if os.environ.get("PIIRI_LONG") else 63
# Before work, in the morning, in the evening.
HOURS = (time(5, 30), time(9), time(21, 30))
MOST_A_MEETING = 3
NUDGES = ("desk/email/nudge", "desk/email/monday")


def at(day, hour):
    return datetime.combine(day, hour, TZ).astimezone(UTC)


@pytest.fixture
def programme(clock):
    clock.move_to(at(FIRST, time(9)))
    helena = PersonFactory(name="Helena Ranta")
    made = ProgrammeFactory(
        office=helena,
        starts_on=FIRST,
        ends_on=LAST,
        enrol_opens_at=at(FIRST, time(9)) - timedelta(days=40),
        enrol_closes_at=at(FIRST, time(9)) - timedelta(days=10),
        published_at=at(FIRST, time(9)) - timedelta(days=60),
    )
    Break.objects.create(
        programme=made, title={"en": "Christmas"}, starts_on=CHRISTMAS[0], ends_on=CHRISTMAS[1]
    )
    return made


class Year:
    """What mentors do by themselves: one meets as planned, one forgets dates, one never meets."""

    def __init__(self, programme):
        self.programme = programme
        self.steady, self.forgetful, self.silent = (
            RunningGroupFactory(programme=programme, members=5, title=CANARY, started_at=at(FIRST, time(9)))
            for _ in range(3)
        )
        since = at(FIRST, time(9))
        Membership.objects.update(joined_at=since, confirmed_at=since)
        Mentorship.objects.update(started_at=since)

    def do(self, day, now):
        """In the morning: dates are set, moved once, held and recorded."""
        number = (day - FIRST).days
        if number % 28 == 1 and day < LAST - timedelta(days=30):
            self.schedule(self.steady, day + timedelta(days=14), now)
        if number % 28 == 8:
            self.move(self.steady, now)
        if number in (1, 80):
            self.schedule(self.forgetful, day + timedelta(days=7), now)
        for meeting in Meeting.objects.filter(state="planned", starts_at__lt=now - timedelta(hours=3)):
            self.record(meeting, now)

    def schedule(self, group, day, now):
        facts = {"minutes": 90, "form": "onsite", "place": "Library", "title": CANARY}
        meetings.schedule(group, on=day, at=time(14, 30), by=mentor_of(group), now=now, **facts)

    def move(self, group, now):
        meeting = Meeting.objects.filter(group=group, state="planned", starts_at__gt=now).first()
        if meeting:
            facts = {"minutes": 90, "form": "onsite", "place": "Café", "title": CANARY}
            on = meeting.local_date + timedelta(days=1)
            meetings.change(meeting, on=on, at=time(15), by=mentor_of(group), now=now, **facts)

    def record(self, meeting, now):
        came = {person.uid for person in members_of(meeting.group)[:4]}
        facts = {"minutes": 90, "form": "onsite"}
        meetings.record(meeting, came=came, by=mentor_of(meeting.group), now=now, **facts)


@pytest.fixture
def lived(programme, clock):
    """The year as it was: all mails, and which signs truly held on each day on which one was told."""
    year, held = Year(programme), {}
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        for hour in HOURS:
            now = at(day, hour)
            clock.move_to(now)
            if hour == HOURS[1]:
                year.do(day, now)
                standings = queries.standings(programme, now=now)
                held[day] = nudging.signs_in(programme, standings, now=now)
            run_due(now)
    return year, held


def test_a_year_of_all_rooms_work_keeps_the_budget_of_mails(lived):
    year, held = lived
    sent = list(Message.objects.order_by("pk"))
    nudges = list(Nudge.objects.order_by("pk"))

    assert {mail.kind for mail in sent} >= {
        "desk/email/nudge",
        "desk/email/monday",
        "meetings/email/invitation",
    }
    nudged_once(nudges, sent)
    never_in_quiet_hours(year.programme, sent)
    only_while_the_reason_holds(nudges, held)
    at_most_three_a_meeting(sent)
    says_nothing_of_content(sent)
    one_monday_mail_a_week(sent)
    assert Attendance.objects.exists()


def nudged_once(nudges, sent):
    """Each sign is told once while it lasts: one mail for all that a group had new that day."""
    told = Counter((nudge.group.uid, nudge.told_mentor_at) for nudge in nudges if nudge.told_mentor_at)
    posted = Counter((mail.about_uid, mail.posted_at) for mail in sent if mail.kind == NUDGES[0])
    assert posted.keys() == told.keys()
    assert set(posted.values()) == {1}
    for group in {about for about, _at in posted}:
        times = sorted(moment for about, moment in posted if about == group)
        assert all(b - a >= signs.OFFICE_AFTER for a, b in pairwise(times))


def never_in_quiet_hours(programme, sent):
    for mail in sent:
        if mail.kind in NUDGES:
            local = mail.posted_at.astimezone(TZ)
            assert time(7) <= local.time() < time(20)
            assert local.weekday() < 5
            assert not nudging.rests(programme, local.date())
            assert not CHRISTMAS[0] <= local.date() <= CHRISTMAS[1]


def only_while_the_reason_holds(nudges, held):
    """On the day somebody was told, mentor or office, the sign was there."""
    assert any(nudge.told_office_at for nudge in nudges)
    assert any(nudge.ended_at for nudge in nudges)
    for nudge in nudges:
        for moment in filter(None, (nudge.told_mentor_at, nudge.told_office_at)):
            assert nudge.sign in held[moment.astimezone(TZ).date()][nudge.group_id]
            assert nudge.ended_at is None or moment < nudge.ended_at
        if nudge.told_office_at:
            assert nudge.told_office_at - nudge.told_mentor_at >= signs.OFFICE_AFTER


def at_most_three_a_meeting(sent):
    """Invited, changed, cancelled: whatever happens to a meeting, its people get no more than that."""
    known = set(Meeting.objects.values_list("uid", flat=True))
    posted = Counter((mail.about_uid, mail.person_uid) for mail in sent if mail.about_uid in known)
    assert posted
    assert max(posted.values()) <= MOST_A_MEETING


def says_nothing_of_content(sent):
    for mail in sent:
        if mail.words:
            written = letter.write(
                mail.kind, words=mail.words, language=mail.language, url="https://x.example/"
            )
            assert CANARY not in written.subject + written.text + written.html + mail.ics + mail.link


def one_monday_mail_a_week(sent):
    weeks = Counter(
        (mail.person_uid, mail.posted_at.astimezone(TZ).date()) for mail in sent if mail.kind == NUDGES[1]
    )
    assert weeks
    assert set(weeks.values()) == {1}
    assert {day.weekday() for _person, day in weeks} == {0}
    todos = [mail.words["todo"] for mail in sent if mail.kind == NUDGES[1]]
    assert all(1 <= len(todo) <= 3 for todo in todos)
