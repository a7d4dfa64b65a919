"""What a few groups wrote between meetings: posts, topics, a link, a file; and a talk in confidence."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from piiri.desk.actions.seeded import World, keep
from piiri.desk.actions.seeded_groups import Peopled
from piiri.desk.models import SupportLine, SupportRequest
from piiri.notes import queries
from piiri.notes.models import Line, Piece, Vote
from piiri.people.models import Person
from piiri.programmes.models import Programme
from piiri.vault import actions as vault

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort

GROUPS = 4  # of each programme: the first ones are those one may look at
POSTS = (
    "Kokeilin viime kerran ideaa rauhallisesta aloituksesta kaksi viikkoa. Alku on aivan eri.",
    "Kiitos eilisestä. Jäin miettimään, mistä kaikesta voisin sanoa ei.",
)
ANSWERS = ("Hienoa kuulla! Kerrotko seuraavalla kerralla, miten aloitit?",)
TOPICS = (
    "Viestit iltaisin: mihin vastaan ja milloin",
    "Palaverit, jotka päättyvät ajoissa",
    "Oma palautuminen",
)
LINK = ("Vertaisryhmämentorointi, Jyväskylän yliopisto", "https://www.jyu.fi/fi")
FILE = ("kysymyksia-ensi-kerralle.txt", "Mikä sujui?\nMikä yllätti?\nMitä kokeilen seuraavaksi?\n".encode())
TALK = (
    "Yksi meistä puhuu usein muiden päälle. Miten ottaisin sen puheeksi loukkaamatta?",
    "Kiitos, että kysyit. Voisitte aloittaa ensi kerran kierroksella, jossa jokaisella on kaksi minuuttia.",
)
FIRST = 9  # days ago, by the one who may be signed in as
Kind = Line.Kind


def make_between(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """Lines of the first groups; nobody is mailed about them."""
    Programme.objects.filter(pk=cohort.programme.pk).update(contact_person=cohort.coordinator)
    for each in peopled[:GROUPS]:
        if each.members:
            _lines(world, cohort, each)
    if peopled and peopled[0].members and cohort.coordinator:
        _talk(world, cohort, peopled[0], cohort.coordinator)


def _talk(world: World, cohort: "Cohort", each: Peopled, contact: Person) -> None:
    """The first member asked the contact person for advice, in confidence, and got an answer."""
    asker, asked_at = each.members[0], world.now - timedelta(days=8)
    talk = SupportRequest.objects.create(
        uid=world.dice.uid(),
        group=each.group,
        asker=asker,
        contact=contact,
        asked_at=asked_at,
        promised_at=asked_at + timedelta(days=3),
        answered_at=asked_at + timedelta(days=1),
    )
    for number, (author, text) in enumerate(zip((asker, contact), TALK, strict=True)):
        written_at = asked_at + timedelta(days=number)
        SupportLine.objects.create(
            uid=world.dice.uid(), request=talk, author=author, text=text, written_at=written_at
        )
    at = (cohort.organisation, cohort.programme, each.group)
    world.tell("support", talk.uid, *at, person=asker.uid, contact=contact.uid)


def _lines(world: World, cohort: "Cohort", each: Peopled) -> None:
    posts = keep(Line, (_line(world, each, Kind.POST, text, days=FIRST - n) for n, text in enumerate(POSTS)))
    keep(Line, (_line(world, each, Kind.POST, text, days=6, answers=posts[0]) for text in ANSWERS))
    topics = keep(Line, (_line(world, each, Kind.TOPIC, text, days=12 - n) for n, text in enumerate(TOPICS)))
    keep(Vote, _votes(each, topics))
    title, address = LINK
    link = keep(Line, [_line(world, each, Kind.LINK, title, days=5, address=address)])
    file = _file(world, each)
    at = (cohort.organisation, cohort.programme, each.group)
    for line in (*posts, *link):
        world.tell("line", line.uid, *at, person=_uid(line))
    for line in topics:
        world.tell("topic", line.uid, *at)
    world.tell("file", file.uid, *at)


def _line(world: World, each: Peopled, kind: str, text: str, *, days: int, **more: object) -> Line:
    """A line of the group's first member, whom one may sign in as, of the mentor or of another member."""
    people = [each.members[0], each.mentor, *each.members[1:2]]
    author: Person = (
        each.mentor if more.get("answers") else people[0 if days == FIRST else days % len(people)]
    )
    return Line(
        uid=world.dice.uid(),
        group=each.group,
        author=author,
        kind=kind,
        text=text,
        written_at=world.now - timedelta(days=days),
        **more,
    )


def _uid(line: Line) -> str:
    assert line.author
    return line.author.uid


def _votes(each: Peopled, topics: list[Line]) -> Iterator[Vote]:
    for number, topic in enumerate(topics):
        for person in (each.mentor, *each.members)[: max(1, 4 - number * 2)]:
            yield Vote(line=topic, person=person)


def _file(world: World, each: Peopled) -> Line:
    name, content = FILE
    [line] = keep(Line, [_line(world, each, Kind.FILE, name, days=4, size=len(content))])
    sealed = vault.seal_bytes(content, spot=queries.spot_of(line, 0))
    keep(Piece, [Piece(line=line, number=0, sealed=sealed)])
    return line
