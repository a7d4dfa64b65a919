"""What is scarce: counted without a database, and said on the board and on the workbench."""

import pytest
from django.urls import reverse

from piiri.formation.problem import Mentor, Offer, Participant, Problem
from piiri.formation.scarcity import Scarce, parts_of, scarcity
from piiri.formation.tests.factories import TUESDAY, world
from piiri.formation.tests.workbench import asked
from piiri.programmes import windows

BOUNDS = [("m", 10, 13), ("a", 13, 17)]
THURSDAY = windows.of_hours({(3, hour): 2 for hour in range(13, 17)})


def person(name, available, *themes, languages=("fi",), groups=()):
    return Participant(name, available, languages, ["here"], themes, groups=groups)


def question():
    """Slot 0 is Monday at midday, slot 1 Monday afternoon; Swedish has one mentor who leads one of two."""
    people = [
        person("p1", 0b01, "calm"),
        person("p2", 0b10, "calm", "maths"),
        person("p3", 0b11, "maths", languages=["fi", "sv"]),
        person("p4", 0b11, groups=["g1"], languages=["sv"]),
    ]
    mentors = [Mentor("m1", 0b01, max_groups=2), Mentor("m2", 0b11, max_groups=1)]
    offers = [
        Offer("g1", "m1", "calm", "fi", "here", 1, 2),
        Offer("g2", "m1", "maths", "fi", "here", 1, 3),
        Offer("g3", "m2", "calm", "sv", "here", 1, 5),
        Offer("g4", "m2", "maths", "sv", "here", 1, 4, co_mentors=["m1"]),
        Offer("g5", None, "art", "fi", "here", 1, 6),
    ]
    return Problem(people, mentors, offers, slots=2)


def test_parts_of_are_the_slots_that_begin_in_them():
    slots = [(0, 11 * 60), (0, 12 * 60), (0, 13 * 60), (1, 9 * 60), (1, 16 * 60)]

    assert parts_of(slots, BOUNDS) == {(0, "m"): 0b11, (0, "a"): 0b100, (1, "a"): 0b10000}


def test_scarcity_counts_who_wants_what_and_what_mentors_would_lead():
    found = scarcity(question(), parts={(0, "m"): 0b01, (0, "a"): 0b10})

    assert found.themes == [Scarce("calm", 3, 7, None), Scarce("maths", 2, 7, None)]
    # In the afternoon only the second mentor is free, with the larger group that needs nobody beside.
    assert found.times == [Scarce((0, "a"), 3, 11, None), Scarce((0, "m"), 3, 16, None)]
    assert found.languages == [Scarce("sv", 2, 5, None), Scarce("fi", 3, 11, None)]


def test_scarcity_begins_with_what_leaves_most_people_out():
    ends = {"p1": "g1", "p2": None, "p3": None, "p4": "g3"}

    found = scarcity(question(), parts={}, assignment=ends)

    assert [(one.what, one.left) for one in found.themes] == [("maths", 2), ("calm", 1)]
    assert [(one.what, one.left) for one in found.languages] == [("fi", 2), ("sv", 1)]
    assert found.times == []


@pytest.fixture
def here(client, clock, db):
    made = world()
    client.force_login(made.office)
    return made


def lettered(run):
    run.letter = "A"
    run.save()
    return run


def test_board_says_what_is_scarce_before_anything_was_looked_for(client, here):
    here.offer(places=2, mask=TUESDAY)
    here.apply(3, mask=THURSDAY)

    page = client.get(reverse("formation:board", args=[here.programme.uid])).content.decode()

    assert "What is scarce" in page
    assert "3 people want it. Mentors offer 2 places." in page
    assert "<b>Thursdays in the afternoon</b>" in page
    assert "3 people can come then. No mentor offers a place." in page
    assert "<b>English</b>" in page


def test_board_is_silent_where_nothing_is_scarce_and_where_nobody_waits(client, here):
    address = reverse("formation:board", args=[here.programme.uid])

    assert "What is scarce" not in client.get(address).content.decode()
    here.offer()
    here.apply(3)
    assert "What is scarce" not in client.get(address).content.decode()


def test_after_a_search_board_and_workbench_say_alike_who_is_left_out(client, here):
    group = here.offer(places=2)
    seats = [(one, group if at < 2 else None) for at, one in enumerate(here.apply(3))]
    run = lettered(asked(here.programme, seats))

    board, bench = (
        client.get(reverse(f"formation:{name}", args=[of.uid])).content.decode()
        for name, of in (("board", here.programme), ("run", run))
    )

    said = "3 people want it. Mentors offer 2 places. 1 of them has no place."
    assert said in board
    assert said in bench


def test_after_a_change_of_the_week_times_are_left_out(client, here):
    group = here.offer(places=2)
    seats = [(one, group if at < 2 else None) for at, one in enumerate(here.apply(3))]
    lettered(asked(here.programme, seats))
    here.programme.parameters |= {"day_to": 18}
    here.programme.save()

    page = client.get(reverse("formation:board", args=[here.programme.uid])).content.decode()

    assert "What is scarce" in page
    assert "in the afternoon" not in page
