"""Makes CSV and XLSX of rows of text and numbers in which no spreadsheet program finds a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module

Cell = str | Decimal
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """The text as text: an apostrophe stands before whatever could be read as a formula.

    Also after leading blanks, and for the full-width signs some programs take for the plain ones.
    """
    start = text.lstrip(" \N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}")[:1]
    return f"'{text}" if start in FORMULA else text


def as_csv(rows: Iterable[Sequence[Cell]], *, comma: bool) -> bytes:
    """Semicolons and a byte-order mark, as spreadsheet programs here expect; `comma`: 7,5 instead of 7.5."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_plain(cell, comma) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def _plain(cell: Cell, comma: bool) -> str:
    if isinstance(cell, str):
        return neutral(cell)
    return str(cell).replace(".", ",") if comma else str(cell)


def as_xlsx(rows: Iterable[Sequence[Cell]], *, title: str) -> bytes:
    """One sheet with a bold first row; text cells are text, numbers are numbers."""
    # Loaded by the first export: with numpy, which it takes along, a third of a second and 20 MB.
    openpyxl, styles = import_module("openpyxl"), import_module("openpyxl.styles")
    cell_of = import_module("openpyxl.cell").WriteOnlyCell
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            cell = cell_of(sheet, value=neutral(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            if not number:
                cell.font = styles.Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
