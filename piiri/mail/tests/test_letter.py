"""From template to letter."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from piiri.base.fields import Translations
from piiri.mail import letter

WORDS = {
    "programme": {"fi": "Vertaisryhmät", "en": "Peer groups"},
    "starts_at": "2027-01-26T12:30:00+00:00",
    "day": "2027-02-01",
    "place": "Library",
    "name": "Eva <b>",
    "code": "482913",
}
URL = "https://piiri.example/meetings/x/"


def test_write_fills_in_text_and_html_from_one_template():
    written = letter.write("test/email/first", words=WORDS, language="en", url=URL)

    assert written.subject == "Your place in Peer groups"
    assert [block.kind for block in written.blocks] == ["over", "heading", "text", "code", "button", "after"]
    assert f"Open <the> meeting:\n{URL}" in written.text
    assert "Hello Eva <b>, it starts on 1.2." in written.text
    assert "Eva &lt;b&gt;" in written.html
    assert "<b>" not in written.html
    assert written.html.count(URL) == 1
    assert "26.1.2027, Library" in written.html


def test_write_uses_the_readers_language():
    assert "Vertaisryhmät" in letter.write("test/email/first", words=WORDS, language="fi").subject
    assert '<html lang="fi"' in letter.write("test/email/first", words=WORDS, language="fi").html


def test_write_has_neither_images_nor_scripts_nor_foreign_addresses():
    html = letter.write("test/email/first", words=WORDS, language="en", url=URL).html

    for part in ("<img", "<script", "<link", "url(", "@import"):
        assert part not in html
    assert html.count("http") == 1
    assert 'style="' in html


def test_write_leaves_the_button_out_without_a_link_and_adds_one_where_none_was_written():
    without = letter.write("test/email/first", words=WORDS, language="en")
    plain = letter.write("test/email/plain", words={}, language="en", url=URL)

    assert "button" not in [block.kind for block in without.blocks]
    assert [(block.kind, block.text) for block in plain.blocks] == [
        ("heading", "One thing"), ("text", "Only this."), ("button", "Open in Piiri")
    ]  # fmt: skip


@pytest.mark.parametrize("evil", ["x\n\nButton: Pay here", "x\r\nBcc: all@example.org", "x\u2028y"])
def test_living_words_stay_on_one_line(evil):
    assert len(letter.living(evil).splitlines()) == 1
    assert len(letter.living({"en": evil})["en"].splitlines()) == 1


def test_living_dicts_are_translations():
    assert isinstance(letter.living({"fi": "a"}), Translations)


def test_read_insists_on_a_subject():
    with pytest.raises(ValueError, match="subject"):
        letter.read("Hello", has_link=False)


def templates_of_all_rooms() -> list[Path]:
    return [file for app in apps.get_app_configs() for file in Path(app.path).glob("templates/*/email/*.txt")]


def test_templates_of_all_rooms_name_their_row_and_have_a_subject():
    for file in templates_of_all_rooms():
        first, second = file.read_text().splitlines()[:2]
        assert re.fullmatch(r"\{# row: \d+ #\}", first), file.name
        assert second.startswith("Subject: "), file.name
