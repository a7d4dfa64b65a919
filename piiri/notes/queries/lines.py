"""Lines as pages show them: who wrote them, their answers and votes, and whether they may leave."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from piiri.groups.models import Group
from piiri.notes.models import Line, Vote, Word
from piiri.notes.queries.looking import seats_of
from piiri.people.models import Person
from piiri.programmes.models import Programme
from piiri.vault import queries as vault


@dataclass(frozen=True)
class Leaving:
    """How far the group is with letting a line out: so many of those who sit in it have said yes."""

    yes: int
    seats: int
    said: bool


@dataclass(frozen=True)
class Shown:
    """A line as one reader sees it. `leaving` is told while the group is being asked."""

    line: Line
    is_own: bool
    author: str
    replies: Sequence["Shown"] = field(default=())
    votes: int = 0
    voted: bool = False
    leaving: Leaving | None = None
    author_sits: bool = True

    @property
    def is_hollow(self) -> bool:
        """A post that was taken away while answers stand under it."""
        return not self.line.text


def posts(group: Group) -> QuerySet[Line]:
    """What stands on the board, newest first; answers come with `showing`."""
    return (
        Line.objects.posts()
        .filter(group=group)
        .select_related("author", "group")
        .order_by("-written_at", "-pk")
    )


def topics(group: Group, *, reader: Person) -> QuerySet[Line]:
    """Open topics, those with most votes first, then those taken up, the latest first. One query."""
    mine = Vote.objects.filter(line=OuterRef("pk"), person=reader)
    rows = Line.objects.topics().filter(group=group).select_related("author", "group")
    counted = rows.annotate(number=Count("votes"), voted=Exists(mine))
    return counted.order_by(F("done_at").desc(nulls_first=True), "-number", "written_at", "pk")


def things(group: Group) -> QuerySet[Line]:
    """Links and files, newest first."""
    return (
        Line.objects.things()
        .filter(group=group)
        .select_related("author", "group")
        .order_by("-written_at", "-pk")
    )


def showing(lines: Iterable[Line], *, reader: Person) -> list[Shown]:
    """Lines of one group as the reader sees them: three more queries for any number."""
    rows = list(lines)
    if not rows:
        return []
    group, seats = rows[0].group, seats_of(rows[0].group)
    words = words_on([row for row in rows if row.proposed_at and not row.released_at])
    replies = replies_to([row for row in rows if row.kind == Line.Kind.POST], group=group)
    return [
        Shown(
            row,
            is_own=row.author_id == reader.pk,
            author=str(row.author or ""),
            replies=[one(reply, reader) for reply in replies.get(row.pk, [])],
            votes=getattr(row, "number", 0),
            voted=getattr(row, "voted", False),
            leaving=leaving_of(words[row.pk], seats, reader) if row.proposed_at else None,
            author_sits=row.author_id in seats,
        )
        for row in rows
    ]


def one(line: Line, reader: Person) -> Shown:
    """An answer under a post."""
    return Shown(line, is_own=line.author_id == reader.pk, author=str(line.author or ""))


def leaving_of(words: set[int], seats: set[int], reader: Person) -> Leaving:
    """How many of those who sit in the group now have said yes, and whether the reader has."""
    return Leaving(yes=len(words & seats), seats=len(seats), said=reader.pk in words)


def words_on(lines: Sequence[Line]) -> dict[int, set[int]]:
    """Who has said yes, by line: keys of people. One query, none where nothing is asked."""
    found: dict[int, set[int]] = defaultdict(set)
    if lines:
        for line, person in Word.objects.filter(line__in=lines).values_list("line", "person"):
            found[line].add(person)
    return found


def replies_to(lines: Sequence[Line], *, group: Group) -> dict[int, list[Line]]:
    """Answers by post, oldest first. One query."""
    found: dict[int, list[Line]] = defaultdict(list)
    if lines:
        rows = Line.objects.filter(answers__in=lines).select_related("author").order_by("written_at", "pk")
        for row in rows:
            row.group = group
            found[row.answers_id or 0].append(row)
    return found


def used_bytes(group: Group) -> int:
    """How many bytes the files of the group have, before sealing."""
    return Line.objects.filter(group=group, kind=Line.Kind.FILE).aggregate(all=Sum("size"))["all"] or 0


def released(programme: Programme) -> list[Line]:
    """What the programme's groups let out, newest first, with the groups' keys at hand. Two queries."""
    rows = Line.objects.released().filter(group__programme=programme)
    found = list(rows.select_related("group__theme").order_by("-released_at", "-pk")[:100])
    vault.have_keys_ready(line.group.uid for line in found)
    return found
