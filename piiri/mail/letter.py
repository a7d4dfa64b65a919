"""From a filled-in template to a letter: subject, text, HTML. Knows no rows and sends nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import css_inline
from django.template import Context, Engine, loader
from django.utils import translation
from django.utils.translation import gettext as _

from piiri.base.fields import Translations
from piiri.mail import texts
from piiri.mail.texts import Own

MARKS = {"# ": "heading", "Code: ": "code", "Button: ": "button", "* ": "item", "Footer: ": "footer"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


@dataclass
class Block:
    """One paragraph.

    `kind`: over (before the heading), heading, text, item (of a list), code, button, after (the button), or
    footer: why somebody who takes no part themselves gets this.
    """

    kind: str
    text: str


@dataclass
class Letter:
    subject: str
    text: str
    html: str
    blocks: list[Block] = field(default_factory=list)


def write(
    kind: str, *, words: dict[str, Any], language: str, url: str = "", own: Own | None = None
) -> Letter:
    """Fill in templates/…/`kind`.txt in `language`. `url` is absolute and becomes the button.

    `own`: how a programme says it; the button and why one gets it stay as they are.
    """
    with translation.override(language):
        alive = all_living(words)
        subject, found = read(fill(f"{kind}.txt", alive), has_link=bool(url))
        if own:
            told = texts.filled(own, texts.all_kinds()[kind], words=alive)
            subject, found = told.subject, own_blocks(told, found)
        blocks = [block for block in found if block.kind != "footer"]
        below = next((block.text for block in found if block.kind == "footer"), footer())
        page = {"language": language, "subject": subject, "blocks": blocks, "url": url, "footer": below}
        html = loader.render_to_string("mail/letter.html", page)
        text = as_text(blocks, url, below=below)
    return Letter(
        subject, text, css_inline.inline(html, keep_style_tags=True, load_remote_stylesheets=False), blocks
    )


def own_blocks(own: Own, found: list[Block]) -> list[Block]:
    """The paragraphs of a programme's own text in the frame of the mail they replace."""
    kept = [block for block in found if block.kind in ("button", "footer")]
    # An empty line begins a paragraph, and so does a line that is an item of a list.
    parts = [one_line(part) for part in re.split(r"\n\s*\n|\n(?=\* )", own.body) if part.strip()]
    said = [
        Block("item", part.removeprefix("* ")) if part.startswith("* ") else Block("text", part)
        for part in parts
    ]
    return [Block("heading", own.subject), *said, *kept]


def fill(name: str, words: dict[str, Any]) -> str:
    """Plain text: nothing is escaped here, everything is in the HTML frame."""
    return Engine.get_default().get_template(name).render(Context(words, autoescape=False))


def all_living(words: Mapping[str, Any]) -> dict[str, Any]:
    return {name: living(value) for name, value in words.items()}


def living(value: Any) -> Any:
    """A word from JSON as templates want it: moments and days as such, translations in order, one line."""
    if isinstance(value, dict):
        return Translations({code: one_line(text) for code, text in value.items()})
    if isinstance(value, list):
        return [living(item) for item in value]
    if not isinstance(value, str):
        return value
    if MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    if DAY.fullmatch(value):
        return date.fromisoformat(value)
    return one_line(value)


def one_line(text: str) -> str:
    """No word may start a paragraph of its own, let alone a header."""
    return " ".join(text.split())


def read(filled: str, *, has_link: bool) -> tuple[str, list[Block]]:
    """The subject and the paragraphs of a filled-in template."""
    first, _sep, rest = filled.strip().partition("\n")
    if not first.startswith("Subject: "):
        raise ValueError("a mail starts with its subject")
    subject = one_line(first.removeprefix("Subject: "))
    blocks = [block_of(one_line(part)) for part in re.split(r"\n\s*\n", rest) if part.strip()]
    if not has_link:
        blocks = [block for block in blocks if block.kind != "button"]
    elif not any(block.kind == "button" for block in blocks):
        blocks.append(Block("button", _("Open in Piiri")))
    return subject, placed(subject, blocks)


def block_of(text: str) -> Block:
    for mark, kind in MARKS.items():
        if text.startswith(mark):
            return Block(kind, text.removeprefix(mark))
    return Block("text", text)


def placed(subject: str, blocks: list[Block]) -> list[Block]:
    """Quiet lines before the heading and after the button; the subject is the heading where there is none."""
    kinds = [block.kind for block in blocks]
    if "heading" not in kinds:
        blocks, kinds = [Block("heading", subject), *blocks], ["heading", *kinds]
    heading = kinds.index("heading")
    button = kinds.index("button") if "button" in kinds else len(kinds)
    for place, block in enumerate(blocks):
        if block.kind == "text" and place < heading:
            block.kind = "over"
        elif block.kind == "text" and place > button:
            block.kind = "after"
    return blocks


def as_text(blocks: list[Block], url: str, *, below: str) -> str:
    """Paragraphs with blank lines between them; the lines of a list stand close together."""
    parts: list[str] = []
    for block in blocks:
        if block.kind == "item" and parts and parts[-1].startswith("- "):
            parts[-1] += f"\n- {block.text}"
        else:
            said = {"button": f"{block.text}:\n{url}", "item": f"- {block.text}"}
            parts.append(said.get(block.kind, block.text))
    return "\n\n".join([*parts, f"-- \n{below}"]) + "\n"


def footer() -> str:
    return _(
        "You get this because you take part in peer-group mentoring. "
        "In your account you choose the language. "
        "Please do not reply with anything confidential."
    )
