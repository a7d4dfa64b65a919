import pytest

from piiri.enrolments import columns

FIELDS = (
    *("first_name", "last_name", "email", "workplace", "job", "years", "wish_1", "wish_2", "wish_3"),
    *("form", "languages", "times", "wish_text", "manager", "contact_ok"),
)
HEADERS = {
    "Finnish form with numbered questions": (
        "ID|Start time|Completion time|Email|Name|1. Etunimesi|2. Sukunimesi|3. Sähköpostiosoitteesi"
        "|4. Missä työskentelet?|5. Ammattinimikkeesi|6. Kokemus vuosina|7. 1. toive: mihin ryhmään haluat?"
        "|8. 2. toive|9. 3. toive|10. Haluatko tavata lähinä vai etänä?|11. Millä kielillä voit keskustella?"
        "|12. Mihin aikoihin pääset tapaamisiin?|13. Mitä odotat ryhmältä?|14. Lähiesihenkilösi nimi"
        "|15. Saako yhteystietosi jakaa ryhmän kesken?"
    ),
    "Swedish": (
        "Tidsstämpel|FÖRNAMN|Efternamn|E-postadress:|Arbetsplats|Befattning|Erfarenhet i år|Önskemål 1"
        "|Önskemål 2|Önskemål 3|På plats eller på distans?|Språk|När kan du delta?"
        "|Vad hoppas du på av gruppen?"
        "|Närmaste chefens namn|Får dina kontaktuppgifter berättas för gruppen?"
    ),
    "English": (
        "Timestamp|First Name|Last Name|E-mail|Workplace|Position|Years of experience|First choice of theme"
        "|Second choice of theme|Third choice of theme|In person or online?|Languages you can speak"
        "|When can you meet? (weekdays and times)|What do you hope from the group?|Name of your line manager"
        "|May we share your contact details with the group?"
    ),
}


@pytest.mark.parametrize("words", HEADERS)
def test_recognise_knows_every_field_in_three_languages(words):
    header = HEADERS[words].split("|")
    first = len(header) - len(FIELDS)

    found = columns.recognise(header)

    assert {code: found.columns.get(code) for code in FIELDS} == dict(
        zip(FIELDS, header[first:], strict=True)
    )
    assert found.columns["sent_at"] in {header[0], "Start time"}
    assert found.missing == ()


def test_recognise_prefers_the_question_to_the_form_tools_own_address_and_says_so():
    header = HEADERS["Finnish form with numbered questions"].split("|")

    assert columns.recognise(header).ambiguous == {"email": ("Email",)}


def test_recognise_reads_the_mentors_form():
    header = [
        "Etunimi",
        "Sukunimi",
        "Parimentori (sähköposti)",
        "Sähköposti",
        "Teema",
        "Teeman kuvaus",
        "Kieli",
        "Lähi vai etä?",
        "Paikka",
        "Milloin pääset?",
        "Kuinka monta ryhmää voit ohjata?",
    ]

    found = columns.recognise(header, "mentors")

    assert found.columns["pair_mentor"] == "Parimentori (sähköposti)"
    assert found.columns["email"] == "Sähköposti"
    assert found.columns["theme"] == "Teema"
    assert found.columns["description"] == "Teeman kuvaus"
    assert found.columns["max_groups"] == "Kuinka monta ryhmää voit ohjata?"


def test_recognise_names_what_is_missing_and_what_is_unused():
    found = columns.recognise(["Puhelin", "Kengännumero"])

    assert found.missing == ("full_name", "email", "wish_1")
    assert found.unused == ("Puhelin", "Kengännumero")


def test_corrected_keeps_only_known_fields_and_columns_of_this_file():
    saved = {"email": "Osoite", "theme": "Aihe", "years": "Gone"}

    assert columns.corrected(saved, ["Osoite", "Aihe"]) == {"email": "Osoite"}
