"""From rows to the problem of the solver, and from its answer to weekly times."""

import pytest

from piiri.formation import mapping, queries
from piiri.formation.problem import Answer, slots_of
from piiri.formation.tests.factories import AFTERNOONS, NEVER, NOW, TUESDAY, world
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, KeptApart
from piiri.groups.tests.factories import PersonFactory
from piiri.programmes import windows
from piiri.programmes.models import Availability

pytestmark = pytest.mark.django_db


def participant(problem, application):
    return next(one for one in problem.participants if one.id == application.uid)


def offer_of(problem, group):
    return next(one for one in problem.groups if one.id == group.uid)


def test_problem_of_takes_wishes_times_and_places_as_they_were_said():
    here = world(common_windows=2, ideal_size=5, mentor_min_years=3)
    group = here.offer(area="Hervanta", places=6)
    [old, new] = here.apply(1, years=3, form="onsite") + here.apply(1, years=2, mask=NEVER, form="online")
    mentor = group.mentorships.get().person

    problem = queries.problem_of(here.programme, seed=7)

    slots = windows.windows(here.programme.rules)
    assert {slots[slot][:2] for slot in slots_of(participant(problem, old).available)} == {
        (day, hour * 60) for day in (1, 3) for hour in (13, 14, 15)
    }
    assert participant(problem, new).available == 0
    assert (participant(problem, old).experienced, participant(problem, new).experienced) == (True, False)
    assert participant(problem, old).themes == (here.themes[0].uid,)
    offer = offer_of(problem, group)
    assert (offer.mentor, offer.theme, offer.lower, offer.upper) == (mentor.uid, here.themes[0].uid, 4, 6)
    assert offer.region in participant(problem, old).regions
    assert offer.region not in participant(problem, new).regions
    assert (problem.hard.min_common_slots, problem.weights.size_target, problem.seed) == (2, 5, 7)


@pytest.mark.parametrize(("places", "mode"), [(1, "pairs"), (2, "themes")])
def test_problem_of_asks_for_pairs_where_every_offer_has_one_place(places, mode):
    here = world()
    here.offer(places=1)
    here.offer(places=places)
    here.apply(2)

    assert queries.problem_of(here.programme).mode == mode


def test_problem_of_leaves_out_who_has_a_place_or_is_no_applicant_any_more():
    here = world()
    group = here.offer()
    [waits, placed, declined] = here.apply(3)
    group_actions.join(group, person=placed.person, by=None, now=NOW)
    declined.state = "declined"
    declined.save()

    problem = queries.problem_of(here.programme)

    assert [one.id for one in problem.participants] == [waits.uid]


def test_problem_of_lets_a_group_with_people_grow_at_its_own_time():
    here = world()
    group = here.offer(state=Group.State.RUNNING, members=6)
    Group.objects.filter(pk=group.pk).update(weekday=1, local_time="14:00")
    other = here.offer(mentor=group.mentorships.get().person)
    [suits, cannot] = here.apply(1) + here.apply(1, mask=windows.of_hours({(3, 13): 2, (3, 14): 2}))

    problem = queries.problem_of(here.programme)

    offer = offer_of(problem, group)
    assert (offer.lower, offer.upper) == (1, 2)
    masks = {one.id: one for one in problem.mentors}
    keeper = masks[offer.mentor].available
    assert participant(problem, suits).available & keeper == keeper
    assert participant(problem, cannot).available & keeper == 0
    # The mentor may lead two, leads this one, and is busy at its time.
    mentor = masks[offer_of(problem, other).mentor]
    assert mentor.max_groups == 1
    assert mentor.available & keeper == 0


def test_problem_of_keeps_pairs_apart_wherever_the_other_sits():
    here = world()
    standing = here.offer(members=1)
    group = here.offer()
    one, other, third = here.apply(3)
    sitting = standing.memberships.get().person
    mentor = group.mentorships.get().person
    for first, second in ((one.person, other.person), (one.person, sitting), (other.person, mentor)):
        group_actions.keep_apart(here.programme, first=first, second=second, by=here.office, now=NOW)
    group_actions.suggest_apart(here.programme, pairs=[(third.person, other.person)], by=here.office, now=NOW)

    problem = queries.problem_of(here.programme)

    keeper = next(one for one in problem.mentors if one.id == offer_of(problem, standing).mentor)
    assert participant(problem, one).not_with == (other.uid,)
    assert set(participant(problem, other).not_with) == {one.uid, mentor.uid}
    assert keeper.not_with == (one.uid,)
    assert participant(problem, third).not_with == ()
    assert KeptApart.objects.filter(state="suggested").count() == 1


def test_problem_of_never_seats_mentors_in_groups_of_their_own():
    here = world()
    group = here.offer()
    mentor = group.mentorships.get().person
    [own] = here.apply(1)
    Availability.objects.filter(person=own.person).delete()
    own.person = mentor
    own.save()

    problem = queries.problem_of(here.programme)

    assert participant(problem, own).not_with == (mentor.uid,)


def test_facts_of_leaves_a_group_to_its_link_and_counts_it_among_those_its_mentor_leads():
    here = world()
    mentor = PersonFactory()
    listed, _by_link = here.offer(mentor=mentor), here.offer(mentor=mentor, by_link=True)
    here.offer(by_link=True)
    here.programme.mentors.filter(person=mentor).update(groups_at_most=3)

    facts = queries.facts_of(here.programme)

    assert [one.uid for one in facts.offered] == [listed.uid]
    assert [(one.person, one.groups_at_most) for one in facts.leading] == [(mentor.pk, 2)]


def test_facts_of_needs_the_same_queries_for_any_number(django_assert_max_num_queries):
    here = world()
    for _ in range(3):
        here.offer()
    here.apply(9)

    with django_assert_max_num_queries(14):
        queries.facts_of(here.programme)


def test_meeting_windows_prefer_what_works_and_keep_a_mentors_groups_apart():
    here = world()
    mentor = PersonFactory()
    first, second = here.offer(mentor=mentor), here.offer(mentor=mentor)
    # Tuesday afternoon is only possible, Thursday works.
    rather_thursday = "".join(
        "1" if a == "2" and b == "2" else a for a, b in zip(AFTERNOONS, TUESDAY, strict=True)
    )
    ones, others = here.apply(4, mask=rather_thursday), here.apply(4)
    facts = queries.facts_of(here.programme)
    problem = mapping.problem_of(facts)
    seats = {one.uid: first.uid for one in ones} | {one.uid: second.uid for one in others}

    found = mapping.meeting_windows(facts, problem, Answer(seats, 0, {}))

    assert found[first.uid][0] == 3
    (one_day, one_start), (other_day, other_start) = found.values()
    assert one_day != other_day or abs(one_start - other_start) >= here.programme.rules.meeting_minutes
