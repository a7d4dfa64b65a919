"""Beginning to wait, leaving a list, being moved in it; lists that follow what else happens."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.enrolments import actions, line, queries, taking
from piiri.enrolments.actions.waiting import end_turns
from piiri.enrolments.line import Key
from piiri.enrolments.models import Application, Waiting, Wish
from piiri.enrolments.rules import ListRefusal
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.enrolments.tests.lists import first_come, free_a_place, full_group, offers_of, stand, waiting
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Offer
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ProgrammeFactory, ThemeFactory
from piiri.mail.models import Message
from piiri.programmes.models import Programme

pytestmark = pytest.mark.django_db
State = Application.State
End = Waiting.End
LATER = NOW + timedelta(minutes=5)


def wait(application, *wants, now=NOW):
    return actions.wait(application, wants=wants, by=application.person, now=now)


def people_in(wants):
    kind = "theme" if wants._meta.model_name == "theme" else "group"
    return [turn.application.person for turn in Waiting.objects.standing().filter(**{kind: wants}).in_order()]


def positions(application):
    return [(one.position, one.people) for one in queries.lines_of(application)]


# --- beginning to wait ------------------------------------------------------------------------


def test_wait_gives_a_turn_in_each_list_and_moves_the_application():
    group = full_group()
    application = ApplicationFactory(programme=group.programme)

    turns = wait(application, group, group.theme)

    application.refresh_from_db()
    assert (application.state, application.decided_at) == (State.WAITING, NOW)
    assert [(turn.group, turn.theme) for turn in turns] == [(group, None), (None, group.theme)]
    assert {(turn.priority, turn.order) for turn in turns} == {(application.priority, application.order)}
    assert application.order == int(application.sent_at.timestamp() * 1_000_000)


def test_wait_twice_keeps_the_first_turn():
    group = full_group()
    application = ApplicationFactory(programme=group.programme)
    [first] = wait(application, group)

    [again] = wait(application, group, now=LATER)

    application.refresh_from_db()
    assert again == first
    assert again.since_at == NOW
    assert application.decided_at == NOW


@pytest.mark.parametrize("state", ["draft", "placed", "declined", "withdrawn"])
def test_wait_is_for_those_who_can_still_get_a_place(state):
    group = full_group()
    application = ApplicationFactory(programme=group.programme, state=state, decided_at=NOW)

    with pytest.raises(Refused) as refused:
        wait(application, group)
    assert refused.value.reason == ListRefusal.NOT_WAITING


def test_wait_looks_at_the_application_as_it_is_now():
    group = full_group()
    application = ApplicationFactory(programme=group.programme)
    Application.objects.update(state=State.PLACED, decided_at=NOW)

    with pytest.raises(Refused) as refused:
        wait(application, group)
    assert refused.value.reason == ListRefusal.NOT_WAITING
    assert not Waiting.objects.exists()


def test_wait_is_refused_where_there_are_no_lists():
    group = full_group(first_come(waiting_list=False))

    with pytest.raises(Refused) as refused:
        wait(ApplicationFactory(programme=group.programme), group)
    assert refused.value.reason == ListRefusal.NO_LISTS


def test_a_lottery_orders_the_list_by_its_lots():
    group = full_group(first_come(order="lottery"))
    people = [ApplicationFactory(programme=group.programme) for _ in range(5)]
    for one in people:
        wait(one, group)

    drawn = sorted(people, key=lambda one: one.order)

    assert people_in(group) == [one.person for one in drawn]


# --- where one stands -------------------------------------------------------------------------


def test_lines_of_tells_the_place_in_every_list():
    group = full_group()
    first, second, third = (waiting(group, minutes=n) for n in (1, 2, 3))
    stand(third, group.theme)

    assert positions(first) == [(1, 3)]
    assert positions(second) == [(2, 3)]
    assert positions(third) == [(3, 3), (1, 1)]
    assert positions(ApplicationFactory(programme=group.programme)) == []


@pytest.mark.parametrize("lists", [1, 3])
def test_lines_of_needs_two_queries(lists, django_assert_num_queries):
    group = full_group()
    application = waiting(group)
    for _ in range(lists - 1):
        stand(application, ThemeFactory(programme=group.programme))

    with django_assert_num_queries(2):
        assert [one.name for one in queries.lines_of(application)]


def test_list_lengths_counts_by_group_and_by_theme():
    group = full_group()
    waiting(group), waiting(group), waiting(group.theme)
    Application.objects.filter(pk=waiting(group).pk).update(state=State.SENT)

    assert queries.list_lengths(group.programme) == ({group.pk: 2}, {group.theme_id: 1})


def test_is_awaited_says_whether_somebody_goes_first():
    group = full_group()
    assert not queries.is_awaited(group)
    waiting(group.theme)
    assert queries.is_awaited(group)


# --- leaving ----------------------------------------------------------------------------------


def test_leave_list_ends_one_turn_and_the_last_one_ends_the_application():
    group = full_group()
    application = waiting(group)
    other = stand(application, group.theme)
    [turn] = application.turns.filter(group=group)

    assert actions.leave_list(turn, by=application.person, now=NOW)
    assert not actions.leave_list(turn, by=application.person, now=NOW)
    application.refresh_from_db()
    assert application.state == State.WAITING

    assert actions.leave_list(other, by=application.person, now=NOW)
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert Entry.objects.filter(deed="list_left").count() == 2


def test_leave_list_keeps_somebody_who_is_asked_for_a_place():
    group = full_group()
    free_a_place(group)
    application = waiting(group)
    actions.offer_free_places(now=NOW)

    actions.leave_list(application.turns.get(), by=application.person, now=NOW)
    application.refresh_from_db()
    assert application.state == State.WAITING

    actions.decline_place(Offer.objects.get(), by=application.person, now=NOW)
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN


def test_end_turns_takes_everything_back():
    group = full_group()
    free_a_place(group)
    application = waiting(group)
    stand(application, group.theme)
    actions.offer_free_places(now=NOW)

    end_turns(application, end=End.PLACED, by=None, now=NOW)

    assert {turn.end for turn in application.turns.all()} == {End.PLACED}
    assert Offer.objects.get().state == Offer.State.WITHDRAWN
    assert group.places.free().count() == 1


# --- moving -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "to", "order"),
    [(4, 1, "dabc"), (1, 4, "bcda"), (3, 2, "acbd"), (2, 3, "acbd"), (2, 2, "abcd"), (1, 99, "bcda")],
)
def test_move_turn_takes_somebody_to_a_place_in_the_list(at, to, order):
    group, office = full_group(), PersonFactory()
    people = {letter: waiting(group, minutes=n) for n, letter in enumerate("abcd")}
    turn = people["abcd"[at - 1]].turns.get()

    actions.move_turn(turn, to=to, why="Their leave begins in May.", by=office, now=NOW)

    names = {application.person: letter for letter, application in people.items()}
    assert "".join(names[person] for person in people_in(group)) == order
    turn.refresh_from_db()
    assert (turn.moved_why == "Their leave begins in May.") == (at != to)


def test_move_turn_refuses_a_turn_that_has_ended():
    group = full_group()
    turn = waiting(group).turns.get()
    actions.leave_list(turn, by=None, now=NOW)

    with pytest.raises(Refused) as refused:
        actions.move_turn(turn, to=1, why="Why not.", by=PersonFactory(), now=NOW)
    assert refused.value.reason == ListRefusal.LEFT


KEYS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4)), min_size=1, max_size=7)


@given(KEYS, st.data())
def test_moved_keeps_everybody_else_in_order(keys, data):
    keys = sorted(Key(priority, order, pk) for pk, (priority, order) in enumerate(keys))
    at = data.draw(st.integers(0, len(keys) - 1))
    to = data.draw(st.integers(0, len(keys) - 1))
    wanted = [key.pk for key in keys]
    wanted.insert(to, wanted.pop(at))

    changed = {key.pk: key for key in line.moved(keys, at=at, to=to)}

    assert [key.pk for key in sorted(changed.get(key.pk, key) for key in keys)] == wanted


# --- lists follow -----------------------------------------------------------------------------


def mend(now=NOW):
    return actions.mend_lists(now=now)


def test_who_was_left_without_a_place_stands_in_the_lists_of_their_wishes():
    programme = ProgrammeFactory(parameters={"enrol_way": "wishes", "hold_hours": 24})
    theme, group = ThemeFactory(programme=programme), full_group(programme)
    application = ApplicationFactory(programme=programme, state=State.WAITING, decided_at=NOW)
    Wish.objects.create(application=application, rank=1, group=group)
    Wish.objects.create(application=application, rank=2, theme=theme)

    assert mend() == 0, "the formation can still be taken back"
    assert mend(NOW + timedelta(hours=24)) == 1
    assert mend(NOW + timedelta(hours=24)) == 0
    assert [(one.turn.group or one.turn.theme) for one in queries.lines_of(application)] == [group, theme]


def test_where_any_theme_is_fine_there_is_a_turn_for_each_but_sensitive_ones():
    programme = first_come()
    dear, other = ThemeFactory(programme=programme), ThemeFactory(programme=programme)
    ThemeFactory(programme=programme, sensitive=True)
    application = ApplicationFactory(
        programme=programme, state=State.WAITING, decided_at=NOW, any_theme=True, wishes=[dear]
    )

    mend()

    assert [one.turn.theme for one in queries.lines_of(application)] == [dear, other]


def test_who_left_the_last_list_is_not_put_back():
    group = full_group()
    application = waiting(group, wishes=[group.theme])
    actions.leave_list(application.turns.get(), by=None, now=NOW)

    assert mend() == 0


def test_who_is_taken_back_by_an_undone_formation_waits_nowhere():
    application = waiting(full_group())
    Application.objects.update(state=State.SENT, decided_at=None)

    assert mend() == 1
    assert application.turns.get().end == End.OVER


@pytest.mark.parametrize(("state", "end"), [("placed", End.PLACED), ("withdrawn", End.LEFT)])
def test_who_waits_no_more_stands_in_no_list_and_is_asked_nothing(state, end):
    group = full_group()
    free_a_place(group)
    application = waiting(group)
    actions.offer_free_places(now=NOW)
    Application.objects.update(state=state)

    mend()

    assert application.turns.get().end == end
    assert offers_of(group) == []


def test_who_got_a_place_in_another_way_is_placed():
    group = full_group()
    application = waiting(group)
    group_actions.join(GroupFactory(programme=group.programme), person=application.person, by=None, now=NOW)

    mend()

    application.refresh_from_db()
    assert application.state == State.PLACED
    assert application.turns.get().end == End.PLACED


def test_an_offer_to_somebody_without_an_application_is_taken_back():
    group = full_group()
    free_a_place(group)
    group_actions.offer_place(group, person=PersonFactory(), by=None, now=NOW, hours=1)

    assert mend() == 1
    assert group.places.free().count() == 1


def test_an_offer_of_a_group_that_ended_meanwhile_is_taken_back_with_its_mail():
    group = full_group()
    application = waiting(group.theme)
    free_a_place(group)
    assert actions.offer_free_places(now=NOW) == 1
    Group.objects.filter(pk=group.pk).update(state=Group.State.CLOSED, ended_at=NOW)

    mend()

    assert not offers_of(group)
    assert not group.places.exclude(offer=None).exists()
    assert Message.objects.get(kind="enrolments/email/offer").state == Message.State.WITHDRAWN
    assert application.turns.standing().exists()


def test_the_list_of_a_merged_group_goes_on_in_the_other():
    group = full_group()
    other = full_group(group.programme)
    first, second = waiting(group, minutes=1), waiting(group, minutes=2)
    stand(second, other)
    Group.objects.filter(pk=group.pk).update(state=Group.State.MERGED, merged_into=other, ended_at=NOW)

    mend()

    assert people_in(group) == []
    assert people_in(other) == [first.person, second.person]


def test_lists_of_a_closed_programme_end():
    application = waiting(full_group().theme)
    Programme.objects.update(state=Programme.State.CLOSED)

    mend()

    assert application.turns.get().end == End.OVER


def test_mend_lists_costs_a_few_queries_when_all_is_well(django_assert_max_num_queries):
    waiting(full_group())

    with django_assert_max_num_queries(7):
        assert mend() == 0


# --- which groups take people -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "newcomers", "answered", "states"),
    [
        ("place", "group", False, ["forming", "offered"]),
        ("wishes", "group", False, ["forming"]),
        ("wishes", "group", True, ["forming", "offered"]),
        ("office", "open", False, ["forming", "running"]),
        ("place", "closed", True, ["forming", "offered"]),
    ],
)
def test_states_that_take(way, newcomers, answered, states):
    assert taking.states_that_take(way=way, newcomers=newcomers, answered=answered) == states


def test_rests_until_a_formation_cannot_be_taken_back():
    assert taking.rests(way="wishes", hold_hours=24) == timedelta(hours=24)
    assert taking.rests(way="place", hold_hours=24) == timedelta(0)
