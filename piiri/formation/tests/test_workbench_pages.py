"""The workbench in the browser: the effect before the move, steps back, somebody else's change, no script."""

import html
import re

import pytest
from django.urls import reverse

from piiri.formation import actions, queries
from piiri.formation.models import Publishing, Run
from piiri.formation.tests.factories import NOW, world
from piiri.formation.tests.workbench import ready
from piiri.groups.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}


@pytest.fixture
def here(client, clock):
    made = world()
    client.force_login(made.office)
    return made


@pytest.fixture
def run(here):
    return ready(here)


def at(name, run, **query):
    return reverse(f"formation:{name}", args=[run.uid], query=query or None)


def moved(client, run, person, to, *, seen=0, **about):
    said = {"person": person.uid, "to": to.uid if to else "none", "seen": seen} | about
    return client.post(at("move", run), said)


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def called(group):
    return type(group).objects.get(pk=group.pk).name


def test_the_workbench_shows_groups_and_who_has_no_place(client, here, run):
    page = text(client.get(at("run", run)))

    assert "10 of 11 people have a place in 2 groups" in page
    assert here.applications[10].person.name in page
    assert "No time of a whole meeting was ticked." in page
    assert "5 of 8" in page
    assert "Common times" not in page
    assert "Common times" in text(client.get(at("run", run, numbers="1")))


def test_one_person_is_looked_at_closely(client, here, run):
    one = here.applications[0]

    whole = text(client.get(at("run", run, person=one.uid)))
    part = client.get(at("run", run, person=one.uid), headers=HX)

    for page in (whole, text(part)):
        assert "This was the first wish." in page
        assert "Could also sit in" in page
        assert "Lock the place" in page
    assert b"<html" not in part.content
    assert part.content.count(b'id="inspector"') == 1


def test_one_group_is_looked_at_closely(client, here, run):
    page = client.get(at("run", run, group=here.groups[0].uid)).content.decode()

    inspector = page[page.index('id="inspector"') :]
    assert all(f'value="{one.uid}"' in inspector for one in here.applications[:5])
    assert here.applications[5].uid not in inspector


def test_a_move_says_first_what_it_does(client, here, run):
    one, to = here.applications[0], here.groups[1]
    query = {"person": one.uid, "to": to.uid}

    page = client.get(at("move", run, **query))
    part = client.get(at("move", run, **query), headers=HX)

    assert f"Move {one.person.name} to “{called(to)}”?" in text(page)
    assert "goes from 5 to 4 and still starts" in text(page)
    assert part.content.startswith(b"<dialog")
    run.refresh_from_db()
    assert run.version == 0


def test_without_script_a_move_leads_back_to_the_person(client, here, run):
    one, to = here.applications[0], here.groups[1]

    done = moved(client, run, one, to, reason="Asked for it", look=f"sort=theme&person={one.uid}")
    page = text(client.get(done.url))

    run.refresh_from_db()
    assert run.proposal["assignment"][one.uid] == to.uid
    assert done.url == at("run", run) + f"?sort=theme&person={one.uid}"
    assert "Moved. You can undo it." in page
    assert "Asked for it" in page


def test_a_move_swaps_the_touched_groups_alone(client, here, clock):
    run = ready(here, groups=4)
    one = here.applications[0]

    answer = client.post(
        at("move", run), {"person": one.uid, "to": here.groups[1].uid, "seen": 0}, headers=HX
    ).content.decode()

    shown = [group for group in here.groups if f'id="g-{group.uid}"' in answer]
    assert shown == here.groups[:2]
    assert re.search(rf'id="s-{one.uid}"[^>]*data-take-focus', answer)
    for part in ("head", "left", "inspector", "steps"):
        assert re.search(rf'id="{part}"[^>]*hx-swap-oob', answer)


def test_a_group_that_empties_gives_the_grid_anew(client, here, clock):
    run = ready(here, groups=2, people=1)
    one = here.applications[0]

    answer = client.post(at("move", run), {"person": one.uid, "to": "none", "seen": 0}, headers=HX)

    assert b'id="grid" hx-swap-oob' in answer.content
    assert "1 group stays closed" in text(answer)


@pytest.mark.parametrize("script", [True, False])
def test_what_somebody_else_changed_meanwhile_is_shown_and_the_move_offered_again(client, here, run, script):
    one, other, to = here.applications[0], here.applications[1], here.groups[1]
    actions.move(run, moves={other.uid: to.uid}, seen=0, by=here.office, now=NOW)

    said = {"person": one.uid, "to": to.uid, "seen": 0, "reason": "Asked for it"}
    answer = client.post(at("move", run), said, headers=HX if script else {})

    assert answer.status_code == 409
    assert "Somebody else has changed this proposal meanwhile" in text(answer)
    assert f"Move {one.person.name} to “{called(to)}”?" in text(answer)
    page = answer.content.decode()
    assert 'name="seen" value="1"' in page
    assert 'value="Asked for it"' in page
    assert moved(client, run, one, to, seen=1).status_code == 302


def test_a_move_that_breaks_a_rule_says_which(client, here, run):
    locked = here.applications[0]
    actions.lock(run, people=[locked.uid], locked=True, seen=0, by=here.office, now=NOW)

    shown = client.get(at("move", run, person=locked.uid, to=here.groups[1].uid))
    tried = moved(client, run, locked, here.groups[1], seen=1)

    assert "The place of somebody who would move is locked." in text(shown)
    assert tried.status_code == 409
    assert "locked" in text(tried)
    assert Run.objects.get().version == 1


def test_steps_are_undone_and_done_again(client, here, run):
    one, was, to = here.applications[0], here.groups[0], here.groups[1]
    moved(client, run, one, to)

    back = client.post(at("undo-step", run), {"seen": 1})
    run.refresh_from_db()
    assert (back.status_code, run.proposal["assignment"][one.uid]) == (302, was.uid)

    answer = client.post(at("redo-step", run), {"seen": 2}, headers=HX).content.decode()
    run.refresh_from_db()
    assert run.proposal["assignment"][one.uid] == to.uid
    assert 'id="undo"' in answer
    assert f'id="g-{was.uid}"' in answer


@pytest.mark.parametrize("script", [True, False])
def test_a_step_on_an_older_version_gives_a_fresh_view(client, here, run, script):
    moved(client, run, here.applications[0], here.groups[1])

    answer = client.post(at("undo-step", run), {"seen": 0}, headers=HX if script else {})

    assert answer.status_code == 409
    assert "Somebody else has changed this proposal meanwhile" in text(answer)
    assert b'name="seen" value="1"' in answer.content


def test_a_place_is_locked_and_unlocked(client, here, run):
    one = here.applications[0]

    client.post(at("lock", run), {"person": one.uid, "locked": "on", "seen": 0, "look": f"person={one.uid}"})
    page = client.get(at("run", run, person=one.uid)).content.decode()
    assert "Unlock the place" in page
    assert f'title="{one.person.name}, locked"' in page

    client.post(at("lock", run), {"person": one.uid, "seen": 1})
    assert queries.seat(Run.objects.get(), one.uid).locked is False


def test_sixty_people_move_in_one_go_and_not_one_more(client, here, clock):
    run = ready(here, groups=12, people=5, left=1)
    people = [one.uid for one in here.applications]

    many = client.get(at("move", run), {"person": people[:61], "to": "none"})
    done = client.post(at("move", run), {"person": people[:60], "to": "none", "seen": 0})

    assert many.status_code == 422
    assert "At most 60 people can be moved at once." in text(many)
    assert done.status_code == 302
    run.refresh_from_db()
    assert not any(run.proposal["assignment"].values())
    assert run.steps.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"to": "none"}, "Choose at least one person."), ({"person": "abc"}, "Choose where to.")],
)
def test_what_was_not_chosen_is_said(client, run, said, sentence):
    page = client.get(at("move", run), said)
    part = client.get(at("move", run), said, headers=HX)

    assert (page.status_code, part.status_code) == (422, 422)
    assert sentence in text(page)
    assert sentence in text(part)


def test_search_finds_people_and_groups(client, here, run):
    one = here.applications[7]

    page = client.get(at("run", run, q=one.person.name)).content.decode()

    assert f'id="u-{one.uid}"' in page
    assert f'id="g-{here.groups[1].uid}"' in page
    assert f'id="g-{here.groups[0].uid}"' not in page
    assert "No group fits what you are looking for." in text(client.get(at("run", run, q="nobody at all")))


def test_a_published_proposal_is_read_only(client, here, run):
    publishing = actions.publish(run, by=here.office, now=NOW)
    Publishing.objects.filter(pk=publishing.pk).update(state=Publishing.State.DONE)

    page = text(client.get(at("run", run, person=here.applications[0].uid)))
    tried = moved(client, run, here.applications[0], here.groups[1])

    assert "This proposal has been published." in page
    assert "Lock the place" not in page
    assert tried.status_code == 409
    assert "This proposal has been published already." in text(tried)


def test_a_search_under_way_cannot_be_changed(client, here, run):
    Run.objects.update(state=Run.State.RUNNING)

    tried = moved(client, run, here.applications[0], here.groups[1])

    assert tried.status_code == 409
    assert "not ready yet" in text(tried)


@pytest.mark.parametrize("groups", [1, 4])
def test_the_workbench_takes_as_many_queries_for_any_number(
    client, here, groups, django_assert_max_num_queries
):
    run = ready(here, groups=groups)
    client.get(at("run", run))

    with django_assert_max_num_queries(26):
        client.get(at("run", run, person=here.applications[0].uid))


@pytest.mark.parametrize("groups", [2, 6])
def test_a_move_takes_as_many_queries_for_any_number(client, here, groups, django_assert_max_num_queries):
    run = ready(here, groups=groups)
    client.get(at("run", run))
    said = {"person": here.applications[0].uid, "to": here.groups[1].uid, "seen": 0}

    with django_assert_max_num_queries(48):
        assert client.post(at("move", run), said, headers=HX).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("applicant", 403), ("stranger", 404)])
@pytest.mark.parametrize("door", ["again", "stop", "set-aside", "lock", "undo-step", "redo-step", "move"])
def test_only_the_office_works_on_a_proposal(client, here, run, who, status, door):
    client.force_login(here.applications[0].person if who == "applicant" else PersonFactory())

    assert client.post(at(door, run), {}).status_code == status
