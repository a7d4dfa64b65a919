"""What parameters mean, and what speaks against publishing, at the edges."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from piiri.networks.models import Organisation
from piiri.programmes import rules
from piiri.programmes.forms.parameters import SECTIONS
from piiri.programmes.parameters import PARAMETERS, Rules
from piiri.programmes.presets import a_year_later, break_a_year_later, day_of, presets, year_plan
from piiri.programmes.rules import ParameterRefusal, PublishRefusal, StateRefusal
from piiri.programmes.tests.factories import DraftFactory, ProgrammeFactory

LATE = SimpleNamespace(starts_at=datetime(2027, 6, 1, 9, 0, tzinfo=UTC))
# 23.59 in Helsinki on the last day of the year
JUST_IN_TIME = SimpleNamespace(starts_at=datetime(2027, 5, 31, 20, 59, tzinfo=UTC))


def draft(**changes):
    return DraftFactory.build(organisation=Organisation(), **changes)


def theme(**title):
    return SimpleNamespace(title=title or {"fi": "Teema", "sv": "Tema", "en": "Theme"})


def reasons(programme, *, themes=None, sessions=(), employers=1):
    themes = [theme()] if themes is None else themes
    return rules.reasons_not_to_publish(programme, themes=themes, sessions=sessions, employers=employers)


def test_hours_plan_by_default_is_18_hours():
    plan = rules.hours_plan(Rules())

    assert (plan.joint_minutes, plan.own_minutes, plan.total_minutes) == (240, 840, 1080)
    assert plan.fits
    assert plan.spare_minutes == 0
    assert plan.most_meetings == 7


def test_hours_plan_offers_the_other_known_ways_to_fill_18_hours():
    ways = [
        (way.event_minutes, way.meetings, way.meeting_minutes) for way in rules.hours_plan(Rules()).solutions
    ]

    assert ways[0] == (120, 8, 105)
    assert (90, 10, 90) in ways
    assert len(ways) <= 3


def test_hours_plan_of_joint_events_that_do_not_count_leaves_them_out():
    plan = rules.hours_plan(Rules(events_count=False, meetings=9))

    assert plan.total_minutes == 9 * 120
    assert {way.event_minutes for way in plan.solutions} <= {0}


def test_hours_plan_over_the_cap_says_by_how_much_and_forbids_nothing():
    plan = rules.hours_plan(Rules(meetings=8))

    assert not plan.fits
    assert plan.over_minutes == 120
    assert plan.most_meetings == 7


@pytest.mark.parametrize("cap", range(6, 41))
@pytest.mark.parametrize("length", [60, 90, 120, 240])
def test_hours_plan_solutions_fill_the_cap_exactly_within_bounds(cap, length):
    plan = rules.hours_plan(Rules(cap_hours=cap, meeting_minutes=length))

    for way in plan.solutions:
        assert way.meetings * way.meeting_minutes + 2 * way.event_minutes == cap * 60
        assert PARAMETERS["meetings"].low <= way.meetings <= PARAMETERS["meetings"].high
    assert plan.most_meetings >= 0


@pytest.mark.parametrize(
    ("people", "size", "mentors"), [(250, 8, 32), (250, 6, 42), (8, 8, 1), (9, 8, 2), (0, 8, 0)]
)
def test_mentors_needed(people, size, mentors):
    assert rules.mentors_needed(people, size) == mentors


def test_cost_counts_mentors_twice_and_fees_once_a_group():
    frame = rules.cost(Rules(hourly_cost=40, fee=500), 16, 2)

    assert frame.participant_minutes == 16 * 18 * 60
    assert frame.mentor_minutes == 2 * 18 * 60 * 2
    assert frame.euros == (16 + 4) * 18 * 40 + 2 * 500
    assert frame.minutes == (16 + 4) * 18 * 60
    assert frame.euros_a_person == 962


def test_cost_of_own_time_is_the_fee_only():
    assert rules.cost(Rules(time_model="own_time", fee=100), 8, 1).euros == 100
    assert rules.cost(Rules(), 0, 0).euros_a_person == 0


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"min_to_start": 8}, "ideal_size", ParameterRefusal.IDEAL_OUTSIDE),
        ({"places": 3, "ideal_size": 3}, "min_to_start", ParameterRefusal.STARTS_ABOVE_PLACES),
        ({"ideal_size": 9}, "ideal_size", ParameterRefusal.IDEAL_OUTSIDE),
        ({"guidance": "pair"}, "places", ParameterRefusal.PAIR_HAS_ONE_PLACE),
        ({"mentors": 0}, "mentors", ParameterRefusal.NO_MENTOR),
        ({"day_from": 12, "day_to": 13}, "day_to", ParameterRefusal.DAY_TOO_SHORT),
        ({"common_windows": 4, "windows_wished": 3}, "windows_wished", ParameterRefusal.WISHES_BELOW_NEEDS),
        ({"places": 13}, "places", ParameterRefusal.OUT_OF_BOUNDS),
        ({"cap_hours": 5}, "cap_hours", ParameterRefusal.OUT_OF_BOUNDS),
        ({"rhythm": "weekly"}, "rhythm", ParameterRefusal.OUT_OF_BOUNDS),
        ({"weekends": 1}, "weekends", ParameterRefusal.OUT_OF_BOUNDS),
        ({"wishes": "3"}, "wishes", ParameterRefusal.OUT_OF_BOUNDS),
    ],
)
def test_wrong_parameters_name_the_one_and_the_reason(changes, name, reason):
    assert (name, reason) in rules.wrong_parameters(replace(Rules(), **changes))


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"min_to_start": 8, "places": 8, "ideal_size": 8},
        {"guidance": "pair", "min_to_start": 1, "places": 1, "ideal_size": 1},
        {"mentors": 0, "self_run": True},
    ],
)
def test_wrong_parameters_are_none_at_the_edges(good):
    assert rules.wrong_parameters(replace(Rules(), **good)) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": "published"}, PublishRefusal.NOT_A_DRAFT),
        ({"languages": []}, PublishRefusal.NO_LANGUAGE),
        (
            {"languages": ["fi", "sv", "en"], "title": {"fi": "A", "sv": "B", "en": " "}},
            PublishRefusal.TITLE_UNTRANSLATED,
        ),
        ({"lead": {"fi": "Suomeksi"}}, PublishRefusal.LEAD_UNTRANSLATED),
        ({"contact_address": ""}, PublishRefusal.NO_CONTACT),
        ({"parameters": {"places": 3, "ideal_size": 3}}, PublishRefusal.PARAMETERS),
        ({"answers_by": date(2026, 9, 17)}, PublishRefusal.DATES_OUT_OF_ORDER),
        ({"answers_by": date(2027, 6, 1)}, PublishRefusal.DATES_OUT_OF_ORDER),
        ({"enrol_opens_at": datetime(2026, 9, 19, tzinfo=UTC)}, PublishRefusal.DATES_OUT_OF_ORDER),
    ],
)
def test_reasons_not_to_publish_of_the_programme_itself(changes, reason):
    assert reasons(draft(**changes)) == [reason]


def test_reasons_not_to_publish_of_what_belongs_to_it():
    assert reasons(draft(), themes=[]) == [PublishRefusal.NO_THEME]
    assert reasons(draft(), themes=[theme(), theme(fi="Vain suomeksi")]) == [
        PublishRefusal.THEME_UNTRANSLATED
    ]
    assert reasons(draft(), sessions=[LATE]) == [PublishRefusal.EVENT_OUTSIDE_YEAR]
    assert reasons(draft(), employers=0) == [PublishRefusal.NOBODY_SERVED]


def test_reasons_not_to_publish_are_none_when_all_is_there():
    assert reasons(draft(answers_by=date(2026, 9, 18)), sessions=[JUST_IN_TIME]) == []
    assert reasons(draft(takes_without_employer=True), employers=0) == []
    assert reasons(draft(languages=["fi"], title={"fi": "Ryhmät"}), themes=[theme(fi="Teema")]) == []


def test_why_not_publish_is_the_first_reason():
    first = rules.why_not_publish(draft(languages=[]), themes=[], sessions=[], employers=0)

    assert first == PublishRefusal.NO_LANGUAGE
    assert rules.why_not_publish(draft(), themes=[theme()], sessions=[], employers=1) is None


def test_why_not_set_keeps_groups_groups_once_published():
    pairs = Rules(guidance="pair", places=1, min_to_start=1, ideal_size=1)
    published = ProgrammeFactory.build(organisation=Organisation())

    assert rules.why_not_set(published, pairs) == StateRefusal.GUIDANCE_FIXED
    assert rules.why_not_set(draft(), pairs) is None
    assert rules.why_not_set(draft(state="closed"), Rules()) == StateRefusal.CLOSED
    assert rules.why_not_set(draft(), Rules(ideal_size=12)) == ParameterRefusal.IDEAL_OUTSIDE


@pytest.mark.parametrize("year", range(2025, 2036))
@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.code)
def test_every_preset_can_be_published_as_it_is_but_for_the_contact(preset, year):
    plan = year_plan(preset, year)
    programme = draft(
        languages=preset.languages,
        title=preset.title,
        lead=preset.lead,
        parameters=preset.parameters,
        starts_on=plan.starts,
        ends_on=plan.ends,
        answers_by=plan.answers_by,
        enrol_opens_at=datetime.combine(plan.enrol_opens, datetime.min.time(), UTC),
        enrol_closes_at=datetime.combine(plan.enrol_closes, datetime.min.time(), UTC),
    )
    sessions = [SimpleNamespace(starts_at=datetime.combine(day, idea.at, UTC)) for idea, day in plan.events]

    assert reasons(programme, themes=preset.themes, sessions=sessions) == []
    assert rules.hours_plan(preset.rules).spare_minutes == 0
    assert set(preset.parameters) <= set(PARAMETERS)
    assert all(
        set(text) == {"fi", "sv", "en"} for text in (preset.name, preset.text, preset.title, preset.lead)
    )
    assert all(
        set(idea.title) == {"fi", "sv", "en"}
        for idea in (*preset.themes, *(each for each, *_ in plan.breaks))
    )
    assert all(plan.starts <= first <= last for _idea, first, last in plan.breaks)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("09-18", date(2026, 9, 18)),
        ("01-28 thu", date(2027, 1, 28)),
        ("05-20 thu", date(2027, 5, 20)),
        ("week 42", date(2026, 10, 12)),
        ("week 9", date(2027, 3, 1)),
    ],
)
def test_day_of(text, day):
    assert day_of(text, year=2026, turn=8) == day


def test_a_year_later_is_the_same_weekday_also_after_a_leap_day():
    assert a_year_later(date(2026, 10, 1)) == date(2027, 9, 30)
    assert a_year_later(date(2028, 2, 29)) == date(2029, 2, 27)
    assert a_year_later(date(2028, 2, 29)).weekday() == date(2028, 2, 29).weekday()


def test_break_a_year_later_is_the_same_week_or_the_same_dates():
    week_42 = date.fromisocalendar(2026, 42, 1), date.fromisocalendar(2026, 42, 7)

    assert break_a_year_later(*week_42) == (
        date.fromisocalendar(2027, 42, 1),
        date.fromisocalendar(2027, 42, 7),
    )
    assert break_a_year_later(date(2026, 12, 22), date(2027, 1, 6)) == (date(2027, 12, 22), date(2028, 1, 6))


@pytest.mark.parametrize(
    ("set_to", "shown"),
    [
        ({}, "wishes"),
        ({"enrol_way": "place"}, "free"),
        ({"enrol_way": "office"}, "none"),
        ({"enrol_way": "place", "numbers_shown": "none"}, "none"),
    ],
)
def test_numbers_on_cards_follow_the_way_places_are_given_unless_set(set_to, shown):
    assert Rules.of(set_to).numbers == shown


def test_every_parameter_is_asked_for_somewhere():
    asked = [name for _title, _hint, names in SECTIONS for name in names]

    assert sorted(asked) == sorted(PARAMETERS)
