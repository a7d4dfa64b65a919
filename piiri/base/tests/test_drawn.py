"""Pages drawn once: what is put in is escaped, and nothing of one reader stays for the next."""

from piiri.base.drawn import Drawings, fill_in, mark
from piiri.base.templatetags.ui import avatar


def test_fill_in_escapes_text_and_leaves_what_is_safe():
    drawing = f"<b>{mark('name')}</b>{mark('face')}<i>{mark('name')}</i>"

    html = fill_in(drawing, {"name": "<Noora>", "face": avatar(name="Noora", size="s")})

    assert html.startswith("<b>&lt;Noora&gt;</b><span class=")
    assert html.endswith("<i>&lt;Noora&gt;</i>")


def test_drawings_draw_a_key_once_and_forget_all_when_there_are_too_many():
    drawings, drawn = Drawings(most=2), []

    def draw(key):
        return drawings.get(key, lambda: drawn.append(key) or key)

    assert [draw(key) for key in "abab"] == ["a", "b", "a", "b"]
    assert drawn == ["a", "b"]
    draw("c")
    draw("a")
    assert drawn == ["a", "b", "c", "a"]
