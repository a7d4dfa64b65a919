"""Which workplaces take part: people by workplace and employer, small numbers hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piiri.base import small
from piiri.base.small import Block, Cell
from piiri.enrolments.models import Application
from piiri.networks.models import Organisation, Unit
from piiri.programmes.models import Programme

COLUMNS = 2  # enrolled, and placed among them
Numbers = list[tuple[str, tuple[int, int]]]


@dataclass(frozen=True)
class Place:
    """One workplace, or an employer's sum."""

    name: str
    enrolled: Cell
    placed: Cell


@dataclass(frozen=True)
class EmployerPart:
    """An employer with its workplaces; those with nobody are named apart."""

    uid: str
    name: str
    total: Place
    taking_part: list[Place]
    nobody: list[str]

    @property
    def units(self) -> int:
        return len(self.taking_part) + len(self.nobody)


@dataclass(frozen=True)
class Coverage:
    """The whole page."""

    employers: list[EmployerPart]
    # People whose workplace is not in the list.
    elsewhere: Place
    total: Place

    @property
    def headline(self) -> str:
        """How many workplaces take part, in a sentence."""
        every = sum(part.units for part in self.employers)
        nobody = sum(len(part.nobody) for part in self.employers)
        if not every:
            return _("No workplaces are listed for the employers of this programme")
        if not nobody:
            return ngettext(
                "Somebody from the one workplace takes part",
                "Somebody from each of the %(all)s workplaces takes part",
                every,
            ) % {"all": every}
        return ngettext(
            "%(nobody)s of %(all)s workplaces has nobody yet",
            "%(nobody)s of %(all)s workplaces have nobody yet",
            nobody,
        ) % {"nobody": nobody, "all": every}


def coverage(programme: Programme) -> Coverage:
    """Count by workplace, then hide what is small; three queries."""
    employers = list(
        Organisation.objects.filter(pk__in=programme.employers.values("organisation")).order_by("slug")
    )
    units = Unit.objects.filter(organisation__in=employers).order_by("name", "pk")
    listed = list(units.values_list("pk", "name", "organisation"))
    counts = counts_by_unit(programme)
    known = {pk for pk, _name, _organisation in listed}
    blocks: list[Numbers] = [
        [(name, counts.get(pk, (0, 0))) for pk, name, organisation in listed if organisation == employer.pk]
        for employer in employers
    ]
    others = [number for pk, number in counts.items() if pk not in known]
    beside = sum(enrolled for enrolled, _placed in others), sum(placed for _enrolled, placed in others)
    table = small.told(
        [*([numbers for _name, numbers in block] for block in blocks), [beside]], columns=COLUMNS
    )
    parts = [
        part_of(employer, names=[name for name, _numbers in block], block=hidden)
        for employer, block, hidden in zip(employers, blocks, table.blocks, strict=False)
    ]
    return Coverage(parts, line_of(table.blocks[-1].total), line_of(table.total))


def counts_by_unit(programme: Programme) -> dict[int | None, tuple[int, int]]:
    """(people who enrolled, of those placed) by workplace; None for those whose is not in the list."""
    standing = Application.objects.standing().filter(programme=programme).order_by().values_list("unit")
    placed = Count("pk", filter=Q(state=Application.State.PLACED))
    return {unit: (enrolled, sat) for unit, enrolled, sat in standing.annotate(n=Count("pk"), placed=placed)}


def part_of(employer: Organisation, *, names: Sequence[str], block: Block) -> EmployerPart:
    """One employer's lines, with what is hidden."""
    lines = [(name, row) for name, row in zip(names, block.rows, strict=True)]
    return EmployerPart(
        uid=employer.uid,
        name=str(employer),
        total=line_of(block.total, name=str(employer)),
        taking_part=[line_of(row, name=name) for name, row in lines if row[0].value],
        nobody=[name for name, row in lines if not row[0].value],
    )


def line_of(row: Sequence[Cell], *, name: str = "") -> Place:
    """The two numbers of a row under its name."""
    enrolled, placed = row
    return Place(name, enrolled, placed)
