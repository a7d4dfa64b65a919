"""What was written before somebody came opens to them only where the group says so, and to a mentor only."""

from datetime import timedelta

import pytest
from django.urls import reverse

from piiri.groups import actions
from piiri.groups.models import Membership
from piiri.groups.tests.factories import NOW, MentorFactory, PersonFactory
from piiri.meetings.tests.factories import RunningGroupFactory, members_of
from piiri.notes import access
from piiri.notes.models import Line
from piiri.notes.tests.factories import CANARY, LineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BEGAN, CAME = NOW - timedelta(days=60), NOW - timedelta(days=5)
KINDS = {"notes:board": Line.Kind.POST, "notes:topics": Line.Kind.TOPIC, "notes:files": Line.Kind.LINK}


@pytest.fixture
def group():
    """Begun two months ago with three members; a new mentor and a newcomer since five days."""
    group = RunningGroupFactory(started_at=BEGAN)
    group.memberships.update(joined_at=BEGAN - timedelta(days=1))
    actions.release_mentor(group.mentorships.get(), by=None, now=CAME)
    mentor = MentorFactory(programme=group.programme, person=PersonFactory()).person
    actions.assign_mentor(group, person=mentor, by=None, now=CAME)
    actions.join(group, person=PersonFactory(), by=None, now=CAME)
    return group


def old_and_new(group, kind=Line.Kind.POST):
    """A line from before the two came, and one from after."""
    old = LineFactory(group=group, kind=kind, text=f"{CANARY} old", written_at=CAME - timedelta(hours=1))
    return old, LineFactory(group=group, kind=kind, text=f"{CANARY} new", written_at=CAME)


def test_lines_from_before_open_to_those_who_were_there_and_not_to_those_who_came(group):
    old, new = old_and_new(group)
    successor, newcomer = group.mentorships.active().get().person, members_of(group)[3]

    assert set(access.visible_lines(members_of(group)[0])) == {old, new}
    assert set(access.visible_lines(successor)) == {new}
    assert set(access.visible_lines(newcomer)) == {new}
    assert set(access.visible_lines_to_read(successor)) == {new}


def test_lines_from_before_open_to_a_new_mentor_once_all_have_said_yes(group):
    old, new = old_and_new(group)
    seat = group.mentorships.active().select_related("group", "person").get()
    first, *others = members_of(group)[:3]
    actions.open_history(seat, by=first, now=NOW)
    assert set(access.visible_lines(seat.person)) == {new}

    for person in others:
        actions.open_history(seat, by=person, now=NOW)

    assert set(access.visible_lines(seat.person)) == {old, new}
    assert set(access.visible_lines(members_of(group)[3])) == {new}


def test_lines_stay_open_to_somebody_who_was_there_and_came_back(group):
    old, new = old_and_new(group)
    one = Membership.objects.filter(group=group).order_by("pk")[0]
    Membership.objects.filter(pk=one.pk).update(ended_at=BEGAN + timedelta(days=9))
    Membership.objects.create(
        group=group, programme=group.programme, person=one.person, joined_at=NOW, confirmed_at=NOW
    )

    assert set(access.visible_lines(one.person)) == {old, new}


@pytest.mark.parametrize(("page", "kind"), KINDS.items())
def test_pages_show_whoever_came_later_nothing_from_before(client, group, page, kind):
    old_and_new(group, kind)
    shown = {}

    for name, person in {"there": members_of(group)[0], "came": members_of(group)[3]}.items():
        client.force_login(person)
        shown[name] = client.get(reverse(page, args=[group.uid])).content.decode()

    assert f"{CANARY} old" in shown["there"]
    assert f"{CANARY} old" not in shown["came"]
    assert f"{CANARY} new" in shown["came"]
