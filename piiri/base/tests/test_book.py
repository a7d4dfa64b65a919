"""Sheets without formulas."""

import io
from decimal import Decimal

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from piiri.base import book


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝", "\N{NO-BREAK SPACE}+"])
def test_neutral_takes_the_meaning_from_what_could_be_a_formula(start):
    assert book.neutral(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["Anna-Maija", "", "7 + 1", "'quoted"])
def test_neutral_leaves_names_alone(text):
    assert book.neutral(text) == text


def test_as_csv_has_a_mark_semicolons_and_the_readers_comma():
    written = book.as_csv([["Näimä; Å", "=cmd()", Decimal("-7.50")]], comma=True)

    assert written == '\ufeff"Näimä; Å";\'=cmd();-7,50\r\n'.encode()


def test_as_xlsx_holds_text_as_text_and_numbers_as_numbers():
    written = book.as_xlsx([["Name", "Hours"], ["=1+1", Decimal("7.50")], ["A < B & C ", 7]], title="Hours")

    sheet = openpyxl.load_workbook(io.BytesIO(written)).active
    assert sheet.title == "Hours"
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [("'=1+1", "s"), (7.5, "n")]
    assert [cell.value for cell in sheet[3]] == ["A < B & C ", 7]


def test_another_program_reads_the_same_and_what_xml_cannot_hold_is_left_out():
    written = book.as_xlsx([["Name"], ["Tab\x00\x0bbed"], ["two\nlines"]], title='Who [all] "here"/now')

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(written)).get_sheet_by_index(0)
    assert sheet.to_python() == [["Name"], ["Tabbed"], ["two\nlines"]]


def test_rows_are_written_as_they_come_and_counted():
    class File(io.BytesIO):
        longest = 0

        def write(self, data):
            self.longest = max(self.longest, len(data))
            return super().write(data)

    rows = (("Name", number) for number in range(20_000))
    csv_file, xlsx_file = File(), File()

    counted = book.write_csv(csv_file, rows, comma=False)
    book.write_xlsx(xlsx_file, ((str(number), number) for number in range(20_000)), title="All")

    assert counted == csv_file.getvalue().count(b"\r\n") == 20_000
    assert max(csv_file.longest, xlsx_file.longest) < 100_000
