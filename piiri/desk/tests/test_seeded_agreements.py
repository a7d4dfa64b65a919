"""Made-up groups have agreed on something, and nobody waits for a mail about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from piiri.agreements import queries
from piiri.agreements.models import Agreement, Goal, OwnGoal
from piiri.desk.tests import walk
from piiri.groups.models import Group
from piiri.people.models import Person


@pytest.mark.django_db
def test_groups_of_a_made_up_world_have_signed_agreements_and_goals():
    told = walk.seeded("city")
    now = timezone.now() + timedelta(seconds=1)

    signed = queries.signed_of(Group.objects.running())
    participant = Person.objects.get(email=told.by_role["participant"]["email"])
    group = Group.objects.get(uid=told.by_role["participant"]["group"])

    assert len(signed) == Group.objects.running().count()
    assert sum(one.signed < one.of for one in signed.values()) < len(signed) / 2
    assert {one.version for one in signed.values()} == {1, 2}
    assert len(queries.goals(group)) == 2
    assert [ask.kind for ask in queries.asks(participant)] == ["goal"]
    assert OwnGoal.objects.filter(person=participant).exists()
    assert Goal.objects.suggested().exists()
    assert Agreement.objects.filter(cause="joined").exists()
    assert not queries.unasked(now, 10)
    assert not queries.with_newcomers(10)
    assert not queries.settled_suggestions(10)
