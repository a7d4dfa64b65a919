"""What is served as it is: nothing inline, nothing from elsewhere, third parties unchanged and licensed."""

import hashlib
import re
from pathlib import Path

import pytest

from piiri.base.templatetags.ui import ICONS

PIIRI = Path(__file__).resolve().parents[2]
STATIC = PIIRI / "base" / "static"
TEMPLATES = [
    page for page in PIIRI.glob("*/templates/**/*.html") if "mail" not in page.parts
]  # only mails style inline

# From the package of htmx 4.0.1; change it together with the file.
HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"


def test_htmx_is_the_file_of_its_release():
    assert hashlib.sha256((STATIC / "vendor/htmx/htmx.min.js").read_bytes()).hexdigest() == HTMX


@pytest.mark.parametrize(
    "licence", ["vendor/htmx/LICENSE", "fonts/OFL-Figtree.txt", "icons/LICENSE-lucide.txt"]
)
def test_third_parties_come_with_their_licence(licence):
    assert (STATIC / licence).stat().st_size > 200


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: str(page.relative_to(PIIRI)))
def test_templates_have_nothing_inline_and_nothing_from_elsewhere(page):
    text = page.read_text()

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:", text)
    # What search engines read is data in a script element: no browser runs it.
    assert not re.search(r"<script(?! type=\"application/ld\+json\">)(?![^>]*\bsrc=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: str(page.relative_to(PIIRI)))
def test_templates_use_icons_of_the_sprite(page):
    assert set(re.findall(r'{% icon name="([a-z0-9-]+)"', page.read_text())) <= ICONS


def test_pictures_and_styles_ask_nobody_else():
    for file in [*STATIC.glob("css/*.css"), *STATIC.glob("logo/*.svg"), *STATIC.glob("icons/*.svg")]:
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, file.name
        assert "<style" not in text, file.name
