"""Three proposals side by side: asked for, stopped, set aside, kept, and found again exactly."""

import gzip
import json

import pytest

from piiri.base.errors import Refused
from piiri.formation import actions, queries, solving, work
from piiri.formation.models import Run
from piiri.formation.problem import digest, from_json
from piiri.formation.rules import FormationRefusal, letter_for, seconds_for
from piiri.formation.tests.factories import NEVER, NOW, RunFactory, world
from piiri.programmes.models import Programme

pytestmark = pytest.mark.django_db


def ready_world(*, people=5, groups=2):
    here = world()
    for _ in range(groups):
        here.offer()
    here.apply(people)
    return here


def ask(here, **about):
    return actions.ask_for_groups(here.programme, by=here.office, now=NOW, **about)


def refused(deed, *args, **about):
    with pytest.raises(Refused) as refusal:
        deed(*args, **about)
    return refusal.value.reason


def found(run):
    work.find_groups(run, now=NOW)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(
    ("people", "groups", "reason"),
    [(0, 1, FormationRefusal.NOBODY), (1, 0, FormationRefusal.NO_GROUPS)],
)
def test_ask_for_groups_needs_people_and_places(people, groups, reason):
    assert refused(ask, ready_world(people=people, groups=groups)) == reason


def test_ask_for_groups_in_a_programme_that_is_not_published():
    here = ready_world()
    here.programme.state = Programme.State.DRAFT

    assert refused(ask, here) == FormationRefusal.NOT_RUNNING


@pytest.mark.parametrize(
    ("taken", "kept", "letter"),
    [
        ({}, "", "A"),
        ({"A": False, "C": False}, "A", "B"),
        ({"A": False, "B": True, "C": False}, "A", "B"),
        ({"A": False, "B": False, "C": False}, "C", "C"),
        ({"A": False, "B": False, "C": False}, "", ""),
    ],
)
def test_letter_for_takes_a_free_one_then_one_that_is_over_then_the_kept_one(taken, kept, letter):
    assert letter_for(taken, kept=kept) == letter


@pytest.mark.parametrize(("people", "seconds"), [(1, 10), (500, 10), (501, 30), (5000, 30), (5001, 120)])
def test_seconds_for_grow_with_the_people(people, seconds):
    assert seconds_for(people) == seconds


def test_three_searches_may_stand_side_by_side_and_a_fourth_needs_room():
    here = ready_world()
    runs = [ask(here, weights={"new_faces": value}) for value in (2, 3, 4)]

    assert [run.letter for run in runs] == ["A", "B", "C"]
    assert runs[1].weights == {"first_wishes": 2, "new_faces": 3, "times_to_spare": 2}
    assert ask(here, weights={"new_faces": 3}) == runs[1]
    assert refused(ask, here, seed=2) == FormationRefusal.THREE

    actions.set_aside(runs[1], by=here.office, now=NOW)
    assert ask(here, seed=2).letter == "B"
    runs[1].refresh_from_db()
    assert (runs[1].letter, runs[1].state, runs[1].failure) == ("", "failed", "stopped")
    assert refused(actions.set_aside, runs[1], by=here.office, now=NOW) == FormationRefusal.NOT_NOW


def test_a_proposal_that_is_kept_hands_its_letter_over_when_there_is_no_other():
    here = ready_world()
    seats = [(one, here.groups[0]) for one in here.applications]
    rows = [RunFactory(programme=here.programme, letter=letter, seats=seats) for letter in "ABC"]

    run = ask(here, keep=rows[1])

    rows[1].refresh_from_db()
    assert (run.letter, run.kept_from, rows[1].letter) == ("B", rows[1], "")


def test_only_a_proposal_that_is_there_can_be_kept():
    here = ready_world()
    first = ask(here)

    assert refused(ask, here, keep=first) == FormationRefusal.NOT_READY


def test_a_failed_search_hands_its_letter_over():
    here = ready_world()
    for letter in "ABC":
        RunFactory(programme=here.programme, letter=letter, state="failed" if letter == "C" else "ready")

    assert ask(here).letter == "C"


def test_stop_search_ends_what_has_not_begun_and_asks_what_runs_to_end():
    here = ready_world()
    queued, running = ask(here), ask(here, seed=2)
    actions.begin(running, now=NOW)

    for run in (queued, running):
        actions.stop_search(run, by=here.office, now=NOW)
        run.refresh_from_db()

    assert (queued.state, queued.failure, queued.done_at) == ("failed", "stopped", NOW)
    assert (running.state, running.stop_asked_at) == ("running", NOW)
    assert queries.runs_to_do(NOW, 10) == [running]
    assert not actions.begin(queued, now=NOW)
    assert refused(actions.stop_search, queued, by=here.office, now=NOW) == FormationRefusal.NOT_NOW


def test_a_search_that_is_stopped_ends_with_the_best_so_far():
    here = ready_world(people=45, groups=8)
    run = ask(here, seconds=60)
    actions.begin(run, now=NOW)
    problem = queries.problem_of(here.programme)
    kept = []

    def keep(answer):
        kept.append(answer)
        actions.stop_search(run, by=here.office, now=NOW)

    told = work.Teller(run)
    best = solving.find(problem, seconds=60, seed=1, tell=told.progress, keep=keep)

    assert best == kept[0]
    assert sum(group is not None for group in best.assignment.values()) == 45


def test_a_search_that_is_stopped_before_it_found_anything_says_so():
    here = ready_world(people=45, groups=8)
    run = ask(here)
    actions.begin(run, now=NOW)
    actions.stop_search(run, by=here.office, now=NOW)

    found(run)

    assert (run.state, run.failure) == ("failed", "stopped")


def test_what_was_found_is_found_again_from_the_question_the_seed_and_the_work():
    here = ready_world(people=45, groups=8)
    here.apply(2, mask=NEVER)
    run = found(ask(here, weights={"new_faces": 4}, seconds=2, seed=7))

    problem = from_json(json.loads(gzip.decompress(run.question)))
    stored = run.proposal
    again = solving.warm_solver().solve(problem, work=stored["work"], seed=stored["seed"])

    assert stored["exact"] is True
    assert (dict(again.assignment), again.cost) == (stored["assignment"], stored["cost"])
    assert (digest(problem), run.solver_version) == (stored["digest"], solving.version())
    assert problem.weights.same_org_pair == 240
    assert queries.question_of(run) == problem
    assert run.weights["new_faces"] == 4


def test_a_kept_proposal_holds_who_is_locked_and_tells_who_moved():
    here = ready_world(people=8, groups=2)
    first, second = here.groups
    seats = [(one, (first, second)[at % 2]) for at, one in enumerate(here.applications)]
    kept = RunFactory(programme=here.programme, letter="A", seats=seats)
    locked = here.applications[1]
    kept.proposal["locked"] = [locked.uid, "nobody-any-more"]
    kept.save()
    gone = here.applications[0]
    gone.state = "withdrawn"
    gone.save()

    run = found(ask(here, keep=kept, seconds=2))

    assert run.proposal["assignment"][locked.uid] == second.uid
    assert run.proposal["locked"] == [locked.uid]
    before = {one.uid: group.uid for one, group in seats[1:]}
    ends = run.proposal["assignment"]
    assert run.proposal["moved"] == {
        one: [group, ends[one]] for one, group in before.items() if ends[one] != group
    }
    assert gone.uid not in ends


def test_a_run_with_nobody_left_says_so():
    here = ready_world(people=1)
    run = ask(here)
    here.applications[0].state = "declined"
    here.applications[0].save()

    found(run)

    assert (run.state, run.failure) == (Run.State.FAILED, Run.Failure.NOBODY)


def test_after_the_last_try_the_best_so_far_is_the_proposal():
    here = ready_world(people=6)
    run = ask(here)
    actions.begin(run, now=NOW)
    ends = {one.uid: here.groups[0].uid for one in here.applications}
    actions.keep_best(run, best={"assignment": ends | {"gone": None}, "work": 5, "cost": 1})
    here.applications[5].state = "withdrawn"
    here.applications[5].save()
    run.refresh_from_db()

    work.give_up(run, now=NOW)

    run.refresh_from_db()
    assert (run.state, run.interrupted) == ("ready", True)
    del ends[here.applications[5].uid]
    assert run.proposal["assignment"] == ends
    assert set(run.proposal["windows"]) == {here.groups[0].uid}
    assert set(run.proposal["reasons"]) == set(ends)
    assert run.proposal["exact"] is False


def test_after_the_last_try_without_anything_found_the_run_has_failed():
    here = ready_world()
    run = ask(here)
    actions.begin(run, now=NOW)

    work.give_up(run, now=NOW)

    run.refresh_from_db()
    assert (run.state, run.failure) == (Run.State.FAILED, Run.Failure.BROKE_OFF)
