"""Many ask for the same places at the same moment, each in a thread with its own connection."""

from threading import Barrier

import pytest

from piiri.base.tests.at_once import at_once
from piiri.groups import actions
from piiri.groups.models import Membership, PairClaim
from piiri.groups.tests.factories import NOW, GroupFactory, KeptApartFactory, MentorFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)

ASKING = 30


def test_thirty_who_ask_for_eight_places_get_exactly_eight():
    group, people = GroupFactory(places=8), PersonFactory.create_batch(ASKING)

    went_well = at_once(lambda person: actions.join(group, person=person, by=person, now=NOW), people)

    assert sum(went_well) == 8
    assert group.memberships.active().count() == 8
    assert group.places.taken().count() == 8


def test_without_the_guarded_update_the_same_thirty_overbook():
    """Shows that the race above is one: look first, write then, and more than eight are in."""
    group, people = GroupFactory(places=8), PersonFactory.create_batch(ASKING)
    looked = Barrier(ASKING)

    def naive(person):
        is_free = group.memberships.count() < 8
        looked.wait()
        if is_free:
            group.memberships.create(
                programme=group.programme, person=person, joined_at=NOW, confirmed_at=NOW
            )

    at_once(naive, people)

    assert group.memberships.count() > 8


def test_a_person_who_presses_twice_in_two_groups_has_one_place():
    group, person = GroupFactory(), PersonFactory()
    sibling = GroupFactory(programme=group.programme)
    groups = iter([group, sibling] * 5)

    at_once(lambda same: actions.join(next(groups), person=same, by=same, now=NOW), [person] * 10)

    assert Membership.objects.filter(person=person).count() == 1
    assert group.places.taken().count() + sibling.places.taken().count() == 1


def test_of_a_kept_apart_pair_only_one_gets_in():
    for _round in range(5):
        group, first, second = GroupFactory(), PersonFactory(), PersonFactory()
        KeptApartFactory(programme=group.programme, first=first, second=second)

        def join(person, group=group):
            actions.join(group, person=person, by=person, now=NOW)

        at_once(join, [first, second])

        assert group.memberships.count() == 1
        assert PairClaim.objects.filter(group=group).count() == 1


def test_a_mentor_given_to_a_group_by_many_presses_leads_it_once():
    group, office = GroupFactory(mentor=False), PersonFactory()
    mentor = MentorFactory(programme=group.programme).person

    assert all(at_once(lambda by: actions.assign_mentor(group, person=mentor, by=by, now=NOW), [office] * 4))
    assert group.mentorships.active().count() == 1
