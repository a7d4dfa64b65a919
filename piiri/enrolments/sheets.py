"""Opens a file of answers (xlsx or csv) as a table of plain cells, or says in one sentence why not."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Cell = str | datetime
NumberedRow = tuple[int, tuple[Cell, ...]]

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELLS = 10_000_000
SEPARATORS = ";,\t|"
LOOK_FOR_HEADER = 20

TOO_LARGE = _("The file is too large: at most 50 MB and 200 000 rows can be read.")
EMPTY = _("The file is empty.")
NOT_A_TABLE = _("This is not a table of answers: save it as .xlsx or .csv and try again.")
NO_ROWS = _("The file has a header and no answers below it.")
OLD_XLS = _("This is an old Excel file (.xls): save it as .xlsx or .csv and try again.")
LOCKED = _("The file is protected with a password: save it without one and try again.")
DAMAGED = _("The file is damaged and cannot be opened: save it again and try again.")
OPEN_QUOTE = _("A quotation mark in the file is opened and never closed, so its rows cannot be told apart.")


class SheetError(ValueError):
    """The file cannot be read; `sentence` says why, whole and translatable."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Sheet:
    """A table: header texts (never empty, never twice), and rows that can be walked many times.

    A row is `(number, cells)`: the number is the one a spreadsheet program shows beside it. Cells are as
    many as header texts; an empty cell is "". Rows without any text are left out. `encoding` and `separator`
    are "" for xlsx.
    """

    header: tuple[str, ...]
    kind: str
    encoding: str
    separator: str
    _raw: Callable[[], Iterable[Iterable[object]]] = field(repr=False)
    _first: int

    @property
    def rows(self) -> Iterator[NumberedRow]:
        """The rows below the header, read anew at each call."""
        width = len(self.header)
        empty = ("",) * width
        for number, raw in enumerate(self._raw(), start=1):
            if number <= self._first:
                continue
            cells = tuple(plain(value) for value in islice(raw, width))
            if any(cells):
                yield number, cells + empty[len(cells) :]


def read(data: bytes, name: str) -> Sheet:
    """Open `data`; what it is is told by its bytes, `name` (as the person's disk knew it) is only a hint.

    Raises SheetError with a whole sentence for everything that is not a table of answers.
    """
    if len(data) > MAX_BYTES:
        raise SheetError(TOO_LARGE)
    if not data.strip(b"\x00\r\n\t ;,\xef\xbb\xbf"):
        raise SheetError(EMPTY)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(LOCKED if "EncryptedPackage".encode("utf-16-le") in data else OLD_XLS)
    if data.startswith(b"PK"):
        return read_xlsx(data)
    return read_csv(data, separator="\t" if name.lower().endswith((".tsv", ".tab")) else "")


def plain(value: object) -> Cell:
    """One cell as text or naive moment; whole numbers lose their ".0", guarded formulas their apostrophe."""
    if isinstance(value, str):
        return value[1:] if value[:1] == "'" and value[1:2] in GUARDED else value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a sheet's moments have no zone
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else str(value)
    return str(value)


GUARDED = frozenset("=+-@\t\r")


# ---- csv


def read_csv(data: bytes, *, separator: str = "") -> Sheet:
    """Find out encoding and separator; a first line `sep=;` is believed."""
    encoding, text = decode(data)
    if re.match(r"\s*(%PDF|<!doctype|<html|<\?xml|<table|\{)", text, re.IGNORECASE) or binary(text):
        raise SheetError(NOT_A_TABLE)
    if told := re.match(r"sep=([;,\t|])\r?\n", text):
        separator, text = told[1], "\r\n" + text[told.end() :]
    separator = separator or likely_separator(text)
    strict = quotes_are_clean(text, separator)

    def raw() -> Iterator[list[str]]:
        return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)

    header, first = find_header(raw())
    rows = sum(1 for _row in islice(raw(), first + MAX_ROWS + 1)) - first
    return checked(Sheet(header, "csv", encoding, separator, raw, first), rows)


def decode(data: bytes) -> tuple[str, str]:
    """The encoding's name and the text; of the one-byte encodings the one that shows most Nordic letters."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return encoding, data.decode(encoding, errors="replace")
    head = data[:2000]
    if head.count(0) > len(head) // 3:
        encoding = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return encoding, data.decode(encoding, errors="replace")
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        return best_of(data, ("cp1252", "mac_roman", "cp850", "latin-1"))


def best_of(data: bytes, encodings: Iterable[str]) -> tuple[str, str]:
    found: list[tuple[int, str, str]] = []
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        found.append((len(re.findall("[åäöÅÄÖ]", text)), encoding, text))
    best = max(found, key=lambda one: one[0])
    return best[1], best[2]


def binary(text: str) -> bool:
    head = text[:20_000]
    return len(re.findall(r"[\x00-\x08\x0e-\x1f\ufffd]", head)) > len(head) // 200


def likely_separator(text: str) -> str:
    """The separator that gives the first records the same number of columns, more than one, most often."""
    return max(SEPARATORS, key=lambda separator: evenness(text, separator))


def evenness(text: str, separator: str) -> tuple[int, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        widths = Counter(len(row) for row in islice(reader, 50) if any(row))
    except csv.Error:
        return (0, 0)
    width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]), default=(0, 0))
    return (times, width) if width > 1 else (0, 0)


def quotes_are_clean(text: str, separator: str) -> bool:
    """True for a well-quoted file, False for one with quotes in plain text; an unclosed one is refused."""
    try:
        for _row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error) or "field larger" in str(error):
            raise SheetError(OPEN_QUOTE) from error
        return False
    return True


# ---- xlsx


def read_xlsx(data: bytes) -> Sheet:
    """The first visible sheet that holds a table; the packed file is measured before anything unpacks it."""
    measure(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        sheets = [sheet for sheet in map(book.get_sheet_by_name, names) if sheet.height > 0]
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError(DAMAGED) from error
    if not sheets:
        raise SheetError(EMPTY)
    sheet = max(sheets, key=lambda one: one.height > 1)
    header, first = find_header(sheet.iter_rows())
    return checked(Sheet(header, "xlsx", "", "", sheet.iter_rows, first), sheet.total_height - first)


def measure(data: bytes) -> None:
    """Refuse what would unpack to too much, or spread a few cells over a sheet too wide to hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
            if "xl/workbook.xml" not in names:
                raise SheetError(NOT_A_TABLE)
            left = MAX_UNPACKED
            for info in packed.infolist():
                left = measure_part(packed, info, left)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise SheetError(DAMAGED) from error


def measure_part(packed: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> int:
    """How many bytes may still be unpacked after this part."""
    rows = columns = 1
    tail = b""
    with packed.open(info) as part:
        while chunk := part.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise SheetError(TOO_LARGE)
            found = set(REFERENCE.findall(tail + chunk))
            rows = max(rows, max((int(row) for _column, row in found), default=1))
            columns = max(
                columns, max((number_of(column) for column in {one for one, _row in found}), default=1)
            )
            if rows > MAX_ROWS + LOOK_FOR_HEADER or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
                raise SheetError(TOO_LARGE)
            tail = chunk[-64:]
    return left


REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,9})([0-9]{1,12})["']""")


def number_of(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


# ---- both


def find_header(rows: Iterable[Iterable[object]]) -> tuple[tuple[str, ...], int]:
    """The header's texts and its row number: the first row with two texts, below any title."""
    for number, raw in enumerate(islice(rows, LOOK_FOR_HEADER), start=1):
        texts = [" ".join(str(plain(value)).split()) for value in raw]
        if sum(1 for text in texts if text) > 1:
            if len(texts) > MAX_COLUMNS:
                raise SheetError(TOO_LARGE)
            return unlike(texts), number
    raise SheetError(NOT_A_TABLE)


def unlike(texts: list[str]) -> tuple[str, ...]:
    """Give each column a name of its own: an empty one its letter, a second one a number."""
    while not texts[-1]:
        texts.pop()
    seen: Counter[str] = Counter()
    names: list[str] = []
    for position, text in enumerate(texts, start=1):
        name = text or f"({letters_of(position)})"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def letters_of(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def checked(sheet: Sheet, rows: int) -> Sheet:
    if rows > MAX_ROWS:
        raise SheetError(TOO_LARGE)
    if next(iter(sheet.rows), None) is None:
        raise SheetError(NO_ROWS)
    return sheet
