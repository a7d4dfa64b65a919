"""When a calendar says its owner is busy: series, changes, whole days, clocks that move, bad files."""

from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import pytest

from piiri.meetings import busy_times

HELSINKI = ZoneInfo("Europe/Helsinki")
SINCE, UNTIL = datetime(2027, 1, 18, tzinfo=UTC), datetime(2028, 1, 18, tzinfo=UTC)


def event(*lines):
    return ["BEGIN:VEVENT", "UID:a", *lines, "END:VEVENT"]


def calendar(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *(line for one in events for line in one), "END:VCALENDAR"]
    return "".join(f"{line}\r\n" for line in lines)


def spans(*events, since=SINCE):
    found = busy_times.read(calendar(*events), since=since, until=UNTIL, zone=HELSINKI)
    return [f"{begin:%m-%d %H:%M}/{end:%m-%d %H:%M}" for begin, end in found]


ONCE = ("DTSTART;TZID=Europe/Helsinki:20270216T090000", "DTEND;TZID=Europe/Helsinki:20270216T100000")


def test_one_event_is_busy_in_utc():
    assert spans(event(*ONCE)) == ["02-16 07:00/02-16 08:00"]
    assert spans(event("DTSTART:20270216T090000Z", "DURATION:PT45M")) == ["02-16 09:00/02-16 09:45"]
    assert spans(event("DTSTART:20270216T090000", "DURATION:PT45M")) == ["02-16 07:00/02-16 07:45"]


@pytest.mark.parametrize(
    "line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "SUMMARY:x"]
)
def test_free_and_cancelled_events_take_no_time(line):
    assert bool(spans(event(*ONCE, line))) == line.startswith("SUMMARY")


def test_a_weekly_series_keeps_its_wall_clock_when_the_clocks_go_forward():
    series = event(*ONCE, "RRULE:FREQ=WEEKLY;COUNT=8", "EXDATE;TZID=Europe/Helsinki:20270223T090000")

    found = spans(series)

    assert found[:2] == ["02-16 07:00/02-16 08:00", "03-02 07:00/03-02 08:00"]
    assert found[-2:] == ["03-30 06:00/03-30 07:00", "04-06 06:00/04-06 07:00"]


@pytest.mark.parametrize(
    ("until", "last"),
    [("20270302T070000Z", "03-02"), ("20270302T065959Z", "02-23"), ("20270302", "03-02")],
)
def test_a_series_ends_with_its_last_moment(until, last):
    assert spans(event(*ONCE, f"RRULE:FREQ=WEEKLY;UNTIL={until}"))[-1][:5] == last


def test_a_single_change_counts_instead_of_what_it_changes():
    series = event(*ONCE, "RRULE:FREQ=WEEKLY;COUNT=3")
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Helsinki:20270223T090000",
        "DTSTART;TZID=Europe/Helsinki:20270224T120000",
        "DTEND;TZID=Europe/Helsinki:20270224T123000",
    )
    dropped = event("RECURRENCE-ID:20270302T070000Z", "STATUS:CANCELLED", "DTSTART:20270302T070000Z")

    assert spans(series, moved, dropped) == ["02-16 07:00/02-16 08:00", "02-24 10:00/02-24 10:30"]


def test_single_dates_are_added():
    assert spans(event(*ONCE, "RDATE;TZID=Europe/Helsinki:20270218T090000")) == [
        "02-16 07:00/02-16 08:00",
        "02-18 07:00/02-18 08:00",
    ]


def test_whole_days_are_days_of_the_reader_also_when_they_are_short():
    assert spans(event("DTSTART;VALUE=DATE:20270328")) == ["03-27 22:00/03-28 21:00"]
    two = event("DTSTART;VALUE=DATE:20270216", "DTEND;VALUE=DATE:20270218")
    assert spans(two) == ["02-15 22:00/02-17 22:00"]


def test_what_touches_becomes_one_and_only_the_year_to_come_counts():
    more = event("DTSTART:20270216T080000Z", "DTEND:20270216T083000Z")
    past = event("DTSTART:20260101T080000Z", "DTEND:20260101T083000Z")
    late = event("DTSTART:20290101T080000Z", "DTEND:20290101T083000Z")

    assert spans(event(*ONCE), more, past, late) == ["02-16 07:00/02-16 08:30"]


def test_an_old_series_is_followed_up_to_now():
    daily = event("DTSTART:20170101T080000Z", "DTEND:20170101T083000Z", "RRULE:FREQ=DAILY")

    assert len(spans(daily)) == 365


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY"])
def test_rules_that_nobody_lives_by_are_not_followed(rule):
    assert spans(event(*ONCE, f"RRULE:{rule}")) == ["02-16 07:00/02-16 08:00"]


def test_a_calendar_made_to_take_for_ever_is_left():
    never = event("DTSTART:20270101T080000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    ancient = event("DTSTART:00010101T080000Z", "DTEND:00010101T090000Z", "RRULE:FREQ=DAILY")
    begun = monotonic()

    spans(*[never, ancient] * 40)

    assert monotonic() - begun < 3 * busy_times.PATIENCE


@pytest.mark.parametrize("text", ["", "hello", "<html></html>"])
def test_what_is_no_calendar_is_an_error(text):
    with pytest.raises(ValueError, match="no calendar"):
        busy_times.read(text, since=SINCE, until=UNTIL, zone=HELSINKI)


def test_an_event_that_ends_before_it_begins_takes_no_time():
    assert spans(event("DTSTART:20270216T090000Z", "DTEND:20270216T080000Z")) == []
    assert spans(event("SUMMARY:without a beginning")) == []


def test_at_most_so_many_spans_are_kept():
    day = timedelta(days=1)
    events = [
        event(
            f"DTSTART:{SINCE + day * (n % 360) + timedelta(minutes=n // 360 * 90):%Y%m%dT%H%M%SZ}",
            "DURATION:PT10M",
        )
        for n in range(4_500)
    ]

    assert len(spans(*events)) <= busy_times.MOST_SPANS


def test_of_an_event_one_rule_is_followed():
    never = ["RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"] * 500
    weekly = "RRULE:FREQ=WEEKLY;COUNT=2"
    begun = monotonic()

    assert len(spans(event(*ONCE, weekly, *never))) == 2
    assert monotonic() - begun < busy_times.PATIENCE
