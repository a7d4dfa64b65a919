"""Offers by workers, under a shifted clock, with a mail server that is down, slow or repeats."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from piiri.base import clock as clocks
from piiri.base import work
from piiri.base.tests.at_once import at_once
from piiri.base.work import Worker
from piiri.enrolments import actions, queries
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.tests.lists import first_come, free_a_place, full_group, offers_of, waiting
from piiri.enrolments.tests.worker_process import KINDS
from piiri.groups.models import Offer, Place
from piiri.groups.tests.factories import NOW, GroupFactory
from piiri.mail.models import Message
from piiri.mail.tests.conftest import Sink, sink  # noqa: F401 - a fixture
from piiri.programmes.models import Programme

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
MINUTE = timedelta(seconds=60)


@pytest.fixture
def rounds(monkeypatch):
    """A worker that is asked for lists and mails only: `rounds(now)` is one look at everything."""
    every = work.all_work()
    monkeypatch.setattr(work, "all_work", lambda: {name: every[name] for name in KINDS})
    return lambda now: Worker().round(now)


@pytest.fixture
def group(db):
    group = full_group(first_come(offer_hours=72))
    free_a_place(group)
    return group


def mails_to(server):
    return Counter(mail["To"] for mail in server.mails)


def no_server(settings):
    settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://127.0.0.1:9", "127.0.0.1", 9


def sound(now):
    return [one for one in queries.broken(now) if one.invariant != "I12"]


# --- the clock --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_place_goes_down_the_list_as_time_passes(group, rounds, sink):  # noqa: F811
    people = [waiting(group, minutes=n - 60) for n in range(3)]
    now = NOW
    for person in people:
        rounds(now)
        assert offers_of(group) == [person.person]
        rounds(now + 72 * HOUR - SECOND)
        assert offers_of(group) == [person.person]
        now += 72 * HOUR
        rounds(now)
    assert offers_of(group) == []
    assert group.places.free().count() == 1
    assert {turn.end for turn in Waiting.objects.all()} == {Waiting.End.LAPSED}
    offered = [mail for mail in sink.mails if "A place is free" in mail["Subject"]]
    assert Counter(mail["To"] for mail in offered) == {one.person.email: 1 for one in people}


@pytest.mark.django_db
def test_the_shifted_clock_lapses_what_the_database_holds(group, rounds, clock_file, sink):  # noqa: F811
    first = waiting(group)
    from_now_on()
    Worker().round()
    assert offers_of(group) == [first.person]

    clock_file.write_text(str(72 * 3600 + 5))
    second = waiting(group, minutes=1)
    Worker().round()

    assert offers_of(group) == [second.person]


# --- the mail server --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_mail_server_that_is_down_delays_the_mail_and_not_the_offer(group, rounds, settings, sink):  # noqa: F811
    port = settings.EMAIL_PORT
    person = waiting(group)
    no_server(settings)

    rounds(NOW)
    rounds(NOW + SECOND)
    assert offers_of(group) == [person.person]
    assert sink.mails == []

    settings.EMAIL_PORT = port
    for hours in (1, 2, 3):
        rounds(NOW + hours * HOUR)
    assert mails_to(sink) == {person.person.email: 1}
    assert Offer.objects.count() == 1


@pytest.mark.django_db
def test_nobody_loses_a_turn_over_a_mail_that_never_left(group, rounds, settings):
    person = waiting(group)
    no_server(settings)
    for hours in range(0, 80, 8):
        rounds(NOW + hours * HOUR)

    assert offers_of(group) == [person.person]
    assert person.turns.standing().count() == 1
    assert Message.objects.filter(state=Message.State.WAITING).count() == 1


class Slow(Sink):
    """Takes the mail and answers too late, so many times."""

    late = 2

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        await super().handle_DATA(server, session, envelope)
        if self.late > 0:
            self.late -= 1
            return "421 too busy to answer"
        return "250 OK"


@pytest.mark.django_db
def test_a_mail_server_that_takes_the_mail_and_fails_repeats_one_mail_of_one_offer(
    group,
    rounds,
    sink,  # noqa: F811
):
    person = waiting(group)
    sink.__class__ = Slow

    for minutes in range(0, 300, 5):
        rounds(NOW + timedelta(minutes=minutes))

    assert Offer.objects.count() == 1
    assert set(mails_to(sink)) == {person.person.email}
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1, "mail programs show them as one"
    assert Message.objects.get().state == Message.State.SENT


@pytest.mark.django_db
def test_a_mail_server_that_hangs_stops_no_offers(group, rounds, settings, monkeypatch):
    """The worker asks for offers before mails, and what hangs ends by its time-out."""

    def hang(*args, **kwargs):
        raise TimeoutError

    monkeypatch.setattr("piiri.mail.actions.send", hang)
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    people = [waiting(group, minutes=n - 60) for n in range(2)]
    rounds(NOW)
    other = full_group(group.programme)
    free_a_place(other)
    late = waiting(other)

    rounds(NOW + SECOND)

    assert offers_of(group) == [people[0].person]
    assert offers_of(other) == [late.person]


# --- many workers -----------------------------------------------------------------------------


def many(groups=4, places=4, people=6):
    """Groups with free places, and more people in each list than there are places."""
    programme = first_come()
    made = [GroupFactory(programme=programme, places=places, language="en") for _ in range(groups)]
    for group in made:
        for minutes in range(people):
            waiting(group, minutes=minutes - 500)
    return made


def from_now_on():
    """Processes go by the real clock: the year is under way, and everybody has just begun to wait."""
    now = clocks.now()
    Waiting.objects.update(since_at=now)
    Application.objects.update(sent_at=now, saved_at=now, decided_at=now)
    Programme.objects.update(
        starts_on=now.date() - timedelta(9), ends_on=now.date() + timedelta(99), answers_by=now.date()
    )


def first_of(group, number):
    turns = Waiting.objects.filter(group=group).in_order()[:number]
    return {turn.application.person for turn in turns}


@pytest.mark.django_db(transaction=True)
def test_five_sweeps_at_once_offer_every_place_once():
    groups = many()

    at_once(lambda _worker: actions.offer_free_places(now=NOW), range(5))
    actions.offer_free_places(now=NOW)

    assert Offer.objects.count() == 16
    assert not Place.objects.free().exists()
    assert Message.objects.filter(kind="enrolments/email/offer").count() == 16
    assert all(set(offers_of(group)) == first_of(group, 4) for group in groups)


@pytest.mark.django_db(transaction=True)
def test_an_offer_accepted_declined_and_lapsed_at_once_ends_one_way():
    for _round in range(4):
        group = full_group()
        free_a_place(group)
        person = waiting(group)
        actions.offer_free_places(now=NOW)
        Message.objects.update(state=Message.State.SENT, done_at=NOW)
        offer = Offer.objects.latest("pk")
        ways = iter(
            [
                lambda one: actions.accept_place(one, by=one.person, now=NOW),
                lambda one: actions.decline_place(one, by=one.person, now=NOW),
                lambda one: actions.lapse_place(one, now=NOW),
                lambda one, who=person: actions.withdraw_application(who, by=who.person, now=NOW),
            ]
        )

        at_once(lambda _who, ways=ways, offer=offer: next(ways)(offer), range(4))

        person.refresh_from_db()
        offer.refresh_from_db()
        sits = group.memberships.active().filter(person=person.person).count()
        assert sits == (1 if person.state == Application.State.PLACED else 0)
        assert offer.state != Offer.State.OPEN
        assert not person.turns.standing().exists()
        assert group.places.taken().count() == 1 + sits


def start(port):
    words = ["-m", "piiri.enrolments.tests.worker_process", str(connection.settings_dict["NAME"]), str(port)]
    return subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL)


def wait_until(condition, seconds=60.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_three_workers_and_one_killed_offer_every_place_once(transactional_db, settings, sink):  # noqa: F811
    groups = many()
    from_now_on()
    workers = [start(settings.EMAIL_PORT) for _ in range(3)]
    try:
        wait_until(lambda: Offer.objects.exists())
        os.kill(workers[0].pid, signal.SIGKILL)
        wait_until(lambda: not Place.objects.free().exists())
        wait_until(lambda: len(mails_to(sink)) >= 15)  # one may be in the killed worker's hands
    finally:
        for process in workers:
            process.send_signal(signal.SIGTERM)
        for process in workers:
            process.wait(timeout=20)

    assert Offer.objects.count() == 16
    assert max(mails_to(sink).values()) == 1
    assert all(set(offers_of(group)) == first_of(group, 4) for group in groups)
    assert sound(clocks.now() + 2 * MINUTE) == []
