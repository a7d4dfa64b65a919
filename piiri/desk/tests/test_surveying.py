import random
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from piiri.audit import actions as audit
from piiri.desk import actions, queries
from piiri.desk.bands import Band
from piiri.desk.models import Nudge, RollUp
from piiri.enrolments.models import Application
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.meetings.models import Attendance
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, SessionFactory, members_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def invented_year(seed):
    """A few groups in all conditions, the same for a seed."""
    dice = random.Random(seed)
    programme = ProgrammeFactory()
    opening = SessionFactory(programme=programme, starts_at=NOW - timedelta(days=50))
    for _one in range(6):
        group = RunningGroupFactory(programme=programme, members=dice.randint(2, 6), mentor=None)
        for days in dice.sample(range(2, 80), dice.randint(0, 3)):
            meeting = MeetingFactory(
                group=group, starts_at=NOW - timedelta(days=days), state="held", recorded_at=NOW
            )
            for person in dice.sample(members_of(group), 2):
                Attendance.objects.create(person=person, meeting=meeting, minutes=90, marked_at=NOW)
        if dice.random() < 0.6:
            MeetingFactory(group=group, starts_at=NOW + timedelta(days=dice.randint(1, 30)))
        for person in members_of(group)[:2]:
            Attendance.objects.create(person=person, session=opening, minutes=120, marked_at=NOW)
            Application.objects.create(
                programme=programme, person=person, state="placed", sent_at=NOW, saved_at=NOW
            )
    return programme


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_roll_up_equals_what_the_raw_rows_say(seed):
    programme = invented_year(seed)

    actions.roll_up(now=NOW)

    live, bands = queries.survey(programme, now=NOW)
    row = RollUp.objects.get(programme=programme)
    rows = Attendance.objects.all()
    assert queries.from_json(row.survey) == live
    assert {Band(band): keys for band, keys in row.bands.items()} == bands
    assert sum(live.counts.values()) == programme.groups.count() == 6
    assert live.figures.minutes == sum(one.minutes for one in rows)
    assert live.figures.came_to_opening == len({one.person_id for one in rows if one.session_id})
    assert live.figures.still_in == sum(len(members_of(group)) for group in programme.groups.all())


def test_roll_up_rests_until_something_happens_in_the_programme():
    programme, other = invented_year(1), ProgrammeFactory()
    assert actions.roll_up(now=NOW) == 2
    assert actions.roll_up(now=NOW + MINUTE) == 0

    group = programme.groups.first()
    audit.record("meeting_set", by=PersonFactory(), about=group, now=NOW, place=group.uid)
    assert actions.roll_up(now=NOW + MINUTE) == 1

    assert RollUp.objects.get(programme=programme).as_of == NOW + MINUTE
    assert RollUp.objects.get(programme=other).as_of == NOW


def test_roll_up_is_made_anew_on_another_day():
    invented_year(1)
    actions.roll_up(now=NOW)

    assert actions.roll_up(now=NOW + timedelta(days=1)) == 1


def test_overview_of_a_small_programme_never_lags_behind(client):
    helena = PersonFactory()
    programme = ProgrammeFactory(office=helena)
    group = RunningGroupFactory(programme=programme, members=5)
    Nudge.objects.create(group=group, sign="no_next", opened_at=NOW, told_office_at=NOW)
    client.force_login(helena)
    actions.roll_up(now=NOW)
    address = reverse("desk:overview", args=[programme.uid])
    assert "No next date yet." in client.get(address).content.decode()

    MeetingFactory(group=group)
    audit.record("meeting_set", by=helena, about=group, now=NOW, place=group.uid)

    assert "No next date yet." not in client.get(address).content.decode()


def test_overview_with_a_roll_up_of_this_moment_counts_nothing(client, django_assert_num_queries):
    helena = PersonFactory()
    programme = ProgrammeFactory(office=helena)
    RunningGroupFactory(programme=programme, members=5)
    client.force_login(helena)
    actions.roll_up(now=NOW)
    address = reverse("desk:overview", args=[programme.uid])
    client.get(address)

    # Session, person, programme; roll-up and newest entry; whether the person may form groups.
    with django_assert_num_queries(6):
        client.get(address)


def test_overview_counts_nothing_for_what_happens_elsewhere(client, django_assert_num_queries):
    helena, other = PersonFactory(), ProgrammeFactory()
    programme = ProgrammeFactory(office=helena)
    RunningGroupFactory(programme=programme, members=5)
    client.force_login(helena)
    actions.roll_up(now=NOW)
    address = reverse("desk:overview", args=[programme.uid])
    client.get(address)

    audit.record("signed_in", by=helena, about=helena, now=NOW)
    with django_assert_num_queries(6):
        client.get(address)
    audit.record("programme_published", by=helena, about=other, now=NOW, place=other.uid)
    # Whose the place is: a programme's or a group's.
    with django_assert_num_queries(8):
        client.get(address)
