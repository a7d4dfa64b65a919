"""Seats that pause, newcomers, buddies, links, and pairs of a mentor and a participant."""

from datetime import timedelta

import pytest

from piiri.base.errors import Refused
from piiri.groups import access, actions, rules
from piiri.groups.models import Group, JoinLink, KeptApart, Membership, PairClaim
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import NOW, GroupFactory, MentorFactory, PersonFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def running(**more) -> Group:
    return GroupFactory(state=Group.State.RUNNING, started_at=NOW, **more)


def test_pause_seat_closes_the_group_to_one_person_and_keeps_the_place():
    group = running(members=2)
    paused, other = group.memberships.order_by("pk")
    mentorship = group.mentorships.get()

    actions.pause_seat(paused, by=paused.person, now=LATER)
    actions.pause_seat(mentorship, by=mentorship.person, now=LATER)

    assert not access.can_enter_group(paused.person, group)
    assert not access.can_mentor_group(mentorship.person, group)
    assert access.can_enter_group(other.person, group)
    assert list(access.paused_groups_of(paused.person)) == [group]
    assert group.places.filter(membership=paused).exists()


def test_pause_seat_twice_keeps_the_first_moment_and_an_ended_one_is_refused():
    membership = running(members=1).memberships.get()
    actions.pause_seat(membership, by=membership.person, now=NOW)
    actions.pause_seat(membership, by=membership.person, now=LATER)
    assert Membership.objects.get().paused_at == NOW

    actions.leave(membership, by=None, now=LATER)

    with pytest.raises(Refused, match=GroupRefusal.NOT_IN):
        actions.pause_seat(membership, by=membership.person, now=LATER)
    with pytest.raises(Refused, match=GroupRefusal.NOT_IN):
        actions.open_seat(membership, by=membership.person, now=LATER)


def test_open_seat_lets_the_person_in_again():
    membership = running(members=1).memberships.get()
    actions.pause_seat(membership, by=membership.person, now=NOW)

    actions.open_seat(membership, by=membership.person, now=LATER)

    assert access.can_enter_group(membership.person, membership.group)


@pytest.mark.parametrize(
    ("policy", "takes", "state", "expected"),
    [
        ("group", True, "running", None),
        ("group", False, "running", GroupRefusal.COMPLETE),
        ("open", False, "running", None),
        ("closed", True, "running", GroupRefusal.COMPLETE),
        ("closed", False, "forming", None),
    ],
)
def test_why_not_newcomer(policy, takes, state, expected):
    group = Group(state=state, takes_newcomers=takes)

    assert rules.why_not_newcomer(group, policy=policy) == expected


@pytest.mark.parametrize(
    ("joined", "now", "expected"),
    [
        (NOW, NOW, False),
        (LATER, LATER, True),
        (LATER, LATER + rules.FIRST_WEEKS, False),
    ],
)
def test_is_newcomer_is_who_came_while_the_group_ran_within_the_first_weeks(joined, now, expected):
    group = Group(started_at=NOW)

    assert rules.is_newcomer(Membership(joined_at=joined), group, now=now) is expected


def test_say_newcomers_is_for_running_groups():
    group = running()
    actions.say_newcomers(group, take=True, by=PersonFactory(), now=NOW)
    assert Group.objects.get(pk=group.pk).takes_newcomers

    offered = GroupFactory()

    with pytest.raises(Refused, match=GroupRefusal.NOT_NOW):
        actions.say_newcomers(offered, take=True, by=PersonFactory(), now=NOW)


def test_choose_buddy_pairs_two_members_of_one_group_once():
    group = running(members=2)
    newcomer, buddy = group.memberships.order_by("pk")
    stranger = running(members=1).memberships.get()

    assert actions.choose_buddy(newcomer, buddy=buddy, by=buddy.person, now=NOW)
    assert not actions.choose_buddy(newcomer, buddy=buddy, by=buddy.person, now=NOW)
    for other, reason in [(newcomer, GroupRefusal.SAME_PERSON), (stranger, GroupRefusal.NOT_IN)]:
        with pytest.raises(Refused, match=reason):
            actions.choose_buddy(newcomer, buddy=other, by=buddy.person, now=NOW)
    assert Membership.objects.get(pk=newcomer.pk).buddy == buddy


def test_use_link_counts_up_to_the_limit_and_within_its_time():
    group = GroupFactory()
    link = actions.make_link(group, by=PersonFactory(), now=NOW)
    JoinLink.objects.update(uses=11)

    actions.use_link(link, now=NOW)

    for at in (NOW, NOW + rules.LINK_LASTS):
        with pytest.raises(Refused, match=GroupRefusal.LINK_OVER):
            actions.use_link(link, now=at)
    assert JoinLink.objects.get().uses == 12
    assert rules.why_not_use(JoinLink.objects.get(), now=NOW) == GroupRefusal.LINK_OVER


def test_make_link_ends_the_one_before_and_revoke_link_ends_it_for_good():
    group, person = GroupFactory(), PersonFactory()
    first = actions.make_link(group, by=person, now=NOW)
    second = actions.make_link(group, by=person, now=LATER)

    with pytest.raises(Refused, match=GroupRefusal.LINK_OVER):
        actions.use_link(first, now=LATER)
    actions.use_link(second, now=LATER)
    actions.revoke_link(second, by=person, now=LATER)
    with pytest.raises(Refused, match=GroupRefusal.LINK_OVER):
        actions.use_link(second, now=LATER)
    with pytest.raises(Refused, match=GroupRefusal.LINK_OVER):
        actions.revoke_link(second, by=person, now=LATER)

    Group.objects.update(state=Group.State.CLOSED)
    group.refresh_from_db()
    with pytest.raises(Refused, match=GroupRefusal.ENDED):
        actions.make_link(group, by=person, now=LATER)


def test_visible_link_needs_its_signature(settings):
    link = actions.make_link(GroupFactory(), by=PersonFactory(), now=NOW)
    nobody = PersonFactory()

    assert access.visible_link(nobody, uid=link.uid, signature=link.signature) == link
    assert access.visible_link(nobody, uid=link.uid, signature="a" * 16) is None
    assert access.visible_link(nobody, uid="a" * 16, signature=link.signature) is None


# --- pairs with a mentor in them ----------------------------------------------------------------


def test_keep_apart_keeps_a_participant_out_of_the_mentors_group():
    group = GroupFactory()
    mentor, person = group.mentorships.get().person, PersonFactory()

    actions.keep_apart(group.programme, first=person, second=mentor, by=PersonFactory(), now=NOW)

    with pytest.raises(Refused, match=GroupRefusal.KEPT_APART):
        actions.join(group, person=person, by=person, now=NOW)


def test_a_kept_apart_mentor_leads_no_group_of_the_other():
    programme = ProgrammeFactory()
    group, role = (
        GroupFactory(programme=programme, members=1, mentor=False),
        MentorFactory(programme=programme),
    )
    person = group.memberships.get().person
    actions.keep_apart(programme, first=person, second=role.person, by=PersonFactory(), now=NOW)

    with pytest.raises(Refused, match=GroupRefusal.KEPT_APART):
        actions.assign_mentor(group, person=role.person, by=person, now=NOW)

    offered = actions.offer_group(programme, theme=None, mentors=[role.person], by=None, now=NOW)
    with pytest.raises(Refused, match=GroupRefusal.ALREADY_IN):
        actions.join(offered, person=person, by=person, now=NOW)
    actions.leave(group.memberships.get(), by=person, now=NOW)
    with pytest.raises(Refused, match=GroupRefusal.KEPT_APART):
        actions.join(offered, person=person, by=person, now=NOW)
    actions.release_mentor(offered.mentorships.get(), by=None, now=NOW)
    assert actions.join(offered, person=person, by=person, now=NOW)


def test_who_stays_of_a_pair_takes_over_the_claim():
    group = running(members=2)
    going, staying = group.memberships.order_by("pk")
    actions.keep_apart(
        group.programme, first=going.person, second=staying.person, by=PersonFactory(), now=NOW
    )

    actions.leave(going, by=None, now=NOW)

    assert PairClaim.objects.get().person == staying.person
    with pytest.raises(Refused, match=GroupRefusal.KEPT_APART):
        actions.join(group, person=going.person, by=None, now=NOW)


def test_note_consent_lets_the_two_share_a_group_and_says_when():
    programme = ProgrammeFactory()
    one, other = PersonFactory(), PersonFactory()
    pair = actions.keep_apart(programme, first=one, second=other, by=PersonFactory(), now=NOW)

    actions.note_consent(pair, by=PersonFactory(), now=LATER)

    pair = KeptApart.objects.get()
    assert (pair.state, pair.consented_at) == ("dismissed", LATER)
    again = actions.keep_apart(programme, first=one, second=other, by=PersonFactory(), now=LATER)
    assert KeptApart.objects.get(pk=again.pk).consented_at is None
