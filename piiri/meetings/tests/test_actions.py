"""Setting, recording, checking in, correcting."""

from datetime import date, time, timedelta

import pytest

from piiri.base.errors import Refused
from piiri.groups.models import Group, Membership
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.mail.models import Message
from piiri.meetings import actions, queries
from piiri.meetings.models import Attendance, Correction, Meeting
from piiri.meetings.rules import MeetingRefusal
from piiri.meetings.tests.factories import (
    JOINED,
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    SessionFactory,
    members_of,
    mentor_of,
)

pytestmark = pytest.mark.django_db

AFTER = STARTS + timedelta(hours=2)


def set_it(group, **words):
    words = {"on": date(2027, 2, 9), "at": time(14, 30), "minutes": 90, "form": "onsite"} | words
    return actions.schedule(group, by=mentor_of(group), now=JOINED, **words)


def record(meeting, came, now=AFTER, **words):
    words = {"minutes": 90, "form": "onsite"} | words
    uids = {person.uid for person in came}
    return actions.record(meeting, came=uids, by=mentor_of(meeting.group), now=now, **words)


def test_schedule_keeps_the_moment_and_the_wall_clock_and_seals_title_and_link():
    meeting = set_it(RunningGroupFactory(), title="Stress", link="https://meet.example/1")

    stored = Meeting.objects.get()
    assert (stored.starts_at, stored.local_time, stored.zone) == (STARTS, time(14, 30), "Europe/Helsinki")
    assert (stored.title, stored.link) == ("Stress", "https://meet.example/1")
    assert b"Stress" not in bytes(Meeting.objects.values_list("title", flat=True).get())
    assert meeting.sequence == 0


def next_of(group):
    now_known = Group.objects.get(pk=group.pk)
    uid = (
        Meeting.objects.filter(group=group, starts_at=now_known.next_at).values_list("uid", flat=True).first()
    )
    assert now_known.next_uid == (uid or "")
    return now_known.next_at


def test_group_knows_its_next_meeting_however_meetings_are_set_moved_and_cancelled():
    group = RunningGroupFactory()
    later = set_it(group, on=date(2027, 3, 9))
    first = set_it(group)
    assert next_of(group) == STARTS

    words = {"minutes": 90, "form": "onsite", "by": mentor_of(group), "now": JOINED}
    first = actions.change(first, on=date(2027, 4, 6), at=time(14, 30), **words)
    assert next_of(group) == later.starts_at

    actions.cancel(later, by=mentor_of(group), now=JOINED)
    assert next_of(group) == first.starts_at

    actions.cancel(first, by=mentor_of(group), now=JOINED)
    assert next_of(group) is None


def test_keep_next_dates_goes_on_when_a_meeting_has_passed_and_changes_nothing_twice():
    group, other = RunningGroupFactory(), RunningGroupFactory()
    MeetingFactory(group=group)
    second = MeetingFactory(group=group, starts_at=STARTS + timedelta(days=28))
    MeetingFactory(group=other, state="cancelled")

    assert actions.keep_next_dates(now=JOINED) == 1
    assert next_of(group) == STARTS
    assert actions.keep_next_dates(now=JOINED) == 0
    assert actions.keep_next_dates(now=STARTS) == 1
    assert next_of(group) == second.starts_at
    assert actions.keep_next_dates(now=second.starts_at) == 1
    assert actions.keep_next_dates(now=second.starts_at) == 0
    assert (next_of(group), next_of(other)) == (None, None)


def test_schedule_refuses_the_same_time_twice_but_not_after_a_cancellation():
    group = RunningGroupFactory()
    first = set_it(group)

    with pytest.raises(Refused) as refusal:
        set_it(group)
    actions.cancel(first, by=mentor_of(group), now=JOINED)
    set_it(group)

    assert refusal.value.reason == MeetingRefusal.ALREADY_THEN


def test_change_grows_the_sequence_only_by_what_calendars_show():
    meeting = MeetingFactory()
    words = {"on": date(2027, 2, 9), "at": time(14, 30), "minutes": 90, "form": "onsite", "place": "Library"}
    by = mentor_of(meeting.group)

    actions.change(meeting, by=by, now=JOINED, title="Other", **words)
    assert (Meeting.objects.get().sequence, Meeting.objects.get().title) == (0, "Other")
    actions.change(meeting, by=by, now=JOINED, **words | {"at": time(15, 0)})

    moved = Meeting.objects.get()
    assert (moved.sequence, moved.local_time, moved.starts_at) == (
        1,
        time(15),
        STARTS + timedelta(minutes=30),
    )


def test_change_of_what_somebody_else_has_changed_is_refused():
    meeting = MeetingFactory()
    stale = Meeting.objects.get()
    actions.cancel(meeting, by=mentor_of(meeting.group), now=JOINED)

    with pytest.raises(Refused) as refusal:
        actions.cancel(stale, by=mentor_of(meeting.group), now=JOINED)

    assert refusal.value.reason == MeetingRefusal.CHANGED


def test_record_counts_who_came_and_can_be_saved_again():
    meeting = MeetingFactory()
    mentor, (first, second, third) = mentor_of(meeting.group), members_of(meeting.group)

    record(meeting, [mentor, first, second], method="M08", support_wanted=True)
    record(meeting, [mentor, first, third], minutes=120, method="M08")

    rows = Attendance.objects.values_list("person", "role", "minutes")
    assert set(rows) == {
        (mentor.pk, "mentor", 120),
        (first.pk, "participant", 120),
        (third.pk, "participant", 120),
    }
    held = Meeting.objects.get()
    assert (held.state, held.method, held.support_wanted, held.recorded_at) == ("held", "M08", False, AFTER)


def test_record_sets_the_next_meeting_too():
    meeting = MeetingFactory()

    record(meeting, [], next_on=date(2027, 3, 30), next_at=time(14, 30))

    following = Meeting.objects.latest("starts_at")
    # Summer time by then: an hour earlier in UTC, the same on the wall.
    assert (following.local_time, following.starts_at.hour) == (time(14, 30), 11)
    assert (following.state, following.place) == ("planned", "Library")


def test_record_is_locked_14_days_after_the_meeting():
    meeting = MeetingFactory()
    first = members_of(meeting.group)[0]
    end = meeting.ends_at
    record(meeting, [])
    record(meeting, [first], now=end + timedelta(days=14))

    with pytest.raises(Refused) as refusal:
        record(meeting, [], now=end + timedelta(days=14, seconds=1))

    assert refusal.value.reason == MeetingRefusal.LOCKED
    assert Attendance.objects.get().person == first


def test_record_knows_who_was_in_the_group_then():
    meeting = MeetingFactory()
    left, *_rest = members_of(meeting.group)
    Membership.objects.filter(person=left).update(ended_at=AFTER)
    stranger = PersonFactory()

    record(meeting, [left])
    with pytest.raises(Refused) as refusal:
        record(meeting, [stranger])

    assert refusal.value.reason == MeetingRefusal.STRANGER
    assert Attendance.objects.get().person == left


def test_check_in_meeting_is_ones_own_while_it_runs():
    meeting = MeetingFactory()
    first = members_of(meeting.group)[0]

    with pytest.raises(Refused) as refusal:
        actions.check_in_meeting(meeting, person=first, by=first, now=STARTS - timedelta(hours=1))
    for _twice in range(2):
        actions.check_in_meeting(meeting, person=first, by=first, now=STARTS)

    assert refusal.value.reason == MeetingRefusal.CHECK_IN_EARLY
    assert Attendance.objects.get().minutes == 90
    actions.check_in_meeting(meeting, person=first, present=False, by=first, now=STARTS)
    assert not Attendance.objects.exists()


def test_correct_attendance_shows_why_and_no_later_record_touches_it():
    office = PersonFactory()
    meeting = MeetingFactory(group=RunningGroupFactory(programme=ProgrammeFactory(office=office)))
    first, second, _third = members_of(meeting.group)
    record(meeting, [first])

    for person, minutes in [(first, 45), (second, 90)]:
        actions.correct_attendance(
            person, meeting=meeting, minutes=minutes, reason="Told by phone", by=office, now=AFTER
        )
    record(meeting, [first])

    assert set(Attendance.objects.values_list("person", "minutes")) == {(first.pk, 45), (second.pk, 90)}
    seen = queries.corrections_of(first, programmes=[meeting.group.programme_id]).get()
    assert (seen.minutes_before, seen.minutes_after, seen.reason) == (90, 45, "Told by phone")
    told = Message.objects.get(kind="meetings/email/corrected", person_uid=first.uid)
    assert "phone" not in str(told.words)


def test_correct_attendance_to_nothing_takes_the_row_away_and_refuses_oneself_and_no_reason():
    meeting = MeetingFactory()
    first, second, _third = members_of(meeting.group)
    record(meeting, [first])

    def correct(by, reason):
        actions.correct_attendance(first, meeting=meeting, minutes=0, reason=reason, by=by, now=AFTER)

    for by, reason in [(first, "Why not"), (second, " ")]:
        with pytest.raises(Refused):
            correct(by, reason)
    correct(second, "Was ill")

    assert not Attendance.objects.exists()
    assert Correction.objects.get().minutes_before == 90


def test_check_in_at_a_joint_event_counts_once_and_by_role():
    group = RunningGroupFactory()
    session = SessionFactory(programme=group.programme)
    first, mentor = members_of(group)[0], mentor_of(group)

    for person in (first, first, mentor):
        actions.check_in(session, person=person, by=person, now=STARTS)

    rows = Attendance.objects.order_by("pk").values_list("person", "role", "minutes")
    assert list(rows) == [(first.pk, "participant", 120), (mentor.pk, "mentor", 120)]


def test_mark_roll_changes_only_who_is_on_the_page():
    office = PersonFactory()
    group = RunningGroupFactory(programme=ProgrammeFactory(office=office))
    session = SessionFactory(programme=group.programme)
    first, second, third = members_of(group)
    for person in (first, third):
        actions.check_in(session, person=person, by=person, now=STARTS)
    stranger = PersonFactory()

    changed = actions.mark_roll(
        session,
        shown=[first.uid, second.uid, stranger.uid],
        came={second.uid, stranger.uid},
        by=office,
        now=AFTER,
    )

    assert changed == 2
    assert set(Attendance.objects.values_list("person", flat=True)) == {second.pk, third.pk}


def test_group_figures_are_the_offices_view_in_four_queries(django_assert_num_queries):
    group = RunningGroupFactory()
    held = MeetingFactory(group=group)
    record(held, members_of(group)[:2], support_wanted=True)
    coming = MeetingFactory(group=group, starts_at=STARTS + timedelta(days=28))
    MeetingFactory(group=group, starts_at=STARTS + timedelta(days=56))
    quiet = RunningGroupFactory(programme=group.programme, state=Group.State.FORMING)

    with django_assert_num_queries(4):
        figures = queries.group_figures(group.programme, now=AFTER)

    assert figures[group.pk] == queries.GroupFigures(
        held=1,
        minutes=90,
        last_at=STARTS,
        last_uid=held.uid,
        last_present=2,
        last_of=3,
        next_at=coming.starts_at,
        support_wanted=True,
    )
    assert figures[quiet.pk] == queries.GroupFigures()
    assert set(queries.group_figures(group.programme, now=AFTER, groups=[quiet.pk])) == {quiet.pk}


def test_timeline_shows_meetings_and_joint_events_in_order():
    group = RunningGroupFactory()
    held = MeetingFactory(group=group, title="")
    record(held, members_of(group)[:2])
    coming = MeetingFactory(group=group, starts_at=STARTS + timedelta(days=28))
    actions.answer(coming, person=members_of(group)[0], coming=True, by=members_of(group)[0], now=AFTER)
    SessionFactory(programme=group.programme, starts_at=STARTS - timedelta(days=7))
    SessionFactory(programme=group.programme, kind="mentors", starts_at=STARTS - timedelta(days=8))

    moments = queries.timeline(queries.Year.of(group), now=AFTER)

    assert [(moment.state, moment.title) for moment in moments] == [
        ("done", "Joint opening"),
        ("done", "Group meeting"),
        ("now", "Messages from parents"),
    ]
    assert [moment.seats for moment in moments] == ["", "ppaa", "pwww"]
