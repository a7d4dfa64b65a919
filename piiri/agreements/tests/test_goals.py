"""Goals are a group's when all have said yes; one's own are nobody else's."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from piiri.agreements import actions, queries
from piiri.agreements.actions.goals import settle_left
from piiri.agreements.models import Goal, OwnGoal, Yes
from piiri.agreements.rules import AgreementRefusal
from piiri.agreements.tests.factories import (
    CANARY,
    JOINED,
    a_goal,
    a_group,
    agreed,
    members_of,
    mentor_of,
)
from piiri.agreements.tests.test_actions import refused
from piiri.groups.models import Membership

pytestmark = pytest.mark.django_db

LATER = JOINED + timedelta(days=1)


def suggest(group, by=None, **words):
    words = {"sentence": "We try one new thing.", "now": JOINED} | words
    return actions.suggest_goal(group, by=by or mentor_of(group), **words)


def test_a_suggestion_is_a_goal_once_everybody_has_said_yes():
    group = a_group()
    goal = suggest(group)
    first, second = members_of(group)

    actions.agree_to_goal(goal, by=first, now=JOINED)
    actions.agree_to_goal(goal, by=first, now=JOINED)
    assert Goal.objects.get().state == "suggested"
    assert queries.goals(group) == []
    actions.agree_to_goal(goal, by=second, now=LATER)

    assert (Goal.objects.get().state, Goal.objects.get().agreed_at) == ("agreed", LATER)
    assert [one.sentence for one in queries.goals(group)] == ["We try one new thing."]
    assert refused(actions.agree_to_goal, goal, by=first, now=LATER) == AgreementRefusal.NOT_OPEN


def test_who_sits_alone_agrees_at_once():
    group = a_group(members=1, mentor=False, self_run=True)

    assert suggest(group, by=members_of(group)[0]).state == "agreed"


def test_a_suggestion_waits_for_nobody_who_has_left_or_is_paused():
    group = a_group()
    goal = suggest(group)
    first, second = Membership.objects.filter(group=group)
    actions.agree_to_goal(goal, by=first.person, now=JOINED)
    assert actions.settle_suggestions(now=LATER) == 0
    Membership.objects.filter(pk=second.pk).update(paused_at=LATER)

    assert [actions.settle_suggestions(now=LATER) for _ in range(2)] == [1, 0]
    assert Goal.objects.get().state == "agreed"


def test_there_are_as_many_goals_and_suggestions_as_the_programme_says():
    group = a_group()
    group.programme.parameters = {"goals_most": 2}
    a_goal(group)
    suggest(group)

    assert refused(suggest, group) == AgreementRefusal.TOO_MANY_GOALS
    assert refused(suggest, a_group(state="closed")) == AgreementRefusal.GROUP_NOT_LIVING


def test_a_change_takes_the_place_of_the_goal_once_all_agree():
    group = a_group()
    old = a_goal(group)
    change = suggest(group, sentence="Other words.", instead_of=old)
    assert refused(suggest, group, instead_of=old) == AgreementRefusal.ASKED_ALREADY
    assert [one.sentence for one in queries.goals(group)] == [CANARY]

    for person in members_of(group):
        actions.agree_to_goal(change, by=person, now=LATER)

    assert [(one.place, one.sentence) for one in queries.goals(group)] == [(1, "Other words.")]
    old.refresh_from_db()
    assert (old.state, old.outcome) == ("ended", "changed")
    assert refused(suggest, group, instead_of=old) == AgreementRefusal.NOT_AGREED


def test_a_suggestion_can_be_taken_back_while_it_is_open():
    group = a_group()
    goal = suggest(group)

    actions.take_back_suggestion(goal, by=mentor_of(group), now=LATER)

    assert Goal.objects.get().state == "withdrawn"
    assert (
        refused(actions.take_back_suggestion, goal, by=mentor_of(group), now=LATER)
        == AgreementRefusal.NOT_OPEN
    )


@pytest.mark.parametrize(
    ("outcome", "stays"), [("reached", True), ("nearer", True), ("changed", False), ("dropped", False)]
)
def test_end_goal_says_what_became_of_it(outcome, stays):
    group = a_group()
    goal = a_goal(group)
    change = suggest(group, instead_of=goal)

    actions.end_goal(goal, outcome=outcome, by=mentor_of(group), now=LATER)

    assert bool(queries.goals(group)) == stays
    change.refresh_from_db()
    assert change.state == ("suggested" if stays else "withdrawn")
    if not stays:
        why = refused(actions.end_goal, goal, outcome="reached", by=mentor_of(group), now=LATER)
        assert why == AgreementRefusal.NOT_AGREED


def test_deeds_on_a_goal_that_somebody_else_has_just_decided_change_nothing():
    group = a_group()
    goal = a_goal(group)
    stale = Goal.objects.select_related("group").get(pk=goal.pk)
    actions.end_goal(goal, outcome="dropped", by=mentor_of(group), now=LATER)

    why = refused(actions.end_goal, stale, outcome="reached", by=mentor_of(group), now=LATER)

    assert why == AgreementRefusal.NOT_AGREED
    assert not settle_left(stale, now=LATER)
    assert Goal.objects.get().outcome == "dropped"


def test_a_change_stands_on_its_own_where_the_goal_has_ended_meanwhile():
    group = a_group()
    old = a_goal(group)
    change = suggest(group, sentence="Other words.", instead_of=old)
    Goal.objects.filter(pk=old.pk).update(state=Goal.State.ENDED, outcome="dropped")

    for person in members_of(group):
        actions.agree_to_goal(change, by=person, now=LATER)

    assert [one.sentence for one in queries.goals(group)] == ["Other words."]
    assert Goal.objects.get(pk=old.pk).outcome == "dropped"


def test_the_database_holds_one_goal_a_place_and_one_yes_a_person():
    group = a_group()
    goal = a_goal(group)

    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.create(
            group=group, place=1, state="agreed", sentence="x", suggested_at=JOINED, agreed_at=JOINED
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Yes.objects.create(goal=goal, person=mentor_of(group), said_at=JOINED)


def test_asks_are_what_waits_for_the_person_in_two_queries():
    person = None
    counts = []
    for number in (1, 3):
        for _ in range(number):
            group = a_group(members=1)
            if person:
                Membership.objects.create(
                    group=group,
                    programme=group.programme,
                    person=person,
                    joined_at=JOINED,
                    confirmed_at=JOINED,
                )
            person = person or members_of(group)[0]
            agreed(group, sign=False)
            suggest(group)
        with CaptureQueriesContext(connection) as caught:
            asks = queries.asks(person)
            names = {ask.group.name for ask in asks}
        counts.append((len(caught), len(asks), len(names)))

    assert counts == [(2, 2, 1), (2, 8, 4)]
    assert {(ask.kind, ask.number, ask.joined) for ask in asks} == {("sign", 1, False), ("goal", 1, False)}
    assert queries.asks(mentor_of(group))[0].kind == "sign"
    assert len(queries.asks(mentor_of(group))) == 1


def test_own_goals_are_sealed_for_the_person():
    group = a_group()
    member, other = members_of(group)
    words = {"by": member, "now": JOINED}
    goal = actions.write_own_goal(group, sentence=CANARY, scale=4, **words)

    goal = actions.write_own_goal(group, goal=goal, sentence=CANARY, step="Tomorrow.", scale=6, **words)

    assert [(one.sentence, one.step, one.scale) for one in queries.private_goals(member, group)] == [
        (CANARY, "Tomorrow.", 6)
    ]
    assert queries.private_goals(other, group) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT sentence FROM agreements_owngoal")
        assert CANARY.encode() not in bytes(cursor.fetchone()[0])
    actions.delete_own_goal(goal, **words)
    assert not OwnGoal.objects.exists()


def test_own_goals_have_an_end():
    group = a_group()
    words = {"sentence": "x", "by": mentor_of(group), "now": JOINED}
    for _ in range(10):
        actions.write_own_goal(group, **words)

    assert refused(actions.write_own_goal, group, **words) == AgreementRefusal.TOO_MANY_OWN


@pytest.mark.django_db(transaction=True)
def test_two_last_yeses_at_once_make_one_goal():
    group = a_group()
    goal = suggest(group)
    start = threading.Barrier(2)
    failed = []

    def say_yes(person):
        try:
            start.wait()
            actions.agree_to_goal(Goal.objects.select_related("group").get(pk=goal.pk), by=person, now=LATER)
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=say_yes, args=[person]) for person in members_of(group)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failed
    assert Goal.objects.get().state == "agreed"
    assert Yes.objects.count() == 3
