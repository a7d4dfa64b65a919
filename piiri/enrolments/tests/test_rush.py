"""The rush by real processes on a real database, some of them killed in mid-deed.

Nothing is overbooked, nobody has two places, whatever was answered is a row, and nothing is there twice.
With the guard taken out the same check fails.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connections

from piiri.audit.models import Entry
from piiri.base.uids import new_uid
from piiri.enrolments import actions
from piiri.enrolments.models import Application
from piiri.enrolments.tests.lists import first_come, free_a_place, full_group, waiting
from piiri.groups.models import Group, Membership, Offer, Place
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    KeptApartFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.mail.models import Message
from piiri.people.models import Press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_now")]


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


def pairs(*, number=4):
    """Of each two who are kept apart both want into the same group."""
    group, tasks = GroupFactory(programme=first_come()), []
    for _pair in range(number):
        one, other = PersonFactory.create_batch(2)
        KeptApartFactory(programme=group.programme, first=one, second=other)
        tasks += [["join", one.uid, group.uid, key()], ["take", other.uid, group.uid, key()]]
    return group, tasks


def offers(*, number=6):
    """Places held for people who accept in two tabs, some of them declining in a third."""
    group = full_group(places=number)
    for n in range(number + 3):
        waiting(group, minutes=n - 60)
    for _place in range(number):
        free_a_place(group)
    actions.offer_free_places(now=NOW)
    tasks = []
    for n, offer in enumerate(Offer.objects.open().select_related("person")):
        tasks += [["accept", offer.person.uid, offer.uid, key()]] * 2
        tasks += [["decline", offer.person.uid, offer.uid, key()]] * (n % 3 == 0)
    return group, tasks


def applications(*, number=8):
    """People who send the same form twice, and another in a second tab."""
    theme, tasks = ThemeFactory(programme=ProgrammeFactory()), []
    for one in PersonFactory.create_batch(number):
        task = ["apply", one.uid, theme.uid, key()]
        tasks += [task, task, ["apply", one.uid, theme.uid, key()]]
    return theme, tasks


def run(tmp_path, *, size, **how):
    """All of it at once, in any order; what was answered."""
    groups, tasks = presses(groups=3 * size, people=60 * size, twice=8 * size)
    apart, more = pairs(number=4 * size)
    _held, answers_to_offers = offers(number=min(12, 6 * size))
    theme, forms = applications(number=8 * size)
    tasks += more + answers_to_offers + forms
    random.shuffle(tasks)
    answers = crowd(tmp_path, tasks, **how)
    sound()
    each_answer_is_a_row(answers)
    assert Place.objects.free().filter(group__in=groups).count() == 0
    assert Membership.objects.active().filter(group__in=groups).count() == 24 * size
    assert Membership.objects.active().filter(group=apart).count() <= 4 * size
    assert Application.objects.filter(programme=theme.programme, state="sent").count() == 8 * size
    return Counter(deed[0] for deed, told in answers if "answer" in told)


def test_nothing_is_lost_or_doubled_in_a_rush_though_processes_are_killed(tmp_path):
    went_well = run(tmp_path, size=1, kills=8)

    assert went_well["take"] >= 24
    assert went_well["apply"] >= 16


def test_without_the_guard_the_same_crowd_overbooks_and_the_same_check_fails(tmp_path):
    """Shows that the rush above is one: look first, write then, and more are in than there are places."""
    groups, tasks = presses(groups=1, people=24, twice=0)

    crowd(tmp_path, tasks, gap=0.05, mode="careless")

    assert Membership.objects.active().filter(group__in=groups).count() > 8
    with pytest.raises(SystemExit):
        sound()


@pytest.mark.long
@pytest.mark.parametrize("time", range(5))
def test_a_large_rush_with_many_kills(tmp_path, time):
    run(tmp_path, size=8, processes=8, kills=80, every=0.5)
    assert Group.objects.count() > 20
