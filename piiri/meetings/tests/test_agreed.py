"""What a group has agreed on stands beside its meeting; the office reads nothing of it there."""

import pytest
from django.urls import reverse

from piiri.agreements.tests.factories import CANARY, a_goal, agreed
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.meetings.tests.factories import STARTS, MeetingFactory, RunningGroupFactory, members_of, mentor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DUE = "By meeting 2 a group has agreed on how it works"


@pytest.fixture
def office():
    return PersonFactory()


@pytest.fixture
def group(office):
    return RunningGroupFactory(programme=ProgrammeFactory(office=office))


def page_of(client, person, meeting):
    client.force_login(person)
    return client.get(reverse("meetings:meeting", args=[meeting.uid])).content.decode()


def test_goals_and_agreement_stand_beside_the_meeting_for_those_who_sit_there(client, group, office):
    agreed(group)
    a_goal(group)
    meeting = MeetingFactory(group=group)

    for person in (mentor_of(group), members_of(group)[0]):
        page = page_of(client, person, meeting)
        assert CANARY in page
        assert "Version 1: 4 of 4 signed" in page
    assert CANARY not in page_of(client, office, meeting)
    assert CANARY not in page_of(client, mentor_of(RunningGroupFactory()), meeting)


def test_the_second_meeting_reminds_of_the_agreement_and_bars_nothing(client, group):
    first = MeetingFactory(group=group, starts_at=STARTS.replace(day=2))
    second = MeetingFactory(group=group)
    mentor = mentor_of(group)

    assert DUE not in page_of(client, mentor, first)
    assert DUE in page_of(client, mentor, second)
    agreed(group, sign=False)
    assert DUE not in page_of(client, mentor, second)
