"""What independent programs read in our calendars: vobject, and Debian's khal and vdirsyncer."""

import os
import shutil
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject

from piiri.groups.tests.factories import ProgrammeFactory
from piiri.mail.models import Message
from piiri.meetings import actions, links
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, members_of, mentor_of

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 9, 21, 7, 0, tzinfo=UTC)
WEEKS = 29  # over the last Sundays of October and of March


def program(name):
    """The path of a program; missing is a skip with its name, in CI a failure."""
    found = shutil.which(name)
    if not found:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say(f"{name} is not installed")
    return found


@pytest.fixture
def group(db, clock):
    clock.move_to(NOW)
    spring = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 6, 30)}
    return RunningGroupFactory(programme=ProgrammeFactory(**spring), members=2)


@pytest.fixture
def series(group):
    """Every Tuesday at 14.30 by the clock on the wall."""
    days = [date(2026, 9, 22) + timedelta(weeks=week) for week in range(WEEKS)]
    at = [datetime.combine(day, time(14, 30), HELSINKI) for day in days]
    return [MeetingFactory(group=group, starts_at=moment.astimezone(UTC)) for moment in at]


def feed_of(client, person, number=1):
    return client.get(links.calendar_path(person.uid, number)).content.decode()


def mails_of(person):
    """Calendar texts a person got by mail, in order."""
    return list(Message.objects.filter(person_uid=person.uid).order_by("pk").values_list("ics", flat=True))


def move_three_times(meeting):
    """A meeting that is invited to, and moved three times, each time told: what one person got."""
    mentor, person = mentor_of(meeting.group), members_of(meeting.group)[0]
    actions.invite_due(now=NOW)
    for day, at in ((27, time(15)), (28, time(8, 15)), (29, time(16, 45))):
        meeting.refresh_from_db()
        place = {"minutes": 60, "form": "onsite", "place": "Café; room 2, upstairs"}
        actions.change(meeting, on=date(2026, 10, day), at=at, by=mentor, now=NOW, **place)
        actions.invite_due(now=NOW)
    return mails_of(person)


LAST = datetime(2026, 10, 29, 16, 45, tzinfo=HELSINKI)


def test_vobject_reads_a_weekly_series_at_the_same_hour_over_both_changes_of_the_clock(client, series):
    read = vobject.readOne(feed_of(client, members_of(series[0].group)[0]))

    starts = sorted(event.dtstart.value for event in read.vevent_list)
    assert [start.astimezone(UTC) for start in starts] == [meeting.starts_at for meeting in series]
    assert {(start.hour, start.minute) for start in starts} == {(14, 30)}
    assert {start.utcoffset() for start in starts} == {timedelta(hours=2), timedelta(hours=3)}


def test_vobject_finds_one_event_with_the_last_time_after_three_moves(group):
    told = [vobject.readOne(text) for text in move_three_times(MeetingFactory(group=group, starts_at=LAST))]

    known = {}
    for calendar in told:
        assert calendar.method.value == "REQUEST"
        event = calendar.vevent
        assert int(event.sequence.value) == len(known.setdefault(event.uid.value, []))
        known[event.uid.value].append(event)
    [events] = known.values()
    assert len(events) == 4
    assert events[-1].dtstart.value.astimezone(UTC) == LAST.astimezone(UTC)
    assert events[-1].location.value == "Café; room 2, upstairs"


class Khal:
    """A calendar of khal's in a folder, that of somebody in the given zone."""

    def __init__(self, folder, zone="Europe/Helsinki"):
        self.program, self.folder = program("khal"), folder
        (folder / "dates").mkdir(parents=True)
        self.config = folder / "config"
        self.config.write_text(
            f"[calendars]\n[[dates]]\npath = {folder}/dates\n[sqlite]\npath = {folder}/khal.db\n"
            f"[default]\ndefault_calendar = dates\n"
            f"[locale]\nlocal_timezone = {zone}\ndefault_timezone = {zone}\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        )

    def run(self, *words):
        made = subprocess.run(
            [self.program, "-c", self.config, *words],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
        )
        return made.stdout.splitlines()

    def take(self, text):
        """Import one file as it came by mail, or from a feed."""
        file = self.folder / "came.ics"
        file.write_bytes(text.encode())
        self.run("import", "--batch", "--include-calendar", "dates", str(file))

    def listed(self, *, since="2026-09-01", until="2027-06-30"):
        shape = "{start-long} {title} {status}"
        lines = self.run("list", "--day-format", "", "--format", shape, since, until)
        return [line.strip() for line in lines]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Europe/Helsinki", {"14:30"}),
        # Where the clock is never moved, the same meetings are at two different hours.
        ("Asia/Tokyo", {"20:30", "21:30"}),
    ],
)
def test_khal_shows_a_weekly_series_over_both_changes_of_the_clock(client, series, tmp_path, zone, hours):
    khal = Khal(tmp_path, zone)

    khal.take(feed_of(client, members_of(series[0].group)[0]))

    local = [meeting.starts_at.astimezone(ZoneInfo(zone)) for meeting in series]
    assert khal.listed() == [f"{start:%Y-%m-%d %H:%M} Your group meets CONFIRMED" for start in local]
    assert {line.split()[1] for line in khal.listed()} == hours


def test_khal_keeps_one_event_of_a_meeting_moved_three_times_and_then_cancelled(group, tmp_path):
    khal, meeting = Khal(tmp_path), MeetingFactory(group=group, starts_at=LAST - timedelta(days=3))

    for text in move_three_times(meeting):
        khal.take(text)
    assert khal.listed() == ["2026-10-29 16:45 Your group meets CONFIRMED"]

    meeting.refresh_from_db()
    actions.cancel(meeting, by=mentor_of(group), now=NOW)
    actions.invite_due(now=NOW)
    khal.take(mails_of(members_of(group)[0])[-1])
    assert khal.listed() == ["2026-10-29 16:45 Your group meets CANCELLED"]


def sync(folder, url):
    """What vdirsyncer makes of a feed: its files, after another look."""
    config, dates = folder / "config", folder / "dates"
    dates.mkdir(exist_ok=True)
    config.write_text(
        f'[general]\nstatus_path = "{folder}/status/"\n'
        '[pair feed]\na = "mine"\nb = "theirs"\ncollections = null\n'
        f'[storage mine]\ntype = "filesystem"\npath = "{dates}"\nfileext = ".ics"\n'
        f'[storage theirs]\ntype = "http"\nurl = "{url}"\n'
    )
    for word in ("discover", "sync"):
        subprocess.run(
            [program("vdirsyncer"), "-c", str(config), word],
            check=True,
            capture_output=True,
            env={**os.environ, "HOME": str(folder)},
        )
    return [vobject.readOne(file.read_text()) for file in sorted(dates.glob("*.ics"))]


@pytest.mark.django_db(transaction=True)
def test_vdirsyncer_follows_the_feed_through_three_moves_and_a_cancellation(live_server, group, tmp_path):
    meeting = MeetingFactory(group=group, starts_at=LAST - timedelta(days=3))
    other = MeetingFactory(group=group, starts_at=LAST + timedelta(days=7))
    address = live_server.url + links.calendar_path(members_of(group)[0].uid, 1)

    assert len(sync(tmp_path, address)) == 2
    move_three_times(meeting)
    moved = sync(tmp_path, address)
    meeting.refresh_from_db()
    actions.cancel(meeting, by=mentor_of(group), now=NOW)
    cancelled = sync(tmp_path, address)

    starts = sorted(one.vevent.dtstart.value.astimezone(UTC) for one in moved)
    assert starts == [LAST.astimezone(UTC), other.starts_at.astimezone(UTC)]
    assert {one.vevent.status.value for one in moved} == {"CONFIRMED"}
    assert sorted(one.vevent.status.value for one in cancelled) == ["CANCELLED", "CONFIRMED"]
