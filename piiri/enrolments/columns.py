"""Tells by its header what each column of a file holds, as a plain dict one can correct and save."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ColumnMap = dict[str, str]  # field code -> header text, as Sheet.header has it

LABELS: dict[str, Promise] = {
    "sent_at": _("Sent"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "full_name": _("Full name"),
    "email": _("E-mail address"),
    "workplace": _("Workplace"),
    "job": _("Job"),
    "years": _("Years of experience"),
    "wish_1": _("First wish"),
    "wish_2": _("Second wish"),
    "wish_3": _("Third wish"),
    "form": _("In person or online"),
    "languages": _("Languages"),
    "times": _("Times"),
    "wish_text": _("Wish for the group"),
    "manager": _("Line manager"),
    "contact_ok": _("Contact details may be told"),
    "theme": _("Theme"),
    "description": _("Description"),
    "language": _("Language"),
    "area": _("Place"),
    "max_groups": _("Groups at most"),
    "pair_mentor": _("Pair mentor"),
}

FIELDS = {
    "enrolments": (
        *("sent_at", "first_name", "last_name", "full_name", "email", "workplace", "job", "years"),
        *("wish_1", "wish_2", "wish_3", "form", "languages", "times", "wish_text", "manager", "contact_ok"),
    ),
    "mentors": (
        *("first_name", "last_name", "full_name", "email", "workplace", "theme", "description", "language"),
        *("form", "area", "times", "max_groups", "pair_mentor"),
    ),
}


@dataclass(frozen=True)
class Words:
    """What a header says when it means a field, in folded words (see `fold`), strongest first.

    `whole`: the header is just this. `likely` and `perhaps`: some word begins like this. `never`: a word that
    means something else. All are regular expressions without the word boundary in front.
    """

    whole: str = ""
    likely: str = ""
    perhaps: str = ""
    never: str = ""

    def weigh(self, text: str) -> int:
        """3, 2 or 1 as strong as the words are; 0 when the header means something else."""
        if self.never and re.search(rf"\b(?:{self.never})", text):
            return 0
        if self.whole and re.fullmatch(self.whole, text):
            return 3
        if self.likely and re.search(rf"\b(?:{self.likely})", text):
            return 2
        return 1 if self.perhaps and re.search(rf"\b(?:{self.perhaps})", text) else 0


MANAGER = r"(?:lahi)?(?:esihenki|esimies|esimieh)|managers?\b|supervisor|chef|forman|boss\b|foresta"
PAIR = r"pari(?:mentor|n\b)|tyopari|pair|co ?mentor|parmentor|medmentor"
WISH = r"(?:toive|vaihtoehto|valinta|wish|choice|preference|onskemal|onskan|val\b|prioritet|theme|tema|teema)"
OTHERS = f"{MANAGER}|{PAIR}"


def wish(number: int, ordinals: str, *, whole: str = "", perhaps: str = "") -> Words:
    likely = (
        rf"{number} {WISH}|(?:teema)?{WISH}\w* (?:nro |no |nr )?{number}\b|(?:{ordinals})\b.{{0,20}}?{WISH}"
    )
    return Words(whole=whole, likely=likely, perhaps=perhaps, never=OTHERS)


LANGUAGES = Words(
    whole="kielet|kieli|languages?|sprak|kielitaito|modersmal",
    perhaps=r"kiel(?:et|i|ella|illa|ia|en)\b|languages?\b|sprak|kielitai",
    never=r"mita\b|what do you|vad onskar",
)

WORDS = {
    "sent_at": Words(
        whole="aikaleima|timestamp|tidsstampel|start time|aloitusaika|starttid|alkamisaika",
        likely=r"timestamp|aikaleima|lahetetty|lahetysaika|vastattu|vastausaika|submi|sent\b|skickat"
        r"|inskickat",
        perhaps="completion time|end time|suorittamisaika|valmistumisaika|slutforandetid|sluttid"
        "|paattymisaika",
    ),
    "first_name": Words(
        whole="etunimi|etunimet|etunimesi|first name|given name|fornamn|forename",
        likely="etunim|first ?name|given name|fornamn|forename|kutsumanim|tilltalsnamn",
        never=OTHERS,
    ),
    "last_name": Words(
        whole="sukunimi|sukunimesi|last name|surname|family name|efternamn|slaktnamn",
        likely="sukunim|last ?name|surname|family name|efternamn|slaktnamn",
        never=OTHERS,
    ),
    "full_name": Words(
        whole="nimi|koko nimi|nimesi|name|full name|your name|namn|ditt namn",
        likely=r"koko nimi|full name|etu ja sukunim|nimesi\b|your name|ditt namn|for och efternamn"
        r"|first and last",
        never=f"{OTHERS}|group|ryhm|grupp",
    ),
    "email": Words(
        whole="sahkoposti|sahkopostiosoite|sahkopostiosoitteesi|e ?mail|e ?mail address|e ?post"
        "|e ?postadress",
        likely="sahkoposti|e ?mail|e ?post|mejl|meili",
        never=rf"{OTHERS}|saako|may\b|far\b",
    ),
    "workplace": Words(
        whole="tyopaikka|tyopiste|yksikko|toimipaikka|workplace|arbetsplats|enhet|unit|school|koulu|skola",
        likely="tyopaik|toimipai|toimipis|workplace|place of work|where do you work|arbetsplats|var arbetar",
        perhaps="yksikko|organisa|koulu|paivakoti|school|skola|daghem|missa (?:tyosken|koulus)"
        "|tyonantaj|employer",
        never=OTHERS,
    ),
    "job": Words(
        whole="tehtava|tehtavasi|ammatti|job|role|position|titel|uppgift|yrke|befattning|nimike",
        likely=r"tehtava|ammatti|job\b|befattning|arbetsuppgift|yrke|tyonkuva|profession|nimike|tyotehtav",
        never=OTHERS,
    ),
    "years": Words(
        whole="kokemus|tyokokemus|kokemus vuosina|experience|years|erfarenhet|tyovuodet",
        likely=r"kokemusvuo|kokemus vuo|tyovuo|years of|years in|how many years|monta vuotta|antal ar\b"
        r"|ar i yrket",
        perhaps=r"kokemu|years\b|experience|erfarenhet|kuinka kauan|how long|hur lange",
        never=OTHERS,
    ),
    "wish_1": wish(
        1,
        "ensimmainen|first|forsta|mieluisin|ensisijainen",
        whole="toive|teema|teemat|wish|theme|tema|ryhma|group|grupp",
        perhaps="(?:mika|mihin|minka|which|what|vilket|vilken) (?:teema|theme|tema|ryhma|group|grupp)"
        "|teematoive",
    ),
    "wish_2": wish(2, "toinen|second|andra|toissijainen"),
    "wish_3": wish(3, "kolmas|third|tredje"),
    "form": Words(
        whole="osallistumistapa|toteutustapa|tapaamismuoto|form|format|deltagandeform|moteform",
        likely=r"lahi\w*\b.*\beta|eta\w*\b.*\blahi|(?:onsite|in person|face to face)\b.*\b(?:online|remote)"
        r"|(?:online|remotely)\b.*\b(?:onsite|in person|face to face)|plats\b.*\bdistans|distans.*\bplats",
        perhaps=r"lahi(?:na|tapaam|ryhm|osallis)|etana\b|etatapaam|online\b|remote|in person|distans"
        r"|osallistumist",
        never=r"link|lank|milloin|when\b|nar\b",
    ),
    "languages": LANGUAGES,
    "language": LANGUAGES,
    "times": Words(
        whole="ajat|aika|aikataulu|times?|tider?|availability|saatavuus|tillganglighet|milloin paaset",
        likely="milloin (?:paaset|sopi|voi)|viikonpaiv|kellonaj|weekday|veckodag|sopivat ajat|suitable times"
        "|passande tider|klockslag|when can you|when are you|nar kan du|nar passar",
        perhaps=r"milloin\b|when\b|availab|tider\b|times\b|ajankohd|mihin aikoihin|mina paivina|(?:what"
        r"|which) days",
        never="start time|completion|vastaam|tyosken|aloit|started",
    ),
    "wish_text": Words(
        whole="toiveet|toiveita|odotukset|wishes|expectations|onskemal|forvantningar|vapaa sana|terveiset",
        likely="mita (?:toivo|odota)|what do you (?:hope|wish|expect|want)|vad (?:onskar|hoppas|vantar"
        "|forvantar)",
        perhaps=r"odotuk|toiv(?:eita|eet|eesi|omuk)|expect|hopes?\b|forvantn|lisatie|terveis|comment"
        r"|ovrigt|muuta",
        never="[123] toive|toive [123]|theme|teema",
    ),
    "manager": Words(
        whole="esihenkilo|esihenkilosi nimi|esihenkilon nimi|esimies|lahiesihenkilo|line manager|chef"
        "|narmaste chef",
        likely=MANAGER,
        never=r"sahkoposti|e ?mail|e ?post\b|puhelin|phone|telefon|approv|hyvaksy|lupa|tieta|osoite",
    ),
    "contact_ok": Words(
        likely=r"saako\b.*\b(?:yhteystie|tieto|osoit|sahkoposti)|may\b.*\b(?:contact|details|address|e ?mail)"
        r"|far\b.*\b(?:kontakt|uppgift|adress|e ?post)",
        perhaps=r"yhteystie.*\b(?:kerto|jaka|luovut|anta)|(?:jakaa|luovuttaa)\b.*\byhteystie|contact details"
        "|kontaktuppgift|share my",
    ),
    "theme": Words(
        whole="teema|ryhman teema|aihe|theme|group theme|theme of the group|tema|gruppens tema|amne"
        "|topic|otsikko",
        likely=r"teema|theme|tema\b|topic|amne\b|aihe",
        never="kuvaus|descri|beskriv",
    ),
    "description": Words(
        whole="kuvaus|ryhman kuvaus|esittely|description|beskrivning|presentation|teksti|text",
        likely=r"kuvau|kuvaa|kuvail|esittel|descri|beskriv|presentat|kerro\b|tell (?:us|about)|beratta\b",
        never=PAIR,
    ),
    "area": Words(
        whole="paikka|alue|kaupunginosa|place|area|plats|omrade|location|stadsdel|kokoontumispaikka",
        likely=r"alue|kaupunginosa|kokoontumispaik|tapaamispaik|area\b|location|omrade|stadsdel|motesplats",
        perhaps=r"where\b|missa\b|var\b|paikka",
        never=r"tyopaik|workplace|arbetsplats|tyosken|work\b|lahi\b|online",
    ),
    "max_groups": Words(
        whole="ryhmia enintaan|ryhmien maara|groups at most|max groups|number of groups|antal grupper"
        "|grupper hogst",
        likely=r"monta(?:ko)? ryhm|ryhmia\b|how many groups|hur manga grupper|ryhmien maar"
        r"|hogst \w* ?grupper",
        perhaps=r"groups\b|grupper\b",
    ),
    "pair_mentor": Words(likely=PAIR),
}
LAST_WINS = {"email", "full_name"}  # form tools put their own, often "anonymous", columns first


@dataclass(frozen=True)
class Recognised:
    """`columns`: what each field is read from. `ambiguous`: other columns that could be meant as well.

    `missing`: fields without which no row can be taken. `unused`: headers that mean none of our fields.
    """

    columns: ColumnMap
    ambiguous: dict[str, tuple[str, ...]]
    missing: tuple[str, ...]
    unused: tuple[str, ...]


def recognise(header: Sequence[str], kind: str = "enrolments") -> Recognised:
    """Tell what each column holds; `kind` is "enrolments" or "mentors". Never raises on strange headers."""
    folded = {name: fold(name) for name in header}
    weights = {
        code: {name: WORDS[code].weigh(text) for name, text in folded.items()} for code in FIELDS[kind]
    }
    columns: ColumnMap = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    for strength in (3, 2, 1):
        for code in FIELDS[kind]:
            taken = set(columns.values())
            found = [name for name in header if weights[code][name] == strength and name not in taken]
            if code in columns or not found:
                continue
            columns[code] = found[-1 if code in LAST_WINS else 0]
            ambiguous[code] = tuple(name for name in found if name != columns[code])
    used = set(columns.values())
    return Recognised(
        columns=columns,
        ambiguous=still_free(ambiguous, used),
        missing=missing(columns, kind),
        unused=tuple(name for name in header if name not in used),
    )


def still_free(ambiguous: Mapping[str, tuple[str, ...]], used: set[str]) -> dict[str, tuple[str, ...]]:
    """A rival that turned out to mean another field is no rival."""
    free = {code: tuple(name for name in names if name not in used) for code, names in ambiguous.items()}
    return {code: names for code, names in free.items() if names}


def missing(columns: Mapping[str, str], kind: str = "enrolments") -> tuple[str, ...]:
    """The fields that must have a column and have none: a name, an address, a first wish or theme."""
    wanted = ("email", "wish_1" if kind == "enrolments" else "theme")
    lacking = tuple(code for code in wanted if code not in columns)
    named = {"first_name", "last_name", "full_name"} & set(columns)
    return lacking if named else ("full_name", *lacking)


def corrected(columns: Mapping[str, str], header: Sequence[str], kind: str = "enrolments") -> ColumnMap:
    """A saved or hand-made map, cut to the fields we know and the columns this file has."""
    return {code: name for code, name in columns.items() if code in FIELDS[kind] and name in header}


def fold(text: str) -> str:
    """Lower-case words without accents, punctuation or the question's own number ("Q3.", "12)")."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = " ".join(re.sub(r"[^\w]+|_", " ", plain).split())
    bare = re.sub(r"^(?:q|k|kysymys|question|fraga) ?\d{1,3} |^\d{1,3} (?=\d )", "", words)
    return bare if re.match(rf"\d {WISH}", bare) else re.sub(r"^\d{1,3} (?=\D)", "", bare)
