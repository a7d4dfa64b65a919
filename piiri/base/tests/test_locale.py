"""Finnish and Swedish are complete, and say what the English says."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from tools import po

ROOT = Path(__file__).resolve().parents[3]
HOLES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
STRING = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
IN_TEMPLATE = re.compile(rf"(?<![a-z])(?:(p)gettext\({STRING}, *{STRING}|(?:n?gettext|_)\({STRING})")
NAMES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "gettext_noop"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}


def templates() -> list[Path]:
    found = [path for kind in ("html", "txt") for path in ROOT.glob(f"piiri/*/templates/**/*.{kind}")]
    return sorted(found)


def modules() -> list[Path]:
    return [path for path in sorted(ROOT.glob("piiri/**/*.py")) if "tests" not in path.parts]


def said_in_template(path: Path) -> Iterator[tuple[str, str]]:
    """(context, source) of every message in a template, as gettext would find it."""
    for match in IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"), str(path))):
        texts = [ast.literal_eval(text) for text in match.groups()[1:] if text]
        yield (texts[0], texts[1]) if match[1] else ("", texts[0])


def said_in_module(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if words and node.func.id in NAMES:
                yield "", str(words[0])
            elif len(words) > 1 and node.func.id in WITH_CONTEXT:
                yield str(words[0]), str(words[1])


def wanted() -> set[tuple[str, str]]:
    in_templates = {message for path in templates() for message in said_in_template(path)}
    return in_templates | {message for path in modules() for message in said_in_module(path)}


def catalogue(language: str) -> list[po.Entry]:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    return [entry for entry in po.read(path) if entry.source] if path.exists() else []


def holes(text: str) -> list[str]:
    return sorted(HOLES.findall(text.replace("%%", "")))


def says_the_same(entry: po.Entry) -> bool:
    """Same placeholders, same line breaks at both ends; a form for one thing may leave its number out
    and name the thing, where the source's own form for one does."""
    source = entry.plural or entry.source
    said = entry.said[-1] if entry.said else ""
    edges = (source.startswith("\n"), source.endswith("\n")) == (said.startswith("\n"), said.endswith("\n"))
    known = {*holes(source), *holes(entry.source)}
    others_fit = all(set(holes(form)) <= known for form in entry.said)
    return edges and others_fit and holes(said) == holes(source)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_catalogue_is_complete(language):
    entries = catalogue(language)
    forms = {True: 2, False: 1}

    unfinished = [
        entry.source
        for entry in entries
        if not entry.complete or len(entry.said) != forms[bool(entry.plural)]
    ]
    missing = wanted() - {(entry.context, entry.source) for entry in entries}

    assert not unfinished
    assert not missing


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_translations_keep_the_placeholders(language):
    assert not [entry.source for entry in catalogue(language) if entry.complete and not says_the_same(entry)]


def test_every_blocktranslate_is_trimmed():
    tag = re.compile(r"{%\s*blocktrans(?:late)?\b([^%]*)%}")

    found = [
        f"{path}: {match[0]}"
        for path in templates()
        for match in tag.finditer(path.read_text(encoding="utf-8"))
        if "trimmed" not in match[1].split()
    ]

    assert not found


def test_compiled_catalogue_reads_like_the_source(tmp_path):
    folder = tmp_path / "fi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgctxt "verb"\nmsgid "Open"\nmsgstr "Avaa"\n\n#, fuzzy\nmsgid "Close"\nmsgstr "Läheinen"\n\n'
        '#, python-format\nmsgid "%(n)s group"\nmsgid_plural "%(n)s groups"\n'
        'msgstr[0] "%(n)s ryhmä"\nmsgstr[1] "%(n)s ryhmää"\n\n#~ msgid "Gone"\n#~ msgstr "Poissa"\n',
        encoding="utf-8",
    )

    po.main(tmp_path)

    finnish = gettext.translation("django", tmp_path, ["fi"])
    assert finnish.pgettext("verb", "Open") == "Avaa"
    assert finnish.ngettext("%(n)s group", "%(n)s groups", 3) == "%(n)s ryhmää"
    assert finnish.gettext("Close") == "Close"
    assert finnish.gettext("Gone") == "Gone"
