"""The rush by real processes on a real database, some of them killed in mid-deed.

Nothing is overbooked, nobody has two places, whatever was answered is a row, and nothing is there twice.
With the guard taken out the same check fails.
"""

import random
from collections import Counter

import pytest

from piiri.enrolments import actions
from piiri.enrolments.models import Application
from piiri.enrolments.tests.lists import first_come, free_a_place, full_group, waiting
from piiri.enrolments.tests.rush import at_now, crowd, each_answer_is_a_row, key, presses, sound
from piiri.groups.models import Group, Membership, Offer, Place
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    KeptApartFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)

__all__ = ["at_now"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_now")]


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
@pytest.mark.parametrize("time", range(3))
def test_a_large_rush_with_many_kills(tmp_path, time):
    run(tmp_path, size=8, processes=8, kills=80, every=0.5)
    assert Group.objects.count() > 20
