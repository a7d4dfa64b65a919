"""What happens when the members of a short group are asked to move into another."""

from datetime import UTC, datetime, time, timedelta

import pytest

from piiri.base.errors import Refused
from piiri.base.tests.at_once import at_once
from piiri.enrolments import actions, merging, queries
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.rules import StartRefusal
from piiri.enrolments.situations import Situation
from piiri.enrolments.tests.factories import TUESDAY_AFTERNOON, ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership, Offer
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import GroupFactory, KeptApartFactory, PersonFactory, ProgrammeFactory
from piiri.mail.models import Message

NOW = datetime(2027, 2, 5, 7, 0, tzinfo=UTC)
AFTER = NOW + timedelta(hours=73)
State = Application.State


def reason(deed, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        deed(*args, **kwargs)
    return refused.value.reason


def kinds():
    return sorted(one.rpartition("/")[2] for one in Message.objects.values_list("kind", flat=True))


# --- a world ----------------------------------------------------------------------------------


def filled(members, *, programme, mask="", **more):
    group = GroupFactory(programme=programme, members=members, state=Group.State.FORMING, **more)
    for one in group.memberships.all():
        ApplicationFactory(
            programme=programme,
            person=one.person,
            state=State.PLACED,
            decided_at=NOW,
            wishes=[group.theme],
            mask=mask,
        )
    return group


@pytest.fixture
def programme(db):
    return ProgrammeFactory()


@pytest.fixture
def office(db):
    return PersonFactory()


@pytest.fixture
def short(programme):
    return filled(3, programme=programme, mask=TUESDAY_AFTERNOON)


@pytest.fixture
def into(programme, short):
    return filled(4, programme=programme, theme=short.theme, mask=TUESDAY_AFTERNOON)


def ask(group, target, *, by):
    return actions.ask_to_merge(group, into=target, by=by, now=NOW)


@pytest.mark.parametrize("others", [1, 3])
def test_merge_ideas_needs_the_same_queries_for_any_number_of_groups(
    programme, short, others, django_assert_num_queries
):
    for _number in range(others):
        filled(4, programme=programme)

    with django_assert_num_queries(6):
        found = queries.merge_ideas(short, now=NOW)

    assert len(found) == others


def test_merge_ideas_reads_themes_times_and_pairs(programme, short, into):
    apart = filled(4, programme=programme, theme=short.theme)
    KeptApartFactory(
        programme=programme,
        first=short.memberships.first().person,
        second=apart.memberships.first().person,
    )
    Group.objects.filter(pk=into.pk).update(weekday=1, local_time=time(14))
    GroupFactory(programme=programme, members=4, state=Group.State.RUNNING, started_at=NOW - timedelta(90))
    just_started = filled(4, programme=programme)
    Group.objects.filter(pk=just_started.pk).update(state=Group.State.RUNNING, started_at=NOW)

    (first, idea), (second, _idea) = queries.merge_ideas(short, now=NOW)

    assert (first, second) == (into, just_started)
    assert "3 weekly times suit all 7" in merging.reasons(idea)
    assert "The time it was formed around suits those who would move" in merging.reasons(idea)


# --- asking -----------------------------------------------------------------------------------


def test_ask_to_merge_holds_a_place_for_each_and_moves_nobody(office, short, into):
    offers = ask(short, into, by=office)

    assert len(offers) == 3
    assert into.places.free().count() == 1
    assert short.memberships.active().count() == 3
    assert kinds() == ["merge_asked"] * 3 + ["merge_asked_mentor"]
    links = set(Message.objects.filter(kind__endswith="merge_asked").values_list("link", flat=True))
    assert {link.split("/")[2] for link in links} == {offer.uid for offer in offers}
    (start,) = queries.starts(short.programme).of(Situation.ASKED)
    assert (start.group, start.moved, start.unanswered) == (short, 0, 3)


def test_ask_to_merge_asks_all_or_nobody(programme, office, short):
    small = filled(6, programme=programme, theme=short.theme)

    assert reason(ask, short, small, by=office) == StartRefusal.NO_ROOM
    assert not Offer.objects.exists()
    assert not Message.objects.exists()
    assert Group.objects.get(pk=short.pk).merged_into is None


def test_ask_to_merge_refuses_for_one_who_cannot_move(programme, office, short, into):
    KeptApartFactory(
        programme=programme, first=short.memberships.last().person, second=into.memberships.first().person
    )
    person = into.memberships.first().person
    group_actions.keep_apart(
        programme, first=short.memberships.last().person, second=person, by=office, now=NOW
    )

    assert reason(ask, short, into, by=office) == StartRefusal.CANNOT_MOVE
    assert not Offer.objects.exists()


def test_ask_to_merge_waits_for_the_day_and_needs_somebody_to_ask(programme, office, short, into):
    early = NOW - timedelta(days=1)
    assert reason(actions.ask_to_merge, short, into=into, by=office, now=early) == StartRefusal.NOT_YET

    empty = GroupFactory(programme=programme)
    assert reason(ask, empty, into, by=office) == StartRefusal.NOBODY


def test_ask_to_merge_takes_back_what_is_offered_in_the_group_itself(programme, office, short, into):
    waiting = ApplicationFactory(programme=programme, state=State.WAITING)
    offer = group_actions.offer_place(short, person=waiting.person, by=None, now=NOW, hours=72)

    ask(short, into, by=office)

    assert Offer.objects.get(pk=offer.pk).state == Offer.State.WITHDRAWN
    assert Message.objects.get(person_uid=waiting.person.uid).kind == "enrolments/email/offer_over"


def test_a_second_question_about_the_same_group_is_refused(programme, office, short, into):
    ask(short, into, by=office)
    other = filled(4, programme=programme)

    assert reason(ask, short, other, by=office) == GroupRefusal.NOT_NOW
    assert reason(ask, into, other, by=office) == GroupRefusal.NOT_NOW


# --- answers ----------------------------------------------------------------------------------


def test_whoever_says_yes_moves_at_once_and_is_told_when_to_come(office, short, into):
    offer, *_others = ask(short, into, by=office)

    actions.accept_place(offer, by=offer.person, now=NOW)
    actions.accept_place(Offer.objects.get(pk=offer.pk), by=offer.person, now=NOW + timedelta(minutes=1))

    assert Membership.objects.active().get(person=offer.person).group == into
    assert Application.objects.get(person=offer.person).state == State.PLACED
    assert Message.objects.filter(kind="enrolments/email/place", person_uid=offer.person.uid).count() == 1


def test_when_all_have_answered_the_groups_are_merged_and_the_others_wait(office, short, into):
    yes, no, silent = ask(short, into, by=office)
    mentors = {group: group.mentorships.get().person.uid for group in (short, into)}
    actions.accept_place(yes, by=yes.person, now=NOW)
    actions.decline_place(no, by=no.person, now=NOW)
    assert actions.finish_merges(now=NOW) == 0
    Message.objects.update(state=Message.State.SENT, done_at=NOW)
    actions.lapse_place(silent, now=AFTER)
    Message.objects.all().delete()

    assert actions.finish_merges(now=AFTER) == 1
    assert actions.finish_merges(now=AFTER) == 0

    merged = Group.objects.get(pk=short.pk)
    assert (merged.state, merged.merged_into) == (Group.State.MERGED, into)
    assert not merged.memberships.active().exists()
    assert into.memberships.active().count() == 5
    told = {(one.person_uid, one.kind.rpartition("/")[2]) for one in Message.objects.all()}
    assert told == {
        (no.person.uid, "merge_left"),
        (silent.person.uid, "merge_left"),
        (mentors[short], "merged_mentor"),
        (mentors[into], "merge_joined"),
    }
    for person in (no.person, silent.person):
        application = Application.objects.get(person=person)
        assert application.state == State.WAITING
        assert application.turns.standing().get().theme == short.theme


def test_a_question_nobody_said_yes_to_goes_back_to_the_office(office, short, into):
    for offer in ask(short, into, by=office):
        actions.decline_place(offer, by=offer.person, now=NOW)

    assert actions.finish_merges(now=NOW) == 0

    (start,) = queries.starts(short.programme).of(Situation.SHORT)
    assert (start.group, start.taken) == (short, 3)
    assert not Waiting.objects.exists()


def test_stop_asking_leaves_those_who_moved_and_tells_the_others(office, short, into):
    yes, *others = ask(short, into, by=office)
    actions.accept_place(yes, by=yes.person, now=NOW)

    assert actions.stop_asking(short, by=office, now=NOW) == 2

    assert short.memberships.active().count() == 2
    assert {one.person_uid for one in Message.objects.filter(kind__endswith="merge_stopped")} == {
        one.person.uid for one in others
    }
    gone = Message.objects.filter(kind__endswith="merge_asked", state=Message.State.WITHDRAWN)
    assert gone.count() == 2
    assert reason(actions.stop_asking, short, by=office, now=NOW) == GroupRefusal.NOT_NOW


def test_when_the_target_is_called_off_those_who_were_asked_keep_their_places(office, short, into):
    offers = ask(short, into, by=office)

    actions.call_off(into, why="The mentor has fallen ill.", seen=into.state, by=office, now=NOW)

    told = Message.objects.filter(kind__endswith="offer_over")
    assert {one.person_uid for one in told} == {one.person.uid for one in offers}
    assert all(one.words["keeps"] for one in told)
    assert actions.finish_merges(now=NOW) == 0
    assert Group.objects.get(pk=short.pk).merged_into is None
    assert short.memberships.active().count() == 3


def test_a_merge_that_breaks_leaves_the_others_alone(office, short, into, monkeypatch):
    (offer, *_rest) = ask(short, into, by=office)
    actions.accept_place(offer, by=offer.person, now=NOW)
    Offer.objects.open().update(state=Offer.State.DECLINED, answered_at=NOW)

    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(group_actions, "merge_group", broken)

    assert actions.finish_merges(now=NOW) == 0
    assert Group.objects.get(pk=short.pk).state == Group.State.FORMING


def test_finish_merge_is_for_a_group_that_is_asked(short):
    assert reason(actions.finish_merge, short, now=NOW) == GroupRefusal.NOT_NOW


# --- races ------------------------------------------------------------------------------------


def answer_while_the_target_is_called_off():
    programme, office = ProgrammeFactory(), PersonFactory()
    group, into = filled(1, programme=programme), filled(3, programme=programme)
    (offer,) = ask(group, into, by=office)
    fresh = Group.objects.select_related("programme", "theme").get(pk=into.pk)

    def press(person):
        if person == office:
            actions.call_off(fresh, why="Too late.", seen=fresh.state, by=office, now=NOW)
        else:
            actions.accept_place(offer, by=person, now=NOW)

    at_once(press, [office, offer.person])
    return into, Membership.objects.filter(person=offer.person, ended_at=None)


@pytest.mark.django_db(transaction=True)
def test_whoever_accepts_while_the_target_is_called_off_sits_in_no_dead_group():
    for _round in range(5):
        into, sitting = answer_while_the_target_is_called_off()

        assert Group.objects.get(pk=into.pk).state == Group.State.CANCELLED
        assert not into.memberships.filter(ended_at=None).exists()
        assert into.pk not in {one.group_id for one in sitting}
        assert not into.places.taken().exists()


def two_groups_ask_for_the_same_places():
    programme = ProgrammeFactory()
    into = filled(4, programme=programme)
    pressing = {PersonFactory(): filled(3, programme=programme) for _n in range(2)}
    went_well = at_once(lambda person: ask(pressing[person], into, by=person), list(pressing))
    return went_well, into


@pytest.mark.django_db(transaction=True)
def test_two_groups_of_three_do_not_both_get_the_last_four_places():
    for _round in range(4):
        went_well, into = two_groups_ask_for_the_same_places()

        assert sum(went_well) == 1
        assert into.places.free().count() == 1
        assert Offer.objects.open().filter(group=into).count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_ask_the_same_group_ask_it_once():
    for _round in range(4):
        programme = ProgrammeFactory()
        group = filled(2, programme=programme)
        targets = {PersonFactory(): filled(4, programme=programme) for _n in range(2)}

        def press(person, group=group, targets=targets):
            ask(Group.objects.get(pk=group.pk), targets[person], by=person)

        assert sum(at_once(press, list(targets))) == 1
        assert Offer.objects.open().filter(instead_of__group=group).count() == 2
