"""Free places are offered to the next in line, held, taken, let go and passed on."""

from datetime import timedelta

import pytest

from piiri.enrolments import actions
from piiri.enrolments.actions import offering
from piiri.enrolments.models import Application
from piiri.enrolments.tests.lists import (
    first_come,
    free_a_place,
    full_group,
    offers_of,
    stand,
    waiting,
)
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Offer
from piiri.groups.tests.factories import NOW, GroupFactory, KeptApartFactory, PersonFactory, ProgrammeFactory
from piiri.mail.models import Message
from piiri.programmes.models import Programme

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def offer(now=NOW):
    return actions.offer_free_places(now=now)


def the_offer(application):
    return Offer.objects.open().get(person=application.person)


def end_of(application):
    return application.turns.get().end


@pytest.fixture
def group(db):
    """One of its two places is free."""
    group = full_group()
    free_a_place(group)
    return group


# --- who is asked -----------------------------------------------------------------------------


def test_offer_free_places_asks_the_next_in_order_and_mails_once(group):
    second, first = waiting(group, minutes=2), waiting(group, minutes=1)

    assert offer() == 1
    assert offer() == 0

    assert offers_of(group) == [first.person]
    mail = Message.objects.get(kind="enrolments/email/offer")
    made = the_offer(first)
    assert mail.person_uid == first.person.uid
    assert mail.link.startswith(f"/offers/{made.uid}/")
    assert made.expires_at == NOW + 72 * HOUR
    assert group.places.free().count() == 0
    assert second.turns.standing().count() == 1


def test_offer_free_places_lets_priority_go_before_time(group):
    waiting(group, minutes=1)
    new_in_the_job = waiting(group, minutes=9, priority=0)

    offer()

    assert offers_of(group) == [new_in_the_job.person]


def test_offer_free_places_asks_nothing_of_the_database_twice(group, django_assert_num_queries):
    with django_assert_num_queries(1):
        offer()
    waiting(group)
    offer()
    with django_assert_num_queries(2):
        offer()


def test_a_full_group_offers_nothing(db):
    group = full_group()
    waiting(group)

    assert offer() == 0


def test_several_places_go_to_as_many_people(db):
    group = GroupFactory(programme=first_come(), places=3)
    people = [waiting(group, minutes=n).person for n in range(4)]

    assert offer() == 3
    assert offers_of(group) == people[:3]


def test_a_list_of_a_theme_and_of_the_group_are_one_line(group):
    late, early = waiting(group, minutes=2), waiting(group.theme, minutes=1)

    offer()

    assert offers_of(group) == [early.person]
    actions.decline_place(the_offer(early), by=early.person, now=NOW)
    offer()
    assert offers_of(group) == [late.person]


def test_somebody_in_many_lists_is_asked_for_one_place(group):
    other = full_group(group.programme)
    free_a_place(other)
    person = waiting(group)
    stand(person, other)
    stand(person, other.theme)

    assert offer() == 1
    assert offers_of(group) == [person.person]
    assert offers_of(other) == []


@pytest.mark.parametrize(
    ("about", "asked"),
    [
        ({"language": "sv"}, False),
        ({"form": Group.Form.ONLINE}, False),
        ({"form": Group.Form.EITHER}, True),
        ({"by_link": True}, False),
        ({}, True),
    ],
)
def test_a_theme_is_offered_in_a_language_and_a_way_the_person_chose(about, asked):
    group = full_group(language=about.pop("language", "en"), **about)
    free_a_place(group)
    waiting(group.theme, languages=["en", "fi"], form="onsite")

    assert offer() == int(asked)


def test_whoever_told_no_language_is_asked_in_any(group):
    waiting(group.theme, languages=[])

    assert offer() == 1


@pytest.mark.parametrize("wanted", [{"language": "sv"}, {"by_link": True}])
def test_a_group_that_was_chosen_itself_is_offered_as_it_is(wanted):
    group = full_group(**wanted)
    free_a_place(group)
    waiting(group, languages=["en"])

    assert offer() == 1


def not_waiting(application, group):
    Application.objects.filter(pk=application.pk).update(state=Application.State.SENT)


def has_a_place(application, group):
    other = GroupFactory(programme=group.programme)
    group_actions.join(other, person=application.person, by=None, now=NOW)


def leads_it(application, group):
    group.mentorships.create(person=application.person, started_at=NOW)


def left_it(application, group):
    group.memberships.create(
        programme=group.programme, person=application.person, joined_at=NOW, confirmed_at=NOW, ended_at=NOW
    )


def let_it_go(application, group):
    Offer.objects.create(
        group=group,
        programme=group.programme,
        person=application.person,
        state=Offer.State.DECLINED,
        made_at=NOW,
        expires_at=NOW,
        answered_at=NOW,
        done_at=NOW,
    )


def is_kept_apart(application, group):
    member = group.memberships.active().first().person
    first, second = sorted((application.person, member), key=lambda one: one.pk)
    pair = KeptApartFactory(programme=group.programme, first=first, second=second)
    group.pair_claims.create(pair=pair, person=member, claimed_at=NOW)


@pytest.mark.parametrize("why", [not_waiting, has_a_place, leads_it, left_it, let_it_go, is_kept_apart])
def test_who_cannot_have_the_place_is_passed_over(group, why):
    first, second = waiting(group, minutes=1), waiting(group, minutes=2)
    why(first, group)

    assert offer() == 1
    assert offers_of(group) == [second.person]


@pytest.mark.parametrize(
    ("parameters", "state", "takes_newcomers", "asked"),
    [
        ({"enrol_way": "place"}, "offered", False, 1),
        ({"enrol_way": "place"}, "forming", False, 1),
        ({"enrol_way": "wishes"}, "offered", False, 0),
        ({"enrol_way": "wishes"}, "forming", False, 1),
        ({"enrol_way": "office"}, "offered", False, 0),
        ({"newcomers": "open"}, "running", False, 1),
        ({"newcomers": "closed"}, "running", True, 0),
        ({"newcomers": "group"}, "running", False, 0),
        ({"newcomers": "group"}, "running", True, 1),
        ({"enrol_way": "place"}, "closed", False, 0),
    ],
)
def test_only_groups_that_take_people_now_are_filled(parameters, state, takes_newcomers, asked):
    programme = ProgrammeFactory(parameters=parameters)
    group = full_group(programme, state=state, takes_newcomers=takes_newcomers)
    free_a_place(group)
    waiting(group)

    assert offer() == asked


def test_after_the_day_of_the_answers_groups_on_offer_are_filled_too():
    group = full_group(ProgrammeFactory(parameters={"enrol_way": "wishes"}))
    free_a_place(group)
    waiting(group)

    assert offer(NOW + timedelta(days=20)) == 1


@pytest.mark.parametrize(
    "change", [{"state": Programme.State.CLOSED}, {"ends_on": NOW.date() - timedelta(1)}]
)
def test_a_year_that_is_over_offers_nothing(group, change):
    waiting(group)
    Programme.objects.filter(pk=group.programme_id).update(
        **change, starts_on=NOW.date() - timedelta(days=200)
    )

    assert offer() == 0


def test_one_bad_group_does_not_stop_the_others(group, monkeypatch):
    waiting(group)
    other = full_group(group.programme)
    free_a_place(other)
    good = waiting(other)
    fill = offering.fill

    def breaking(one, *, now):
        if one == group:
            raise ZeroDivisionError
        return fill(one, now=now)

    monkeypatch.setattr(offering, "fill", breaking)

    assert offer() == 1
    assert offers_of(other) == [good.person]


# --- two who come together --------------------------------------------------------------------


def two_together(group):
    one, other = PersonFactory(), PersonFactory()
    first = waiting(group, minutes=1, person=one, with_address=other.email)
    second = waiting(group, minutes=5, person=other, with_address=one.email)
    return first, second


def test_two_who_name_each_other_are_asked_together():
    group = GroupFactory(programme=first_come(), places=2)
    first, second = two_together(group)
    waiting(group, minutes=2)

    assert offer() == 2

    assert set(offers_of(group)) == {first.person, second.person}
    assert the_offer(first).together == the_offer(second).together != ""


def test_two_who_name_each_other_are_passed_over_while_one_place_is_free(group):
    two_together(group)
    between = waiting(group, minutes=2)

    assert offer() == 1
    assert offers_of(group) == [between.person]


def test_two_who_are_alone_in_the_list_wait_for_a_second_place(group):
    two_together(group)

    assert offer() == 0
    free_a_place(group)
    assert offer() == 2


def test_who_names_somebody_that_names_nobody_is_asked_alone(group):
    first = waiting(group, minutes=1, with_address=PersonFactory().email)

    assert offer() == 1
    assert offers_of(group) == [first.person]


def test_who_names_somebody_in_another_list_is_asked_alone(group):
    one, other = PersonFactory(), PersonFactory()
    waiting(group, person=one, with_address=other.email)
    waiting(full_group(group.programme), person=other, with_address=one.email)

    assert offer() == 1


def test_two_who_must_be_kept_apart_are_not_asked_together():
    group = GroupFactory(programme=first_come(), places=2)
    first, second = two_together(group)
    KeptApartFactory(programme=group.programme, first=first.person, second=second.person)
    third = waiting(group, minutes=9)

    assert offer() == 1
    assert offers_of(group) == [third.person]
