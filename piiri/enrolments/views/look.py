"""How the programme page is looked at: filters, the part of the list, the language named in the address."""

from typing import NamedTuple

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext

from piiri.base import spoken
from piiri.groups.queries import OnShow

A_PAGE = 50
MOST_PAGES = 200
LANGUAGES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}


class Look(NamedTuple):
    """What the address says about how the page is looked at; equal looks see the same."""

    language: str = ""
    online: bool = False
    page: int = 1
    # The language of the page, where the address names it.
    lang: str = ""

    @classmethod
    def of(cls, asked: QueryDict) -> "Look":
        """From an address; whatever makes no sense there is not there."""
        language, page, lang = (asked.get(name, "") for name in ("language", "page", "lang"))
        named = language if language in LANGUAGES else ""
        return cls(
            language=named,
            online=asked.get("online") == "1" and not named,
            page=int(page) if page.isdecimal() and 0 < int(page[:6]) <= MOST_PAGES else 1,
            lang=lang if lang in spoken.LANGUAGES else "",
        )

    @property
    def query(self) -> str:
        """The look as the end of an address; the same look always as the same words."""
        told = {
            "language": self.language,
            "online": "1" if self.online else "",
            "page": str(self.page) if self.page > 1 else "",
            "lang": self.lang,
        }
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def skip(self) -> int:
        return (self.page - 1) * A_PAGE


class Chip(NamedTuple):
    """One filter."""

    address: str
    words: str
    on: bool
    icon: str = ""


class Show:
    """Which groups a look shows, and the links to the other looks.

    `at` is the address where the list is, "" for the page that is read; `to` where on it.
    """

    def __init__(self, look: Look, counts: OnShow, *, at: str = "", to: str = "groups") -> None:
        self.look, self.counts, self.at, self.to = look, counts, at, to

    @property
    def fitting(self) -> int:
        """How many groups fit the one filter that is on."""
        if self.look.language:
            return self.counts.languages.get(self.look.language, 0)
        return self.counts.online if self.look.online else self.counts.all

    @property
    def pages(self) -> int:
        """How many parts the list has; at least one, an empty one too."""
        return max(1, -(-self.fitting // A_PAGE))

    def address(self, **changes: object) -> str:
        """Another look at the same page."""
        query = self.look._replace(**changes).query  # type: ignore[arg-type]
        return f"{self.at}?{query}#{self.to}"

    @property
    def chips(self) -> list[Chip]:
        """Filters; none where they would change nothing."""
        plain = {"language": "", "online": False, "page": 1}
        there = [code for code in LANGUAGES if code in self.counts.languages]
        found = [
            Chip(self.address(**plain | {"language": code}), LANGUAGES[code], on=self.look.language == code)
            for code in there
            if len(there) > 1
        ]
        if 0 < self.counts.online < self.counts.all:
            online = self.address(**plain | {"online": True})
            found.append(Chip(online, gettext("Online"), self.look.online, "video"))
        everything = gettext("All %(n)s") % {"n": self.counts.all}
        unfiltered = not self.look.language and not self.look.online
        return [Chip(self.address(**plain), everything, unfiltered), *found] if found else []

    @property
    def leaves(self) -> list[tuple[int, str, bool]]:
        """Parts of the list as (number, address, on); nothing where one part is all."""
        numbers = range(1, self.pages + 1) if self.pages > 1 else ()
        return [(n, self.address(page=n), n == self.look.page) for n in numbers]
