"""The mentor of a pair without a date is asked once to take the first step."""

from datetime import timedelta

import pytest

from piiri.audit.models import Entry
from piiri.mail.models import Message
from piiri.meetings import actions
from piiri.meetings.tests.factories import JOINED, MeetingFactory, RunningGroupFactory, mentor_of

pytestmark = pytest.mark.django_db
IN_TIME = JOINED + timedelta(days=3)


def a_pair(**more):
    return RunningGroupFactory(**{"guidance": "pair", "places": 1, "members": 1, "started_at": JOINED} | more)


def test_ask_first_steps_posts_one_mail_to_the_mentor_three_days_after_the_start():
    group = a_pair()

    assert actions.ask_first_steps(now=IN_TIME - timedelta(seconds=1)) == 0
    assert actions.ask_first_steps(now=IN_TIME) == 1
    assert actions.ask_first_steps(now=IN_TIME) == 0

    mail = Message.objects.get(kind="meetings/email/first_step")
    assert mail.person_uid == mentor_of(group).uid
    assert mail.link == f"/groups/{group.uid}/"
    assert Entry.objects.filter(deed="first_step_asked").count() == 1


def test_ask_first_step_twice_posts_once():
    group = a_pair()

    assert actions.ask_first_step(group, now=IN_TIME)
    assert not actions.ask_first_step(group, now=IN_TIME)


def test_ask_first_steps_leaves_alone_who_has_a_date_groups_and_pairs_of_long_ago():
    MeetingFactory(group=a_pair(), starts_at=JOINED + timedelta(days=20))
    a_pair(guidance="group")
    a_pair(state="forming")
    a_pair(started_at=IN_TIME - timedelta(days=30))

    assert actions.ask_first_steps(now=IN_TIME) == 0


def test_ask_first_steps_counts_a_cancelled_meeting_as_none():
    MeetingFactory(group=a_pair(), state="cancelled")

    assert actions.ask_first_steps(now=IN_TIME) == 1
