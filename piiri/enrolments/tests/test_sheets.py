import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from piiri.enrolments import sheets

CSV = 'Nimi;Toive;Teksti\r\nÅsa;Mäki;"kaksi\nriviä; ""näin"""\r\n;;\r\nÖrjan;Yö;=1+1\r\n'
ROWS = [(2, ("Åsa", "Mäki", 'kaksi\nriviä; "näin"')), (4, ("Örjan", "Yö", "=1+1"))]


def xlsx(*rows: list[object], at: str = "A1") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if at != "A1":
        book.active[at] = "far"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "mac_roman", "cp850"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_read_csv_tells_encoding_and_separator_itself(encoding, separator):
    text = CSV.replace(";", separator).replace(f"riviä{separator}", "riviä;")

    sheet = sheets.read(text.encode(encoding), "a.csv")

    assert sheet.separator == separator
    assert sheet.header == ("Nimi", "Toive", "Teksti")
    assert list(sheet.rows) == ROWS
    assert list(sheet.rows) == ROWS  # rows can be walked again


def test_read_csv_believes_its_first_line_and_keeps_row_numbers():
    sheet = sheets.read(f"sep=;\r\n{CSV}".encode(), "a.csv")

    assert [number for number, _cells in sheet.rows] == [3, 5]


def test_read_csv_lets_stray_quotes_stand():
    sheet = sheets.read(b'a;b\n"x" y;z\n5" tv;w\n', "a.csv")

    assert len(list(sheet.rows)) == 2


def test_read_xlsx_gives_plain_cells_and_names_every_column():
    moment = datetime(2027, 9, 1, 9, 30)  # noqa: DTZ001 - the file names no zone
    data = xlsx(["Kysely"], [], ["Nimi", None, "Nimi", "Aika"], ["'=A1", 2.0, 2.5, moment])

    sheet = sheets.read(data, "a.xlsx")

    assert sheet.header == ("Nimi", "(B)", "Nimi (2)", "Aika")
    assert list(sheet.rows) == [(4, ("=A1", "2", "2.5", moment))]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", sheets.EMPTY),
        (b"\xef\xbb\xbf\r\n;;;\r\n", sheets.EMPTY),
        (b"a" * (sheets.MAX_BYTES + 1), sheets.TOO_LARGE),
        (b"hello\nworld\n", sheets.NOT_A_TABLE),
        (b"%PDF-1.7 a;b\n1;2\n", sheets.NOT_A_TABLE),
        (b"<html><table>a;b</table>\n1;2", sheets.NOT_A_TABLE),
        (b"a;b\x01\x02\x03\x04\x05\x06\n", sheets.NOT_A_TABLE),
        (b"name;email\n", sheets.NO_ROWS),
        (b'a;b\n1;"never closed\n2;3\n4;5\n', sheets.OPEN_QUOTE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), sheets.OLD_XLS),
        (b"\xd0\xcf\x11\xe0" + bytes(60) + "EncryptedPackage".encode("utf-16-le"), sheets.LOCKED),
        (b"PK\x03\x04 not a zip at all", sheets.DAMAGED),
        (b"a;b\n" + b"1;2\n" * (sheets.MAX_ROWS + 1), sheets.TOO_LARGE),
        (xlsx(["a", "b"], [1, 2])[:-200], sheets.DAMAGED),
        (xlsx(), sheets.EMPTY),
        (xlsx(["a", "b"], [1, 2], at="XFD1048576"), sheets.TOO_LARGE),
    ],
)
def test_read_refuses_what_is_no_table_of_answers_in_one_sentence(data, sentence):
    with pytest.raises(sheets.SheetError) as refused:
        sheets.read(data, "a.xlsx")

    assert str(refused.value) == str(sentence)


def test_read_refuses_a_packed_file_that_would_fill_the_memory(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(2_000_000))

    with pytest.raises(sheets.SheetError, match="too large"):
        sheets.read(out.getvalue(), "a.xlsx")
