"""To somebody who has not signed in nothing opens."""

import pytest
from django.contrib.auth.models import AnonymousUser

from piiri.agreements import access, actions
from piiri.agreements.tests.factories import CANARY, JOINED, a_goal, a_group, agreed, mentor_of

pytestmark = pytest.mark.django_db


def test_visible_rows_are_those_of_ones_own_groups():
    group, other = a_group(), a_group()
    for each in (group, other):
        agreed(each)
        a_goal(each)
        actions.write_own_goal(each, sentence=CANARY, by=mentor_of(each), now=JOINED)
    person, nobody = mentor_of(group), AnonymousUser()
    seen = [
        access.visible_groups_to_agree,
        access.visible_groups_to_count,
        access.visible_agreements,
        access.visible_goals,
        access.own_goals,
        access.visible_groups_of_own_goals,
    ]

    assert [rows(person).count() for rows in seen] == [1] * 6
    assert access.visible_clauses(person).count() == 12
    assert not any(rows(nobody).exists() for rows in (*seen, access.visible_clauses))
    assert not access.can_enter_group(person, other)
    assert not access.can_count_signatures(person, other)
    assert not access.can_make_ready(nobody, group)
