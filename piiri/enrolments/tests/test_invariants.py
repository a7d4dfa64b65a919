"""What must always hold: nothing is said of a sound world, and each thing broken on purpose is named."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from piiri.audit import actions as audit
from piiri.enrolments import actions, queries
from piiri.enrolments.models import Application, Waiting, Wish
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.enrolments.tests.lists import free_a_place, full_group, waiting
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership, Mentorship, Offer, Place
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    KeptApartFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.mail.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MINUTE = timedelta(seconds=60)
LATER = NOW + 2 * MINUTE


def found(now=LATER):
    return {(one.invariant, one.what) for one in queries.broken(now)}


@pytest.fixture
def trail(db):
    """The audit trail begins before anything happens."""
    audit.record("begun", by=None, about=None, now=NOW - timedelta(days=2))


@pytest.fixture
def group(trail):
    """One participant, one free place."""
    group = full_group()
    place = group.places.last()
    membership, place.membership = place.membership, None
    place.save()
    membership.delete()
    return group


@pytest.fixture
def person(group):
    return waiting(group, minutes=-60)


def a_whole_life(group):
    """Asked, accepted, asked again, declined, lapsed, withdrawn: everything with its traces."""
    people = [waiting(group, minutes=n - 60) for n in range(5)]
    actions.offer_free_places(now=NOW)
    first = Offer.objects.open().get()
    actions.decline_place(first, by=first.person, now=NOW)
    actions.offer_free_places(now=NOW)
    Message.objects.update(state=Message.State.SENT, done_at=NOW)
    actions.lapse_place(Offer.objects.open().get(), now=NOW + timedelta(hours=72))
    actions.offer_free_places(now=NOW + timedelta(hours=72))
    actions.withdraw_application(people[2], by=people[2].person, now=NOW + timedelta(hours=73))
    actions.offer_free_places(now=NOW + timedelta(hours=73))
    last = Offer.objects.open().get()
    actions.accept_place(last, by=last.person, now=NOW + timedelta(hours=74))


def test_a_sound_life_is_sound(group):
    a_whole_life(group)

    assert found(NOW + timedelta(hours=75)) == set()


# --- broken on purpose ------------------------------------------------------------------------


def overbooked(group):
    Place.objects.filter(membership=None).delete()
    person = PersonFactory()
    Membership.objects.create(
        group=group, programme=group.programme, person=person, joined_at=NOW, confirmed_at=NOW
    )


def member_without_place(group):
    Place.objects.update(membership=None)


def held_by_who_left(group):
    Membership.objects.update(ended_at=NOW)


def offer_without_place(group):
    Offer.objects.create(
        group=group,
        programme=group.programme,
        person=PersonFactory(),
        made_at=NOW,
        expires_at=NOW + MINUTE * 9,
    )


def from_another_group(group):
    other = GroupFactory(programme=group.programme, members=1)
    membership = other.memberships.get()
    other.places.update(membership=None)
    place = group.places.free().first()
    place.membership = membership
    place.save()


def pair_together(group):
    first, second = sorted((group.memberships.get().person, PersonFactory()), key=lambda one: one.pk)
    KeptApartFactory(programme=group.programme, first=first, second=second, made_at=NOW - timedelta(days=1))
    newcomer = second if second != group.memberships.get().person else first
    membership = group.memberships.create(
        programme=group.programme, person=newcomer, joined_at=NOW, confirmed_at=NOW
    )
    place = group.places.free().first()
    place.membership = membership
    place.save()


def started_without_mentor(group):
    Mentorship.objects.all().delete()
    Group.objects.update(state=Group.State.RUNNING, started_at=NOW)


def mentor_takes_part(group):
    group.mentorships.create(person=group.memberships.get().person, started_at=NOW)


def theme_of_another(group):
    Group.objects.update(theme=ThemeFactory())


def wish_of_another(group):
    application = ApplicationFactory(programme=group.programme)
    Wish.objects.create(application=application, rank=1, theme=ThemeFactory())


def sits_in_a_cancelled_group(group):
    Group.objects.update(state=Group.State.CANCELLED, ended_at=NOW)


def asked_into_a_cancelled_group(group):
    group_actions.offer_place(group, person=PersonFactory(), by=None, now=NOW, hours=72)
    sits_in_a_cancelled_group(group)


def backwards(group):
    Membership.objects.update(ended_at=NOW - timedelta(days=9))


def never_started(group):
    Group.objects.update(state=Group.State.RUNNING)


@pytest.mark.parametrize(
    ("breaking", "invariant", "what"),
    [
        (overbooked, "I1", "more_people_than_places"),
        (member_without_place, "I2", "participant_without_a_place"),
        (held_by_who_left, "I2", "held_by_who_left"),
        (offer_without_place, "I2", "offer_without_a_place"),
        (from_another_group, "I2", "held_from_another_group"),
        (pair_together, "I7", "participant_beside_participant"),
        (started_without_mentor, "I8", "started_without_a_mentor"),
        (mentor_takes_part, "I8", "mentor_takes_part"),
        (theme_of_another, "I10", "theme_of_another_programme"),
        (wish_of_another, "I10", "wish_theme_of_another_programme"),
        (sits_in_a_cancelled_group, "I13", "sits_in_an_ended_group"),
        (sits_in_a_cancelled_group, "I13", "held_in_an_ended_group"),
        (asked_into_a_cancelled_group, "I13", "asked_into_an_ended_group"),
        (backwards, "I4", "left_before_joined"),
        (never_started, "I4", "running_never_started"),
    ],
)
def test_broken_names_what_does_not_hold(group, breaking, invariant, what):
    assert found() == set()

    breaking(group)

    assert (invariant, what) in found()


def test_a_free_place_is_missed_only_after_a_minute(group, person):
    assert ("I5", "free_place_not_offered") in found()

    audit.record("places_resized", by=None, about=group, now=LATER, place=group.uid)
    assert found() == set()


def test_a_free_place_for_two_who_come_together_is_not_missed(group):
    one, other = PersonFactory(), PersonFactory()
    waiting(group, minutes=-60, person=one, with_address=other.email)
    waiting(group, minutes=-60, person=other, with_address=one.email)

    assert found() == set()


def test_an_offer_held_too_long_and_a_turn_of_who_waits_not_are_named(group, person):
    actions.offer_free_places(now=NOW)
    assert ("I5", "held_too_long") in found(NOW + timedelta(hours=73))

    Application.objects.update(state=Application.State.WITHDRAWN)
    assert ("I5", "turn_of_who_waits_not") in found()


def test_an_order_without_a_reason_is_named(group, person):
    free_a_place(full_group())
    Waiting.objects.update(order=1)
    assert ("I6", "out_of_order") in found()

    Waiting.objects.update(moved_at=NOW)
    assert ("I6", "moved_without_a_reason") in found()
    Waiting.objects.update(moved_why="Back from leave in May.")
    assert not {one for one in found() if one[0] == "I6"}


def test_what_ended_without_a_trace_is_named(group, person):
    actions.offer_free_places(now=NOW)
    Message.objects.all().delete()
    assert ("I12", "offer_without_a_mail") in found()

    Offer.objects.update(state=Offer.State.DECLINED, answered_at=LATER)
    Place.objects.update(offer=None)
    Application.objects.update(state=Application.State.PLACED, decided_at=LATER)
    Membership.objects.update(ended_at=LATER)
    assert found(LATER + timedelta(hours=2)) >= {
        ("I12", "declined_without_a_row"),
        ("I12", "decided_without_a_row"),
        ("I12", "left_without_a_row"),
        ("I12", "placed_without_a_mail"),
    }


def test_what_was_before_the_trail_is_not_judged():
    ApplicationFactory(state=Application.State.PLACED, decided_at=NOW)

    assert found() == set()


# --- the command ------------------------------------------------------------------------------


def test_check_invariants_is_silent_when_all_is_sound(group):
    out = StringIO()

    call_command("check_invariants", stdout=out)

    assert out.getvalue() == ""


def test_check_invariants_prints_a_line_for_each_and_fails(group):
    held_by_who_left(group)
    out = StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("check_invariants", stdout=out)

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert left.value.code == 1
    assert {"invariant": "I2", "what": "held_by_who_left", "of": "groups.place"}.items() <= lines[0].items()


def test_a_pair_that_changed_roles_is_sound(trail):
    programme = ProgrammeFactory(parameters={"swap": True, "guidance": "pair"})
    running = {"state": Group.State.RUNNING, "started_at": NOW, "guidance": "pair"}
    pair = GroupFactory(programme=programme, min_to_start=1, places=1, members=1, **running)
    half_way = NOW + timedelta(days=100)
    for person in (pair.mentorships.get().person, pair.memberships.get().person):
        group_actions.swap_roles(pair, by=person, now=half_way)

    assert pair.memberships.active().get().person != person
    assert not found(half_way + MINUTE)
