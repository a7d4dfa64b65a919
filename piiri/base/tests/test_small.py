"""Small numbers: what is hidden cannot be worked out of the rest of the page."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from piiri.base import small
from piiri.base.small import FEW, KEPT, SHOWN, UNDER

ENOUGH = 40  # as large as a hidden number is tried


def marks(table, column=0):
    rows = [[row[column].mark for row in block.rows] for block in table.blocks]
    return rows, [block.total[column].mark for block in table.blocks], table.total[column].mark


def test_five_and_nobody_are_told():
    table = small.told([[[5], [0], [12]]])

    assert marks(table) == ([[SHOWN] * 3], [SHOWN], SHOWN)


def test_two_small_numbers_hide_each_other():
    table = small.told([[[3], [2], [12], [30]]])

    assert marks(table)[0] == [[UNDER, UNDER, SHOWN, SHOWN]]


def test_a_single_small_number_takes_the_next_smallest_with_it():
    table = small.told([[[3], [30], [12]]])

    assert marks(table) == ([[UNDER, SHOWN, KEPT]], [SHOWN], SHOWN)


def test_two_who_could_only_be_one_each_are_hidden_better():
    table = small.told([[[1], [1], [9]]])

    assert marks(table)[0] == [[UNDER, UNDER, KEPT]]


def test_what_is_hidden_for_another_is_at_least_five_and_that_must_not_tell_either():
    # 1 and 5: whoever knows that the second is at least five and the sum six knows the first.
    table = small.told([[[1], [5], [20]]])

    assert marks(table)[0] == [[UNDER, KEPT, KEPT]]


def test_a_single_small_workplace_hides_its_employer_s_sum_and_another_s():
    table = small.told([[[3]], [[20], [30]], [[50], [60]]])

    rows, totals, everybody = marks(table)
    assert rows[0] == [UNDER]
    assert totals[0] == UNDER
    assert totals.count(KEPT) == 1
    assert everybody == SHOWN


def test_where_nothing_else_can_be_hidden_the_sum_of_all_is():
    assert marks(small.told([[[2]]])) == ([[UNDER]], [UNDER], UNDER)


def test_four_of_one_each_are_not_told_by_saying_that_they_are_under_five_in_all():
    table = small.told([[[1], [1]], [[1], [1]]])

    assert marks(table)[2] == KEPT


def test_a_part_of_what_is_hidden_is_hidden_too():
    table = small.told([[[6, 6], [3, 2], [20, 9]]], columns=2)

    hidden = [[cell.mark != SHOWN for cell in row] for row in table.blocks[0].rows]
    assert all(part or not whole for whole, part in hidden)


def readings(table):
    """Every way to fill in the hidden numbers of a page with one or two columns that fits all it says."""

    def choices(cell):
        least = 1 if cell.is_vague else FEW
        return {SHOWN: [cell.value], UNDER: range(1, FEW), KEPT: range(least, ENOUGH)}[cell.mark]

    rows = [row for block in table.blocks for row in block.rows]
    sizes = [len(block.rows) for block in table.blocks]
    wide = [itertools.product(*(choices(cell) for cell in row)) for row in rows]
    fitting = [[one for one in ways if list(one) == sorted(one, reverse=True)] for ways in wide]
    for filled in itertools.product(*fitting):
        blocks, at = [], 0
        for size in sizes:
            blocks.append(filled[at : at + size])
            at += size
        sums = [[sum(row[column] for row in block) for column in table.columns()] for block in blocks]
        everybody = [sum(total[column] for total in sums) for column in table.columns()]
        said = [*zip(sums, (block.total for block in table.blocks), strict=True), (everybody, table.total)]
        if all(
            fits(number, cell) for numbers, line in said for number, cell in zip(numbers, line, strict=True)
        ):
            yield filled


def fits(number, cell):
    return {SHOWN: number == cell.value, UNDER: 0 < number < FEW, KEPT: cell.is_vague or number >= FEW}[
        cell.mark
    ]


def assert_nothing_is_given_away(table):
    ways = list(readings(table))
    rows = [row for block in table.blocks for row in block.rows]
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell.mark == UNDER:
                assert len({way[place][column] for way in ways}) > 1


@settings(max_examples=150)
@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=3), min_size=1, max_size=2))
def test_nobody_works_out_a_hidden_number_whatever_the_table(blocks):
    if sum(map(len, blocks)) > 4:
        blocks = [blocks[0][:2], blocks[1][:2]]
    table = small.told([[[number] for number in rows] for rows in blocks])

    assert_nothing_is_given_away(table)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=2))
def test_nor_with_a_column_of_parts(rows):
    table = small.told([[sorted(row, reverse=True) for row in rows]], columns=2)

    assert_nothing_is_given_away(table)


def test_two_thousand_workplaces_are_quick():
    table = small.told(
        [[[number % 9, number % 4] for number in range(20)] for _each in range(100)], columns=2
    )

    assert not any(cell.is_given_away for line in table.lines() for cell in line)
