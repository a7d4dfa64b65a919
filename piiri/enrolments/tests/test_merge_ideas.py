"""Where a short group could go: the ranking, and why in words."""

from dataclasses import replace

import pytest

from piiri.enrolments import merging
from piiri.enrolments.merging import Circle

SHORT = Circle(
    key=1, theme=1, language="fi", form="onsite", area="Tampere", people=(1, 2, 3), mentors=(90,), free=5,
    least=4, times=(0b0111, 0b0110, 0b1110),
)  # fmt: skip
TARGET = Circle(
    key=2, theme=1, language="fi", form="onsite", area="Tampere", people=(4, 5, 6, 7), mentors=(91,), free=4,
    least=4, times=(0b0110,) * 4, mentor_times=(0b1111,),
)  # fmt: skip


def of(*others, apart=()):
    return [idea.target.key for idea in merging.ideas(SHORT, others, apart=apart)]


def test_ideas_puts_the_same_theme_and_a_common_time_first():
    other_theme = replace(TARGET, key=3, theme=2)
    no_time = replace(TARGET, key=4, times=(0b1000,) * 4)
    online = replace(TARGET, key=5, form="online")

    assert of(no_time, online, other_theme, TARGET) == [2, 3, 5]


@pytest.mark.parametrize(
    "change",
    [{"language": "sv"}, {"free": 2}, {"people": ()}, {"mentors": (2,)}, {"key": 1}],
    ids=lambda change: next(iter(change)),
)
def test_ideas_leaves_out_what_must_not_be(change):
    assert of(replace(TARGET, **change)) == []


@pytest.mark.parametrize("pair", [(1, 4), (3, 91)])
def test_ideas_never_brings_a_kept_apart_pair_together(pair):
    assert of(TARGET, apart={frozenset(pair)}) == []
    assert of(TARGET, apart={frozenset((1, 99))}) == [2]


def test_ideas_of_a_group_without_people_are_none():
    assert merging.ideas(replace(SHORT, people=()), [TARGET], apart=()) == []


def words(change, *, short=None):
    (idea,) = merging.ideas(replace(SHORT, **(short or {})), [replace(TARGET, **change)], apart=())
    return merging.reasons(idea), merging.doubts(idea)


def test_reasons_say_what_speaks_for_it():
    said, against = words({})

    assert said == [
        "Same theme",
        "2 weekly times suit all 7",
        "Both meet in person",
        "Same area",
        "It has a mentor",
        "Together 7 participants: it can start",
    ]
    assert against == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"theme": 2}, "Another theme"),
        ({"times": (0b1000,) * 4}, "No weekly time suits everybody"),
        ({"form": "online"}, "One meets online, the other in person"),
        ({"mentors": ()}, "It has no mentor yet"),
        ({"people": (4,), "least": 5}, "Together still 1 participant short"),
        ({"own_time": 0b1000}, "The time it was formed around does not suit all who would move"),
    ],
)
def test_doubts_say_what_speaks_against_it(change, expected):
    assert expected in words(change)[1]


def test_times_count_only_those_who_have_told_theirs():
    said, _against = words({"times": (0b0110, 0b0110)})
    assert "2 weekly times suit the 5 of 7 who have told their times" in said

    _said, against = words({"times": ()}, short={"times": ()})
    assert "Nobody has told when they can meet" in against


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"own_time": 0b0010}, "The time it was formed around suits those who would move"),
        ({"is_running": True}, "It has just started"),
    ],
)
def test_reasons_of_a_fixed_time_and_of_a_group_that_runs(change, expected):
    assert expected in words(change)[0]


@pytest.mark.parametrize(("form", "expected"), [("online", "Both meet online"), ("either", "Both meet in")])
def test_reasons_name_the_form(form, expected):
    said, _against = words({"form": form}, short={"form": form})

    assert any(text.startswith(expected) for text in said)
