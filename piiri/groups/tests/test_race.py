"""Many ask for the same places at the same moment, each in a thread with its own connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from piiri.base.errors import Refused
from piiri.groups import actions
from piiri.groups.models import Membership, PairClaim
from piiri.groups.tests.factories import NOW, GroupFactory, KeptApartFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)

ASKING = 30


def at_once(deed, people):
    """Let each person do the deed in a thread of their own, all at once; True where it went well."""
    start = Barrier(len(people))

    def ask(person):
        try:
            start.wait()
            deed(person)
        except Refused:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(ask, people))


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
