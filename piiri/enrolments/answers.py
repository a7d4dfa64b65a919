"""Reads short answers to closed questions in three languages: yes and no, form, languages, years, moments."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from piiri.enrolments.people_text import folded

YES = {
    "kyllä",
    "kylla",
    "joo",
    "saa",
    "ja",
    "yes",
    "y",
    "k",
    "x",
    "1",
    "true",
    "tosi",
    "sant",
    "ok",
    "on",
    "j",
    "får",
    "may",
}
NO = {"ei", "en", "nej", "no", "n", "e", "0", "false", "epätosi", "falskt", "ej", "inte", "-"}

ONSITE = (
    r"\blähi|\bpaikan päällä|\bkasvok|\bläsnä|\bonsite"
    r"|\bon[- ]site|\bin person|\bface|\bp[åa] plats|\bfysisk|\bnärträff"
)
ONLINE = (
    r"\betä|\bverkossa|\bverkko|\bonline|\bremote|\bteams"
    r"|\bzoom|\bp[åa] distans|\bdistans|\bvirtua|\bnätet|\bwebb"
)
EITHER = (
    r"\bmolem|\bkumpi|\bhybri|\bsekä|\bboth|\beither|\bany\b|\ball\b|\bbåda|\bbägge|\bvilken som"
    r"|\bhur som|\bei väliä"
    r"|\bsama\b|\bjoko|\bno preference|\bspelar ingen roll"
)

LANGUAGES = {
    "fi": r"suom|finn|finsk|fi\b",
    "sv": r"ruots|swed|svensk|sv\b|se\b",
    "en": r"engl|engelsk|en\b|eng\b",
    "et": r"viro|eston|estnisk|eesti|et\b",
    "ru": r"venäj|russ|rysk|ryska|ru\b",
    "ar": r"arab|ar\b",
    "so": r"somali|so\b",
    "se": r"saame|sámi|sami|samisk",
    "de": r"saks|german|tysk|de\b",
    "fr": r"ranska|french|fransk|fr\b",
    "es": r"espanja|spanish|spansk|es\b",
    "uk": r"ukrain|uk\b",
    "fa": r"persia|farsi|dari|fa\b",
    "ku": r"kurdi|kurdish|kurdiska|ku\b",
    "zh": r"kiina|chin|kines|zh\b",
    "vi": r"vietnam|vi\b",
}
LANGUAGE_PATTERNS = {code: re.compile(pattern) for code, pattern in LANGUAGES.items()}

NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            *(
                "nolla noll zero none",
                "yksi ett en one",
                "kaksi två two",
                "kolme tre three",
                "neljä fyra four",
            ),
            *("viisi fem five", "kuusi sex six", "seitsemän sju seven", "kahdeksan åtta eight"),
            *("yhdeksän nio nine", "kymmenen tio ten", "yksitoista elva eleven", "kaksitoista tolv twelve"),
            *("kolmetoista tretton thirteen", "neljätoista fjorton fourteen", "viisitoista femton fifteen"),
            *("kuusitoista sexton sixteen", "seitsemäntoista sjutton seventeen"),
            *(
                "kahdeksantoista arton eighteen",
                "yhdeksäntoista nitton nineteen",
                "kaksikymmentä tjugo twenty",
            ),
        )
    )
    for word in words.split()
}
MOST_YEARS = 60


def yes_or_no(raw: str) -> bool | None:
    """The first word decides; None when it is neither a yes nor a no."""
    words = re.findall(r"[\wåäö-]+", folded(raw)[:100])
    if not words:
        return None
    return True if words[0] in YES else False if words[0] in NO else None


def meeting_form(raw: str) -> str:
    """ "onsite", "online", "either", or "" when it says none."""
    plain = folded(raw)
    onsite, online = bool(re.search(ONSITE, plain)), bool(re.search(ONLINE, plain))
    if re.search(EITHER, plain) or (onsite and online):
        return "either"
    return "onsite" if onsite else "online" if online else ""


@lru_cache(maxsize=10_000)
def languages(raw: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Two-letter codes in the order they were named, each once; and the words that name no language."""
    codes: list[str] = []
    unknown: list[str] = []
    for word in re.split(r"[,;/&+\n]+|\s+(?:ja|och|and|tai|eller|or|sekä|samt)\s+", folded(raw)[:500]):
        if not (plain := word.strip(" .-()")):
            continue
        named = [code for code, pattern in LANGUAGE_PATTERNS.items() if pattern.match(plain)]
        if not named:
            unknown.append(plain)
        codes += [code for code in named[:1] if code not in codes]
    return tuple(codes), tuple(unknown)


@lru_cache(maxsize=10_000)
def years(raw: str) -> tuple[int | None, bool]:
    """Whole years of experience, and whether the answer said just that.

    "12", "12 v" say it; of "yli 15", "0–2" or "6 kk" the lower end is taken, of "kolme" the number: not just
    that. None when no sensible number is named.
    """
    plain = folded(raw)
    if found := re.fullmatch(r"(\d{1,2})(?:[.,]0+)?\s*(?:v|vuotta|vuosi|vuoden|år|years?|y)?\.?", plain):
        number = int(found[1])
        return (number, True) if number <= MOST_YEARS else (None, False)
    if re.search(r"\b(?:alle|under|less than|mindre än|puoli|ett halvt|half)\b", plain) or re.search(
        r"\d\s*(?:kk|kuukau|month|månad)", plain
    ):
        return years_under(plain), False
    if found := re.search(r"(?<!\d)(\d{1,2})(?!\d)", plain):
        return (int(found[1]) if int(found[1]) <= MOST_YEARS else None), False
    named = [NUMBERS[word] for word in re.findall(r"\w+", plain) if word in NUMBERS]
    return (named[0] if named else None), False


def years_under(plain: str) -> int:
    """The whole years below "alle 5", in "18 kk", in half a year."""
    number = int(found[0]) if (found := re.search(r"\d{1,2}", plain)) else 0
    if re.search(r"kk|kuukau|month|månad", plain):
        return number // 12
    return 0 if "puoli" in plain or "hal" in plain else max(number - 1, 0)


def whole_number(raw: str) -> int | None:
    """The first number of "2", "2 ryhmää", "max 2", "kaksi"."""
    plain = folded(raw)
    if found := re.search(r"(?<!\d)\d{1,3}(?!\d)", plain):
        return int(found[0])
    return next((NUMBERS[word] for word in re.findall(r"\w+", plain) if word in NUMBERS), None)


# ---- moments


def moment(raw: str | datetime) -> datetime | None:
    """A moment as the file's own clock showed it, without a zone; None when it cannot be told.

    Reads a spreadsheet's own moments and day numbers, ISO, "4.9.2026 klo 9.16", "9/4/2026 9:16 AM" (month
    first) and "4/9/2026 09:16" (day first).
    """
    if isinstance(raw, datetime):
        return raw.replace(tzinfo=None)
    plain = " ".join(raw.split())
    for reading in (iso, dotted, slashed, day_number):
        try:
            if found := reading(plain):
                return found
        except (ValueError, OverflowError):
            continue
    return None


def iso(plain: str) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d", plain):
        return None
    return datetime.fromisoformat(plain).replace(tzinfo=None)


def dotted(plain: str) -> datetime | None:
    pattern = r"(\d{1,2})\.(\d{1,2})\.(\d{4}),?(?: (?:klo |kl\.? |at )?(\d{1,2})[.:](\d\d)(?:[.:](\d\d))?)?"
    if not (found := re.fullmatch(pattern, plain)):
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the file names no zone


def slashed(plain: str) -> datetime | None:
    pattern = r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4}),?(?: (\d{1,2}):(\d\d)(?::(\d\d))? ?([AaPp][Mm])?)?"
    if not (found := re.fullmatch(pattern, plain)):
        return None
    first, second, year, hour, minute, seconds = (int(part or 0) for part in found.groups()[:6])
    half_of_day = (found[7] or "").lower()
    month_first = bool(half_of_day) or second > 12
    day, month = (second, first) if month_first else (first, second)
    if half_of_day:
        hour = hour % 12 + (12 if half_of_day == "pm" else 0)
    year += 2000 if year < 100 else 0
    return datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001 - the file names no zone


def day_number(plain: str) -> datetime | None:
    """A spreadsheet's day number: 1 is the first day of 1900, and so is the error it made since."""
    if not re.fullmatch(r"\d{5}(?:\.\d+)?", plain) or not 20_000 < float(plain) < 80_000:
        return None
    return datetime(1899, 12, 30) + timedelta(seconds=round(float(plain) * 86_400))  # noqa: DTZ001 - as above
