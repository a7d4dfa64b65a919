"""What pages and other rooms are told of a year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from piiri.networks.tests.factories import AffiliationFactory
from piiri.people.tests.factories import PersonFactory
from piiri.programmes import queries
from piiri.programmes.tests.factories import (
    AvailabilityFactory,
    BreakFactory,
    CoordinatorFactory,
    EventFactory,
    EventSessionFactory,
    ProgrammeFactory,
)

pytestmark = pytest.mark.django_db
OPENING = datetime(2026, 10, 1, 11, 30, tzinfo=UTC)
TICK = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 10, 11), None),
        (date(2026, 10, 12), "Autumn holiday"),
        (date(2026, 10, 18), "Autumn holiday"),
        (date(2026, 10, 19), None),
        (date(2027, 5, 6), "Ascension Day"),
    ],
)
def test_why_no_meeting_on(day, why):
    programme = BreakFactory().programme

    with translation.override("en"):
        assert queries.why_no_meeting_on(programme, day) == why


def test_closed_days_of_a_year_need_one_query(django_assert_num_queries):
    programme = ProgrammeFactory()
    for month in (1, 2, 3):
        BreakFactory(programme=programme, starts_on=date(2027, month, 15), ends_on=date(2027, month, 16))

    with translation.override("fi"), django_assert_num_queries(1):
        closed = queries.closed_days(programme, programme.starts_on, programme.ends_on)

    assert closed[date(2027, 2, 16)] == "Syysloma"
    assert closed[date(2026, 12, 6)] == "Itsenäisyyspäivä"
    assert list(closed) == sorted(closed)


def test_calendar_is_in_order_and_needs_the_same_queries(django_assert_num_queries):
    programme = BreakFactory().programme
    for month in (10, 11, 12):
        EventSessionFactory(
            event=EventFactory(programme=programme), starts_at=datetime(2026, month, 3, 9, 0, tzinfo=UTC)
        )

    with django_assert_num_queries(2):
        entries = queries.calendar(programme)

    assert [entry.first for entry in entries] == sorted(entry.first for entry in entries)
    assert {entry.kind for entry in entries} == {"enrolment", "answers", "event", "break", "holiday"}
    assert entries[0].last == date(2026, 9, 18)


def test_facts_say_the_size_the_time_and_the_joint_days():
    programme = EventSessionFactory().event.programme

    with translation.override("en"):
        told = dict(queries.facts(programme))

    assert told == {
        "In a group": "4–8 and a mentor",
        "Meetings": "about monthly, 2\xa0h",
        "In total": "18\xa0h at most",
        "Opening, together": "Thu 1 October",
    }


def test_facts_of_groups_that_run_themselves():
    programme = ProgrammeFactory(parameters={"mentors": 0, "self_run": True})

    with translation.override("en"):
        assert dict(queries.facts(programme))["In a group"] == "4–8 people"


def test_facts_of_a_pair():
    programme = ProgrammeFactory(parameters={"guidance": "pair", "rhythm": "group"})

    with translation.override("en"):
        assert dict(queries.facts(programme))["In a group"] == "a mentor and you"


def test_events_come_in_time_order_with_their_sessions_in_two_queries(django_assert_num_queries):
    programme = ProgrammeFactory()
    undated = EventFactory(programme=programme)
    late = EventSessionFactory(event=EventFactory(programme=programme), starts_at=OPENING + timedelta(days=9))
    early = EventSessionFactory(event=EventFactory(programme=programme))

    with django_assert_num_queries(2):
        found = queries.events(programme)
        assert [list(event.sessions.all()) for event in found[:2]] == [[early], [late]]

    assert found[-1] == undated


def test_times_of_one_programme_come_before_later_ones_of_another():
    person = PersonFactory()
    here = AvailabilityFactory(person=person, mask="1" * 336, updated_at=OPENING)
    AvailabilityFactory(person=person, mask="2" * 336, updated_at=OPENING + TICK)

    assert queries.times_of(here.programme, person=person) == "1" * 336
    assert queries.times_of(ProgrammeFactory(), person=person) == "2" * 336


def test_coordinators_are_named_as_the_organisation_wrote_them():
    role = CoordinatorFactory(person__name="Own Name")
    AffiliationFactory(
        person=role.person, organisation=role.programme.organisation, name_as_written="Written Name"
    )
    CoordinatorFactory(programme=role.programme, person__name="Secret Name")

    cards = queries.coordinators(role.programme, reader=role.person)

    assert [(card.name, card.is_reader) for card in cards] == [("Written Name", True), ("", False)]


def test_events_on_closed_days():
    programme = BreakFactory().programme
    event = EventFactory(programme=programme)
    EventSessionFactory(event=event)
    clash = EventSessionFactory(event=event, starts_at=datetime(2026, 10, 14, 9, 0, tzinfo=UTC))

    with translation.override("en"):
        assert queries.events_on_closed_days(programme) == [(clash, "Autumn holiday")]
