"""Which groups start: the decisions, what becomes of the people, and the mails."""

from datetime import UTC, date, datetime, timedelta

import pytest

from piiri.base.errors import Refused
from piiri.base.tests.at_once import at_once
from piiri.enrolments import actions, queries, rules
from piiri.enrolments.actions.starting import hold_people
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.rules import StartRefusal
from piiri.enrolments.situations import Situation, situation
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Offer
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import (
    GroupFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.mail import queries as mail_queries
from piiri.mail.models import Message
from piiri.programmes.models import Programme

DECISION = date(2027, 2, 5)
# The morning of the day of decision.
NOW = datetime(2027, 2, 5, 7, 0, tzinfo=UTC)
State = Application.State


def reason(deed, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        deed(*args, **kwargs)
    return refused.value.reason


def kinds():
    rows = Message.objects.filter(state=Message.State.WAITING).values_list("kind", flat=True)
    return sorted(kind.rpartition("/")[2] for kind in rows)


def filled(members: int, *, programme: Programme, **more) -> Group:
    """A forming group whose members have a placed application that wished for its theme."""
    group = GroupFactory(programme=programme, members=members, state=Group.State.FORMING, **more)
    for one in group.memberships.all():
        ApplicationFactory(
            programme=programme, person=one.person, state=State.PLACED, decided_at=NOW, wishes=[group.theme]
        )
    return group


@pytest.fixture
def programme(db):
    return ProgrammeFactory()


@pytest.fixture
def office(db):
    return PersonFactory()


# --- rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Situation.READY),
        ({"taken": 3}, Situation.SHORT),
        ({"taken": 0}, Situation.EMPTY),
        ({"mentors": 0}, Situation.NO_MENTOR),
        ({"mentors": 0, "self_run": True}, Situation.READY),
        ({"taken": 1, "least": 1}, Situation.READY),
        ({"merging": True}, Situation.ASKED),
        ({"running": True}, Situation.RUNNING),
    ],
)
def test_situation(facts, expected):
    usual = {"running": False, "merging": False, "taken": 4, "least": 4, "mentors": 1, "self_run": False}

    assert situation(**usual | facts) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (DECISION, None),
        (DECISION - timedelta(days=1), StartRefusal.NO_DAY),
        (date(2027, 6, 1), None),
        (date(2027, 6, 2), StartRefusal.NO_DAY),
    ],
)
def test_why_not_set_day(day, expected):
    assert (
        rules.why_not_set_day(day, programme=ProgrammeFactory.build(organisation=None), now=NOW) == expected
    )


# --- the list ---------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [1, 3])
def test_starts_needs_the_same_queries_for_any_number_of_groups(programme, groups, django_assert_num_queries):
    for _number in range(groups):
        filled(2, programme=programme)

    with django_assert_num_queries(5):
        found = queries.starts(programme)

    assert [(one.situation, one.lacking, one.seats) for one in found.groups] == [
        (Situation.SHORT, 2, "mppww")
    ] * groups


def test_starts_puts_the_urgent_first_and_undecided_says_by_when(programme):
    ready, short, empty = (filled(n, programme=programme) for n in (4, 3, 0))
    running = GroupFactory(programme=programme, members=4, state=Group.State.RUNNING)
    Group.objects.filter(pk=short.pk).update(decide_on=date(2027, 2, 9))

    found, numbers = queries.starts(programme), queries.undecided(programme)

    assert [one.group for one in found.groups] == [short, ready, empty, running]
    assert running not in [one.group for one in found.undecided]
    assert (numbers.ready, numbers.short, numbers.first_on) == (1, 1, DECISION)


# --- starting ---------------------------------------------------------------------------------


def test_start_groups_tells_everybody_and_leaves_the_list(programme, office):
    group = filled(4, programme=programme)

    started = actions.start_groups(programme, groups=[group], by=office, now=NOW)

    assert [one.state for one in started] == [Group.State.RUNNING]
    assert kinds() == ["starts"] * 4 + ["starts_mentor"]
    assert not queries.starts(programme).undecided
    assert not Application.objects.exclude(state=State.PLACED).exists()


def test_start_groups_leaves_out_what_cannot_start_and_refuses_when_none_can(programme, office):
    ready, short = filled(4, programme=programme), filled(3, programme=programme)
    without = filled(4, programme=programme, mentor=False)

    assert actions.start_groups(programme, groups=[ready, short, without], by=office, now=NOW) == [ready]
    start = {"by": office, "now": NOW}
    assert reason(actions.start_groups, programme, groups=[short], **start) == GroupRefusal.TOO_FEW
    assert reason(actions.start_groups, programme, groups=[without], **start) == GroupRefusal.NO_MENTOR
    assert reason(actions.start_groups, programme, groups=[ready], **start) == GroupRefusal.NOT_NOW


def test_start_groups_waits_for_the_day_of_decision(programme, office):
    group, early = filled(4, programme=programme), NOW - timedelta(days=1)
    start = {"groups": [group], "by": office}

    assert reason(actions.start_groups, programme, now=early, **start) == StartRefusal.NOT_YET

    group_actions.decide_later(group, on=early.date(), by=office, now=early)
    assert actions.start_groups(programme, now=early, **start) == [group]


def test_a_pair_starts_with_one_and_a_self_run_group_without_a_mentor(office):
    pairs = ProgrammeFactory(parameters={"guidance": "pair"})
    pair = filled(1, programme=pairs, guidance="pair", min_to_start=1, places=1)
    by_itself = ProgrammeFactory(parameters={"self_run": True})
    group = filled(4, programme=by_itself, mentor=False, self_run=True)

    assert actions.start_groups(pairs, groups=[pair], by=office, now=NOW) == [pair]
    assert actions.start_groups(by_itself, groups=[group], by=office, now=NOW) == [group]


# --- another day ------------------------------------------------------------------------------


def test_postpone_group_tells_a_later_day_and_keeps_an_earlier_one_quiet(programme, office):
    group, later = filled(3, programme=programme), DECISION + timedelta(days=10)

    assert actions.postpone_group(group, on=later, by=office, now=NOW) == 4
    assert kinds() == ["postponed"] * 3 + ["postponed_mentor"]
    assert actions.postpone_group(group, on=DECISION, by=office, now=NOW) == 0
    assert Group.objects.get(pk=group.pk).decide_on == DECISION
    past = DECISION - timedelta(days=1)
    assert reason(actions.postpone_group, group, on=past, by=office, now=NOW) == StartRefusal.NO_DAY


# --- no start ---------------------------------------------------------------------------------


def call_off(group, *, by, why=""):
    return actions.call_off(group, why=why, seen=group.state, by=by, now=NOW)


def test_call_off_is_honest_and_lets_people_wait_for_what_they_wished(programme, office):
    group = filled(3, programme=programme)

    call_off(group, by=office)

    assert kinds() == ["not_starting"] * 3 + ["not_starting_mentor"]
    assert set(Application.objects.values_list("state", flat=True)) == {State.WAITING}
    turns = Waiting.objects.standing()
    assert turns.filter(theme=group.theme).count() == 3
    words = Message.objects.filter(kind__endswith="not_starting").first().words
    assert (words["people"], words["least"], words["why"]) == (3, 4, "")


def test_call_off_needs_a_reason_where_enough_came(programme, office):
    group = filled(4, programme=programme)

    assert reason(call_off, group, by=office) == StartRefusal.WHY
    assert call_off(group, by=office, why="The mentor has fallen ill.") == 5


def test_call_off_takes_offers_back_and_ends_the_list_with_a_word_to_each(programme, office):
    group = filled(2, programme=programme)
    asked, waiting = (
        ApplicationFactory(programme=programme, state=State.WAITING, decided_at=NOW) for _n in "ab"
    )
    for one in (asked, waiting):
        actions.wait(one, wants=[group], by=one.person, now=NOW)
    offer = group_actions.offer_place(group, person=asked.person, by=None, now=NOW, hours=72)

    call_off(group, by=office)

    assert Offer.objects.get(pk=offer.pk).state == Offer.State.WITHDRAWN
    assert not Waiting.objects.standing().filter(group=group).exists()
    told = {one.person_uid: one.kind.rpartition("/")[2] for one in Message.objects.all()}
    assert (told[asked.person.uid], told[waiting.person.uid]) == ("offer_over", "list_over")


def test_call_off_without_waiting_lists_says_so(office):
    programme = ProgrammeFactory(parameters={"waiting_list": False})
    group = filled(2, programme=programme)

    call_off(group, by=office)

    assert not Waiting.objects.exists()
    assert set(Application.objects.values_list("state", flat=True)) == {State.WAITING}
    assert not Message.objects.filter(kind__endswith="/not_starting").first().words["waits"]


def test_call_off_tells_a_member_without_an_application(programme, office):
    """Whoever came by a join link may have none."""
    group = GroupFactory(programme=programme, members=1)

    assert call_off(group, by=office) == 2


def test_call_off_tells_whoever_joined_at_the_last_moment(programme, office, monkeypatch):
    group = filled(2, programme=programme)
    late = ApplicationFactory(programme=programme, state=State.PLACED, decided_at=NOW)
    cancel = group_actions.cancel_group

    def join_first(*args, **how):
        group_actions.join(group, person=late.person, by=late.person, now=NOW)
        return cancel(*args, **how)

    monkeypatch.setattr(group_actions, "cancel_group", join_first)

    assert call_off(group, by=office) == 4

    told = Message.objects.filter(kind__endswith="/not_starting")
    assert late.person.uid in {one.person_uid for one in told}
    assert {one.words["people"] for one in told} == {3}
    late.refresh_from_db()
    assert late.state == State.WAITING


def test_close_groups_writes_to_nobody(programme, office):
    group = filled(4, programme=programme)
    actions.start_groups(programme, groups=[group], by=office, now=NOW)
    Message.objects.all().delete()

    assert actions.close_groups(programme, groups=[group], by=office, now=NOW) == [group]
    assert not Message.objects.exists()
    assert reason(actions.close_groups, programme, groups=[group], by=office, now=NOW) == GroupRefusal.NOT_NOW


# --- what else there is -----------------------------------------------------------------------


def test_instead_of_names_three_in_a_spoken_language_wished_themes_and_free_places_first(programme):
    other = ThemeFactory(programme=programme)
    full = GroupFactory(programme=programme, theme=other, members=2, places=2)
    free = GroupFactory(programme=programme, theme=other)
    swedish = GroupFactory(programme=programme, language="sv")
    wished = GroupFactory(programme=programme)
    GroupFactory.create_batch(2, programme=programme)
    Group.objects.exclude(pk=swedish.pk).update(language="en")
    one = ApplicationFactory(programme=programme, wishes=[wished.theme], state=State.WAITING)

    found = queries.instead_of([one])[one.person_id]

    assert found[0] == wished
    assert len(found) == 3
    assert swedish not in found
    assert full not in found
    assert free in found


@pytest.mark.parametrize("people", [1, 3])
def test_instead_of_needs_the_same_queries_for_any_number_of_people(
    programme, people, django_assert_num_queries
):
    GroupFactory(programme=programme)
    asking = ApplicationFactory.create_batch(people, programme=programme, state=State.WAITING)

    with django_assert_num_queries(3):
        queries.instead_of(asking)


def test_come_instead_takes_a_free_place_else_a_turn(programme):
    free, full = GroupFactory(programme=programme), GroupFactory(programme=programme, places=1, members=1)
    first, second = ApplicationFactory.create_batch(2, programme=programme, state=State.WAITING)
    come = {"by": PersonFactory(), "now": NOW}

    assert actions.come_instead(first, group=free, **come)
    assert not actions.come_instead(second, group=full, **come)

    first.refresh_from_db()
    assert first.state == State.PLACED
    assert kinds() == ["place"]
    assert second.turns.standing().get().group == full
    assert reason(actions.come_instead, first, group=free, **come) == rules.ListRefusal.NOT_WAITING


def test_come_instead_leaves_a_free_place_to_whoever_waits_for_it(programme):
    group = GroupFactory(programme=programme)
    waiting, asking = ApplicationFactory.create_batch(2, programme=programme, state=State.WAITING)
    actions.wait(waiting, wants=[group], by=waiting.person, now=NOW)

    assert not actions.come_instead(asking, group=group, by=asking.person, now=NOW)
    assert not group.memberships.exists()


# --- previews ---------------------------------------------------------------------------------


def test_what_is_posted_is_what_was_shown(programme, office):
    group = filled(4, programme=programme)
    shown = queries.previews(
        queries.start_letters(programme, found=[queries.start_of(group)], now=NOW), language="en"
    )

    actions.start_groups(programme, groups=[group], by=office, now=NOW)

    posted = Message.objects.filter(kind="enrolments/email/starts").first()
    again = mail_queries.preview(posted.kind, words=posted.words, language="en")
    assert [(one.kind, one.number) for one in shown] == [("starts", 4), ("starts_mentor", 1)]
    assert shown[0].letter == again


# --- races ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_start_and_call_off_pressed_at_once_one_happens_and_mails_say_only_that():
    for _round in range(4):
        programme = ProgrammeFactory()
        group = filled(4, programme=programme)
        starter, ender = PersonFactory(), PersonFactory()

        def press(person, group=group, starter=starter, programme=programme):
            fresh = Group.objects.select_related("programme", "theme").get(pk=group.pk)
            if person == starter:
                actions.start_groups(programme, groups=[fresh], by=person, now=NOW)
            else:
                actions.call_off(fresh, why="Too late.", seen=Group.State.FORMING, by=person, now=NOW)

        Message.objects.all().delete()
        went_well = at_once(press, [starter, ender])

        assert sum(went_well) == 1
        expected = {
            Group.State.RUNNING: ["starts"] * 4 + ["starts_mentor"],
            Group.State.CANCELLED: ["not_starting"] * 4 + ["not_starting_mentor"],
        }
        assert kinds() == expected[Group.objects.get(pk=group.pk).state]


@pytest.mark.django_db
def test_all_people_of_a_group_are_held_by_one_statement_in_the_order_of_their_keys(
    django_assert_num_queries,
):
    group = GroupFactory(members=2)
    asked = ApplicationFactory(programme=group.programme).person
    group_actions.offer_place(group, person=asked, by=None, now=NOW, hours=72)

    with django_assert_num_queries(1) as held:
        hold_people(group)

    assert held.captured_queries[0]["sql"].count("ORDER BY") == 1
