"""What needs everybody's yes: the past opens to a mentor who came later, the two of a pair change roles."""

from datetime import timedelta

import pytest
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.groups import access, actions, rules
from piiri.groups.models import Group, KeptApart, Mentor, Mentorship, PairClaim
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import NOW, GroupFactory, MentorFactory, PersonFactory, ProgrammeFactory

LATER = NOW + timedelta(days=100)


def running(**more) -> Group:
    return GroupFactory(state=Group.State.RUNNING, started_at=NOW, **more)


def with_successor(group):
    """The mentor has handed over to somebody else; the successor's seat."""
    actions.release_mentor(group.mentorships.get(), by=None, now=LATER)
    MentorFactory(programme=group.programme, person=(person := PersonFactory()))
    return actions.assign_mentor(group, person=person, by=None, now=LATER)


def people(group):
    return [one.person for one in group.memberships.order_by("pk").select_related("person")]


@pytest.mark.django_db
def test_the_past_is_open_to_those_who_were_there_and_closed_to_those_who_came_later():
    group = running(members=2)
    successor = with_successor(group)
    newcomer = actions.join(group, person=PersonFactory(), by=None, now=LATER)

    assert access.can_read_history(people(group)[0], group)
    assert not access.can_read_history(newcomer.person, group)
    assert not access.can_read_history(successor.person, group)
    assert not access.can_read_history(PersonFactory(), group)
    assert access.own_start(newcomer.person, group) == LATER


@pytest.mark.django_db
def test_open_history_opens_with_the_yes_of_the_last_who_was_there():
    group = running(members=2)
    successor = with_successor(group)
    actions.join(group, person=PersonFactory(), by=None, now=LATER)
    first, second, _newcomer = people(group)

    assert not actions.open_history(successor, by=first, now=LATER)
    assert not actions.open_history(successor, by=first, now=LATER)
    assert not access.can_read_history(successor.person, group)
    assert actions.open_history(successor, by=second, now=LATER)

    assert access.can_read_history(successor.person, group)
    assert Entry.objects.filter(deed="history_assented").count() == 3


@pytest.mark.django_db
def test_leave_waits_no_more_for_the_yes_of_whoever_left():
    group = running(members=2)
    successor = with_successor(group)
    first, second = group.memberships.order_by("pk")
    actions.open_history(successor, by=first.person, now=LATER)

    actions.leave(second, by=second.person, now=LATER)

    assert access.can_read_history(successor.person, group)


@pytest.mark.django_db
def test_leave_opens_nothing_where_one_who_stays_has_said_nothing_or_nobody_of_before_stays():
    group = running(members=3)
    successor = with_successor(group)
    first, second, third = group.memberships.order_by("pk")
    actions.open_history(successor, by=first.person, now=LATER)

    for seat in (third, first, second):
        actions.leave(seat, by=seat.person, now=LATER)
        assert not access.can_read_history(successor.person, group)


@pytest.mark.django_db
def test_release_mentor_waits_no_more_for_the_yes_of_whoever_led():
    group = running(members=1)
    leading, member = group.mentorships.get(), people(group)[0]
    MentorFactory(programme=group.programme, person=(person := PersonFactory()))
    later = actions.assign_mentor(group, person=person, by=None, now=LATER)
    actions.open_history(later, by=member, now=LATER)
    assert not access.can_read_history(person, group)

    actions.release_mentor(leading, by=None, now=LATER)

    assert access.can_read_history(person, group)


@pytest.mark.django_db
def test_open_history_is_not_for_newcomers_nor_for_the_mentor_to_say():
    group = running(members=1)
    successor = with_successor(group)
    newcomer = actions.join(group, person=PersonFactory(), by=None, now=LATER)

    for person in (newcomer.person, successor.person, PersonFactory()):
        with pytest.raises(Refused, match=GroupRefusal.NOT_ASKED):
            actions.open_history(successor, by=person, now=LATER)


@pytest.mark.django_db
def test_open_history_asks_nobody_for_a_mentor_who_was_there():
    group = running(members=1)

    with pytest.raises(Refused, match=GroupRefusal.NOT_ASKED):
        actions.open_history(group.mentorships.get(), by=people(group)[0], now=LATER)


def a_pair(swap=True, **more):
    programme = ProgrammeFactory(parameters={"swap": swap, "guidance": "pair"})
    return running(programme=programme, guidance="pair", min_to_start=1, places=1, members=1, **more)


@pytest.mark.django_db
def test_swap_roles_waits_for_both_and_then_changes_both_seats_at_once():
    group = a_pair()
    mentor, participant = group.mentorships.get().person, group.memberships.get().person

    assert not actions.swap_roles(group, by=mentor, now=LATER)
    assert group.mentorships.active().get().person == mentor
    assert actions.swap_roles(group, by=participant, now=LATER)

    seat = group.memberships.active().get()
    assert group.mentorships.active().get().person == participant
    assert seat.person == mentor
    assert group.places.get().membership == seat
    assert access.can_read_history(mentor, group)
    assert access.can_read_history(participant, group)
    rows = Entry.objects.filter(deed="swap_assented").order_by("pk")
    assert [row.facts["swapped"] for row in rows] == [0, 1]


@pytest.mark.django_db
def test_swap_roles_back_asks_both_again():
    group = a_pair()
    mentor, participant = group.mentorships.get().person, group.memberships.get().person
    for person in (mentor, participant):
        actions.swap_roles(group, by=person, now=LATER)

    assert not actions.swap_roles(group, by=mentor, now=LATER)
    assert actions.swap_roles(group, by=participant, now=LATER)

    assert group.mentorships.active().get().person == mentor


@pytest.mark.django_db
def test_swap_roles_is_undone_whole_where_the_mentor_has_a_place_elsewhere():
    group = a_pair()
    mentor, participant = group.mentorships.get().person, group.memberships.get().person
    other = running(programme=group.programme)
    actions.join(other, person=mentor, by=None, now=NOW)
    actions.swap_roles(group, by=mentor, now=LATER)

    with pytest.raises(Refused, match=GroupRefusal.ALREADY_IN):
        actions.swap_roles(group, by=participant, now=LATER)

    assert group.mentorships.active().get().person == mentor
    assert group.memberships.active().get().person == participant


@pytest.mark.django_db
def test_swap_roles_keeps_the_claims_of_kept_apart_pairs():
    group = a_pair()
    mentor, participant = group.mentorships.get().person, group.memberships.get().person
    first, second = sorted((mentor, PersonFactory()), key=lambda one: one.pk)
    pair = KeptApart.objects.create(
        programme=group.programme, first=first, second=second, state="kept", made_at=NOW
    )
    PairClaim.objects.create(group=group, pair=pair, person=mentor, claimed_at=NOW)

    for person in (mentor, participant):
        actions.swap_roles(group, by=person, now=LATER)

    assert PairClaim.objects.get().person == mentor


@pytest.mark.django_db
def test_swap_roles_of_a_mentor_who_leads_enough_groups_is_refused():
    group = a_pair()
    mentor, participant = group.mentorships.get().person, group.memberships.get().person
    Mentor.objects.create(programme=group.programme, person=participant, groups_at_most=1, accepted_at=NOW)
    running(programme=group.programme, mentor=participant)
    actions.swap_roles(group, by=mentor, now=LATER)

    with pytest.raises(Refused, match=GroupRefusal.ENOUGH_GROUPS):
        actions.swap_roles(group, by=participant, now=LATER)


@pytest.mark.django_db
def test_swap_roles_does_not_count_the_yes_of_somebody_who_has_left():
    group = a_pair()
    mentor, before = group.mentorships.get().person, group.memberships.get()
    actions.swap_roles(group, by=before.person, now=LATER)
    actions.leave(before, by=before.person, now=LATER)
    after = actions.join(group, person=PersonFactory(), by=None, now=LATER)

    assert not actions.swap_roles(group, by=after.person, now=LATER)
    assert group.mentorships.active().get().person == mentor


@pytest.mark.django_db
def test_swap_roles_is_for_the_two_of_them():
    group = a_pair()

    with pytest.raises(Refused, match=GroupRefusal.NOT_IN):
        actions.swap_roles(group, by=PersonFactory(), now=LATER)


@pytest.mark.parametrize(
    ("guidance", "allowed", "state", "half_over", "expected"),
    [
        ("pair", True, "running", True, None),
        ("pair", True, "running", False, GroupRefusal.SWAP_LATER),
        ("pair", True, "closed", True, GroupRefusal.NOT_NOW),
        ("pair", False, "running", True, GroupRefusal.NO_SWAP),
        ("group", True, "running", True, GroupRefusal.NO_SWAP),
    ],
)
def test_why_not_swap(guidance, allowed, state, half_over, expected):
    group = Group(guidance=guidance, state=state)

    assert rules.why_not_swap(group, allowed=allowed, half_over=half_over) == expected


def test_half_of_a_year_is_its_middle_day():
    assert str(rules.half_of(NOW.date(), NOW.date() + timedelta(days=3))) == "2027-01-19"


@pytest.mark.django_db
def test_doors_note_a_yes_and_say_what_follows(client):
    group = running(members=1)
    with_successor(group)
    client.force_login(people(group)[0])

    said = client.post(reverse("groups:open-history", args=[group.uid]), follow=True)

    assert "All of you have said yes" in said.content.decode()
    assert Mentorship.objects.active().get(group=group).history_opened_at is not None
    assert client.post(reverse("groups:open-history", args=[group.uid])).status_code == 409


@pytest.mark.django_db
def test_doors_of_a_swap_refuse_in_a_sentence(client):
    group = a_pair(swap=False)
    client.force_login(group.memberships.get().person)

    said = client.post(reverse("groups:swap", args=[group.uid]), follow=True)

    assert "keep their roles" in said.content.decode()


@pytest.mark.django_db
def test_doors_ask_each_about_the_mentors_who_came_after_them(client):
    group = running(members=1)
    with_successor(group)
    newcomer = actions.join(group, person=PersonFactory(), by=None, now=LATER + timedelta(days=1)).person
    later = Mentorship.objects.create(
        group=group, person=PersonFactory(), started_at=LATER + timedelta(days=2)
    )
    client.force_login(newcomer)

    assert client.post(reverse("groups:open-history", args=[group.uid])).status_code == 302
    assert later.assents.get().person == newcomer
    assert group.mentorships.active().exclude(pk=later.pk).get().assents.count() == 0
