"""Weekly times at their edges."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from piiri.programmes import windows as weekly
from piiri.programmes.parameters import Rules
from piiri.programmes.windows import (
    Window,
    common,
    in_words,
    is_mask,
    of_hours,
    spans,
    to_bits,
    windows,
)

MASKS = st.text(alphabet="012", min_size=weekly.HALF_HOURS, max_size=weekly.HALF_HOURS)
TUESDAY_NOON = of_hours({(1, 12): 2, (1, 13): 1})


def test_windows_start_at_full_hours_and_end_within_the_day():
    rules = Rules(day_from=11, day_to=15, meeting_minutes=90)

    found = windows(rules)

    assert found[:3] == [Window(0, 660, 90), Window(0, 720, 90), Window(0, 780, 90)]
    assert len(found) == 15  # 15.00 − 90 minutes: the last start is 13.00
    assert max(window.end for window in found) <= 15 * 60


def test_windows_are_at_most_64_and_keep_weekends_when_they_are_wished_for():
    rules = Rules(day_from=6, day_to=22, meeting_minutes=60, weekends=True)

    found = windows(rules)

    assert len(found) == 64
    assert {window.weekday for window in found} == set(range(7))
    assert found == sorted(found)


def test_windows_of_a_day_shorter_than_a_meeting_are_none():
    assert windows(Rules(day_from=11, day_to=12, meeting_minutes=120)) == []


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (TUESDAY_NOON, 1),
        (of_hours({(1, 12): 2}), 0),
        (of_hours({(1, 12): 2, (2, 13): 2}), 0),
        (weekly.NOTHING, 0),
    ],
)
def test_to_bits_needs_every_half_hour(mask, expected):
    assert to_bits(mask, [Window(1, 720, 120)]) == expected


def test_to_bits_rounds_a_window_out_to_half_hours():
    only_an_hour = of_hours({(1, 12): 2})

    assert to_bits(only_an_hour, [Window(1, 720, 60), Window(1, 720, 75)]) == 0b01


@given(MASKS, MASKS)
def test_common_times_are_times_of_both(one, other):
    places = windows(Rules())

    together = to_bits(common([one, other]), places)

    assert together == to_bits(one, places) & to_bits(other, places)
    assert is_mask(common([one, other]))


def test_common_of_nobody_is_nothing():
    assert common([]) == weekly.NOTHING


def test_hours_are_the_lower_of_their_two_halves():
    mask = of_hours({(1, 12): 2})

    levels = weekly.hours(mask[:73] + "1" + mask[74:])

    assert (levels[(1, 12)], levels[(1, 13)]) == (1, 0)
    assert len(levels) == 168


def test_spans_join_half_hours_of_one_day():
    mask = of_hours({(1, 12): 2, (1, 13): 1, (4, 23): 2, (5, 0): 2})

    assert [(span.weekday, span.start, span.end) for span in spans(mask)] == [
        (1, 720, 840),
        (4, 1380, 1440),
        (5, 0, 60),
    ]
    assert next((span.start, span.end) for span in spans(mask, least=2)) == (720, 780)


def test_in_words_says_weekday_and_times():
    with translation.override("en"):
        assert in_words(Window(1, 870, 90)) == "Tuesdays 14.30–16.00"


@pytest.mark.parametrize("text", ["", "0" * 335, "3" + "0" * 335, "x" * 336])
def test_is_mask_refuses_other_texts(text):
    assert not is_mask(text)
