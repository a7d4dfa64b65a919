"""What a group's page counts: who is missing, which places are free, who has wished for it."""

import pytest
from django.urls import reverse

from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def programme():
    return ProgrammeFactory(parameters={"enrol_way": "place"})


def page_of(group):
    at = group.programme
    return reverse("enrolments:group", args=[at.organisation.slug, at.slug, group.uid])


@pytest.mark.parametrize("members", [0, 1])
def test_the_counter_says_how_many_are_missing(client, programme, members):
    group = GroupFactory(programme=programme, members=members)

    content = client.get(page_of(group)).content.decode()

    assert f"{4 - members} more and it starts" in content
    assert f"{8 - members} of 8 places are free" in content


@pytest.mark.parametrize(("wishes", "told"), [(4, False), (5, True)])
def test_wishes_are_counted_where_the_programme_counts_them(client, wishes, told):
    group = GroupFactory(programme=ProgrammeFactory())
    for _number in range(wishes):
        ApplicationFactory(programme=group.programme, wishes=[group.theme])

    content = client.get(page_of(group)).content.decode()

    assert (f"{wishes} have wished for it so far" in content) == told


def test_whom_a_place_is_held_for_reads_so_and_where_to_answer(client, programme):
    group, mine = GroupFactory(programme=programme, members=7), ApplicationFactory(programme=programme)
    type(mine).objects.filter(pk=mine.pk).update(state="waiting")
    offer = group_actions.offer_place(group, person=mine.person, by=None, now=NOW, hours=72)
    for person, told in ((mine.person, True), (PersonFactory(), False)):
        client.force_login(person)

        content = client.get(page_of(group)).content.decode()

        assert ("A place is held for you" in content) == told
        assert (reverse("enrolments:offer", args=[offer.uid]) in content) == told
        assert ("All 8 places are taken" in content) != told
