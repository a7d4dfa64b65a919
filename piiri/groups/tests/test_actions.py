"""Places, mentors, states and kept-apart pairs, one after the other."""

import pytest

from piiri.base.errors import Refused
from piiri.groups import actions, queries
from piiri.groups.models import Group, KeptApart, Membership
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    MentorFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


def reason(deed, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        deed(*args, **kwargs)
    return refused.value.reason


def offer(programme, mentors, **kwargs):
    theme = ThemeFactory(programme=programme)
    return actions.offer_group(programme, theme=theme, mentors=mentors, by=PersonFactory(), now=NOW, **kwargs)


def test_offer_group_makes_the_places_of_the_rules():
    mentor = MentorFactory()

    group = offer(mentor.programme, [mentor.person], language="sv")

    assert (group.places.count(), group.language, group.min_to_start) == (8, "sv", 4)
    assert [one.person for one in group.mentorships.all()] == [mentor.person]


def test_offer_group_gives_a_pair_one_place():
    mentor = MentorFactory(programme=ProgrammeFactory(parameters={"guidance": "pair"}))

    group = offer(mentor.programme, [mentor.person])

    assert (group.guidance, group.places.count(), group.min_to_start) == ("pair", 1, 1)
    assert reason(offer, mentor.programme, [mentor.person], places=2) == GroupRefusal.PLACES_BOUNDS


def test_offer_group_needs_an_accepted_mentor_unless_groups_run_themselves():
    programme = ProgrammeFactory()

    assert reason(offer, programme, [PersonFactory()]) == GroupRefusal.NOT_A_MENTOR
    assert reason(offer, programme, [], self_run=True) == GroupRefusal.MENTOR_NEEDED
    assert offer(ProgrammeFactory(parameters={"self_run": True}), [], self_run=True).self_run


def test_offer_group_counts_groups_at_most_and_lets_go_of_cancelled_ones():
    mentor = MentorFactory(groups_at_most=1)
    group = offer(mentor.programme, [mentor.person])
    assert reason(offer, mentor.programme, [mentor.person]) == GroupRefusal.ENOUGH_GROUPS

    actions.cancel_group(group, by=PersonFactory(), now=NOW)

    assert offer(mentor.programme, [mentor.person])


def test_accept_mentor_is_never_for_oneself_and_brings_an_ended_role_back():
    programme, office, person = ProgrammeFactory(), PersonFactory(), PersonFactory()
    accept = {"groups_at_most": 1, "by": office, "now": NOW}
    assert reason(actions.accept_mentor, programme, person=office, **accept) == GroupRefusal.ONESELF
    actions.end_mentor(actions.accept_mentor(programme, person=person, **accept), by=office, now=NOW)

    again = actions.accept_mentor(programme, person=person, **accept | {"groups_at_most": 3})

    assert (again.groups_at_most, again.ended_at, programme.mentors.count()) == (3, None, 1)


def test_join_twice_takes_one_place():
    group, person = GroupFactory(), PersonFactory()

    first = actions.join(group, person=person, by=person, now=NOW)
    second = actions.join(group, person=person, by=person, now=NOW)

    assert first == second
    assert group.places.taken().count() == 1


def test_join_is_refused_when_full_and_leaves_nothing_behind():
    group, person = GroupFactory(places=2, members=2), PersonFactory()

    assert reason(actions.join, group, person=person, by=person, now=NOW) == GroupRefusal.FULL
    assert not Membership.objects.filter(person=person).exists()


def test_join_is_refused_to_mentors_of_the_group_and_to_members_of_another():
    group = GroupFactory()
    sibling, mentor, person = GroupFactory(programme=group.programme), PersonFactory(), PersonFactory()
    group.mentorships.create(person=mentor, started_at=NOW)
    actions.join(sibling, person=person, by=person, now=NOW)

    assert reason(actions.join, group, person=mentor, by=mentor, now=NOW) == GroupRefusal.IS_MENTOR
    assert reason(actions.join, group, person=person, by=person, now=NOW) == GroupRefusal.ALREADY_IN


def test_leave_frees_the_place_and_the_pair():
    group = GroupFactory(places=1)
    first, second = PersonFactory(), PersonFactory()
    actions.keep_apart(group.programme, first=second, second=first, by=first, now=NOW)
    membership = actions.join(group, person=first, by=first, now=NOW)

    actions.leave(membership, by=first, now=NOW)

    assert actions.join(group, person=second, by=second, now=NOW)
    assert reason(actions.leave, membership, by=first, now=NOW) == GroupRefusal.NOT_IN


def test_join_keeps_a_pair_apart_also_when_the_pair_was_made_later():
    group, first, second = GroupFactory(), PersonFactory(), PersonFactory()
    actions.join(group, person=first, by=first, now=NOW)

    actions.keep_apart(group.programme, first=second, second=first, by=first, now=NOW)

    assert reason(actions.join, group, person=second, by=second, now=NOW) == GroupRefusal.KEPT_APART


def test_suggest_apart_never_asks_again_and_binds_nobody():
    group, first, second, third = GroupFactory(), PersonFactory(), PersonFactory(), PersonFactory()
    pairs = [(second, first), (first, second), (first, first), (first, third)]
    assert actions.suggest_apart(group.programme, pairs=pairs, by=None, now=NOW) == 2
    actions.dismiss_apart(KeptApart.objects.get(first=first, second=second), by=third, now=NOW)

    assert actions.suggest_apart(group.programme, pairs=pairs, by=None, now=NOW) == 0
    actions.join(group, person=first, by=first, now=NOW)
    assert actions.join(group, person=third, by=third, now=NOW)


def test_hold_places_those_who_fit_and_counts_nobody_yet():
    group, people = GroupFactory(places=2), PersonFactory.create_batch(3)

    held = actions.hold(group, people=people, by=None, now=NOW)

    assert [one.person for one in held.memberships] == people[:2]
    assert held.refused == [(people[2], GroupRefusal.FULL)]
    assert group.memberships.active().count() == 0


@pytest.mark.parametrize(("wanted", "places"), [(12, 12), (3, 3), (2, 2)])
def test_resize_places_keeps_everybody(wanted, places):
    group = GroupFactory(members=2)

    actions.resize_places(group, places=wanted, by=PersonFactory(), now=NOW)

    assert (group.places.count(), group.places.taken().count()) == (places, 2)


def test_resize_places_deletes_free_places_only():
    group = GroupFactory(members=4)
    for member in group.memberships.order_by("pk")[:3]:
        actions.leave(member, by=None, now=NOW)

    actions.resize_places(group, places=1, by=PersonFactory(), now=NOW)

    assert [place.membership is not None for place in group.places.all()] == [True]
    actions.resize_places(group, places=3, by=PersonFactory(), now=NOW)
    assert [place.number for place in group.places.all()] == [1, 2, 4]
    assert (
        reason(actions.resize_places, group, places=13, by=PersonFactory(), now=NOW)
        == GroupRefusal.PLACES_BOUNDS
    )


def test_resize_places_is_refused_below_the_number_taken():
    group = GroupFactory(members=3)

    assert (
        reason(actions.resize_places, group, places=2, by=PersonFactory(), now=NOW)
        == GroupRefusal.PLACES_TAKEN
    )


def test_states_move_along_their_arrows_once():
    group, office = GroupFactory(), PersonFactory()
    actions.form_group(group, by=office, now=NOW)
    actions.start_group(group, by=office, now=NOW)
    stale = Group.objects.get(pk=group.pk)
    actions.close_group(group, by=office, now=NOW)

    assert reason(actions.close_group, stale, by=office, now=NOW) == GroupRefusal.NOT_NOW
    assert reason(actions.cancel_group, group, by=office, now=NOW) == GroupRefusal.NOT_NOW
    assert Group.objects.get(pk=group.pk).ended_at == NOW


def test_cancel_group_lets_its_people_join_another():
    group = GroupFactory(members=2)
    sibling = GroupFactory(programme=group.programme)

    left = actions.cancel_group(group, by=PersonFactory(), now=NOW)

    people = left.members
    assert (len(people), left.offers) == (2, [])
    assert actions.join(sibling, person=people[0], by=people[0], now=NOW)
    assert group.places.taken().count() == 0


def test_sitting_puts_mentors_first_and_the_full_eight_draw_nine_seats():
    group = GroupFactory(members=8)

    seats = queries.sitting(group)

    assert len(seats) == 9
    assert [seat.note for seat in seats] == ["mentor"] + [""] * 8


@pytest.mark.parametrize("groups", [1, 3])
def test_cards_need_four_queries_for_any_number_of_groups(groups, django_assert_num_queries):
    programme = ProgrammeFactory()
    GroupFactory.create_batch(groups, programme=programme)

    with django_assert_num_queries(4):
        cards = queries.cards(programme, sensitive=False)

    assert [(card.places, card.mentors, card.mentor_names) for card in cards] == [(8, 1, ())] * groups


def test_cards_show_a_mentor_by_choice_and_sensitive_themes_to_the_signed_in():
    mentor = MentorFactory(show_name=True, person__name="Aino Lehtonen")
    hidden = ThemeFactory(programme=mentor.programme, sensitive=True)
    GroupFactory(programme=mentor.programme, mentor=mentor.person)
    GroupFactory(programme=mentor.programme, theme=hidden)

    names = [card.mentor_names for card in queries.cards(mentor.programme, sensitive=False)]

    assert names == [("Aino Lehtonen",)]
    assert [card.theme for card in queries.cards(mentor.programme, sensitive=True)] == [hidden.pk]
    assert queries.counts_on_show(mentor.programme, sensitive=False).all == 1
