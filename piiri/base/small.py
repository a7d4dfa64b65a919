"""Small numbers of people: told from five up, and hidden so that no sum on the page gives them away.

A table has rows (workplaces, say) in blocks (their employers), each block and the whole with its sum, and
one or more columns, each a part of the one before it (enrolled, of those placed). Fewer than five is hidden;
where what is left would let a reader work a hidden number out, the next smallest is hidden too.
Source: trust model 4.4, rules 5 and 7.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

FEW = 5
SHOWN, UNDER, KEPT = "shown", "under", "kept"
NO_END = 10**9


@dataclass
class Cell:
    """A number of people. `mark`: shown, under (fewer than five), kept (hidden for the sake of another).

    `low` and `high` are what a reader of the page can work out.
    """

    value: int
    mark: str = SHOWN
    # Of a kept number not even this is meant to be said, that it is not a small one.
    is_vague: bool = False
    low: int = 0
    high: int = NO_END

    @property
    def is_given_away(self) -> bool:
        return self.mark == UNDER and self.low == self.high

    @property
    def can_be_hidden(self) -> bool:
        return self.mark == SHOWN and self.value > 0

    def hide(self) -> None:
        if self.can_be_hidden:
            self.mark = UNDER if self.value < FEW else KEPT

    def begin(self) -> None:
        """What the page says of this cell alone."""
        bounds = {
            SHOWN: (self.value, self.value),
            UNDER: (1, FEW - 1),
            KEPT: (1 if self.is_vague else FEW, NO_END),
        }
        self.low, self.high = bounds[self.mark]

    def narrow(self, low: int, high: int) -> bool:
        """Take in what follows from other cells; whether that says more."""
        before = self.low, self.high
        self.low, self.high = max(self.low, low), min(self.high, high)
        return before != (self.low, self.high)


Row = list[Cell]


@dataclass
class Block:
    """Rows with their sum."""

    rows: list[Row]
    total: Row


@dataclass
class Table:
    """Blocks with the sum of all."""

    blocks: list[Block] = field(default_factory=list)
    total: Row = field(default_factory=list)

    def columns(self) -> range:
        return range(len(self.total))

    def lines(self) -> Iterator[Row]:
        """Every line of the page: rows, sums of blocks, the sum of all."""
        for block in self.blocks:
            yield from block.rows
            yield block.total
        yield self.total


def told(numbers: Sequence[Sequence[Sequence[int]]], *, columns: int = 1) -> Table:
    """The table of these numbers (blocks of rows of columns) with what has to be hidden marked."""
    blocks = []
    for rows in numbers:
        total = [sum(row[column] for row in rows) for column in range(columns)]
        blocks.append(
            Block([[Cell(value) for value in row] for row in rows], [Cell(value) for value in total])
        )
    sums = [sum(block.total[column].value for block in blocks) for column in range(columns)]
    table = Table(blocks, [Cell(value) for value in sums])
    for line in table.lines():
        hide_small(line)
    work_out(table)
    while hide_more(table):
        work_out(table)
    return table


def hide_small(line: Row) -> None:
    """Fewer than five; and a part of what is hidden, for it would say how much there is at least."""
    for place, cell in enumerate(line):
        if 0 < cell.value < FEW or (place and line[place - 1].mark != SHOWN):
            cell.hide()


def work_out(table: Table) -> None:
    """What a reader can work out of the whole page: sums, and that a part is no larger than its whole."""
    for line in table.lines():
        for cell in line:
            cell.begin()
    says_more = True
    while says_more:
        says_more = False
        for column in table.columns():
            for block in table.blocks:
                says_more |= add_up([row[column] for row in block.rows], block.total[column])
            says_more |= add_up([block.total[column] for block in table.blocks], table.total[column])
        for line in table.lines():
            for whole, part in pairwise(line):
                says_more |= part.narrow(0, whole.high) | whole.narrow(part.low, NO_END)


def add_up(parts: list[Cell], total: Cell) -> bool:
    """What parts and sum say of each other; whether that is more than was known."""
    low, high = sum(part.low for part in parts), sum(part.high for part in parts)
    says_more = total.narrow(low, high)
    for part in parts:
        if part.low != part.high:
            says_more |= part.narrow(total.low - (high - part.high), total.high - (low - part.low))
    return says_more


def hide_more(table: Table) -> bool:
    """Hide something beside the numbers that are given away; whether there was any.

    First in their own blocks, all at once; only where that does not help, one sum of another block.
    """
    found = False
    for column in table.columns():
        for block in table.blocks:
            if any(row[column].is_given_away for row in block.rows):
                found |= hide_smallest(block.rows, column) or hide_smallest([block.total], column)
    if found:
        return True
    for column in table.columns():
        if any(line[column].is_given_away for line in table.lines()) and hide_in_sums(table, column):
            return True
    return False


def hide_in_sums(table: Table, column: int) -> bool:
    """The next smallest sum, with a row of its block so that its rows do not tell it; else the sum of all."""
    for block in sorted(table.blocks, key=lambda block: block.total[column].value):
        is_told_by_rows = all(row[column].mark == SHOWN for row in block.rows)
        if block.total[column].value and (block.total[column].mark == SHOWN or is_told_by_rows):
            hide_smallest([block.total], column)
            if is_told_by_rows:
                hide_smallest(block.rows, column)
            return True
    return hide_smallest([table.total], column) or make_vague(table, column)


def make_vague(table: Table, column: int) -> bool:
    """Not even say of a sum that it is under five, where its rows are so many that this tells each."""
    for line in (table.total, *(block.total for block in table.blocks)):
        if line[column].mark == UNDER:
            line[column].mark, line[column].is_vague = KEPT, True
            return True
    return False


def hide_smallest(lines: list[Row], column: int) -> bool:
    """Hide the smallest number that is still shown, and with it its parts; whether there was one."""
    shown = [line for line in lines if line[column].can_be_hidden]
    if not shown:
        return False
    smallest = min(shown, key=lambda line: line[column].value)
    smallest[column].hide()
    hide_small(smallest)
    return True
