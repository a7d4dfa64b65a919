"""When mails go, what a file is called, what may be put in and let out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiri.groups.models import Group
from piiri.notes import rules
from piiri.notes.models import Line
from piiri.notes.rules import NotesRefusal

HELSINKI = ZoneInfo("Europe/Helsinki")


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("written", "mailed"),
    [
        ("2027-01-18T06:00", "2027-01-18T08:00"),  # early on a Monday
        ("2027-01-18T08:00", "2027-01-19T08:00"),
        ("2027-01-21T22:30", "2027-01-22T08:00"),
        ("2027-01-22T09:00", "2027-01-25T08:00"),  # a Friday
        ("2027-01-24T06:00", "2027-01-25T08:00"),  # a Sunday
        ("2027-03-26T09:00", "2027-03-29T08:00"),  # over the change of clocks
    ],
)
def test_next_morning_is_eight_o_clock_on_a_working_day(written, mailed):
    assert rules.next_morning(moment(written), zone=HELSINKI) == moment(mailed)


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_a_morning_is_ahead_within_three_days_and_never_quiet(minutes):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    at = rules.next_morning(now, zone=HELSINKI)

    assert timedelta(0) < at - now <= timedelta(days=3, hours=1)
    assert not rules.is_quiet(at, zone=HELSINKI)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2027-01-18T07:59", True),
        ("2027-01-18T08:00", False),
        ("2027-01-18T17:59", False),
        ("2027-01-18T18:00", True),
        ("2027-01-23T12:00", True),
    ],
)
def test_evenings_nights_and_weekends_are_quiet(at, quiet):
    assert rules.is_quiet(moment(at), zone=HELSINKI) is quiet


@pytest.mark.parametrize(
    ("name", "own", "wanted"),
    [
        ("", "plan.pdf", "plan.pdf"),
        ("Our plan", "plan.pdf", "Our plan.pdf"),
        ("Our plan.pdf", "plan.pdf", "Our plan.pdf"),
        ("", "C:\\docs\\plan.pdf", "plan.pdf"),
        ("", "../../etc/passwd", "passwd"),
        ("a/b\r\nX: y", "plan.pdf", "a-bX: y.pdf"),
        ("", "", "file"),
        ("", ".bashrc", ".bashrc"),
    ],
)
def test_tidy_name_keeps_the_ending_and_no_path(name, own, wanted):
    assert rules.tidy_name(name, own=own) == wanted


@given(st.text(max_size=400), st.text(max_size=400))
def test_tidy_name_is_one_short_printable_name(name, own):
    said = rules.tidy_name(name, own=own)

    assert 0 < len(said) <= rules.LONGEST_NAME
    assert said.isprintable()
    assert "/" not in said


@pytest.mark.parametrize(
    ("size", "used", "reason"),
    [
        (0, 0, NotesRefusal.NO_FILE),
        (1, 0, None),
        (10 * 1024 * 1024, 0, None),
        (10 * 1024 * 1024 + 1, 0, NotesRefusal.TOO_LARGE),
        (1, 200 * 1024 * 1024 - 1, None),
        (2, 200 * 1024 * 1024 - 1, NotesRefusal.GROUP_FULL),
    ],
)
def test_why_not_put_knows_both_limits(size, used, reason):
    assert rules.why_not_put(size=size, used=used) == reason


def test_why_not_write_only_when_the_group_has_ended():
    states = {state: rules.why_not_write(Group(state=state)) for state in Group.State}

    assert {state for state, reason in states.items() if reason is None} == set(Group.LIVING)


def test_why_not_answer_an_answer_a_topic_or_what_is_gone():
    assert rules.why_not_answer(Line(kind="post", text="Words")) is None
    assert rules.why_not_answer(Line(kind="post", text="Words", answers_id=1)) == NotesRefusal.NO_DEEPER
    assert rules.why_not_answer(Line(kind="topic", text="Words")) == NotesRefusal.NO_DEEPER
    assert rules.why_not_answer(Line(kind="post", text="")) == NotesRefusal.GONE


def test_why_not_leave_without_its_author():
    line = Line(kind="topic", text="Words")

    assert rules.why_not_leave(line, author_sits=True) is None
    assert rules.why_not_leave(line, author_sits=False) == NotesRefusal.AUTHOR_GONE
    assert rules.why_not_leave(Line(kind="post"), author_sits=True) == NotesRefusal.GONE
    answer = Line(kind="post", text="Words", answers_id=1)
    assert rules.why_not_leave(answer, author_sits=True) == NotesRefusal.ANSWERS_STAY


def test_all_agree_needs_everybody_and_somebody():
    assert rules.all_agree({1, 2, 3}, seats={1, 2})
    assert not rules.all_agree({1}, seats={1, 2})
    assert not rules.all_agree(set(), seats=set())
