"""What made-up worlds are made of: scales, names, uids. The same seed gives the same world."""

import hashlib
import random
import tomllib
import unicodedata
from base64 import b32encode
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CATALOGUE = Path(__file__).with_name("worlds.toml")
UID = 16
DOMAIN = ".example"


class SeedRefusal(TextChoices):
    REAL_PEOPLE = "real_people", _("There are real people in this database; a made-up world stays out of it.")
    SAME_WORLD = "same_world", _("This world is here already; choose another seed.")


@dataclass(frozen=True)
class Year:
    """One programme of a world: `people` in it, its office apart, split into `groups`.

    `phase` is running (in its middle), enrolling or draft.
    """

    preset: str
    phase: str
    people: int
    groups: int


@dataclass(frozen=True)
class House:
    """One organisation of a world; `network` is a number in the catalogue."""

    name: str
    slug: str
    kind: str
    network: int
    years: tuple[Year, ...]


@dataclass(frozen=True)
class Plan:
    """A whole world. `talkative`: the share of people who wrote a wish."""

    houses: tuple[House, ...]
    talkative: float = 0.3


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Any]:
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def plan(scale: str) -> Plan:
    """The world of a scale: demo, small (30 people), city (500) or country (60 000)."""
    return {"demo": _demo, "small": _small, "city": _city, "country": _country}[scale]()


def _city_name(town: str) -> str:
    return f"{town}n kaupunki"


def _demo() -> Plan:
    here = House(
        _city_name("Järvilä"),
        "jarvila",
        "city",
        0,
        (Year("city", "running", 226, 32), Year("early", "enrolling", 44, 6), Year("city", "draft", 0, 0)),
    )
    there = House(
        "Kuusiniemen ammattikorkeakoulu",
        "kuusiniemi-amk",
        "university",
        1,
        (Year("projects", "running", 32, 5),),
    )
    pairs = House(_city_name("Rantakylä"), "rantakyla", "city", 0, (Year("pairs", "running", 14, 6),))
    return Plan((here, there, pairs))


def _small() -> Plan:
    """30 people: ten in roles of organisations and offices, twenty in three programmes and a draft."""
    here = House(
        _city_name("Järvilä"),
        "jarvila",
        "city",
        0,
        (Year("city", "running", 12, 2), Year("early", "running", 5, 1), Year("city", "draft", 0, 0)),
    )
    return Plan(
        (
            here,
            House(
                "Kuusiniemen ammattikorkeakoulu",
                "kuusiniemi-amk",
                "university",
                1,
                (Year("projects", "running", 4, 1),),
            ),
        )
    )


def _city() -> Plan:
    here = House(
        _city_name("Järvilä"),
        "jarvila",
        "city",
        0,
        (Year("city", "running", 390, 56), Year("early", "enrolling", 60, 9), Year("city", "draft", 0, 0)),
    )
    return Plan(
        (
            here,
            House(
                "Kuusiniemen ammattikorkeakoulu",
                "kuusiniemi-amk",
                "university",
                1,
                (Year("projects", "running", 41, 6),),
            ),
        )
    )


def _country() -> Plan:
    """Thirty cities of 1 600 and two universities; the first city stands for all in the tests."""
    cities = tuple(
        House(
            _city_name(town),
            plain(town),
            "city",
            0,
            (
                Year("city", "running", 1680, 240),
                Year("early", "enrolling", 210, 30),
                Year("city", "draft", 0, 0),
            ),
        )
        for town in catalogue()["towns"]
    )
    people = 60_000 - sum(year.people for house in cities for year in house.years) - STAFF_OF_COUNTRY
    university = House(
        "Kuusiniemen ammattikorkeakoulu",
        "kuusiniemi-amk",
        "university",
        1,
        (Year("projects", "running", people, people // 7),),
    )
    return Plan((cities[0], university, *cities[1:]), talkative=0.02)


# Coordinators (one a programme), administrators (one an organisation and network), researcher, operator.
STAFF_OF_COUNTRY = (30 * 2 + 1) + 31 + 2 + 2


def plain(text: str) -> str:
    """Small letters and digits with points between: "Päivi Mäkinen" → paivi.makinen."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return ".".join("".join(c if c.isalnum() else " " for c in bare).split())


@dataclass
class Dice:
    """Chance, names and uids of one world: everything random in it comes from here."""

    scale: str
    seed: int
    rng: random.Random = field(init=False)
    made: int = 0
    names: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.scale}/{self.seed}")  # noqa: S311 - a made-up world, no secret

    @property
    def suffix(self) -> str:
        """What sets the slugs and addresses of this world apart; the demo city has none."""
        return "" if self.scale == "demo" else f"-{self.scale}-{self.seed}"

    def uid(self) -> str:
        self.made += 1
        digest = hashlib.blake2b(f"{self.scale}/{self.seed}/{self.made}".encode(), digest_size=10).digest()
        return b32encode(digest).decode().lower()

    def name(self) -> str:
        words = catalogue()
        return f"{self.rng.choice(words['given'])} {self.rng.choice(words['family'])}"

    def address(self, name: str, domain: str) -> str:
        """An address that nobody in this world has yet."""
        local = plain(name)
        self.names[f"{local}@{domain}"] += 1
        number = self.names[f"{local}@{domain}"]
        return f"{local}{number if number > 1 else ''}@{domain}{DOMAIN}"

    def some(self, share: float) -> bool:
        return self.rng.random() < share

    def of(self, word: str) -> Any:
        """One of the catalogue's list of this name."""
        return self.rng.choice(catalogue()[word])
