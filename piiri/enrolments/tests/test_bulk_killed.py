"""Decisions about many by real workers, one of them killed in the middle: none lost, none doubled."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.db import connection

from piiri.base import clock as clocks
from piiri.enrolments import actions, queries
from piiri.enrolments.actions import Order, Sent
from piiri.enrolments.models import Application, Bulk, BulkLine
from piiri.enrolments.tests.deciding import applied
from piiri.groups.models import Membership
from piiri.groups.tests.factories import GroupFactory, PersonFactory, ThemeFactory
from piiri.mail.models import Message


def start():
    words = ["-m", "piiri.enrolments.tests.bulk_process", str(connection.settings_dict["NAME"])]
    return subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL)


def wait_until(condition, seconds=90.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_sixty_people_and_twelve_places_by_workers_that_are_killed():
    theme, office = ThemeFactory(), PersonFactory()
    theme.programme.coordinators.create(person=office, since=clocks.now())
    group = GroupFactory(programme=theme.programme, theme=theme, places=12)
    rows = applied(theme, 60)
    order = Order("place", group=group)
    actions.decide_about(
        theme.programme,
        order=order,
        applications=[one.pk for one in rows],
        sent=Sent("key", "form"),
        by=office,
        now=clocks.now(),
    )
    workers = [start() for _each in range(2)]
    try:
        wait_until(lambda: BulkLine.objects.exclude(outcome="").count() >= 4)
        busy = Bulk.objects.get()
        assert busy.done_at is None
        for process in workers:
            os.kill(process.pid, signal.SIGKILL)
        in_the_middle = BulkLine.objects.exclude(outcome="").count()
        workers += [start() for _each in range(2)]
        wait_until(lambda: Bulk.objects.get().done_at is not None)
    finally:
        for process in workers:
            process.send_signal(signal.SIGTERM)
        for process in workers:
            process.wait(timeout=20)

    assert 4 <= in_the_middle < 60
    report = queries.bulk_report(Bulk.objects.get())
    assert (report.done, report.left, report.failed) == (12, [("48 could not: the group is full.", 48)], 0)
    assert Application.objects.filter(state="placed").count() == Membership.objects.count() == 12
    mails = Counter(
        Message.objects.filter(kind="enrolments/email/place").values_list("person_uid", flat=True)
    )
    assert len(mails) == 12
    assert max(mails.values()) == 1
    # In the order in which places are given: the first twelve.
    placed = Application.objects.filter(state="placed").values_list("order", flat=True)
    assert sorted(placed) == list(range(1, 13))
