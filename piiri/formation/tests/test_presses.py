"""Two coordinators press the same button: groups are asked for once, published once."""

import pytest

from piiri.base.tests.at_once import at_once
from piiri.formation import actions
from piiri.formation.models import Publishing, Run
from piiri.formation.tests.factories import NOW, RunFactory, world

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_asked_for_by_many_at_once_is_one_run():
    here = world()
    here.offer()
    here.apply(5)

    went_well = at_once(lambda by: actions.ask_for_groups(here.programme, by=by, now=NOW), [here.office] * 4)

    assert sum(went_well) == 4
    assert Run.objects.count() == 1


def test_asked_for_differently_by_many_at_once_there_are_three_and_each_has_its_letter():
    here = world()
    here.offer()
    here.apply(5)

    def ask(seed):
        actions.ask_for_groups(here.programme, by=here.office, now=NOW, seed=seed)

    went_well = at_once(ask, [1, 2, 3, 4, 5])

    assert sum(went_well) == 3
    assert sorted(Run.objects.values_list("letter", flat=True)) == ["A", "B", "C"]


def test_published_by_two_at_once_there_is_one_publishing():
    here = world()
    group = here.offer()
    run = RunFactory(programme=here.programme, seats=[(one, group) for one in here.apply(5)])

    went_well = at_once(lambda by: actions.publish(run, by=by, now=NOW), [here.office] * 4)

    assert sum(went_well) == 1
    assert Publishing.objects.get().openings.count() == 1


def test_taken_back_by_two_at_once_it_is_taken_back_once():
    here = world()
    group = here.offer()
    run = RunFactory(programme=here.programme, seats=[(one, group) for one in here.apply(5)])
    publishing = actions.publish(run, by=here.office, now=NOW)

    went_well = at_once(lambda by: actions.undo(publishing, by=by, now=NOW), [here.office] * 4)

    assert sum(went_well) == 1
    assert Publishing.objects.get().state == Publishing.State.UNDONE
