"""What is written into calendars, line by line."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
import vobject
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st

from piiri.base import ics

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200)


def entry(**values):
    told = {
        "uid": "a@piiri.example",
        "sequence": 2,
        "stamp": NOW,
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=1),
        "zone": "Europe/Helsinki",
        "summary": "Your group meets",
    }
    return ics.Entry(**told | values)


def read(*entries, **how):
    return vobject.readOne(ics.calendar_text(entries, **how))


@given(summary=TEXTS, place=TEXTS)
def test_any_words_come_back_as_they_were_and_no_line_is_too_long(summary, place):
    text = ics.calendar_text([entry(summary=summary, place=place)])

    event = vobject.readOne(text).vevent
    assert event.summary.value == summary
    assert (event.location.value if place else "") == place
    assert max(len(line.encode()) for line in text.split("\r\n")) <= ics.LONGEST


def test_words_cannot_begin_a_line_of_their_own():
    text = ics.calendar_text(
        [
            entry(
                summary="Hello\r\nATTENDEE:mailto:eve@example.org",
                organiser=("office@example.org", 'City"\r\nX-EVIL:1'),
            )
        ]
    )

    lines = text.split("\r\n")
    assert not [line for line in lines if line.startswith(("ATTENDEE", "X-EVIL"))]
    assert vobject.readOne(text).vevent.summary.value == "Hello\nATTENDEE:mailto:eve@example.org"


@pytest.mark.parametrize("method", [ics.REQUEST, ics.CANCEL, ics.PUBLISH])
def test_method_and_name_stand_at_the_head(method):
    calendar = read(entry(), method=method, name="Peer-group mentoring")

    assert calendar.method.value == method
    assert calendar.x_wr_calname.value == "Peer-group mentoring"


def test_a_calendar_without_dates_is_a_calendar():
    assert read(name="Empty").contents.get("vevent") is None


ZONES = ["Europe/Helsinki", "Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kathmandu", "UTC"]


def moments(text):
    """The starts of all dates as dateutil understands the zone that the text itself describes."""
    lines = text.split("\r\n")
    described = "\n".join(lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE") + 1])
    zone = tz.tzical(StringIO(described)).get()
    for line in lines:
        if line.startswith("DTSTART;"):
            yield datetime.strptime(line.rpartition(":")[2], "%Y%m%dT%H%M%S").replace(tzinfo=zone)
        elif line.startswith("DTSTART:") and line.endswith("Z"):
            yield datetime.strptime(line, "DTSTART:%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_each_hour_of_two_years_is_read_as_the_moment_it_was(zone):
    starts = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=7 * step) for step in range(2500)]
    ahead = [start.astimezone(ZoneInfo(zone)).utcoffset() for start in starts]
    changes = [start for start, (a, b) in zip(starts, pairwise(ahead), strict=False) if a != b]
    # Around each change of the clock every half hour.
    starts += [change + timedelta(minutes=30 * step) for change in changes for step in range(-6, 20)]

    text = ics.calendar_text([entry(starts_at=one, ends_at=one, zone=zone) for one in starts])

    assert [moment.astimezone(UTC) for moment in moments(text)] == starts
    assert len(changes) == (0 if zone in ("UTC", "Asia/Kathmandu") else 4)


def test_every_zone_of_europe_can_be_said():
    zones = [zone for zone in available_timezones() if zone.startswith("Europe/")]

    assert len(zones) > 40
    assert all(ics.zone_lines(zone) for zone in zones)


def test_a_zone_whose_rules_cannot_be_said_is_an_error_not_a_wrong_hour(monkeypatch):
    monkeypatch.setattr(ics, "rule_of", lambda zone: "EET-2EEST,J60/3,J300/4")

    with pytest.raises(ValueError, match="Nowhere"):
        ics.zone_lines.__wrapped__("Nowhere/Land")
