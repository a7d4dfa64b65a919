"""A mentor sets all dates of the year in one sitting."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.groups.tests.factories import NOW, PersonFactory, ProgrammeFactory
from piiri.meetings import actions
from piiri.meetings.models import Meeting
from piiri.meetings.rules import MeetingRefusal, PollRefusal
from piiri.meetings.tests.factories import RunningGroupFactory, SessionFactory, members_of, mentor_of
from piiri.programmes.models import Availability, Break, Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TUESDAY = date(2027, 2, 9)


@pytest.fixture
def office():
    return PersonFactory()


@pytest.fixture
def group(office):
    """Meets on Tuesdays at half past two; the joint opening and closing take four hours of eighteen."""
    programme = ProgrammeFactory(office=office, parameters={"weekends": False})
    opening = datetime(2027, 2, 2, 14, tzinfo=UTC)
    SessionFactory(programme=programme, starts_at=opening)
    closing = datetime(2027, 5, 25, 14, tzinfo=UTC)
    SessionFactory(programme=programme, kind=Event.Kind.CLOSING, starts_at=closing)
    group = RunningGroupFactory(programme=programme)
    Group.objects.filter(pk=group.pk).update(weekday=1, local_time=time(14, 30))
    return Group.objects.select_related("programme").get(pk=group.pk)


def page_of(group):
    return reverse("meetings:year-dates", args=[group.uid])


def usually(group, person, *cannot):
    """Free from eight to eighteen on all days but these."""
    day = "0" * 16 + "2" * 20 + "0" * 12
    mask = "".join("0" * 48 if weekday in cannot else day for weekday in range(7))
    Availability.objects.create(person=person, programme=group.programme, mask=mask, updated_at=NOW)


def listed(page):
    return [line.day for _number, line in page.context["lines"]]


def as_sent(page, **changes):
    """What the page's form sends."""
    sent = {"weeks": "4", "weekday": "1", "at": "14:30", "minutes": "120", "number": "9"}
    sent["first"] = page.context["plan"].first.isoformat()
    for number, line in page.context["lines"]:
        sent |= {f"day-{number}": line.day.isoformat(), f"on-{number}": "on"}
    return {name: value for name, value in (sent | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("who", "status"), [("mentor", 200), ("member", 409), ("office", 403), ("none", 404)]
)
def test_the_mentor_plans_the_year_and_nobody_else(client, group, office, who, status):
    people = {"mentor": mentor_of(group), "member": members_of(group)[0], "office": office}
    client.force_login(people.get(who) or PersonFactory())

    plan = {
        "weeks": "4",
        "weekday": "1",
        "at": "14:30",
        "minutes": "60",
        "number": "4",
        "first": "2027-02-09",
    }
    posted = client.post(page_of(group), {**plan, "day-0": "2027-02-09", "on-0": "on"})

    assert client.get(page_of(group)).status_code == status
    assert posted.status_code == (302 if status == 200 else status)


def test_the_page_begins_with_the_groups_own_time_minus_breaks_and_says_the_hours(client, group):
    programme = group.programme
    Break.objects.create(
        programme=programme, title={"en": "Winter"}, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12)
    )
    usually(group, mentor_of(group))
    client.force_login(mentor_of(group))

    page = client.get(page_of(group))
    text = " ".join(page.content.decode().split())

    # Every fourth Tuesday; the second falls into the break and goes to the last week before it, and the
    # fifth makes room for the closing.
    days = [TUESDAY, date(2027, 3, 2), date(2027, 3, 30), date(2027, 4, 27), date(2027, 5, 18)]
    assert listed(page) == days
    assert "2 + 5 × 2 + 2 = 14 of 18 h" in text
    assert "Everybody can come each time." in text
    assert "Set these 5 dates" in text


def test_one_press_sets_all_and_pressed_twice_is_once(client, group):
    client.force_login(mentor_of(group))
    sent = as_sent(client.get(page_of(group)))

    first = client.post(page_of(group), sent)
    again = client.post(page_of(group), sent)

    assert (first.status_code, again.status_code) == (302, 302)
    assert Meeting.objects.count() == len([name for name in sent if name.startswith("on-")]) == 4
    assert {(one.local_time, one.minutes) for one in Meeting.objects.all()} == {(time(14, 30), 120)}
    assert Entry.objects.filter(deed="year_scheduled").count() == 1
    assert Group.objects.get(pk=group.pk).next_uid == Meeting.objects.earliest("starts_at").uid


def test_dates_are_left_out_shifted_and_looked_at_again(client, group):
    ann = members_of(group)[0]
    usually(group, ann, 2)
    client.force_login(mentor_of(group))
    sent = as_sent(client.get(page_of(group)), **{"on-0": None, "day-1": "2027-03-10"})

    looked = client.post(page_of(group), {**sent, "look": "1"})
    lines = {line.day: line for _number, line in looked.context["lines"]}
    client.post(page_of(group), sent)

    assert not lines[TUESDAY].ticked
    assert lines[date(2027, 3, 10)].note == "Person can’t"
    assert looked.context["score"] == "Nobody misses more than 1 of 3; absences in all: 1."
    days = list(Meeting.objects.values_list("local_date", flat=True))
    assert days == [date(2027, 3, 10), date(2027, 4, 6), date(2027, 5, 4)]


def test_fairer_days_of_the_same_weeks_and_other_times_are_offered(client, group):
    ann, bo, cy = members_of(group)
    usually(group, ann, 1)
    usually(group, bo)
    usually(group, cy, 3)
    client.force_login(mentor_of(group))

    page = client.get(page_of(group))
    fairer = client.get(page_of(group), {**as_sent(page), "fair": "1"})

    assert page.context["score"] == "Somebody can come to none of the 4; absences in all: 4."
    assert page.context["fairer"] == "Everybody can come each time."
    assert {day.weekday() for day in listed(fairer)} == {0}
    assert page.context["others"][0][0].score == (0, 0)
    assert "of the usual times of you" in " ".join(page.content.decode().split())


def test_more_than_the_hours_is_said_and_not_forbidden(client, group):
    client.force_login(mentor_of(group))
    asked = {
        "weeks": "1",
        "weekday": "1",
        "at": "14:30",
        "minutes": "120",
        "number": "9",
        "first": "2027-02-09",
    }

    page = client.get(page_of(group), asked)
    done = client.post(page_of(group), as_sent(page))

    assert "2 + 9 × 2 + 2 = 22 of 18 h" in " ".join(page.content.decode().split())
    assert "That is 4" in page.content.decode()
    assert done.status_code == 302
    assert Meeting.objects.count() == 9


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Tick at least one date."),
        ({"day-0": "2027-02-09"}, "Tick at least one date."),
        ({"day-0": "someday", "on-0": "on"}, "Write the day as in"),
        ({"number": "99", "day-0": "2027-02-09", "on-0": "on"}, "less than or equal to 15"),
        ({"day-0": "2027-02-09", "on-0": "on", "day-1": "2031-01-07", "on-1": "on"}, "far outside"),
    ],
)
def test_what_cannot_be_is_said_kindly_and_nothing_is_set(client, group, sent, sentence):
    client.force_login(mentor_of(group))
    plan = {
        "weeks": "4",
        "weekday": "1",
        "at": "14:30",
        "minutes": "120",
        "number": "4",
        "first": "2027-02-09",
    }

    page = client.post(page_of(group), plan | sent)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Meeting.objects.exists()


def test_all_dates_or_none(group):
    days = [TUESDAY, date(2031, 1, 7)]
    with pytest.raises(Refused) as refused:
        actions.schedule_year(
            group, days=days, at=time(9), minutes=60, form="onsite", by=mentor_of(group), now=NOW
        )

    assert refused.value.reason == MeetingRefusal.OUTSIDE_YEAR
    assert not Meeting.objects.exists()
    with pytest.raises(Refused) as refused:
        actions.schedule_year(
            group, days=[], at=time(9), minutes=60, form="onsite", by=mentor_of(group), now=NOW
        )
    assert refused.value.reason == PollRefusal.NO_DATES


def test_local_time_stays_the_same_when_the_clocks_go_forward(group):
    days = [date(2027, 3, 23), date(2027, 3, 30)]

    meetings = actions.schedule_year(
        group, days=days, at=time(14, 30), minutes=60, form="onsite", by=mentor_of(group), now=NOW
    )

    assert [one.starts_at.hour for one in meetings] == [12, 11]


def test_queries_do_not_grow_with_people_and_dates(client, office):
    counted = []
    for size, number in ((2, 1), (1, 1), (4, 4)):
        group = RunningGroupFactory(programme=ProgrammeFactory(office=office), members=size)
        client.force_login(mentor_of(group))
        first = (NOW + timedelta(days=14)).date().isoformat()
        asked = {
            "weeks": "2",
            "weekday": "1",
            "at": "14:30",
            "minutes": "120",
            "number": number,
            "first": first,
        }
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(group), asked).status_code == 200
        counted.append(len(queries))

    assert counted[1] == counted[2] <= 16
