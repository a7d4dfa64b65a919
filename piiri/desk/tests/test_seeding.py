"""Made-up worlds: whole, repeatable, and never among real people."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from piiri.base import listing
from piiri.base.errors import Refused
from piiri.desk import actions
from piiri.desk.tests import walk
from piiri.desk.worlds import Dice, SeedRefusal, plan
from piiri.enrolments import queries as enrolment_queries
from piiri.groups.models import Group, Membership, Place
from piiri.mail.models import Message
from piiri.meetings import queries as meeting_queries
from piiri.meetings.models import Attendance, Meeting
from piiri.people.models import DemoAccount, Person

# What only deeds in a running demo make.
MADE_LATER = {"mail"}


def test_plan_country_has_sixty_thousand_people():
    world = plan("country")

    people = sum(year.people for house in world.houses for year in house.years)

    assert people + 96 == 60_000
    assert len({house.slug for house in world.houses}) == len(world.houses)


def test_dice_of_one_seed_fall_alike():
    first, again, other = Dice("small", 1), Dice("small", 1), Dice("small", 2)

    assert [first.uid(), first.name()] == [again.uid(), again.name()]
    assert Dice("small", 1).uid() != other.uid()


@pytest.mark.django_db
@pytest.mark.parametrize(("scale", "people"), [("small", 30), ("city", 500)])
def test_seed_makes_a_whole_world(scale, people):
    told = walk.seeded(scale)

    assert Person.objects.count() == people
    assert set(told.by_role) == set(walk.ROLES) - {"visitor"}
    assert len({account["organisation"] for account in told.accounts}) >= 2
    assert DemoAccount.objects.count() == len(told.accounts)
    wanted = {kind for door in listing.doors() for kind in door.ids} - MADE_LATER
    assert sorted(wanted - set(told.objects)) == []


@pytest.mark.django_db
def test_seed_leaves_groups_in_the_middle_of_their_year():
    now = timezone.now()

    walk.seeded("city")

    running = Group.objects.running()
    assert Meeting.objects.held().filter(starts_at__gt=now).count() == 0
    assert Meeting.objects.coming(now).count() > running.count()
    assert Attendance.objects.filter(session__isnull=False).exists()
    held = Place.objects.exclude(membership=None).count()
    assert held == Membership.objects.active().count()
    assert not Attendance.objects.filter(marked_at__gt=now).exists()


@pytest.mark.django_db
def test_seed_mails_nobody():
    walk.seeded()

    assert not Message.objects.exists()
    assert not meeting_queries.not_invited(timezone.now() + timedelta(seconds=1), 10)


@pytest.mark.django_db
def test_make_world_stays_out_where_people_are_real():
    Person.objects.create(email="somebody@city.fi", name="Somebody", joined_at=timezone.now())

    with pytest.raises(Refused) as refusal:
        actions.make_world("small", seed=1, now=timezone.now())

    assert refusal.value.reason == SeedRefusal.REAL_PEOPLE
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_seed_says_that_a_world_is_there_already_and_makes_another_beside_it():
    walk.seeded()

    with pytest.raises(CommandError, match="here already"):
        walk.seeded()
    call_command("seed", scale="small", seed=2, stdout=StringIO())

    assert Person.objects.count() == 60


@pytest.mark.django_db
@pytest.mark.parametrize("scale", ["small", "demo"])
def test_seed_breaks_no_invariant(scale):
    """Nobody has offered what is free yet: that is the workers' part."""
    walk.seeded(scale)

    broken = enrolment_queries.broken(timezone.now())

    assert [one for one in broken if one.invariant != "I5"] == []
