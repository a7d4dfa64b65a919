"""Two change a proposal at the same time: who is first is kept, the other is told to look again."""

from threading import Barrier
from unittest import mock

import pytest

from piiri.formation import actions
from piiri.formation.actions import workbench
from piiri.formation.models import Run
from piiri.formation.rules import FormationRefusal
from piiri.formation.tests.factories import NOW, RunFactory, world
from piiri.formation.tests.workbench import ready
from piiri.groups.tests.test_apart_race import in_threads

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10
LONG = 20  # seconds


def mover(here, run, one, *, start):
    """A deed that moves somebody to the second group, of a proposal as it was found."""

    def move():
        start.wait(LONG)
        return actions.move(run, moves={one.uid: here.groups[1].uid}, seen=0, by=here.office, now=NOW)

    return move


def moved(here, run, people):
    assignment = Run.objects.get(pk=run.pk).proposal["assignment"]
    return [one for one in people if assignment[one.uid] == here.groups[1].uid]


def test_of_two_who_saw_the_same_version_exactly_one_moves():
    here = world()
    found = ready(here)
    people = here.applications[:2]
    for _round in range(ROUNDS):
        run = RunFactory(programme=here.programme, proposal=found.proposal, question=found.question)
        start = Barrier(2)

        told = in_threads(*(mover(here, run, one, start=start) for one in people))

        assert told.count(FormationRefusal.STALE) == 1
        run.refresh_from_db()
        [winner] = moved(here, run, people)
        assert (run.version, run.steps.get().moves[0][0]) == (1, winner.uid)


def test_a_move_and_an_undo_of_the_same_version_are_not_both_made():
    here = world()
    run = ready(here)
    one, two = here.applications[:2]
    actions.move(run, moves={one.uid: None}, seen=0, by=here.office, now=NOW)
    start = Barrier(2)

    def back():
        start.wait(LONG)
        return actions.undo_step(run, seen=1, by=here.office, now=NOW)

    def on():
        start.wait(LONG)
        return actions.move(run, moves={two.uid: None}, seen=1, by=here.office, now=NOW)

    told = in_threads(back, on)

    assert told.count(FormationRefusal.STALE) == 1
    kept = Run.objects.get(pk=run.pk)
    without = {uid for uid, group in kept.proposal["assignment"].items() if group is None}
    assert kept.version == 2
    assert {one.uid, two.uid} & without in (set(), {one.uid, two.uid})


def test_what_is_moved_while_it_is_published_is_published_as_moved_or_not_moved():
    here = world()
    found = ready(here)
    one = here.applications[0]
    for _round in range(ROUNDS):
        run = RunFactory(programme=here.programme, proposal=found.proposal, question=found.question)
        start = Barrier(2)

        def publish(run=run, start=start):
            start.wait(LONG)
            return actions.publish(run, by=here.office, now=NOW)

        told, publishing = in_threads(mover(here, run, one, start=start), publish)

        run.refresh_from_db()
        sits = publishing.reasons.get(application=one).group.uid
        assert sits == run.proposal["assignment"][one.uid]
        is_moved = sits == here.groups[1].uid
        assert is_moved or told in (FormationRefusal.STALE, FormationRefusal.PUBLISHED)
        publishing.delete()


def test_without_the_version_both_would_be_told_that_they_moved():
    """Shows that the race above is one: the second writes over the first, whose move is lost."""
    here = world()
    run = ready(here)
    people = here.applications[:2]
    as_seen = [Run.objects.select_related("programme").get(pk=run.pk) for _ in people]

    with (
        mock.patch.object(workbench, "_changeable", side_effect=as_seen),
        mock.patch.object(workbench, "_unchanged", lambda row, seen: Run.objects.filter(pk=row.pk)),
    ):
        told = [mover(here, run, one, start=Barrier(1))() for one in people]

    assert [one.version for one in told] == [1, 1]
    assert run.steps.count() == 2
    assert moved(here, run, people) == people[1:]
