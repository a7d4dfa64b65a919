"""Mails of a group that looks for a time: one that asks, one reminder, one when all have answered."""

from datetime import date, time, timedelta

import pytest

from piiri.groups.models import Group, Membership
from piiri.groups.tests.factories import NOW
from piiri.mail import letter
from piiri.mail.models import Message
from piiri.meetings import actions
from piiri.meetings.actions import polling
from piiri.meetings.models import Asked
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, members_of, mentor_of
from piiri.meetings.tests.test_polls import ANSWER_BY, MONDAY, address, ask, at, everybody, mark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def group():
    return RunningGroupFactory()


@pytest.fixture
def poll(group):
    return ask(group, place="Library")


def kinds():
    return sorted(Message.objects.exclude(state="withdrawn").values_list("kind", "person_uid"))


def test_everybody_is_asked_once_in_neutral_words_but_whoever_asks(group, poll):
    actions.ask_due(now=NOW)
    actions.ask_due(now=NOW)

    assert kinds() == sorted(("meetings/email/asked_for_times", one.uid) for one in members_of(group))
    message = Message.objects.first()
    assert message.link == address(poll)
    for language in ("fi", "sv", "en"):
        told = letter.write(message.kind, words=message.words, language=language, url="https://x.example/")
        assert not [word for word in ("Theme", "Library", "Person") if word in told.text]


def test_a_search_that_ended_since_it_was_read_asks_nobody(group, poll):
    actions.stop_asking(poll, by=mentor_of(group), now=NOW)

    assert not polling.ask(poll, person=members_of(group)[0], now=NOW)

    assert not Asked.objects.exists()
    assert kinds() == []


def test_a_group_that_has_ended_is_not_asked_any_more(group, poll):
    actions.ask_due(now=NOW)
    Message.objects.all().delete()
    Group.objects.filter(pk=group.pk).update(state=Group.State.CLOSED)

    assert actions.ask_due(now=ANSWER_BY - timedelta(hours=23)) == 0
    Asked.objects.all().delete()
    assert actions.ask_due(now=NOW) == 0


def test_one_reminder_a_day_before_and_only_for_those_who_have_not_answered(group, poll):
    actions.ask_due(now=NOW)
    ann, bo, cy = members_of(group)
    mark(poll, ann, {})
    left = Membership.objects.get(person=cy)
    Membership.objects.filter(pk=left.pk).update(paused_at=NOW)
    Message.objects.all().delete()

    early = actions.ask_due(now=ANSWER_BY - timedelta(hours=25))
    told = [actions.ask_due(now=ANSWER_BY - timedelta(hours=23)) for _ in range(2)]
    late = actions.ask_due(now=ANSWER_BY + timedelta(hours=1))

    # The mentor, who asked and has not answered, is reminded too; who is paused is not.
    reminded = [("meetings/email/times_reminder", one.uid) for one in (mentor_of(group), bo)]
    assert (early, told, late) == (0, [2, 0], 0)
    assert kinds() == sorted(reminded)


def test_the_mentor_hears_once_when_the_last_one_has_answered(group, poll):
    for person in everybody(group):
        assert kinds() == []
        mark(poll, person, at(MONDAY, 13, 15))
    mark(poll, members_of(group)[0], at(MONDAY, 13, 16))

    assert kinds() == [("meetings/email/all_answered", mentor_of(group).uid)]


def test_mails_that_have_not_left_are_taken_back_when_a_time_is_booked(group, poll):
    actions.ask_due(now=NOW)

    actions.book_time(poll, on=date(2027, 2, 9), at=time(14, 30), by=mentor_of(group), now=NOW)
    actions.ask_due(now=ANSWER_BY - timedelta(hours=23))

    assert kinds() == []
    assert Asked.objects.filter(reminded_at=None).count() == 4


FACTS = {"minutes": 90, "form": "onsite", "place": "Library"}


def move(meeting, by):
    actions.change(meeting, on=date(2027, 2, 10), at=time(15), by=by, now=NOW, **FACTS)


def cancel(meeting, by):
    actions.cancel(meeting, by=by, now=NOW)


def hold(meeting, by):
    actions.record(meeting, came=set(), minutes=90, form="onsite", by=by, now=meeting.ends_at)


@pytest.mark.parametrize(("deed", "has_time"), [(move, True), (cancel, False), (hold, False)])
def test_a_meeting_moved_by_hand_cancelled_or_held_ends_the_search_for_another_time(group, deed, has_time):
    meeting = MeetingFactory(group=group)
    poll, other = ask(group, moves=meeting), ask(group)
    actions.ask_due(now=NOW)

    deed(meeting, mentor_of(group))

    poll.refresh_from_db()
    other.refresh_from_db()
    assert poll.ended_at
    assert poll.booked == (meeting if has_time else None)
    assert other.ended_at is None
    assert not Message.objects.filter(about_uid=poll.uid).exclude(state="withdrawn").exists()
    assert Message.objects.filter(about_uid=other.uid, state="waiting").count() == 3


def test_other_words_about_a_meeting_leave_the_search_for_another_time_open(group):
    meeting = MeetingFactory(group=group)
    poll = ask(group, moves=meeting)

    words = {**FACTS, "place": "Cafe"}
    actions.change(
        meeting, on=meeting.local_date, at=meeting.local_time, by=mentor_of(group), now=NOW, **words
    )

    poll.refresh_from_db()
    assert poll.ended_at is None
