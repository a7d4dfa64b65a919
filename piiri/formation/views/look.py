"""How somebody looks at a proposal: what is searched for, the order, numbers, one person or group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from piiri.base import ring
from piiri.formation import queries
from piiri.formation.models import Run
from piiri.formation.queries import Bench, BenchGroup, Member

GROUPS_A_PAGE = 96
PEOPLE_LISTED = 60


@dataclass(frozen=True)
class Look:
    """What the address says. `keep` is the part of it that goes along from page to page."""

    q: str = ""
    sort: str = ""
    numbers: bool = False
    everybody: bool = False
    page: str = "1"
    person: str = ""
    group: str = ""

    @property
    def keep(self) -> str:
        kept = {"q": self.q, "sort": self.sort, "page": self.page if self.page != "1" else ""}
        flags = {"numbers": "1" if self.numbers else "", "everybody": "1" if self.everybody else ""}
        said = QueryDict(mutable=True)
        said.update({name: value for name, value in (kept | flags).items() if value})
        return said.urlencode()


def look_of(query: QueryDict) -> Look:
    """The look that an address asks for; what it does not know is as usual."""
    return Look(
        q=query.get("q", "").strip()[:100],
        sort="theme" if query.get("sort") == "theme" else "",
        numbers=query.get("numbers") == "1",
        everybody=query.get("everybody") == "1",
        page=query.get("page", "1") if query.get("page", "1").isdecimal() else "1",
        person=query.get("person", ""),
        group=query.get("group", ""),
    )


@dataclass(frozen=True)
class Card:
    """A group as it is drawn: seats in a circle, or as a list when they are too many or too few."""

    group: BenchGroup

    @property
    def people(self) -> int:
        group = self.group
        return len(group.mentors) + len(group.sitting) + len(group.members)

    @property
    def is_circle(self) -> bool:
        return 2 <= self.n <= ring.MOST

    @property
    def free(self) -> range:
        """Free places that are drawn: all, or none where they would be too many."""
        return range(self.group.free if self.people + self.group.free <= ring.MOST else 0)

    @property
    def n(self) -> int:
        return self.people + len(self.free)

    @property
    def seats(self) -> str:
        """The same for the small drawing."""
        group = self.group
        taken = len(group.sitting) + len(group.members)
        return ring.letters(mentors=len(group.mentors), taken=taken, free=len(self.free))


@dataclass(frozen=True)
class Listed:
    """Somebody in the list at the side: why without a place, or in which group."""

    member: Member
    text: str


def page_of(run: Run, look: Look) -> dict[str, Any]:
    """Everything that the workbench shows besides the proposals and the inspector."""
    bench = queries.bench(run, costs=look.numbers)
    groups = _groups(bench, look)
    page = Paginator(groups, GROUPS_A_PAGE).get_page(look.page)
    people = _people(bench, look)
    numbers = queries.numbers(run)
    listed = people if look.everybody else people[:PEOPLE_LISTED]
    return {
        "run": run,
        "programme": run.programme,
        "nav": "groups",
        "look": look,
        "keep": look.keep,
        "bench": bench,
        "numbers": numbers,
        "placed": numbers.people - numbers.left_out,
        "page": page,
        "cards": [Card(one) for one in page],
        "listed": listed,
        "listed_more": len(people) - len(listed),
        "publishing": queries.publishing_of(run),
        "scarce": [] if look.q else queries.scarce(run.programme, runs=[run]),
    }


def inspected(run: Run, bench: Bench, look: Look, *, options: bool = True) -> dict[str, Any]:
    """The person or the group that is looked at closely; nothing when there is none.

    `options`: with where else the person could sit, which takes longest.
    """
    every = [*bench.groups, *bench.closed]
    rooms = sorted((one for one in every if one.has_room), key=lambda one: one.name.casefold())
    page: dict[str, Any] = {"rooms": rooms, "seat": None, "close": None}
    if look.group:
        page["close"] = next((Card(one) for one in every if one.uid == look.group), None)
    elif look.person and (seat := queries.seat(run, look.person)):
        drawn = {one.uid: Card(one) for one in every}
        page["seat"] = seat
        found = queries.options(run, seat.uid) if options else []
        page["options"] = [(one, drawn.get(one.group)) for one in found]
        page["is_short"] = not options
    return page


def _groups(bench: Bench, look: Look) -> Sequence[BenchGroup]:
    groups = [one for one in bench.groups if not look.q or _has(look.q, _words(one))]
    return sorted(groups, key=lambda one: one.name.casefold()) if look.sort else groups


def _words(group: BenchGroup) -> Iterable[str]:
    yield from (group.name, *group.mentors, *group.sitting)
    for one in group.members:
        yield from (one.name, one.workplace)


def _people(bench: Bench, look: Look) -> list[Listed]:
    left = [Listed(one.member, one.reason) for one in bench.left_out]
    if not look.q:
        return left
    seated = [Listed(one, group.name) for group in bench.groups for one in group.members]
    found = [one for one in (*left, *seated) if _has(look.q, (one.member.name, one.member.workplace))]
    return sorted(found, key=lambda one: one.member.name.casefold())


def _has(wanted: str, words: Iterable[str]) -> bool:
    return any(wanted.casefold() in one.casefold() for one in words)
