"""Translations without gettext: read .po files, build the .mo files Django loads.

As a program: `python tools/po.py locale` builds every .mo that is older than its .po.
"""

import ast
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KEYWORDS = ("msgctxt", "msgid_plural", "msgid", "msgstr")
MAGIC = 0x950412DE


@dataclass
class Entry:
    """One message: `said` holds the translation, or one for each plural form."""

    context: str = ""
    source: str = ""
    plural: str = ""
    said: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    line: int = 0

    @property
    def complete(self) -> bool:
        return bool(self.said) and all(self.said) and "fuzzy" not in self.flags

    def add(self, keyword: str, text: str, *, fresh: bool) -> None:
        if keyword == "msgstr":
            if fresh:
                self.said.append("")
            self.said[-1] += text
        else:
            name = {"msgctxt": "context", "msgid": "source", "msgid_plural": "plural"}[keyword]
            setattr(self, name, getattr(self, name) + text)


def read(path: Path) -> list[Entry]:
    """All entries of a .po file but obsolete ones; the first, with an empty source, is the header."""
    blocks, block = [], []
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            blocks.append(block)
            block = []
    return [entry for block in blocks if (entry := read_block(block))]


def read_block(block: list[tuple[int, str]]) -> Entry | None:
    """One entry of a file, or None where everything is a comment or obsolete."""
    entry, keyword, seen = Entry(line=block[0][0]), "", False
    for _number, line in block:
        if line.startswith("#,"):
            entry.flags |= {flag.strip() for flag in line[2:].split(",")}
        if line.startswith("#"):
            continue
        fresh = not line.startswith('"')
        if fresh:
            keyword = next(word for word in KEYWORDS if line.startswith(word))
            line = line[line.index('"') :]
        entry.add(keyword, ast.literal_eval(line), fresh=fresh)
        seen = True
    return entry if seen else None


def pairs(entries: list[Entry]) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a .mo file; what is not translated is left out and so falls back to English."""
    for entry in entries:
        if entry.source and not entry.complete:
            continue
        key = (f"{entry.context}\x04" if entry.context else "") + entry.source
        key += f"\0{entry.plural}" if entry.plural else ""
        yield key.encode(), "\0".join(entry.said).encode()


def compiled(entries: list[Entry]) -> bytes:
    """The bytes of a .mo file: header, two tables of (length, offset), keys, values."""
    table = sorted(pairs(entries))
    start = 28 + 16 * len(table)
    keys, values = (b"".join(row[side] + b"\0" for row in table) for side in (0, 1))
    head = struct.pack("<7I", MAGIC, 0, len(table), 28, 28 + 8 * len(table), 0, start)
    places = b""
    for side, at in ((0, start), (1, start + len(keys))):
        for row in table:
            places += struct.pack("<2I", len(row[side]), at)
            at += len(row[side]) + 1
    return head + places + keys + values


def main(folder: Path) -> None:
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            target.write_bytes(compiled(read(source)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
