"""A proposal is changed by hand: moved, locked, undone and done again, step by step."""

import random
from datetime import timedelta

import pytest

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.formation import actions, mapping, queries
from piiri.formation.models import Publishing, Run
from piiri.formation.problem import Answer
from piiri.formation.rules import FormationRefusal
from piiri.formation.scoring import score
from piiri.formation.tests.factories import NOW, TUESDAY, RunFactory, world
from piiri.formation.tests.workbench import THURSDAY, asked, ready
from piiri.groups.models import Membership
from piiri.groups.tests.factories import PersonFactory
from piiri.programmes.models import Availability

pytestmark = pytest.mark.django_db


def made(deed, run, here, **about):
    """The run after a deed of the office."""
    run.refresh_from_db()
    return deed(run, seen=run.version, by=here.office, now=NOW, **about)


def refusal(deed, run, here, **about):
    with pytest.raises(Refused) as caught:
        made(deed, run, here, **about)
    return caught.value.reason


def test_a_move_is_kept_as_a_step_and_counted_anew():
    here = world()
    run = ready(here)
    one, other = here.applications[0], here.groups[1]

    changed = made(actions.move, run, here, moves={one.uid: other.uid}, reason="She asked for it")

    run.refresh_from_db()
    assert (run.version, changed.version) == (1, 1)
    assert run.proposal["assignment"][one.uid] == other.uid
    counted = score(queries.question_of(run), run.proposal["assignment"])
    assert (run.proposal["cost"], run.proposal["parts"]) == (counted.cost, counted.parts)
    step = run.steps.get()
    assert (step.number, step.by, step.reason) == (1, here.office, "She asked for it")
    assert step.moves == [[one.uid, here.groups[0].uid, other.uid]]
    noted = Entry.objects.get(deed="people_moved")
    assert noted.facts == {"version": 1, "people": 1}
    assert (noted.about, noted.place) == (run.uid, here.programme.uid)


def test_a_move_explains_anew_whom_it_reaches():
    here = world()
    run = ready(here)
    one, there, stays = here.applications[0], here.applications[5], here.applications[1]

    made(actions.move, run, here, moves={one.uid: here.groups[1].uid})

    run.refresh_from_db()
    sizes = {one.uid: run.proposal["reasons"][one.uid]["size"] for one in (one, there, stays)}
    assert sizes == {one.uid: 6, there.uid: 6, stays.uid: 4}
    assert len(run.proposal["reasons"]) == 11


def test_reasons_after_a_move_are_those_that_a_search_would_give():
    here = world(themes=2)
    group, full, late = here.offer(), here.offer(theme=1, places=4), here.offer(mask=THURSDAY)
    seats = [(one, group) for one in here.apply(6, years=9)] + [(one, full) for one in here.apply(4, theme=1)]
    seats += [(one, late) for one in here.apply(4, mask=THURSDAY)]
    seats += [(one, None) for one in here.apply(2, mask=TUESDAY, theme=1, any_theme=True)]
    run = asked(here.programme, seats)

    made(actions.move, run, here, moves={here.applications[0].uid: late.uid, here.applications[1].uid: None})

    run.refresh_from_db()
    problem, assignment = queries.question_of(run), run.proposal["assignment"]
    told = mapping.reasons_of(queries.facts_of(here.programme), problem, Answer(assignment, 0, {}))
    reached = [uid for uid, to in assignment.items() if to != full.uid]
    assert {uid: run.proposal["reasons"][uid] for uid in reached} == {uid: told[uid] for uid in reached}


def test_who_has_no_place_is_told_when_the_group_they_wished_for_is_full_no_more():
    here = world()
    group, other = here.offer(places=4), here.offer(theme=1)
    seats = [(one, group) for one in here.apply(4, any_theme=True)] + [
        (one, other) for one in here.apply(4, theme=1)
    ]
    [left] = here.apply(1)
    run = asked(here.programme, [*seats, (left, None)])
    mover = here.applications[0]

    made(actions.move, run, here, moves={mover.uid: None})
    made(actions.move, run, here, moves={mover.uid: group.uid})
    run.refresh_from_db()
    assert run.proposal["reasons"][left.uid]["unmet"][0][2] == "full"

    made(actions.move, run, here, moves={mover.uid: other.uid})
    run.refresh_from_db()
    assert run.proposal["reasons"][left.uid]["unmet"][0][2] == "elsewhere_better"


def test_a_group_meets_when_all_can_after_a_move_and_as_before_after_an_undo():
    here = world()
    both = [here.offer(), here.offer()]
    late = here.apply(4)
    early = here.apply(5, mask=TUESDAY)
    run = asked(here.programme, [(one, both[0]) for one in late] + [(one, both[1]) for one in early])
    run.proposal["windows"][both[0].uid] = [3, 14 * 60]
    run.save()

    made(actions.move, run, here, moves={early[0].uid: both[0].uid})
    run.refresh_from_db()
    assert run.proposal["windows"] == {both[0].uid: [1, 13 * 60], both[1].uid: [1, 14 * 60]}

    made(actions.undo_step, run, here)
    run.refresh_from_db()
    assert run.proposal["windows"][both[0].uid] == [3, 14 * 60]


def test_groups_of_one_mentor_never_meet_at_the_same_time():
    here = world()
    first = here.offer()
    second = here.offer(mentor=first.mentorships.get().person)
    people = here.apply(10)
    run = asked(here.programme, [(one, first) for one in people[:5]] + [(one, None) for one in people[5:]])

    made(actions.move, run, here, moves={one.uid: second.uid for one in people[5:]})

    run.refresh_from_db()
    windows = run.proposal["windows"]
    (day, start), (other_day, other_start) = windows[first.uid], windows[second.uid]
    assert (day, start) == (1, 14 * 60)
    assert day != other_day or abs(start - other_start) >= here.programme.rules.meeting_minutes


def test_a_group_that_people_sit_in_never_meets_when_its_mentor_is_in_another():
    here = world()
    sat_in = here.offer()
    mentor = sat_in.mentorships.get().person
    Availability.objects.filter(person=mentor).update(mask=TUESDAY)
    place = sat_in.places.first()
    place.membership = Membership.objects.create(
        group=sat_in, programme=here.programme, person=free_person(here), joined_at=NOW, confirmed_at=NOW
    )
    place.save()
    other = here.offer(mentor=mentor)
    people = here.apply(8)
    run = asked(here.programme, [(one, sat_in if at < 4 else None) for at, one in enumerate(people)])

    made(actions.move, run, here, moves={one.uid: other.uid for one in people[4:]})

    run.refresh_from_db()
    # At 14 as it was found, nothing would be left for the other.
    assert sorted(run.proposal["windows"].values()) == [[1, 13 * 60], [1, 15 * 60]]


def free_person(here):
    """Somebody who is free on Tuesday afternoons."""
    person = PersonFactory()
    Availability.objects.create(programme=here.programme, person=person, mask=TUESDAY, updated_at=NOW)
    return person


def test_who_is_locked_stays():
    here = world()
    run = ready(here)
    one = here.applications[0]

    made(actions.lock, run, here, people=[one.uid, "unknown"], locked=True)

    move = {one.uid: here.groups[1].uid}
    assert refusal(actions.move, run, here, moves=move) == FormationRefusal.LOCKED
    assert refusal(actions.lock, run, here, people=[one.uid], locked=True) == FormationRefusal.NOTHING
    made(actions.lock, run, here, people=[one.uid], locked=False)
    made(actions.move, run, here, moves=move)
    run.refresh_from_db()
    assert run.proposal["locked"] == []
    assert list(run.steps.values_list("locks", flat=True)) == [
        [[one.uid, False, True]],
        [[one.uid, True, False]],
        [],
    ]
    deeds = Entry.objects.filter(about=run.uid).order_by("pk").values_list("deed", flat=True)
    assert list(deeds) == ["places_locked", "places_unlocked", "people_moved"]


def test_all_of_many_moves_are_made_or_none():
    here = world()
    run = ready(here, groups=3, people=4)
    to = here.groups[2].uid

    too_many = {one.uid: to for one in here.applications[:5]}
    assert refusal(actions.move, run, here, moves=too_many) == FormationRefusal.BREAKS
    run.refresh_from_db()
    assert (run.version, run.steps.count()) == (0, 0)

    made(actions.move, run, here, moves={one.uid: to for one in here.applications[:4]})
    run.refresh_from_db()
    assert len(queries.bench(run).groups) == 2


def test_undo_and_redo_walk_through_the_steps_and_a_new_step_ends_what_was_undone():
    here = world()
    run = ready(here)
    one, two = here.applications[:2]
    found = run.proposal
    made(actions.move, run, here, moves={one.uid: here.groups[1].uid})
    made(actions.lock, run, here, people=[one.uid], locked=True)
    made(actions.move, run, here, moves={two.uid: None})
    run.refresh_from_db()
    last = run.proposal

    for _ in range(3):
        made(actions.undo_step, run, here)
    run.refresh_from_db()
    same = ("assignment", "windows", "parts", "cost")
    assert {name: run.proposal[name] for name in same} == {name: found[name] for name in same}
    assert run.proposal["locked"] == []
    assert refusal(actions.undo_step, run, here) == FormationRefusal.NOTHING

    for _ in range(3):
        made(actions.redo_step, run, here)
    run.refresh_from_db()
    assert run.proposal == last
    assert refusal(actions.redo_step, run, here) == FormationRefusal.NOTHING

    made(actions.undo_step, run, here)
    made(actions.move, run, here, moves={two.uid: here.groups[1].uid})
    assert refusal(actions.redo_step, run, here) == FormationRefusal.NOTHING
    assert list(run.steps.values_list("number", flat=True)) == [1, 2, 3]


def test_who_saw_an_older_version_is_told_so():
    here = world()
    run = ready(here)
    move = {here.applications[0].uid: None}
    made(actions.move, run, here, moves=move)

    for deed, about in (
        (actions.move, {"moves": move}),
        (actions.lock, {"people": list(move), "locked": True}),
        (actions.undo_step, {}),
        (actions.redo_step, {}),
    ):
        with pytest.raises(Refused) as caught:
            deed(run, seen=0, by=here.office, now=NOW, **about)
        assert caught.value.reason == FormationRefusal.STALE


def test_what_is_published_or_not_ready_is_not_changed():
    here = world()
    run = ready(here)
    move = {here.applications[0].uid: None}
    publishing = Publishing.objects.create(
        run=run, programme=here.programme, hold_until=NOW + timedelta(hours=1), asked_at=NOW
    )
    assert refusal(actions.move, run, here, moves=move) == FormationRefusal.PUBLISHED

    Publishing.objects.filter(pk=publishing.pk).update(state="undone")
    made(actions.move, run, here, moves=move)

    waiting = RunFactory(programme=here.programme, state=Run.State.QUEUED, proposal={})
    assert refusal(actions.move, waiting, here, moves=move) == FormationRefusal.NOT_READY


def test_a_run_that_kept_no_question_can_be_changed_too():
    here = world()
    seats = [(one, group) for group in (here.offer(), here.offer()) for one in here.apply(5)]
    run = RunFactory(programme=here.programme, seats=seats)

    made(actions.move, run, here, moves={here.applications[0].uid: here.groups[1].uid})

    run.refresh_from_db()
    assert run.proposal["cost"] == score(queries.question_of(run), run.proposal["assignment"]).cost


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_and_undone_the_steps_that_stand_give_the_same_proposal(seed):
    here = world()
    draw = random.Random(seed)
    mentor = here.offer().mentorships.get().person
    offered = [*here.groups, here.offer(mentor=mentor), here.offer(theme=1), here.offer()]
    people = [
        *here.apply(9),
        *here.apply(6, mask=TUESDAY),
        *here.apply(4, mask=THURSDAY),
        *here.apply(4, theme=1),
    ]
    seats = [(one, draw.choice([offered[0], offered[3], None])) for one in people[:9]]
    previous = {one.uid: draw.choice(offered).uid for one in people[::3]} if seed % 2 else {}
    run = asked(here.programme, seats + [(one, None) for one in people[9:]], previous=previous)
    found = run.proposal

    def anything():
        what = draw.choice(["move"] * 4 + ["lock", "undo", "undo", "redo"])
        some = draw.sample([one.uid for one in people], draw.choice([1, 1, 2, 4]))
        if what == "move":
            to = draw.choice([*(group.uid for group in offered), None])
            return made(actions.move, run, here, moves=dict.fromkeys(some, to))
        if what == "lock":
            return made(actions.lock, run, here, people=some, locked=draw.random() < 0.6)
        return made(actions.undo_step if what == "undo" else actions.redo_step, run, here)

    done = 0
    for _ in range(40):
        try:
            anything()
        except Refused:
            continue
        done += 1
    run.refresh_from_db()
    assert done == run.version > 10
    replayed = RunFactory(programme=here.programme, proposal=found, question=run.question)
    for step in run.steps.filter(undone=False):
        if step.moves:
            made(actions.move, replayed, here, moves={uid: to for uid, _was, to in step.moves})
        for uid, _was, locked in step.locks:
            made(actions.lock, replayed, here, people=[uid], locked=locked)
    replayed.refresh_from_db()
    same = ("assignment", "windows", "parts", "cost", "proven")
    assert {name: run.proposal[name] for name in same} == {name: replayed.proposal[name] for name in same}
    assert run.proposal.get("locked", []) == replayed.proposal.get("locked", [])
    assert run.proposal["cost"] == score(queries.question_of(run), run.proposal["assignment"]).cost
