"""Goals through their doors: the group's, and one's own."""

import pytest

from piiri.agreements import actions
from piiri.agreements.models import Goal, OwnGoal
from piiri.agreements.tests.factories import CANARY, JOINED, a_group, everybody, members_of, mentor_of
from piiri.agreements.tests.test_views import HTMX, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def group():
    return a_group(members=4)


def test_a_goal_is_suggested_agreed_to_and_ended(client, group):
    mentor, *members = everybody(group)
    client.force_login(members[0])
    assert client.post(at("suggest-goal", group), {"sentence": ""}).status_code == 422
    client.post(at("suggest-goal", group), {"sentence": CANARY, "step": "Tomorrow."})
    goal = Goal.objects.get()
    client.force_login(members[1])
    assert CANARY in client.get(at("agreement", group)).content.decode()
    part = client.post(at("agree-to-goal", group, goal), **HTMX)
    assert b"2 of 5 have said yes" in part.content
    assert client.post(at("take-back-suggestion", group, goal)).status_code == 409
    for person in (mentor, *members[2:]):
        client.force_login(person)
        client.post(at("agree-to-goal", group, goal))
    client.force_login(mentor)

    client.post(at("end-goal", group, goal), {"outcome": "nearer"})
    client.post(at("change-goal", group, goal), {"sentence": "Other words."})

    page = client.get(at("agreement", group)).content.decode()
    assert ("Nearer" in page, "Suggested instead of goal 1" in page) == (True, True)
    change = Goal.objects.suggested().get()
    assert client.post(at("change-goal", group, goal), {"sentence": "Third."}).status_code == 422
    client.post(at("take-back-suggestion", group, change))
    assert not Goal.objects.suggested().exists()
    assert client.get(at("change-goal", group, change)).status_code == 409


def test_own_goals_are_written_written_anew_and_deleted(client, group):
    client.force_login(members_of(group)[0])
    address = at("own-goals", group)
    assert client.post(address, {"sentence": ""}).status_code == 422
    client.post(address, {"sentence": CANARY, "scale": "3"})
    goal = OwnGoal.objects.get()
    assert CANARY in client.get(address).content.decode()
    assert CANARY in client.get(f"{address}?goal={goal.uid}").content.decode()
    client.post(address, {"goal": goal.uid, "sentence": "Anew.", "scale": "", "outcome": "reached"})
    goal.refresh_from_db()
    assert (goal.sentence, goal.scale, goal.outcome) == ("Anew.", None, "reached")

    client.force_login(mentor_of(group))
    assert client.post(address, {"goal": goal.uid, "delete": "1"}).status_code == 404
    client.force_login(members_of(group)[0])
    client.post(address, {"goal": goal.uid, "delete": "1"})

    assert not OwnGoal.objects.exists()


def test_more_own_goals_than_ten_are_refused_and_the_words_stay(client, group):
    member = members_of(group)[0]
    for _ in range(10):
        actions.write_own_goal(group, sentence="x", by=member, now=JOINED)
    client.force_login(member)

    answer = client.post(at("own-goals", group), {"sentence": CANARY})

    assert (answer.status_code, CANARY in answer.content.decode()) == (422, True)
