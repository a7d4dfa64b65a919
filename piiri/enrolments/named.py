"""Who is meant by a line somebody wrote: an address, or a whole name that only one person bears."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from piiri.enrolments import people_text

MOST_LINES = 5
LONGEST = 160
ADDRESS = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")


@dataclass(frozen=True)
class Known:
    """Somebody of the programme, by key, with every name they go by."""

    key: int
    email: str
    names: tuple[str, ...] = ()


def plain(name: str) -> str:
    """A name without case, accents and doubled blanks."""
    letters = unicodedata.normalize("NFKD", people_text.folded(name))
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


def lines_of(text: str | Iterable[str]) -> list[str]:
    """What was written, one name or address each: no empty ones, none twice, at most five."""
    rows = text.splitlines() if isinstance(text, str) else text
    found: dict[str, str] = {}
    for row in rows:
        if line := people_text.text(row, LONGEST):
            found.setdefault(plain(line), line)
    return list(found.values())[:MOST_LINES]


class Index:
    """The people of a programme by address and by name."""

    def __init__(self, people: Iterable[Known]) -> None:
        self.by_address: dict[str, int] = {}
        self.by_name: dict[str, set[int]] = {}
        for person in people:
            self.by_address[person.email] = person.key
            for name in filter(None, map(plain, person.names)):
                self.by_name.setdefault(name, set()).add(person.key)

    def meant(self, line: str, *, by: int) -> int | None:
        """The one other person a line fits, by key; `by` wrote it. A first name alone fits nobody."""
        if address := ADDRESS.search(line):
            found = {self.by_address.get(address.group().lower().rstrip("."))}
        else:
            name = plain(line)
            found = set(self.by_name.get(name, set())) if " " in name else set()
        key = found.pop() if len(found) == 1 else None
        return None if key == by else key
