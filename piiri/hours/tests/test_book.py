"""Sheets without formulas."""

import io
from decimal import Decimal

import openpyxl
import pytest

from piiri.hours import book


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
    written = book.as_xlsx([["Name", "Hours"], ["=1+1", Decimal("7.50")]], title="Hours")

    sheet = openpyxl.load_workbook(io.BytesIO(written)).active
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [("'=1+1", "s"), (7.5, "n")]
