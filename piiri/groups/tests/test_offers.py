"""A place is held for one person: offered, taken, let go, out of time, taken back with its group."""

from datetime import timedelta

import pytest

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.base.tests.at_once import at_once
from piiri.groups import actions
from piiri.groups.models import Membership, Offer, PairClaim
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import NOW, GroupFactory, KeptApartFactory, PersonFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
State = Offer.State


def offer(group, person, *, hours=72, now=NOW, **about):
    return actions.offer_place(group, person=person, by=None, now=now, hours=hours, **about)


def accept(made, now=NOW):
    return actions.accept_offer(made, by=made.person, now=now)


def reason(deed, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        deed(*args, **kwargs)
    return refused.value.reason


@pytest.fixture
def group(db):
    return GroupFactory(places=2)


def test_offer_place_holds_a_place_that_nobody_else_gets(group):
    made = offer(group, PersonFactory())
    offer(group, PersonFactory())

    assert (made.state, made.expires_at, made.due_at) == (State.OPEN, NOW + 72 * HOUR, NOW + 72 * HOUR)
    assert group.places.free().count() == 0
    assert reason(actions.join, group, person=PersonFactory(), by=None, now=NOW) == GroupRefusal.FULL
    assert reason(offer, group, PersonFactory()) == GroupRefusal.FULL
    assert Offer.objects.count() == 2, "a refused offer leaves nothing"


def test_offer_place_asks_one_person_once_in_a_programme(group):
    person = PersonFactory()
    offer(group, person)

    assert reason(offer, GroupFactory(programme=group.programme), person) == GroupRefusal.ASKED
    offer(GroupFactory(), person)


def test_offer_place_asks_nobody_who_has_a_place_or_leads(group):
    member = GroupFactory(programme=group.programme, members=1).memberships.get()

    assert reason(offer, group, member.person) == GroupRefusal.ALREADY_IN
    assert reason(offer, group, group.mentorships.get().person) == GroupRefusal.IS_MENTOR
    assert offer(group, member.person, instead_of=member).instead_of == member


def test_accept_offer_turns_the_held_place_into_a_membership(group):
    made = offer(group, PersonFactory())
    place = made.held_place

    membership = accept(made)

    place.refresh_from_db()
    made.refresh_from_db()
    assert (place.membership, place.offer) == (membership, None)
    assert (made.state, made.answered_at, made.done_at) == (State.ACCEPTED, NOW, NOW)
    assert membership.confirmed_at == NOW


def test_accept_offer_twice_is_one_place(group):
    made = offer(group, PersonFactory())

    assert accept(made) == accept(made, NOW + 80 * HOUR)
    assert group.memberships.count() == 1
    assert Entry.objects.filter(deed="offer_accepted").count() == 1


@pytest.mark.parametrize(("late", "is_taken"), [(-TICK, True), (0 * HOUR, False), (HOUR, False)])
def test_accept_offer_looks_at_the_moment_however_late_the_worker(group, late, is_taken):
    made = offer(group, PersonFactory())

    if is_taken:
        assert accept(made, made.expires_at + late)
    else:
        assert reason(accept, made, made.expires_at + late) == GroupRefusal.TOO_LATE
        made.refresh_from_db()
        assert made.state == State.OPEN


def test_accept_offer_ends_the_place_it_is_instead_of(group):
    before = GroupFactory(programme=group.programme, members=1).memberships.get()
    made = offer(group, before.person, instead_of=before)

    membership = accept(made)

    before.refresh_from_db()
    assert before.ended_at == NOW
    assert before.group.places.free().count() == 8
    assert list(Membership.objects.active()) == [membership]


def test_accept_offer_of_somebody_who_got_a_place_meanwhile_changes_nothing(group):
    made = offer(group, PersonFactory())
    actions.join(GroupFactory(programme=group.programme), person=made.person, by=None, now=NOW)

    assert reason(accept, made) == GroupRefusal.ALREADY_IN
    made.refresh_from_db()
    assert made.state == State.OPEN
    assert made.held_place


@pytest.mark.parametrize("to", [State.DECLINED, State.LAPSED, State.WITHDRAWN])
def test_end_offer_frees_the_place_once(group, to):
    made = offer(group, PersonFactory())

    assert actions.end_offer(made, to=to, by=None, now=NOW)
    assert not actions.end_offer(made, to=State.DECLINED, by=None, now=NOW)

    made.refresh_from_db()
    assert (made.state, made.answered_at, made.done_at) == (to, NOW, NOW)
    assert group.places.free().count() == 2
    assert reason(accept, made) == GroupRefusal.TOO_LATE
    assert Entry.objects.filter(about=made.uid, deed=f"offer_{to}").count() == 1


def kept_apart(group):
    first, second = PersonFactory(), PersonFactory()
    KeptApartFactory(programme=group.programme, first=first, second=second)
    return first, second


def test_an_offer_claims_the_pair_and_gives_it_back(group):
    first, second = kept_apart(group)
    made = offer(group, first)

    assert PairClaim.objects.get().person == first
    assert reason(offer, group, second) == GroupRefusal.KEPT_APART
    assert reason(actions.join, group, person=second, by=None, now=NOW) == GroupRefusal.KEPT_APART

    actions.end_offer(made, to=State.DECLINED, by=None, now=NOW)
    assert accept(offer(group, second))
    assert PairClaim.objects.get().person == second


def test_cancelling_a_group_takes_its_offers_back(group):
    made = offer(group, PersonFactory())

    actions.cancel_group(group, by=PersonFactory(), now=NOW)

    made.refresh_from_db()
    assert made.state == State.WITHDRAWN
    assert reason(accept, made) == GroupRefusal.TOO_LATE


@pytest.mark.django_db(transaction=True)
def test_thirty_who_are_offered_eight_places_at_once_are_eight():
    group, people = GroupFactory(places=8), PersonFactory.create_batch(30)

    went_well = at_once(lambda person: offer(group, person), people)

    assert sum(went_well) == Offer.objects.open().count() == group.places.taken().count() == 8


@pytest.mark.django_db(transaction=True)
def test_an_offer_accepted_and_taken_back_at_once_is_one_or_the_other():
    for _round in range(5):
        group = GroupFactory(places=1)
        made = offer(group, PersonFactory())
        deeds = iter([accept, lambda one: actions.end_offer(one, to=State.LAPSED, by=None, now=NOW)] * 2)

        at_once(lambda _person, deeds=deeds, made=made: next(deeds)(made), [None] * 4)

        made.refresh_from_db()
        sits = group.memberships.active().count()
        assert (made.state, sits) in {(State.ACCEPTED, 1), (State.LAPSED, 0)}
        assert group.places.taken().count() == sits
