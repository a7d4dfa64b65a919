from dataclasses import replace
from pathlib import Path

import pytest

from piiri.enrolments import columns, findings, gathering, reading, sheets, times

DATA = Path(__file__).parent / "data"
THEMES = ["Ensimmäiset vuodet", "Arjen voimavarat", "Digi luokassa", "Oppijan tuki"]
SHARED = Path(__file__).parents[4] / "shared" / "domain" / "input"
CITY_THEMES = [
    *("Uran alussa", "Työssä jaksaminen", "Digi arjessa", "Oppimisen tuki", "Yhteistyö varhaiskasvatuksessa"),
    *("Monikielinen luokka", "Paluu vapaalta", "Johtamisen arki"),
]


def read(path, kind="enrolments", themes=THEMES, **more):
    sheet = sheets.read(path.read_bytes(), path.name)
    found = columns.recognise(sheet.header, kind)
    assert found.missing == ()
    how = reading.read_mentors if kind == "mentors" else reading.read_enrolments
    return list(how(sheet, found.columns, themes=themes, minutes=90, **more))


def read_text(text, **more):
    sheet = sheets.read(text.encode(), "a.csv")
    return list(
        reading.read_enrolments(
            sheet, columns.recognise(sheet.header).columns, themes=THEMES, minutes=90, **more
        )
    )


def whys(row):
    return {finding.why for finding in row.findings}


@pytest.fixture(scope="module")
def rows():
    return {row.number: row for row in read(DATA / "koivula-webropol.csv")}


def test_read_enrolments_is_the_same_from_both_formats(rows):
    assert read(DATA / "koivula-forms.xlsx") == list(rows.values())


def test_read_enrolments_says_what_was_repaired_and_what_to_decide(rows):
    assert whys(rows[6]) >= {"address_at"}
    assert rows[8].wishes[0] == ""
    assert findings.Question("wish_1", "Digi-luokassa", ("Digi luokassa",), "theme_near") in rows[8].questions
    assert findings.Question("wish_1", "Kissat töissä", (), "theme_unknown") in rows[9].questions
    assert findings.Repair("years", "kolme", "3", "years_read") in rows[11].repairs
    assert "times_missing" in whys(rows[12])
    assert "times_unreadable" in whys(rows[13])
    assert "name_missing" in whys(rows[15])
    assert rows[16].email.endswith("koivlua.example")
    assert "address_domain" in whys(rows[16])


def test_read_enrolments_refuses_only_rows_without_an_address(rows):
    refused = {number: whys(row) for number, row in rows.items() if not row.takeable}

    assert set(refused) == {17, 18}
    assert refused[17] >= {"address_unreadable"}
    assert refused[18] >= {"address_missing"}


def test_every_finding_is_a_whole_sentence(rows):
    told = [finding for row in rows.values() for finding in row.findings]

    assert all(findings.say(finding).endswith((".", "?")) for finding in told)
    assert all("%(" not in findings.say(finding) and findings.label(finding) for finding in told)


def test_read_enrolments_keeps_free_text_as_it_was_written(rows):
    texts = {row.wish_text for row in rows.values()}

    assert texts >= {'=HYPERLINK("http://paha.example";"avaa")', "<b>tukea</b>", "Tauko\nja juttuseuraa"}


def test_read_enrolments_takes_what_the_office_decided():
    text = "Sukunimi;Etunimi;Sähköposti;1. toive;2. toive\nA;B;a@b.example;Digi-luokassa;Kissat\n"

    row = read_text(text, decided={"theme": {"Digi-luokassa": "Digi luokassa", "Kissat": ""}})[0]

    assert row.ranked == ("Digi luokassa",)
    assert not [question for question in row.questions if question.field.startswith("wish")]


def test_contact_details_are_told_only_after_a_clear_yes():
    head = "Sukunimi;Etunimi;Sähköposti;1. toive;Saako yhteystietoni kertoa ryhmälle?\n"
    text = "".join(f"A;B;a{n}@b.example;;{said}\n" for n, said in enumerate(["Kyllä", "Ei", "", "ehkä"]))

    assert [row.contact_ok for row in read_text(head + text)] == [True, False, False, False]


def test_newest_keeps_the_newest_answer_of_an_address(rows):
    kept, dropped = gathering.newest(rows.values())

    assert [(one.number, one.kept) for one in dropped] == [(19, 38), (39, 20)]
    assert len(kept) + len(dropped) == len(rows)


def test_newest_takes_the_later_row_of_equal_moments(rows):
    twin = replace(rows[2], number=99)

    kept, dropped = gathering.newest([rows[2], twin])

    assert kept == [twin]
    assert dropped == [gathering.Dropped(2, twin.email, 99)]


def test_kept_apart_suggests_managers_who_are_applicants_or_mentors(rows):
    mentors = read(DATA / "koivula-mentors.csv", "mentors")

    asked = [gathering.someone(row) for row in rows.values() if row.takeable]
    pairs = gathering.kept_apart(asked, [gathering.someone(mentor) for mentor in mentors])

    assert [(pair.one.email, pair.other.email, pair.alone) for pair in pairs] == [
        (rows[5].email, rows[10].email, True),
        (rows[7].email, "sulo.mentorinen@mentor.koivula.example", True),
    ]


def test_read_mentors_reads_pairs_and_groups_at_most():
    mentors = read(DATA / "koivula-mentors.csv", "mentors")

    assert [mentor.max_groups for mentor in mentors] == [1, 2, 2]
    assert [mentor.pair_mentor for mentor in mentors] == ["", "sulo.mentorinen@mentor.koivula.example", ""]
    assert [mentor.language for mentor in mentors] == ["fi", "sv", "en"]
    assert mentors[2].theme == ""
    assert {"theme_near", "pair_unknown", "max_groups_read"} <= whys(mentors[2])


@pytest.mark.skipif(not SHARED.exists(), reason="the shared input files are not beside this checkout")
def test_the_city_files_give_the_same_answers_and_very_few_without_two_starts():
    csv, dropped = gathering.newest(read(SHARED / "jarvila-2026-webropol.csv", themes=CITY_THEMES))
    xlsx, _dropped = gathering.newest(read(SHARED / "jarvila-2026-forms.xlsx", themes=CITY_THEMES))
    mentors = read(SHARED / "jarvila-2026-mentors.csv", "mentors", themes=CITY_THEMES)

    figures = gathering.figures(csv, dropped)
    assert csv == xlsx
    assert (figures.rows, figures.taken, figures.dropped, figures.refused) == (319, 312, 7, 0)
    assert dict(figures.reasons)["theme_near"] == 5
    assert dict(figures.reasons)["theme_unknown"] == 3
    assert figures.few_starts <= 2  # of meetings of an hour and a half
    assert sum(1 for mentor in mentors if mentor.pair_mentor) == 7
    assert all(mentor.times.starts >= times.ENOUGH for mentor in mentors)
