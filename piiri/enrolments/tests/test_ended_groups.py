"""A group has ended: its list ends, and whoever came in at that very moment waits again."""

import pytest

from piiri.base.errors import Refused
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.enrolments.tests.lists import first_come, full_group, waiting
from piiri.enrolments.tests.test_waiting import mend, people_in
from piiri.groups import actions as group_actions
from piiri.groups.models import Group
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db
State = Application.State
End = Waiting.End


def test_who_came_in_as_the_group_was_called_off_waits_again_and_is_told():
    group = GroupFactory(programme=first_come(), members=1)
    membership = group.memberships.get()
    application = ApplicationFactory(
        programme=group.programme,
        person=membership.person,
        state=State.PLACED,
        decided_at=NOW,
        wishes=[group.theme],
    )
    Group.objects.update(
        state=Group.State.CANCELLED, ended_at=NOW
    )  # as a statement sees it that began before

    assert mend() == 1
    assert mend() == 0

    application.refresh_from_db()
    assert application.state == State.WAITING
    assert people_in(group.theme) == [membership.person]
    assert not group.memberships.filter(ended_at=None).exists()
    assert not group.places.taken().exists()
    told = Message.objects.get(kind__endswith="/not_starting")
    assert told.words["why"] == "It ended at the very moment when you took your place."


def test_nobody_is_freed_from_a_group_that_lives():
    group = GroupFactory(members=1)

    with pytest.raises(Refused):
        group_actions.empty_ended(group, by=None, now=NOW)
    assert group.memberships.active().exists()


def test_the_list_of_a_group_that_ended_ends():
    group = full_group()
    application = waiting(group)
    group_actions.cancel_group(group, by=PersonFactory(), now=NOW)

    assert mend() == 1
    assert application.turns.get().end == End.OVER
