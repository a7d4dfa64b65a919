"""Cleans what people typed about themselves: names, addresses, free text, and themes near to known ones."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

LONGEST_TEXT = 4000
LONGEST_LINE = 200
NEAR = 70  # of 100: below it a theme is another theme
AT = r"\s*[\[({<]\s*(?:at|ät|a|@|miuku|snabel-?a)\s*[\])}>]\s*|\s+(?:at|ät|miuku|snabel-?a)\s+|\s*@\s*"
ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
KNOWN_DOMAINS = (
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "icloud.com",
    "yahoo.com",
    "live.com",
    "hotmail.fi",
)


@dataclass(frozen=True, slots=True)
class Address:
    """`email` is "" when no address could be read. `repair` is the code of what was repaired, or "".

    `suggestion` is what the address may have been meant to be: for a person to decide, never taken.
    """

    email: str
    repair: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """`exact` is the choice that was meant, or ""; else `suggestions` are the nearest ones, best first."""

    exact: str
    suggestions: tuple[str, ...] = ()


def text(raw: str, longest: int = LONGEST_TEXT) -> str:
    """Free text as it was written, markup and formulas too, without control and text-direction characters."""
    plain = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").replace("\r", "\n")
    if not plain.isprintable():
        plain = "".join(letter for letter in plain if letter in "\n\t" or not hidden(letter))
    return plain.strip()[:longest].rstrip()


def hidden(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category in {"Cc", "Cs", "Co", "Cn"} or (category == "Cf" and letter not in "\u200d\u200c")


def line(raw: str) -> str:
    """One line: names, workplaces, jobs; inner blanks collapsed, the case kept."""
    return " ".join(text(raw, LONGEST_LINE).split())


def name_key(*parts: str) -> tuple[str, ...]:
    """What two ways of writing one name share: folded words in any order."""
    return tuple(sorted(re.findall(r"[^\W\d_]+", " ".join(parts).casefold())))


def split_name(full: str) -> tuple[str, str]:
    """First and last name of "Aino Salo" or "Salo, Aino"; of one word, a last name."""
    if "," in full:
        last, _comma, first = full.partition(",")
        return line(first), line(last)
    first, _blank, last = line(full).rpartition(" ")
    return first, last


def names_in(text: str) -> list[str]:
    """The single names in "Aino Salo ja Ville Niemi", "A. Salo / V. Niemi"."""
    return [
        part.strip()
        for part in re.split(r"\s+(?:ja|och|and|tai|eller|or)\s+|[,;/&\n]+", text)
        if part.strip()
    ]


# ---- addresses


def address(raw: str, domains: Sequence[str] = ()) -> Address:
    """Read one address; `domains` are the file's own frequent ones, against which typing errors are seen."""
    written = line(raw).strip("\u200b")
    plain = written.lower().removeprefix("mailto:")
    if bracketed := re.search(r"<([^<>@]+@[^<>@]+)>", plain):
        plain = bracketed[1]
    plain = plain.strip(" .,;:<>\"'()")
    with_at = re.sub(AT, "@", plain)
    email = re.sub(r"\s*\.\s*", ".", with_at) if " ." in with_at or ". " in with_at else with_at
    if not ADDRESS.fullmatch(email) or len(email) > 254:
        return Address("", "", guess(email, domains))
    if email == written:
        repair = ""
    elif email == written.lower():
        repair = "address_case"
    else:
        repair = "address_at" if "@" not in written or with_at != plain else "address_tidied"
    return Address(email, repair, better_domain(email, domains))


def better_domain(email: str, domains: Sequence[str]) -> str:
    """The address with the domain it may have been meant to have; "" when it looks right."""
    name, _at, domain = email.rpartition("@")
    known = (*domains, *KNOWN_DOMAINS)
    if domain in known:
        return ""
    near = near_domain(domain, known)
    return f"{name}@{near}" if near else ""


@lru_cache(maxsize=4096)
def near_domain(domain: str, known: tuple[str, ...]) -> str:
    if domain in known or len(domain) < 6:
        return ""
    far = [(DamerauLevenshtein.distance(domain, one, score_cutoff=2), one) for one in known]
    distance, nearest = min(far, key=lambda pair: pair[0], default=(3, ""))
    return nearest if distance <= 2 else ""


def guess(email: str, domains: Sequence[str]) -> str:
    """An address made of one that has lost its @, with umlauts, or with a comma for a dot; "" if none."""
    plain = unicodedata.normalize("NFKD", email.replace(",", ".").replace(" ", ""))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("..", ".")
    for domain in () if "@" in plain else domains:
        if plain.endswith(domain) and plain != domain:
            plain = f"{plain.removesuffix(domain).rstrip('.')}@{domain}"
            break
    return plain if ADDRESS.fullmatch(plain) else ""


def frequent_domains(emails: Iterable[str]) -> tuple[str, ...]:
    """The domains at least one in ten addresses, and no fewer than three, have; the most frequent first."""
    counts: dict[str, int] = {}
    total = 0
    for email in emails:
        total += 1
        domain = re.sub(AT, "@", email.lower()).rpartition("@")[2].strip(" .,;>")
        counts[domain] = counts.get(domain, 0) + 1
    often = [domain for domain, count in counts.items() if domain and count >= 3 and count * 10 >= total]
    return tuple(sorted(often, key=lambda domain: -counts[domain]))


# ---- themes


def folded(raw: str) -> str:
    """The same for texts that differ in case and blanks only."""
    return " ".join(unicodedata.normalize("NFC", raw).casefold().split())


def nearest(raw: str, choices: Iterable[str]) -> Near:
    """The choice that is the same but for case and blanks, else up to three near ones to be offered."""
    return nearest_of(folded(raw), tuple(choices))


@lru_cache(maxsize=10_000)
def nearest_of(wanted: str, choices: tuple[str, ...]) -> Near:
    same = {folded(choice): choice for choice in choices}
    if wanted in same:
        return Near(same[wanted])
    found = process.extract(wanted[:200], list(same), scorer=fuzz.ratio, score_cutoff=NEAR, limit=3)
    return Near("", tuple(same[choice] for choice, _score, _position in found))
