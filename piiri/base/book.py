"""Writes CSV and XLSX of rows of text and numbers in which no spreadsheet program finds a formula.

Both are written row by row, so that a file of any length takes the memory of one row.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

Cell = str | int | Decimal
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What XML 1.0 cannot hold at all.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BOLD = 1

# --- the parts of a workbook that are the same in each: one sheet, and a bold style for its first row
START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


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
    written = 0
    with ZipFile(file, "w", ZIP_DEFLATED) as book:
        for name, content in {**PARTS, "xl/workbook.xml": _workbook(title)}.items():
            book.writestr(name, START + content)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{START}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for row in rows:
                look = "" if written else f' s="{BOLD}"'
                cells = "".join(_cell(cell, look) for cell in row)
                sheet.write(f"<row>{cells}</row>".encode())
                written += 1
            sheet.write(b"</sheetData></worksheet>")
    return written


def as_xlsx(rows: Iterable[Sequence[Cell]], *, title: str) -> bytes:
    """The same in memory, for a short file."""
    file = io.BytesIO()
    write_xlsx(file, rows, title=title)
    return file.getvalue()


def _workbook(title: str) -> str:
    # No program takes these in the name of a sheet, nor more than 31 letters.
    name = escape(re.sub(r"[\[\]:*?/\\]", " ", title)[:31], {'"': "&quot;"})
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _cell(cell: Cell, look: str) -> str:
    if not isinstance(cell, str):
        return f"<c{look}><v>{cell}</v></c>"
    text = escape(UNWRITABLE.sub("", neutral(cell)))
    return f'<c{look} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
