"""The words for days and hours in Finnish, Swedish and English, as patterns `times` walks through."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

Said = re.Match[str]
Value = Callable[[Said], object]
Table = tuple[tuple[str, re.Pattern[str], Value], ...]

FROM_HALF, TO_HALF = 14, 42  # 7 and 21 o'clock

LONG_DAYS = (
    r"maanantai\w*|m[aå]ndag(?:ar|arna|en|s)?|mondays?",
    r"tiistai\w*|tisdag(?:ar|arna|en|s)?|tuesdays?",
    r"keskivii\w*|onsdag(?:ar|arna|en|s)?|wednesdays?",
    r"torstai\w*|torsdag(?:ar|arna|en|s)?|thursdays?",
    r"perjantai\w*|fredag(?:ar|arna|en|s)?|fridays?",
    r"lauantai\w*|l[oö]rdag(?:ar|arna|en|s)?|saturdays?",
    r"sunnuntai\w*|s[oö]ndag(?:ar|arna|en|s)?|sundays?",
)
SHORT_DAYS = (
    "ma|m[aå]n|må|mon",
    "ti|tis|tues?",
    "ke|ons|wed|weds",
    "to|tors?|thu|thurs?",
    "pe|fre?|fri",
    "la|l[oö]r|lö|sat",
    "su|s[oö]n|sö|sun",
)
SWEDISH = r"\b(?:m[åa]ndag|tisdag|onsdag|torsdag|fredag|m[åa]n|tis|tors?|fre?|kl|och|efter|inte|från|eller)\b"
ENGLISH = (
    r"\b(?:mon|tues?|wed|thu|thurs?|fri|sat|sun|\w+days?|and|after|before|from|until|till|between|any"
    r"|pm|am|not|or)\b"
    r"|\d(?:pm|am)\b"
)
TIME = (
    r"(?:(?:klo|kello|kl|at)\b\.? ?)?(?P<h{n}>[01]?\d|2[0-4])(?:[.:](?P<m{n}>[0-5]\d)"
    r"|(?P<q{n}>[0-5]0))?(?!\d)"
    r"(?:\s?(?:h|hrs?|o'?clock|(?P<p{n}>[ap])\.?m)\b\.?)?"
)
NEW = r"(?<![\d.:])"  # no number goes on here
FIRST, SECOND = TIME.replace("{n}", "1"), TIME.replace("{n}", "2")

OFFICE_HOURS = (
    r"(?:virka|työ)-?\s?ai\w*|toimistoai\w*|kontorstid\w*|arbetstid\w*|(?:office|working) hours"
    r"|päiväsai\w*|päivisin|dagtid|daytime"
)
EVERY_DAY = (
    r"joka päivä|päivittäin|kaik\w+ päiv\w+|every ?day|daily|all days|any day|varje dag|alla dagar"
    r"|minä päivänä (?:vain|tahansa)"
)

# What parts of a day mean, in half hours.
PARTS = (
    (r"aamupäiv\w*|ap\b|förmiddag\w*|fm\b|mornings?|aamu\w*|morgn?\w*", (16, 24)),
    (r"iltapäiv\w*|ip\b|eftermiddag\w*|em\b|afternoons?", (24, 34)),
    (r"illa\w*|ilta\w*|kväll\w*|evenings?", (34, 42)),
    (r"lounas\w*|lunch\w*", (22, 26)),
    (OFFICE_HOURS, (16, 32)),
)
GROUPS_OF_DAYS = (
    (r"arki\w*|arjena?|arke\w*|vardag\w*|week ?days?|working days?|work days?|työpäiv\w*", [0, 1, 2, 3, 4]),
    (r"viikonlop\w*|helg\w*|week ?ends?", [5, 6]),
    (EVERY_DAY, [0, 1, 2, 3, 4, 5, 6]),
)
REST = r"muina päivinä|muut päivät|muulloin|muuten|muutoin|otherwise|other days|annars|(?:andra|övriga) dagar"
ALWAYS = (
    r"aina|milloin (?:vain|tahansa)|koska (?:vain|tahansa)|(?:kaikki )?(?:ajat )?käy(?:vät)? kaikki"
    r"|kaikki käy\w*"
    r"|kaikki (?:ajat|sopii)|any ?time|always|(?:när|vilken tid) som helst|alltid|whenever|joustava\w*"
    r"|flexib\w*"
)
IF_NEEDED = (
    r"tarvittaessa|jos (?:on )?(?:pakko|tarve|tarvis)|mahdollisesti|ehkä|maybe|perhaps|possibly"
    r"|if (?:needed|necessary)"
    r"|vid behov|kanske|eventuellt|event\b|hätätilassa"
)
NOT = (
    r"(?:en (?:pääse|voi)|ei (?:käy|sovi|onnistu|voi|pääse)|ei|inte|ej|not|no\b|can'?t|cannot|never|eikä)"
    r"(?: (?:koskaan|kuitenkaan|missään nimessä|on))?"
)
EXCEPT = "paitsi|except(?: for)?|utom|lukuun ottamatta"
FILLER = (
    r"klo|kello|kl|at|on|in the|the|and|ja|och|sekä|samt|tai|eller|or|both|molemmat|&|\+|"
    r"pääsen|pääsee|voin|käy|käyvät|sopii|sopivat|sopivia|sopiva|passar|kan|jag|minä|mulle|minulle"
    r"|i can|i am free|"
    r"mieluiten|helst|preferably|parhaiten|aikavälillä|välillä|aikaan|ajat|from|mellan|between|esim"
    r"|myös|också|also|"
    r"any|only|vain|endast|bara|kaikki|free|works?|is fine|are fine|fine|ok|jag kan|yleensä|usually"
    r"|vanligen|vanligtvis|aikoina|muuten käy|p[åa]"
)


DATES = (
    r"(?<!\d)(?:[012]?\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:\s?\d{2,4})?(?!\d)"
    r"|\b(?:viiko(?:t|lla|illa)|viikko|vk|vecka|veckorna|weeks?)\b\.? ?\d[\d ,-]*|\bpari(?:llis"
    r"|ttom)\w* viik\w*"
)
AFTER = r"after|efter|from|från|fr\.? ?o\.? ?m\.?|alkaen|aikaisintaan|(?:at the )?earliest|tidigast"
AFTER_THAT = (
    r"jälkeen|alkaen|eteenpäin|lähtien|-+>|onwards?|and later|eller senare|(?:och )?framåt"
    r"|-(?=\s*(?:$|[,;\n]))"
)
BEFORE = r"ennen|before|until|till|före|innan|by|viimeistään|senast"


def fold(text: str) -> str:
    """Lower case, one kind of dash and space, no doubled blanks within a line."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2212", "-")
    plain = re.sub(r"[\u2010-\u2015]", "-", plain)
    return re.sub(r"[^\S\n]+", " ", plain.replace("\r", "\n")).strip()


def end_of_word(text: str, position: int) -> int:
    """Where to look next when nothing is known that begins at `position`."""
    word = re.compile(r"\w+").match(text, position)
    return word.end() if word else position + 1


def tables(folded: str) -> dict[str, Table]:
    """What can begin with a letter "a", a digit "0" or else " ", in the order it is tried.

    "to" is Thursday unless the text is English, "on" is Wednesday only when it is Swedish.
    """
    english = bool(re.search(ENGLISH, folded))
    return patterns(english=english, swedish=not english and bool(re.search(SWEDISH, folded)))


@cache
def patterns(*, english: bool, swedish: bool) -> dict[str, Table]:
    until = "|to|until|till|til" if english else "|till|t" if swedish else ""
    day, other_day = (any_day(letter, english=english, swedish=swedish) for letter in "ab")
    rows = [
        ("unknown", DATES, nothing),
        ("days", rf"{day}\s*(?:-+|\.{{2,3}}{until})\s*{other_day}", day_range),
        ("days", rf"{day}(?<=st[aä]) {other_day}(?<=[hi]in)", day_range),
        *hour_patterns(until),
        ("stop", r"\s*[;\n]+\s*", nothing),
        ("downgrade", rf"\s*\(\s*(?:{IF_NEEDED})\s*\)", nothing),
        ("comma", r"\s*[,()]+\s*|\s*\.(?=\s|$)", hours_follow),
        ("but", r"\b(?:mutta|men|but)\b", nothing),
        ("except", rf"\b(?:{EXCEPT})\b", nothing),
        *(("days", rf"\b(?:{said})(?!\w)", always(days)) for said, days in GROUPS_OF_DAYS),
        ("rest", rf"\b(?:{REST})\b", nothing),
        *(("hours", rf"(?:\b|(?<=gs))(?:{said})(?!\w)", always([span])) for said, span in PARTS),
        ("always", rf"\b(?:{ALWAYS})\b", nothing),
        ("if_needed", rf"\b(?:{IF_NEEDED})\b", nothing),
        ("no", rf"\b(?:{NOT})\b", nothing),
        ("days", day, one_day),
        ("filler", rf"\b(?:{FILLER})\b\.?|\s+|[&+/]", nothing),
    ]
    compiled = [(begins(kind, pattern), (kind, re.compile(pattern), value)) for kind, pattern, value in rows]
    return {sort: tuple(row for sorts, row in compiled if sort in sorts) for sort in "a0 "}


def begins(kind: str, pattern: str) -> str:
    """Which sorts of letters a pattern can begin with."""
    if kind in {"stop", "downgrade", "comma"}:
        return " "
    if kind == "filler":
        return "a "
    return "a0" if pattern == DATES or pattern.startswith(NEW) else "a"


def sort_of(letter: str) -> str:
    return "0" if letter.isdigit() else "a" if letter.isalpha() else " "


def hour_patterns(until: str) -> list[tuple[str, str, Value]]:
    return [
        ("hours", rf"(?:between|mellan) {FIRST} ?(?:and|och|-) ?{SECOND}", hours),
        ("hours", rf"{NEW}{FIRST} ?ja ?{SECOND} väli\w*", hours),
        ("hours", rf"{NEW}(?:(?:from|från) )?{FIRST}\s*(?:-+>?|\.{{2,3}}|/{until})\s*{SECOND}", hours),
        ("hours", rf"(?:after|efter) {FIRST} ?(?:and|but|och|men|,)? ?(?:before|före) {SECOND}", hours),
        ("hours", rf"{NEW}{FIRST} ?jälkeen,? ?(?:ja|mutta)? ?ennen {SECOND}", hours),
        ("hours", rf"\b(?:jälkeen|{AFTER}) {FIRST}", after),
        ("hours", rf"{NEW}{FIRST} ?(?:{AFTER_THAT})", after),
        ("hours", rf"\b(?:{BEFORE}) {FIRST}", before),
        ("hours", rf"{NEW}{FIRST} ?(?:asti|saakka|mennessä)", before),
        ("start", rf"{NEW}{FIRST}", lambda said: half(said, "1")),
    ]


def any_day(letter: str, *, english: bool, swedish: bool) -> str:
    short = list(SHORT_DAYS)
    if english:
        short[3] = short[3].removeprefix("to|")
    if swedish:
        short[2] += "|on"
    days = (
        rf"(?P<{letter}{number}>(?:{long})|(?:{brief})(?::?(?:na|nä|sin|isin))?\b\.?)"
        for number, (long, brief) in enumerate(zip(LONG_DAYS, short, strict=True))
    )
    return rf"\b(?:{'|'.join(days)})"


# ---- values


def nothing(_said: Said) -> None:
    return None


def always(value: object) -> Value:
    return lambda _said: value


def hours_follow(said: Said) -> bool:
    """Whether the same clause names an hour after this comma."""
    return bool(re.compile(r"[^;\n]*\d").match(said.string, said.end()))


def number_of(said: Said, letter: str) -> int:
    return next(number for number in range(7) if said[f"{letter}{number}"])


def one_day(said: Said) -> list[int]:
    return [number_of(said, "a")]


def day_range(said: Said) -> list[int]:
    first, last = number_of(said, "a"), number_of(said, "b")
    return [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]


def half(said: Said, n: str, *, afternoon: bool = False) -> int:
    """The half hour of the day that a time begins or falls in."""
    hour = int(said[f"h{n}"])
    part = said[f"p{n}"]
    if hour < 12 and (part == "p" or (afternoon and not part)):
        hour += 12
    elif hour == 12 and part == "a":
        hour = 0
    return min(hour * 2 + int(said[f"m{n}"] or said[f"q{n}"] or 0) // 30, 48)


def hours(said: Said) -> list[tuple[int, int]] | None:
    """None when the end is not after the start. "3-5" is in the afternoon, so is "3-5 pm"."""
    first, last = int(said["h1"]), int(said["h2"])
    told = any(said[name] for name in ("p1", "p2", "m1", "m2")) or said["h1"].startswith("0")
    small = 0 < first < 6 and last <= 9 and not told
    later = small or (said["p2"] == "p" and first <= last)
    start, end = half(said, "1", afternoon=later), half(said, "2", afternoon=small)
    minutes = int(said["m2"] or said["q2"] or 0) % 30
    end = min(end + (minutes >= 15), 48)
    return [(start, end)] if start < end else None


def after(said: Said) -> list[tuple[int, int]] | None:
    start = half(said, "1", afternoon=int(said["h1"]) < 7)
    return [(start, TO_HALF)] if start < TO_HALF else None


def before(said: Said) -> list[tuple[int, int]] | None:
    end = half(said, "1", afternoon=int(said["h1"]) < 7)
    return [(FROM_HALF, end)] if end > FROM_HALF else None
