"""Two are kept apart at the moment they take places: whoever is first is seen, the other is refused."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, connections, transaction

from piiri.base.errors import Refused
from piiri.groups import actions
from piiri.groups.actions.pressing import take_free_place
from piiri.groups.models import KeptApart, Membership
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import NOW, GroupFactory, MentorFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)
postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")

ROUNDS = 40
SOON, LONG = 0.5, 20


def pressed(group, person):
    with transaction.atomic():
        take_free_place(group, person=person, now=NOW)


def joined(group, person):
    actions.join(group, person=person, by=person, now=NOW)


def accepted(group, person):
    offer = actions.offer_place(group, person=person, by=None, now=NOW, hours=24)
    actions.accept_offer(offer, by=person, now=NOW)


def led(group, person):
    actions.assign_mentor(group, person=person, by=person, now=NOW)


WAYS = [pressed, joined, accepted]


def trio():
    return GroupFactory(places=2, mentor=False), PersonFactory(), PersonFactory()


def sitting(group):
    return Membership.objects.filter(group=group, ended_at=None).count() + group.mentorships.active().count()


def kept(group, first, second):
    """Keep the two apart; how many of them this saw in the group when it did."""
    with transaction.atomic():
        actions.keep_apart(group.programme, first=first, second=second, by=None, now=NOW)
        return sitting(group)


def in_threads(*deeds):
    def alone(deed):
        try:
            return deed()
        except Refused as refusal:
            return refusal.reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [one.result() for one in [threads.submit(alone, deed) for deed in deeds]]


def after_a_moment(start, deed):
    def run():
        start.wait()
        time.sleep(random.random() * 0.02)
        return deed()

    return run


@pytest.mark.parametrize("way", WAYS)
def test_two_who_press_while_they_are_kept_apart_are_both_in_only_if_both_were_before(way):
    for _round in range(ROUNDS):
        group, first, second, start = *trio(), Barrier(3)

        seen, *told = in_threads(
            after_a_moment(start, lambda group=group, a=first, b=second: kept(group, a, b)),
            after_a_moment(start, lambda group=group, person=first: way(group, person)),
            after_a_moment(start, lambda group=group, person=second: way(group, person)),
        )

        assert sitting(group) == (2 if seen == 2 else 1)
        assert told.count(GroupRefusal.KEPT_APART) == (0 if seen == 2 else 1)


def kept_while_taking(group, first, second, *, way, at_the_end=False):
    """Keep two apart when one has taken a seat and not committed; the other comes later. What each was told.

    `at_the_end`: as it would be if the database looked for the person of a seat at the COMMIT.
    """
    taken, decided = Event(), Event()

    def take():
        with transaction.atomic():
            if at_the_end:
                connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
            way(group, first)
            taken.set()
            return decided.wait(SOON)

    def keep():
        assert taken.wait(LONG)
        seen = kept(group, first, second)
        decided.set()
        return seen

    overtaken, seen = in_threads(take, keep)
    return overtaken, seen, in_threads(lambda: joined(group, second))[0]


@postgresql
@pytest.mark.parametrize("way", [*WAYS, led])
def test_who_is_taking_a_seat_is_waited_for_and_seen(way):
    group, first, second = trio()
    MentorFactory(programme=group.programme, person=first)

    assert kept_while_taking(group, first, second, way=way) == (False, 1, GroupRefusal.KEPT_APART)
    assert sitting(group) == 1


@postgresql
@pytest.mark.parametrize("way", [*WAYS, led])
def test_without_holding_people_from_the_insert_on_both_are_in(way):
    """Shows that the race above is one: the pair overtakes the seat, sees nobody, and claims nothing."""
    group, first, second = trio()
    MentorFactory(programme=group.programme, person=first)

    overtaken, seen, _told = kept_while_taking(group, first, second, way=way, at_the_end=True)

    assert (overtaken, seen) == (True, 0)
    assert sitting(group) == 2


@postgresql
@pytest.mark.parametrize("way", WAYS)
def test_who_comes_while_the_pair_is_written_waits_and_sees_it(way):
    group, first, second = trio()
    joined(group, first)
    written, came = Event(), Event()

    def keep():
        with transaction.atomic():
            kept(group, first, second)
            written.set()
            return came.wait(SOON)

    def come():
        assert written.wait(LONG)
        try:
            way(group, second)
        finally:
            came.set()

    assert in_threads(keep, come) == [False, GroupRefusal.KEPT_APART]
    assert KeptApart.objects.count() == sitting(group) == 1
