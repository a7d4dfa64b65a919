"""Whose turn a meeting of a self-run group is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.groups.tests.factories import PersonFactory
from piiri.meetings import actions, rules
from piiri.meetings.models import Meeting
from piiri.meetings.rules import MeetingRefusal
from piiri.meetings.tests.factories import JOINED, STARTS, MeetingFactory, RunningGroupFactory, members_of


def self_run(members=3):
    group = RunningGroupFactory(mentor=False, self_run=True, members=members)
    for days, one in enumerate(group.memberships.order_by("pk")):
        group.memberships.filter(pk=one.pk).update(joined_at=JOINED + timedelta(days=days))
    return group


def meetings(group, number):
    return [MeetingFactory(group=group, starts_at=STARTS + timedelta(weeks=week)) for week in range(number)]


def turns(group):
    return list(group.meetings.order_by("starts_at").values_list("convener", flat=True))


def test_next_convener_is_who_had_the_fewest_turns_then_who_joined_first():
    assert rules.next_convener([7, 3, 5], had={}) == 7
    assert rules.next_convener([7, 3, 5], had={7: 1, 3: 1}) == 5
    assert rules.next_convener([7, 3, 5], had={7: 2, 3: 1, 5: 1}) == 3
    assert rules.next_convener([], had={}) is None


@pytest.mark.django_db
def test_give_turns_goes_round_and_changes_nothing_the_second_time():
    group = self_run()
    meetings(group, 4)
    first, second, third = [one.pk for one in members_of(group)]

    assert actions.give_turns(now=JOINED) == 4
    assert actions.give_turns(now=JOINED) == 0

    assert turns(group) == [first, second, third, first]
    assert Entry.objects.filter(deed="turns_given").count() == 1


@pytest.mark.django_db
def test_give_turns_gives_the_turn_of_somebody_who_left_to_another():
    group = self_run()
    meetings(group, 2)
    actions.give_turns(now=JOINED)
    group.memberships.filter(person=members_of(group)[0]).update(ended_at=JOINED)

    actions.give_turns(now=JOINED)

    _gone, second, third = [one.pk for one in members_of(group)]
    assert turns(group) == [third, second]


@pytest.mark.django_db
def test_give_turns_leaves_groups_with_a_mentor_past_meetings_and_empty_groups_alone():
    MeetingFactory()
    meetings(self_run(), 1)
    meetings(self_run(members=0), 1)

    assert actions.give_turns(now=STARTS + timedelta(days=1)) == 0
    assert actions.give_turns(now=JOINED) == 1


@pytest.mark.django_db
def test_take_turn_is_a_swap_by_whoever_says_so():
    group = self_run()
    (meeting,) = meetings(group, 1)
    actions.give_turns(now=JOINED)
    other = members_of(group)[2]

    actions.take_turn(meeting, by=other, now=JOINED)

    assert turns(group) == [other.pk]
    assert actions.give_turns(now=JOINED) == 0


@pytest.mark.django_db
def test_take_turn_of_a_meeting_cancelled_meanwhile_is_refused_and_noted_nowhere():
    group = self_run()
    (meeting,) = meetings(group, 1)
    Meeting.objects.update(state=Meeting.State.CANCELLED)

    with pytest.raises(Refused) as refusal:
        actions.take_turn(meeting, by=members_of(group)[0], now=JOINED)

    assert refusal.value.reason == MeetingRefusal.CANCELLED
    assert not Entry.objects.filter(deed="turn_taken").exists()


@pytest.mark.parametrize(
    ("is_self_run", "state", "days", "expected"),
    [
        (True, "planned", 0, None),
        (False, "planned", 0, MeetingRefusal.RUN_BY_MENTOR),
        (True, "cancelled", 0, MeetingRefusal.CANCELLED),
        (True, "held", 0, MeetingRefusal.RECORDED),
        (True, "planned", 1, MeetingRefusal.PAST),
    ],
)
def test_why_not_convene(is_self_run, state, days, expected):
    meeting, group = Meeting(starts_at=STARTS, minutes=90, state=state), Group(self_run=is_self_run)

    assert rules.why_not_convene(meeting, group, now=STARTS + timedelta(days=days)) == expected


@pytest.mark.django_db
def test_take_turn_in_a_group_with_a_mentor_is_refused():
    meeting = MeetingFactory()

    with pytest.raises(Refused, match=MeetingRefusal.RUN_BY_MENTOR):
        actions.take_turn(meeting, by=members_of(meeting.group)[0], now=JOINED)


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_a_meeting_s_page_says_whose_turn_it_is_and_lets_anybody_take_it(client):
    group = self_run()
    (meeting,) = meetings(group, 1)
    actions.give_turns(now=JOINED)
    first, second, _third = members_of(group)
    client.force_login(second)
    page = reverse("meetings:meeting", args=[meeting.uid])

    assert f"{first.name} sees to the date" in client.get(page).content.decode()
    after = client.post(reverse("meetings:take-turn", args=[meeting.uid]), follow=True)

    assert "It is your turn now" in after.content.decode()
    meeting.refresh_from_db()
    assert meeting.convener == second
    client.force_login(PersonFactory())
    assert client.post(reverse("meetings:take-turn", args=[meeting.uid])).status_code == 404
