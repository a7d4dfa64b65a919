from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiri.enrolments import answers, people_text
from piiri.enrolments.people_text import Address, Near

DOMAINS = ("edu.koivula.example",)
THEMES = ("Digi arjessa", "Uran alussa", "Työssä jaksaminen")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a.b@edu.koivula.example", Address("a.b@edu.koivula.example")),
        ("  a.b@edu.koivula.example ", Address("a.b@edu.koivula.example")),
        ("A.B@EDU.KOIVULA.EXAMPLE", Address("a.b@edu.koivula.example", "address_case")),
        ("a.b at edu.koivula.example", Address("a.b@edu.koivula.example", "address_at")),
        ("a.b(ät)edu.koivula.example", Address("a.b@edu.koivula.example", "address_at")),
        ("mailto:a.b@edu.koivula.example,", Address("a.b@edu.koivula.example", "address_tidied")),
        ("A B <a.b@edu.koivula.example>", Address("a.b@edu.koivula.example", "address_tidied")),
        ("a.b@edu.koivla.example", Address("a.b@edu.koivla.example", "", "a.b@edu.koivula.example")),
        ("a.b@gmial.com", Address("a.b@gmial.com", "", "a.b@gmail.com")),
        ("a.b@other.example", Address("a.b@other.example")),
        ("a.bedu.koivula.example", Address("", "", "a.b@edu.koivula.example")),
        ("ei ole", Address("")),
        ("a@b", Address("")),
    ],
)
def test_address_repairs_what_is_certain_and_only_offers_the_rest(raw, expected):
    assert people_text.address(raw, DOMAINS) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" digi  ARJESSA ", Near("Digi arjessa")),
        ("Digi-arjessa ", Near("", ("Digi arjessa",))),
        ("Uran alusa", Near("", ("Uran alussa",))),
        ("Koirat työpaikalla", Near("", ())),
    ],
)
def test_nearest_never_takes_a_mistyped_theme(raw, expected):
    assert people_text.nearest(raw, THEMES) == expected


def test_text_keeps_markup_and_formulas_and_drops_hidden_characters():
    raw = '=HYPERLINK("x")\r\n<b>tukea</b>\x00\x1b\u202e \U0001f469\u200d\U0001f3eb '

    assert people_text.text(raw) == '=HYPERLINK("x")\n<b>tukea</b> \U0001f469\u200d\U0001f3eb'


def test_name_key_is_the_same_in_either_order_and_case():
    assert people_text.name_key("Aino", "Salo-Niemi") == people_text.name_key("salo-niemi AINO")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12", (12, True)),
        ("12 v", (12, True)),
        ("yli 15", (15, False)),
        ("0–2", (0, False)),
        ("kolme", (3, False)),
        ("alle 1", (0, False)),
        ("6 kk", (0, False)),
        ("2015", (None, False)),
        ("paljon", (None, False)),
        ("", (None, False)),
    ],
)
def test_years_takes_the_lower_end(raw, expected):
    assert answers.years(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("lähi", "onsite"),
        ("etä", "online"),
        ("Molemmat käy", "either"),
        ("på distans", "online"),
        ("In person", "onsite"),
        ("lähi tai etä", "either"),
        ("hybrid", "either"),
        ("kuu", ""),
    ],
)
def test_meeting_form(raw, expected):
    assert answers.meeting_form(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("Kyllä", True), ("Nej", False), ("Ja, gärna", True), ("No", False), ("ehkä", None), ("", None)],
)
def test_yes_or_no(raw, expected):
    assert answers.yes_or_no(raw) is expected


def test_languages_in_three_languages_each_once():
    assert answers.languages("ruotsi, Suomi ja English; svenska, klingon") == (
        ("sv", "fi", "en"),
        ("klingon",),
    )


WHEN = datetime(2026, 9, 4, 9, 16)  # noqa: DTZ001 - the file names no zone


@pytest.mark.parametrize(
    "raw",
    [
        "04.09.2026 09:16",
        "4.9.2026 klo 9.16",
        "2026-09-04 09:16",
        "2026-09-04T09:16:00",
        "9/4/2026 9:16 AM",
        "46269.38611",
        WHEN,
    ],
)
def test_moment_is_read_as_the_file_shows_it(raw):
    assert answers.moment(raw) == WHEN


@given(st.text())
def test_no_answer_raises(raw):
    people_text.address(raw, DOMAINS)
    people_text.text(raw)
    people_text.split_name(raw)
    people_text.nearest(raw, THEMES)
    answers.moment(raw)
    answers.years(raw)
    answers.languages(raw)
    answers.whole_number(raw)
