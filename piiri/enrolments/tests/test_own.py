"""One's own application: what its page asks of the database, and that it tells where the place is."""

import pytest
from django.urls import reverse

from piiri.enrolments import access, queries
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import actions
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(client):
    """Somebody who has a place, signed in with `client`: their application and group."""
    group, person = GroupFactory(title="The harbour circle"), PersonFactory()
    actions.join(group, person=person, by=person, now=NOW)
    client.force_login(person)
    row = ApplicationFactory(programme=group.programme, person=person, state="placed", decided_at=NOW)
    return row, group


def mine(row):
    return queries.own_application(access.own_applications, person=row.person, uid=row.uid)


def test_page_of_somebody_placed_names_the_group_and_asks_little(client, placed, django_assert_num_queries):
    row, group = placed
    path = reverse("enrolments:application", args=[row.uid])

    # Session, person, application, office; and once a minute the joint events, for the date one comes to.
    with django_assert_num_queries(5):
        client.get(path)
    with django_assert_num_queries(4):
        page = client.get(path).content.decode()

    assert group.title in page
    assert f"/groups/{group.uid}/" in page


def test_own_application_is_the_row_with_all_around_it(placed, django_assert_num_queries):
    row, group = placed

    with django_assert_num_queries(1):
        found = mine(row)
        assert found.row.programme.organisation == row.programme.organisation
        assert found.row.programme.rules == row.programme.rules
        assert found.group.name == group.title

    assert (found.offered, found.listed, found.wished, found.told, found.named) == (False,) * 5
    assert {name: getattr(found.row, name) for name in queries.own.COLUMNS if name != "wish"} == {
        name: getattr(type(row).objects.get(pk=row.pk), name)
        for name in queries.own.COLUMNS
        if name != "wish"
    }


def test_own_application_knows_no_group_that_was_left_and_nobody_elses_application(placed):
    row, _group = placed
    actions.leave(row.person.memberships.get(), by=row.person, now=NOW)

    assert mine(row).group is None
    assert queries.own_application(access.own_applications, person=PersonFactory(), uid=row.uid) is None
