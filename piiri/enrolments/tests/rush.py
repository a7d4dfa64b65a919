"""Crowds for the tests of the rush, and what must hold after them whatever happened."""

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connections

from piiri.audit.models import Entry
from piiri.base.uids import new_uid
from piiri.enrolments.models import Application
from piiri.enrolments.tests.lists import first_come
from piiri.groups.models import Membership, Offer, Place
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory
from piiri.mail.models import Message
from piiri.people.models import Press


@pytest.fixture
def at_now(clock_file):
    """The clock of this process and of those it starts goes on from NOW."""
    clock_file.write_text(str((NOW - datetime.now(UTC)).total_seconds()))


def crowd(tmp_path, tasks, *, processes=4, kills=0, gap=0.004, every=0.25, mode="guarded"):
    """Let processes do the tasks; what was answered, by task."""
    spec = {
        "databases": {one.alias: str(one.settings_dict["NAME"]) for one in connections.all()},
        "tasks": tasks, "processes": processes, "kills": kills, "gap": gap, "every": every, "mode": mode,
        "out": str(tmp_path / "answers"),
    }  # fmt: skip
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(spec))
    for one in connections.all():
        one.close()
    subprocess.run(
        [sys.executable, "-m", "piiri.enrolments.tests.rush_process", str(path)],
        check=True, timeout=600, env=os.environ | {"DJANGO_SETTINGS_MODULE": "piiri.config.settings"},
    )  # fmt: skip
    told = [json.loads(line) for line in (tmp_path / "answers").read_text().splitlines()]
    assert [one for one in told if "error" in one] == []
    answers = {one["task"]: one for one in told}
    assert len(answers) == len(tasks)
    return [(task, answers[number]) for number, task in enumerate(tasks)]


def sound():
    """What must hold whatever happened; `piiri check-invariants` is silent."""
    call_command("check_invariants")
    taken = Place.objects.exclude(membership=None).count()
    assert taken == Membership.objects.filter(ended_at=None).count()


def each_answer_is_a_row(answers):
    """Nothing that was acknowledged is lost, nothing is there twice."""
    for (deed, person, thing, key), told in answers:
        if deed == "take" and "answer" in told:
            application = Application.objects.get(uid=told["answer"].split("/")[2])
            assert (application.person.uid, application.state) == (person, "placed")
            seat = Membership.objects.get(person=application.person, programme=application.programme)
            assert seat.group.uid == thing
            assert Press.objects.filter(key=key).count() == 1
            assert Entry.objects.filter(deed="place_taken", about=seat.uid).count() == 1
            assert Message.objects.filter(about_uid=application.uid).count() == 1
        if deed == "accept" and "answer" in told:
            offer = Offer.objects.get(uid=thing)
            assert offer.state == Offer.State.ACCEPTED
            assert Membership.objects.get(uid=told["answer"]).person_id == offer.person_id
        if deed == "apply" and "answer" in told:
            application = Application.objects.get(uid=told["answer"].split("/")[2])
            assert (application.person.uid, application.state) == (person, "sent")


def key():
    return new_uid()


def presses(*, groups=3, people=60, twice=8):
    """People who press for places of few groups; some of them in two groups at once."""
    programme = first_come()
    rows = GroupFactory.create_batch(groups, programme=programme)
    tasks = [["take", one.uid, random.choice(rows).uid, key()] for one in PersonFactory.create_batch(people)]
    for one in PersonFactory.create_batch(twice):
        tasks += [["take", one.uid, row.uid, key()] for row in random.sample(rows, 2)]
    return rows, tasks
