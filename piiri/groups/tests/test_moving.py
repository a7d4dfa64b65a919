"""Groups start, are postponed, called off and merged; and what happens when two press at once."""

from datetime import date

import pytest

from piiri.base.errors import Refused
from piiri.base.tests.at_once import at_once
from piiri.groups import actions, rules
from piiri.groups.models import Group, Membership, Offer
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory

State = Group.State


def reason(deed, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        deed(*args, **kwargs)
    return refused.value.reason


def asked(group, *, into, by):
    """The members of `group`, each with a place held for them in `into`."""
    actions.propose_merge(group, into=into, by=by, now=NOW)
    return [
        actions.offer_place(into, person=one.person, by=by, now=NOW, hours=72, instead_of=one)
        for one in group.memberships.active()
    ]


# --- rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "taken", "mentors", "expected"),
    [
        ({}, 4, 1, None),
        ({}, 3, 1, GroupRefusal.TOO_FEW),
        ({"min_to_start": 1}, 1, 1, None),
        ({}, 4, 0, GroupRefusal.NO_MENTOR),
        ({"self_run": True}, 4, 0, None),
        ({"state": State.RUNNING}, 4, 1, GroupRefusal.NOT_NOW),
        ({"merged_into_id": 7}, 4, 1, GroupRefusal.NOT_NOW),
    ],
)
def test_why_not_start(group, taken, mentors, expected):
    assert rules.why_not_start(Group(**group), taken=taken, mentors=mentors) == expected


@pytest.mark.parametrize(
    ("group", "into", "is_target", "expected"),
    [
        ({}, {}, False, None),
        ({}, {"state": State.RUNNING}, False, None),
        ({}, {"pk": 1}, False, GroupRefusal.NO_MERGE),
        ({}, {"programme_id": 8}, False, GroupRefusal.NO_MERGE),
        ({"state": State.RUNNING}, {}, False, GroupRefusal.NOT_NOW),
        ({"merged_into_id": 2}, {}, False, GroupRefusal.NOT_NOW),
        ({}, {"merged_into_id": 3}, False, GroupRefusal.NOT_NOW),
        ({}, {"state": State.CANCELLED}, False, GroupRefusal.NOT_NOW),
        ({}, {}, True, GroupRefusal.NOT_NOW),
    ],
)
def test_why_not_merge(group, into, is_target, expected):
    one = Group(**{"pk": 1, "programme_id": 9} | group)
    other = Group(**{"pk": 2, "programme_id": 9} | into)

    assert rules.why_not_merge(one, into=other, is_target=is_target) == expected


# --- deeds ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_cancel_group_takes_held_places_back_and_says_who_was_asked():
    group, office, asked_one = GroupFactory(members=1), PersonFactory(), PersonFactory()
    offer = actions.offer_place(group, person=asked_one, by=None, now=NOW, hours=72)

    left = actions.cancel_group(group, by=office, now=NOW, seen=State.OFFERED)

    assert (len(left.members), len(left.mentors), left.offers) == (1, 1, [offer])
    assert left.offers[0].person == asked_one
    assert Offer.objects.get(pk=offer.pk).state == Offer.State.WITHDRAWN
    assert reason(actions.accept_offer, offer, by=asked_one, now=NOW) == GroupRefusal.TOO_LATE


@pytest.mark.django_db
def test_cancel_group_refuses_when_the_group_has_moved_on_from_what_was_seen():
    group, office = GroupFactory(members=4), PersonFactory()
    actions.start_group(group, by=office, now=NOW)

    refused = reason(actions.cancel_group, group, by=office, now=NOW, seen=State.FORMING)

    assert refused == GroupRefusal.NOT_NOW
    assert group.memberships.active().count() == 4


@pytest.mark.django_db
def test_an_ended_group_has_no_free_place_even_for_who_has_not_noticed():
    group, person = GroupFactory(), PersonFactory()
    stale = Group.objects.get(pk=group.pk)
    actions.cancel_group(group, by=PersonFactory(), now=NOW)

    assert reason(actions.join, stale, person=person, by=person, now=NOW) == GroupRefusal.FULL
    assert not Membership.objects.exists()


@pytest.mark.django_db
def test_close_group_takes_held_places_back():
    group, office = GroupFactory(members=4), PersonFactory()
    offer = actions.offer_place(group, person=PersonFactory(), by=None, now=NOW, hours=72)
    actions.start_group(group, by=office, now=NOW)

    actions.close_group(group, by=office, now=NOW)

    assert Offer.objects.get(pk=offer.pk).state == Offer.State.WITHDRAWN
    assert group.memberships.active().count() == 4


@pytest.mark.django_db
def test_decide_later_is_for_groups_that_wait_for_a_decision():
    group, office, day = GroupFactory(), PersonFactory(), date(2027, 3, 1)

    actions.decide_later(group, on=day, by=office, now=NOW)

    assert Group.objects.get(pk=group.pk).decide_on == day
    actions.start_group(group, by=office, now=NOW)
    assert reason(actions.decide_later, group, on=day, by=office, now=NOW) == GroupRefusal.NOT_NOW


@pytest.mark.django_db
def test_while_members_are_asked_to_move_nobody_joins_and_nothing_starts():
    group, office, person = GroupFactory(members=2), PersonFactory(), PersonFactory()
    asked(group, into=GroupFactory(programme=group.programme, members=2), by=office)

    assert reason(actions.join, group, person=person, by=person, now=NOW) == GroupRefusal.MERGING
    assert reason(actions.start_group, group, by=office, now=NOW) == GroupRefusal.NOT_NOW


@pytest.mark.django_db
def test_merge_group_moves_who_said_yes_and_leaves_the_others_free():
    group, office = GroupFactory(members=3), PersonFactory()
    into = GroupFactory(programme=group.programme, members=2)
    yes, no, silent = asked(group, into=into, by=office)
    actions.accept_offer(yes, by=yes.person, now=NOW)
    actions.end_offer(no, to=Offer.State.DECLINED, by=no.person, now=NOW)

    left = actions.merge_group(group, into=into, by=None, now=NOW)

    assert set(left.members) == {no.person, silent.person}
    assert into.memberships.active().count() == 3
    assert into.places.taken().count() == 3
    assert Group.objects.get(pk=group.pk).state == State.MERGED
    assert Offer.objects.get(pk=silent.pk).state == Offer.State.WITHDRAWN
    assert reason(actions.merge_group, group, into=into, by=None, now=NOW) == GroupRefusal.NOT_NOW


@pytest.mark.django_db
def test_stop_merge_takes_open_questions_back_and_leaves_who_has_moved():
    group, office = GroupFactory(members=2), PersonFactory()
    into = GroupFactory(programme=group.programme)
    yes, silent = asked(group, into=into, by=office)
    actions.accept_offer(yes, by=yes.person, now=NOW)

    assert actions.stop_merge(group, by=office, now=NOW) == [silent]
    assert group.memberships.active().count() == into.memberships.active().count() == 1
    assert into.places.taken().count() == 1
    assert reason(actions.stop_merge, group, by=office, now=NOW) == GroupRefusal.NOT_NOW


@pytest.mark.django_db
def test_whoever_has_left_meanwhile_does_not_move():
    group, office = GroupFactory(members=1), PersonFactory()
    into = GroupFactory(programme=group.programme)
    (offer,) = asked(group, into=into, by=office)
    actions.leave(group.memberships.get(), by=offer.person, now=NOW)

    assert reason(actions.accept_offer, offer, by=offer.person, now=NOW) == GroupRefusal.TOO_LATE
    assert not into.memberships.exists()


# --- races ------------------------------------------------------------------------------------


def all_at_once(*deeds):
    """Each deed in a thread of its own, as somebody else; True where it went well."""
    pressing = {PersonFactory(): deed for deed in deeds}
    return at_once(lambda person: pressing[person](person), list(pressing))


def start_or_cancel():
    group = GroupFactory(members=4)

    def start(person):
        actions.start_group(Group.objects.get(pk=group.pk), by=person, now=NOW)

    def cancel(person):
        actions.cancel_group(Group.objects.get(pk=group.pk), by=person, now=NOW, seen=State.OFFERED)

    went_well = all_at_once(start, cancel)
    return went_well, Group.objects.get(pk=group.pk).state, group.memberships.active().count()


@pytest.mark.django_db(transaction=True)
def test_of_start_and_cancel_pressed_at_once_only_one_happens():
    for _round in range(5):
        went_well, state, members = start_or_cancel()

        assert sum(went_well) == 1
        assert (state, members) in [(State.RUNNING, 4), (State.CANCELLED, 0)]


def cancel_while_people_come():
    group = GroupFactory(members=2)
    offer = actions.offer_place(group, person=PersonFactory(), by=None, now=NOW, hours=72)

    def cancel(person):
        actions.cancel_group(Group.objects.get(pk=group.pk), by=person, now=NOW)

    def take(person):
        actions.join(Group.objects.get(pk=group.pk), person=person, by=person, now=NOW)

    def accept(_person):
        actions.accept_offer(offer, by=offer.person, now=NOW)

    all_at_once(cancel, take, accept)
    return group


@pytest.mark.django_db(transaction=True)
def test_nobody_accepts_or_takes_a_place_in_a_group_that_is_being_called_off():
    for _round in range(8):
        group = cancel_while_people_come()

        assert Group.objects.get(pk=group.pk).state == State.CANCELLED
        assert not group.memberships.filter(ended_at=None).exists()
        assert not group.places.taken().exists()
        assert not group.offers.open().exists()


def merge_both_ways():
    one = GroupFactory(members=1)
    other = GroupFactory(programme=one.programme, members=1)

    def merge(person):
        actions.propose_merge(one, into=other, by=person, now=NOW)

    def merge_back(person):
        actions.propose_merge(other, into=one, by=person, now=NOW)

    return all_at_once(merge, merge_back)


@pytest.mark.django_db(transaction=True)
def test_two_groups_are_not_merged_into_each_other():
    for _round in range(5):
        assert sum(merge_both_ways()) == 1


def answer_while_merging():
    group = GroupFactory(members=1)
    into = GroupFactory(programme=group.programme, members=3)
    (offer,) = asked(group, into=into, by=PersonFactory())

    def merge(_person):
        actions.merge_group(group, into=into, by=None, now=NOW)

    def accept(_person):
        actions.accept_offer(offer, by=offer.person, now=NOW)

    all_at_once(merge, accept)
    return group, into, Membership.objects.filter(person=offer.person, ended_at=None)


@pytest.mark.django_db(transaction=True)
def test_whoever_says_yes_at_the_last_moment_has_moved_or_keeps_nothing_half():
    for _round in range(5):
        group, into, sitting = answer_while_merging()

        assert Group.objects.get(pk=group.pk).state == State.MERGED
        assert {one.group_id for one in sitting} <= {into.pk}
        assert into.places.taken().count() == 3 + sitting.count()


@pytest.mark.django_db
def test_who_looked_before_a_merge_was_proposed_gets_no_place_after_it():
    group = GroupFactory(members=1)
    into, late = GroupFactory(programme=group.programme), PersonFactory()
    Group.objects.filter(pk=group.pk).update(merged_into=into)

    assert reason(actions.join, group, person=late, by=late, now=NOW) == GroupRefusal.FULL
    assert not group.memberships.filter(person=late).exists()
    assert reason(actions.take_free_place, group, person=late, now=NOW) == GroupRefusal.FULL
