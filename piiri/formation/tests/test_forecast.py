"""A forecast: asked for, made by the worker, and found again exactly."""

import gzip
import json

import pytest

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.enrolments.models import Wish
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.formation import actions, forecasting, queries, solving, work
from piiri.formation.forecasting import More, candidates, same_themes, with_one_more
from piiri.formation.models import Forecast
from piiri.formation.problem import Answer, from_json
from piiri.formation.rules import FormationRefusal
from piiri.formation.tests.factories import AFTERNOONS, NEVER, NOW, TUESDAY, world
from piiri.formation.tests.test_scarcity import question
from piiri.formation.tests.years import CALM, GONE, MATHS, THURSDAY, short_by_theme, two_years
from piiri.groups.tests.factories import GroupFactory
from piiri.programmes.models import Programme


def made(here, *, own=False, seconds=1):
    forecast = actions.ask_for_forecast(here.programme, own=own, by=here.office, now=NOW, seconds=seconds)
    work.make_forecast(forecast, now=NOW)
    forecast.refresh_from_db()
    return forecast


# --- counted without a database ------------------------------------------------------------------


def test_same_themes_have_the_same_title_in_some_language():
    before = {"a": {"fi": "Rauha", "en": "Calm"}, "b": {"en": "Maths  with hands"}, "c": {"sv": "Musik"}}
    after = {"x": {"en": "maths with hands"}, "y": {"en": "Calm"}, "z": {"en": "calm", "fi": ""}}

    assert same_themes(before, after) == {"a": "y", "b": "x"}


def test_candidates_are_where_most_of_those_left_out_could_come():
    parts = {(0, "m"): 0b01, (0, "a"): 0b10}
    answer = Answer({"p1": "g1", "p2": None, "p3": None, "p4": None}, 0, {})

    found = candidates(question(), answer, parts=parts)

    assert found[0] == More((0, "a"), "maths", "fi", "here")
    assert More((0, "m"), "calm", "sv", "here") in found
    assert all(one.places == 0 for one in found)
    assert len({(one.part, one.theme) for one in found}) == len(found)


def test_with_one_more_there_is_a_mentor_who_is_free_then():
    asked = with_one_more(question(), More((0, "a"), "calm", "sv", "here"), mask=0b10, sizes=(2, 6))

    (mentor, offer) = asked.mentors[-1], asked.groups[-1]
    assert (mentor.available, mentor.max_groups) == (0b10, 1)
    assert (offer.mentor, offer.theme, offer.lower, offer.upper) == (mentor.id, "calm", 2, 6)
    by_name = next(one for one in asked.participants if one.id == "p4")
    assert by_name.groups == ("g1", offer.id)


# --- asked and made ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "own", "reason"),
    [
        ("closed", True, FormationRefusal.NOT_RUNNING),
        ("", False, FormationRefusal.NO_WISHES),
        ("nobody", True, FormationRefusal.NO_WISHES),
        ("not open", True, FormationRefusal.NO_WISHES),
        ("no groups", True, FormationRefusal.NO_GROUPS),
    ],
)
def test_ask_for_forecast_needs_wishes_and_groups(change, own, reason):
    here = world()
    if change != "no groups":
        here.offer()
    if change != "nobody":
        here.apply(2)
    if change == "closed":
        here.programme.state = Programme.State.CLOSED
    if change == "not open":
        here.programme.enrol_opens_at = here.programme.enrol_closes_at

    with pytest.raises(Refused) as refusal:
        actions.ask_for_forecast(here.programme, own=own, by=here.office, now=NOW)

    assert refusal.value.reason == reason
    assert not Forecast.objects.exists()


@pytest.mark.django_db
def test_ask_for_forecast_notes_who_asked_and_one_at_a_time_is_made():
    here, before = two_years()
    here.offer()
    here.apply(1)
    before.apply(3)

    first = actions.ask_for_forecast(here.programme, own=False, by=here.office, now=NOW)
    again = actions.ask_for_forecast(here.programme, own=True, by=here.office, now=NOW)

    assert (first.of, first.state, first.seconds) == (before.programme, "queued", 10)
    assert again == first
    noted = Entry.objects.get(deed="forecast_asked_for")
    assert (noted.facts["people"], noted.facts["own"]) == (3, False)
    assert queries.forecasts_to_do(NOW, 10) == [first]


@pytest.mark.django_db
def test_facts_for_take_the_wishes_of_the_year_before_and_the_groups_of_this_one():
    here, before = two_years()
    group = here.offer(theme=0)
    sitting = here.apply(1)[0]
    placed = before.apply(1, theme=CALM, state="placed", mask=TUESDAY)[0]
    before.apply(1, theme=MATHS, state="withdrawn")
    before.apply(1, theme=MATHS, state="draft")
    twice = before.apply(1, theme=MATHS, state="declined")[0]
    again = ApplicationFactory(programme=before.programme, person=twice.person, any_theme=True)
    old = GroupFactory(programme=before.programme, theme=before.themes[CALM])
    wishing = before.apply(1, theme=GONE)[0]
    by_group = ApplicationFactory(programme=before.programme)
    Wish.objects.create(application=by_group, rank=1, group=old)
    forecast = Forecast.objects.create(programme=here.programme, of=before.programme, asked_at=NOW)

    facts, strangers = queries.facts_for(forecast)

    wished = {one.uid: one.themes for one in facts.wanting}
    calm = (here.themes[0].uid,)
    assert wished == {placed.uid: calm, again.uid: (), wishing.uid: (), by_group.uid: calm}
    assert strangers == 1
    assert [one.uid for one in facts.offered] == [group.uid]
    assert sitting.uid not in wished
    assert next(one for one in facts.wanting if one.uid == placed.uid).free


@pytest.mark.django_db
def test_make_forecast_says_who_is_left_and_what_one_more_mentor_does():
    here, before = short_by_theme()
    before.apply(1, theme=GONE)

    forecast = made(here)

    result = forecast.result
    assert (forecast.state, forecast.failure) == ("ready", "")
    assert (result["people"], result["left"], result["strangers"], result["stopped"]) == (11, 7, 1, False)
    best = result["more"][0]
    assert (best["part"], best["theme"], best["places"]) == ([3, "a"], here.themes[0].uid, 6)
    assert Entry.objects.get(deed="forecast_made").facts["left"] == 7


@pytest.mark.django_db
def test_what_a_forecast_found_is_found_again_from_question_seed_and_work():
    here, before = two_years(min_to_start=3)
    for theme in (0, 1):
        here.offer(theme=theme, places=4, mask=TUESDAY)
    for theme, mask in ((CALM, TUESDAY), (CALM, THURSDAY), (MATHS, AFTERNOONS)):
        before.apply(15, theme=theme, mask=mask)
    forecast = made(here, seconds=2)
    result, rules = forecast.result, here.programme.rules

    problem = from_json(json.loads(gzip.decompress(forecast.question)))
    base = solving.warm_solver().solve(problem, work=result["work"], seed=result["seed"])
    settled = forecasting.settle(problem, base, work=result["again"], seed=result["seed"])

    assert result["more"]
    assert forecasting.left_of(settled) == result["left"]
    parts = queries.parts_of(here.programme, slots=problem.slots)
    for kept in result["more"]:
        more = More(**kept | {"part": tuple(kept["part"])})
        asked = with_one_more(problem, more, mask=parts[more.part], sizes=(rules.min_to_start, rules.places))
        then = solving.again(asked, settled, work=result["again"], seed=result["seed"])
        assert forecasting.left_of(settled) - forecasting.left_of(then) == more.places > 0


@pytest.mark.django_db
def test_the_enrolments_so_far_can_be_forecast_with_too():
    here = world(min_to_start=3)
    here.offer(places=3, mask=TUESDAY)
    here.apply(3, mask=TUESDAY)
    here.apply(2, mask=NEVER)

    forecast = made(here, own=True)

    assert forecast.of == here.programme
    assert (forecast.result["people"], forecast.result["left"], forecast.result["more"]) == (5, 2, [])


@pytest.mark.django_db
def test_a_forecast_that_is_stopped_keeps_what_it_has(monkeypatch):
    here, _before = short_by_theme()
    forecast = actions.ask_for_forecast(here.programme, own=False, by=here.office, now=NOW, seconds=1)
    again = solving.again

    def stopped_meanwhile(*about, **more):
        actions.stop_search(forecast, by=here.office, now=NOW)
        monkeypatch.setattr(solving, "again", again)
        return again(*about, **more)

    monkeypatch.setattr(solving, "again", stopped_meanwhile)
    monkeypatch.setattr(work, "TOLD_EVERY", 0.0)
    work.make_forecast(forecast, now=NOW)

    forecast.refresh_from_db()
    assert (forecast.state, forecast.result["stopped"], forecast.result["tried"]) == ("ready", True, 0)
    assert forecast.result["left"] == 6


@pytest.mark.django_db
def test_a_forecast_that_is_stopped_before_it_begins_or_finds_nobody_says_so():
    here, before = short_by_theme()
    queued = actions.ask_for_forecast(here.programme, own=False, by=here.office, now=NOW)
    actions.stop_search(queued, by=here.office, now=NOW)
    work.make_forecast(queued, now=NOW)
    queued.refresh_from_db()
    asked = actions.ask_for_forecast(here.programme, own=False, by=here.office, now=NOW)
    before.programme.applications.update(state="withdrawn")
    work.make_forecast(asked, now=NOW)
    asked.refresh_from_db()
    broken = Forecast.objects.create(programme=here.programme, of=before.programme, asked_at=NOW)
    work.give_up_forecast(broken, now=NOW)
    broken.refresh_from_db()

    assert [one.failure for one in (queued, asked, broken)] == ["stopped", "nobody", "broke_off"]
    assert {one.state for one in (queued, asked, broken)} == {"failed"}
