"""The week table, as it is read with script and without."""

import pytest
from django.http import QueryDict

from piiri.groups import week
from piiri.groups.forms import WeekForm
from piiri.programmes import windows
from piiri.programmes.parameters import Rules

PARTS = week.parts(7, 21)
AFTERNOON = {(1, hour) for hour in range(13, 17)}


@pytest.mark.parametrize(
    ("now", "before", "hours", "meant"),
    [
        (["1a"], [], [], AFTERNOON),
        (["1a"], ["1a"], ["1-13", "1-14", "1-15", "1-16"], AFTERNOON),
        ([], ["1a"], ["1-13", "1-14", "1-15", "1-16"], set()),
        (["1a"], ["1a"], ["1-14", "1-15"], {(1, 14), (1, 15)}),
        ([], [], ["1-14"], {(1, 14)}),
        ([], ["1a"], ["1-14"], {(1, 14)}),
    ],
)
def test_read_lets_what_changed_last_count(now, before, hours, meant):
    assert week.read(now, before, hours, of=PARTS) == meant


def test_parts_are_cut_to_the_programme_s_day():
    assert [(part.code, part.start, part.end) for part in week.parts(10, 15)] == [
        ("m", 10, 13),
        ("a", 13, 15),
    ]


def test_words_put_days_with_the_same_hours_together():
    ticked = {(day, hour) for day in (1, 3) for hour in range(13, 17)} | {(2, 14), (2, 15)}

    assert week.words(ticked) == "Tue, Thu 13–17; Wed 14–16"
    assert week.code_words(week.codes(ticked, of=PARTS, least=2)) == "Tue, Wed, Thu in the afternoon"


def test_mask_keeps_half_hours_nobody_touched():
    before = windows.of_hours({(0, 9): 1})
    before = before[:29] + "1" + before[30:]  # Monday 14.30 to 15, finer than the table

    form = WeekForm(QueryDict("hour=0-9&part=1a"), rules=Rules(), mask=before)

    assert form.mask[29] == "1"
    assert windows.hours(form.mask)[0, 9] == 1
    assert form.ticked == {(0, 9)} | AFTERNOON


def test_rows_mark_a_part_of_which_only_some_hours_work():
    form = WeekForm(None, rules=Rules(), mask=windows.of_hours({(2, 14): 2}))

    afternoon = form.rows[2]

    assert [(tile.ticked, tile.some) for tile in afternoon.tiles] == [(False, day == 2) for day in range(5)]
