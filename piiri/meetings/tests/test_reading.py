"""One's own times: a calendar read by the worker, times said by hand, nothing of it for anybody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.base.work import Worker, all_work
from piiri.groups.tests.factories import NOW, PersonFactory
from piiri.meetings import actions, fetching
from piiri.meetings.actions import reading
from piiri.meetings.models import Busy, OwnCalendar
from piiri.meetings.rules import BusyRefusal, CalendarTrouble
from piiri.meetings.tests.test_busy_times import ONCE, calendar, event
from piiri.meetings.tests.test_fetching import HERE, saying, serving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ADDRESS = "https://calendar.example/secret/me.ics"
AT = datetime(2027, 2, 16, 7, 0, tzinfo=UTC)


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def says(monkeypatch):
    """What stands at every address: a text, or a trouble."""

    def at(what):
        def fetch(address, *, guard):
            if isinstance(what, Exception):
                raise what
            return what

        monkeypatch.setattr(fetching, "fetch", fetch)

    return at


def connect(person, address=ADDRESS, now=NOW):
    return actions.connect_calendar(person, address=address, by=person, now=now)


def work(now):
    """One round of the worker over this kind of work alone."""
    worker, name = Worker(), "meetings.own-calendars"
    kind = all_work()[name]
    assert worker.is_time_for(name, kind)
    return worker.ask(name, kind, now)


def test_the_worker_reads_a_calendar_and_again_in_six_hours(person, says):
    connect(person)
    says(calendar(event(*ONCE)))

    done = [work(NOW), work(NOW), work(NOW + timedelta(hours=5)), work(NOW + timedelta(hours=6))]

    row = OwnCalendar.objects.get()
    assert done == [1, 0, 0, 1]
    assert (row.trouble, row.read_at, row.attempts) == ("", NOW + timedelta(hours=6), 0)
    assert list(Busy.objects.values_list("person", "starts_at", "by_hand")) == [(person.pk, AT, False)]


def test_it_is_read_more_often_than_there_are_tries(person, says):
    connect(person)
    says(calendar(event(*ONCE)))

    assert [work(NOW + timedelta(hours=6) * n) for n in range(12)] == [1] * 12


def test_a_real_server_is_read_through_the_guard(person, monkeypatch):
    with serving(saying(calendar(event(*ONCE)))) as (address, _asked):
        row = connect(person)
        row.address = address
        row.save()
        work(NOW)
        assert OwnCalendar.objects.get().trouble == "not_https"
        monkeypatch.setattr(reading, "GUARD", HERE)
        work(NOW + timedelta(hours=6))

    assert OwnCalendar.objects.get().trouble == ""
    assert Busy.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "trouble"),
    [
        (fetching.Trouble("internal"), "internal"),
        (fetching.Trouble("too_slow"), "too_slow"),
        ("hello", "no_calendar"),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:never\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", ""),
        (calendar(event(*ONCE, "RRULE:FREQ=WEEKLY;BYDAY=XX")), ""),
    ],
)
def test_what_went_wrong_is_said_on_the_page_and_what_was_known_stays(client, person, says, what, trouble):
    connect(person)
    says(calendar(event(*ONCE)))
    work(NOW)
    says(what)

    work(NOW + timedelta(hours=6))
    client.force_login(person)
    page = client.get(reverse("meetings:my-times")).content.decode()

    assert OwnCalendar.objects.get().trouble == trouble
    if trouble:
        assert Busy.objects.count() == 1
        assert str(CalendarTrouble(trouble).label) in page


def test_every_trouble_has_its_sentence():
    codes = {"no_address", "not_https", "internal", "not_found", "no_calendar", "too_large", "too_slow"}

    assert {*codes, "too_many_hops"} == set(CalendarTrouble.values)


def test_taken_away_while_it_was_read_nothing_comes_back(person, monkeypatch):
    connect(person)

    def meanwhile(address, *, guard):
        actions.take_calendar_away(person, by=person, now=NOW)
        return calendar(event(*ONCE))

    monkeypatch.setattr(fetching, "fetch", meanwhile)
    work(NOW)

    assert not Busy.objects.exists()
    assert not OwnCalendar.objects.exists()


def test_another_address_takes_the_place_and_its_times_of_the_one_before_go(person, says):
    connect(person)
    says(calendar(event(*ONCE)))
    work(NOW)
    actions.say_busy(person, starts_at=AT, ends_at=AT + timedelta(hours=1), by=person, now=NOW)

    connect(person, "webcal://other.example/x.ics", now=NOW + timedelta(hours=1))

    row = OwnCalendar.objects.get()
    assert (row.address, row.due_at, row.read_at) == (
        "https://other.example/x.ics",
        NOW + timedelta(hours=1),
        None,
    )
    assert list(Busy.objects.values_list("by_hand", flat=True)) == [True]


def test_the_same_address_again_is_read_anew_and_what_is_known_stays(person, says):
    connect(person)
    says(calendar(event(*ONCE)))
    work(NOW)

    connect(person, now=NOW + timedelta(hours=1))

    assert Busy.objects.count() == 1
    assert work(NOW + timedelta(hours=1)) == 1


def test_taken_away_and_taken_back_twice_is_once(person):
    connect(person)
    busy = actions.say_busy(person, starts_at=AT, ends_at=AT + timedelta(hours=1), by=person, now=NOW)
    for _ in range(2):
        actions.take_calendar_away(person, by=person, now=NOW)
        actions.take_busy_back(busy, by=person, now=NOW)
    deeds = list(Entry.objects.order_by("pk").values_list("deed", flat=True))

    assert deeds == ["calendar_connected", "busy_said", "calendar_taken_away", "busy_taken_back"]


def test_the_address_is_sealed(person):
    connect(person)

    with connection.cursor() as cursor:
        cursor.execute("select address from meetings_owncalendar")
        [(stored,)] = cursor.fetchall()

    assert b"secret" not in bytes(stored)


@pytest.mark.parametrize(
    "address",
    ["http://a.example/x.ics", "hello", "https://", "https://me:word@a.example/", "https://" + "a" * 2001],
)
def test_other_addresses_are_refused(client, person, address):
    with pytest.raises(Refused) as refused:
        connect(person, address)
    assert refused.value.reason == BusyRefusal.NO_ADDRESS
    client.force_login(person)

    assert client.post(reverse("meetings:connect-calendar"), {"address": address}).status_code == 422


def test_times_are_said_by_hand_and_taken_back_by_their_owner_only(client, person):
    client.force_login(person)
    hours = {"first": "2027-02-16", "start": "09:00", "end": "10:30"}
    for said in (hours, hours, {"first": "2027-03-28", "last": "2027-03-29"}):
        assert client.post(reverse("meetings:say-busy"), said).status_code == 302

    spans = list(Busy.objects.order_by("starts_at").values_list("starts_at", "ends_at"))
    assert spans == [
        (AT, AT + timedelta(minutes=90)),
        (datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 29, 21, tzinfo=UTC)),
    ]
    first = Busy.objects.earliest("starts_at")
    client.force_login(PersonFactory())
    client.post(reverse("meetings:take-busy-back"), {"busy": first.pk})
    assert Busy.objects.count() == 2
    client.force_login(person)
    for key in (first.pk, first.pk, "x", ""):
        client.post(reverse("meetings:take-busy-back"), {"busy": key})
    assert Busy.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choose a day."),
        ({"first": "2027-02-16", "last": "2027-02-15"}, "The end lies before the beginning."),
        ({"first": "2027-01-04"}, "That time is over."),
        ({"first": "9999-12-31"}, "Write the day"),
        ({"first": "0001-01-01", "last": "2027-02-16"}, "Write the day"),
        ({"first": "2027-02-16", "last": "2027-12-15"}, "That is more than can be kept."),
    ],
)
def test_times_that_cannot_be_are_refused_kindly(client, person, said, sentence):
    client.force_login(person)

    page = client.post(reverse("meetings:say-busy"), said)

    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_the_page_says_how_it_stands_and_shows_only_ones_own(client, person, says):
    other = PersonFactory()
    actions.say_busy(other, starts_at=AT, ends_at=AT + timedelta(hours=1), by=other, now=NOW)
    client.force_login(person)
    page = reverse("meetings:my-times")

    before = client.get(page)
    client.post(reverse("meetings:connect-calendar"), {"address": ADDRESS})
    waiting = client.get(page).content.decode()
    says(calendar(event(*ONCE)))
    work(NOW)
    with CaptureQueriesContext(connection) as queries:
        read = client.get(page).content.decode()
    client.post(reverse("meetings:take-calendar-away"))

    assert not before.context["busy"].exists()
    assert "It is being read." in waiting
    assert "Read on" in read
    assert ADDRESS not in read
    assert len(queries) <= 8
    assert not OwnCalendar.objects.exists()
    assert not Busy.objects.filter(person=person).exists()
