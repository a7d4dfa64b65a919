"""Writes CSV and XLSX of rows of text and numbers in which no spreadsheet program finds a formula.

Both are written row by row, so that a file of any length takes the memory of one row.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from typing import IO, Any

Cell = str | int | Decimal
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What XML 1.0 cannot hold at all.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def neutral(text: str) -> str:
    """The text as text: an apostrophe stands before whatever could be read as a formula.

    Also after leading blanks, and for the full-width signs some programs take for the plain ones.
    """
    start = text.lstrip(" \N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}")[:1]
    return f"'{text}" if start in FORMULA else text


def write_csv(file: IO[bytes], rows: Iterable[Sequence[Cell]], *, comma: bool) -> int:
    """Semicolons and a byte-order mark, as spreadsheet programs here expect; `comma`: 7,5 instead of 7.5.

    Returns how many rows were written.
    """
    text, written = io.TextIOWrapper(file, encoding="utf-8-sig", newline=""), 0
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_plain(cell, comma) for cell in row])
        written += 1
    text.detach()
    return written


def as_csv(rows: Iterable[Sequence[Cell]], *, comma: bool) -> bytes:
    """The same in memory, for a short file."""
    file = io.BytesIO()
    write_csv(file, rows, comma=comma)
    return file.getvalue()


def _plain(cell: Cell, comma: bool) -> str:
    if isinstance(cell, str):
        return neutral(cell)
    return str(cell).replace(".", ",") if comma else str(cell)


def write_xlsx(file: IO[bytes], rows: Iterable[Sequence[Cell]], *, title: str) -> int:
    """One sheet with a bold first row; text cells are text, numbers are numbers. How many rows there are."""
    # Loaded by the first export: with numpy, which it takes along, a third of a second and 20 MB.
    openpyxl, styles = import_module("openpyxl"), import_module("openpyxl.styles")
    new_cell, bold, written = import_module("openpyxl.cell").WriteOnlyCell, styles.Font(bold=True), 0
    book = openpyxl.Workbook(write_only=True)
    # No program takes these signs in the name of a sheet, nor more than 31 letters.
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    for row in rows:
        sheet.append([_cell(value, new_cell(sheet), font=None if written else bold) for value in row])
        written += 1
    book.save(file)
    return written


def _cell(value: Cell, cell: Any, *, font: Any) -> Any:
    """The cell with its value: a text stays a text, whatever it looks like."""
    cell.value = UNWRITABLE.sub("", neutral(value)) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    if font:
        cell.font = font
    return cell


def as_xlsx(rows: Iterable[Sequence[Cell]], *, title: str) -> bytes:
    """The same in memory, for a short file."""
    file = io.BytesIO()
    write_xlsx(file, rows, title=title)
    return file.getvalue()
