"""Supply and demand: what is offered against what is wished for, by theme, by area, by language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piiri.base import small
from piiri.base.small import Cell
from piiri.enrolments.models import Application, Waiting, Wish
from piiri.enrolments.queries.table import Free
from piiri.groups.models import Group, Membership
from piiri.programmes.models import Programme, Theme

State = Application.State
# The theme of a turn, whether it is for a theme or for one of its groups.
THEME = Coalesce("theme", "group__theme")


@dataclass
class Line:
    """What is offered and wished for under one name. `first` and `wished` count people."""

    name: str
    uid: str = ""
    groups: int = 0
    places: int = 0
    free: int = 0
    first: int = 0
    wished: int = 0
    unmet: int = 0
    waiting: int = 0
    # First wishes and those not met, as this reader may see them.
    told: list[Cell] = field(default_factory=list)

    @property
    def gap(self) -> int:
        """First wishes beyond the places; below zero where places are left."""
        return self.first - self.places


@dataclass
class Demand:
    """The whole page. `anything` are people who wished for nothing in particular."""

    themes: list[Line]
    areas: list[Line]
    languages: list[Line]
    anything: int
    places_a_group: int
    most: int = field(init=False)

    def __post_init__(self) -> None:
        """The longest bar of the chart."""
        self.most = max((max(one.places, one.first, one.wished) for one in self.themes), default=0)

    @property
    def short(self) -> list[Line]:
        """Themes with more first wishes than places, the widest gap first."""
        return sorted((one for one in self.themes if one.gap > 0), key=lambda one: -one.gap)

    @property
    def headline(self) -> str:
        """Where it stands, in a sentence."""
        if not any(one.first for one in self.themes):
            return _("Nobody has wished for a theme yet")
        if not self.short:
            return _("Every theme has places for all who wish for it first")
        n = len(self.short)
        told = ngettext(
            "%(n)s theme has more first wishes than places: “%(theme)s”, with %(first)s first wishes for "
            "%(places)s places",
            "%(n)s themes have more first wishes than places; the gap is widest in “%(theme)s”, with "
            "%(first)s first wishes for %(places)s places",
            n,
        )
        widest = self.short[0]
        return told % {"n": n, "theme": widest.name, "first": widest.first, "places": widest.places}

    @property
    def mentor_wanted(self) -> str:
        """What would help most; nothing where no theme is short."""
        if not self.short:
            return ""
        widest = self.short[0]
        more = ceil(widest.gap / max(1, self.places_a_group))
        told = ngettext(
            "“%(theme)s” needs another mentor first: %(n)s more group would hold all who wish for it first.",
            "“%(theme)s” needs more mentors first: %(n)s more groups would hold all who wish for it first.",
            more,
        )
        return told % {"theme": widest.name, "n": more}


@dataclass
class Tally:
    """Lines by theme (its key), by area, by language (its code)."""

    themes: dict[int, Line]
    areas: dict[str, Line] = field(default_factory=dict)
    languages: dict[str, Line] = field(default_factory=dict)

    def lines(self, theme: int | None, area: str | None, languages: Iterable[str]) -> list[Line]:
        """Where something counts: its theme where it has one, its area, each of its languages."""
        found = [self.themes[theme]] if theme in self.themes else []
        found.append(self.areas.setdefault(area or "", Line(area or "")))
        return found + [self.languages.setdefault(code, Line(code)) for code in languages]

    def add_offers(self, programme: Programme) -> None:
        for theme, language, area, groups, places, free in offered(programme):
            for line in self.lines(theme, area, [language]):
                line.groups, line.places = line.groups + groups, line.places + places
                line.free += free

    def add_first(self, rows: Iterable[Any], *, met: bool) -> None:
        """First wishes; those that are met count as no longer unmet."""
        for theme, area, languages, people in rows:
            for line in self.lines(theme, area, languages):
                line.first += 0 if met else people
                line.unmet += -people if met else people

    def add_by_theme(self, name: str, rows: Iterable[tuple[int, int]]) -> None:
        for theme, people in rows:
            if line := self.themes.get(theme):
                setattr(line, name, getattr(line, name) + people)


def demand(programme: Programme, *, whole: bool) -> Demand:
    """Count everything in seven queries, for any number of applications.

    Unless `whole`, numbers of people by area and by language are hidden where they are small.
    """
    tally = Tally({theme.pk: Line(str(theme), theme.uid) for theme in programme.themes.all()})
    tally.add_offers(programme)
    tally.add_first(first_wishes(programme), met=False)
    tally.add_first(met_wishes(programme), met=True)
    tally.add_by_theme("wished", all_wishes(programme))
    tally.add_by_theme("waiting", waiting(programme))
    areas = sorted(tally.areas.values(), key=lambda line: (not line.name, line.name))
    languages = sorted(tally.languages.values(), key=lambda line: -line.first)
    spoken = dict(settings.LANGUAGES)
    for line in languages:
        line.name = str(spoken.get(line.name, line.name))
    for lines in (areas, languages):
        tell(lines, whole=whole)
    standing = Application.objects.standing().filter(programme=programme)
    return Demand(
        themes=list(tally.themes.values()),
        areas=areas,
        languages=languages,
        anything=standing.filter(any_theme=True, wishes=None).count(),
        places_a_group=programme.rules.places,
    )


def tell(lines: list[Line], *, whole: bool) -> None:
    """The numbers of people in each line, small ones hidden unless `whole`."""
    numbers = [[line.first, line.unmet] for line in lines]
    rows = [[Cell(one) for one in row] for row in numbers]
    if not whole:
        rows = small.told([numbers], columns=2).blocks[0].rows
    for line, row in zip(lines, rows, strict=True):
        line.told = row


Rows = QuerySet[Any, Any]


def offered(programme: Programme) -> Rows:
    """(theme, language, area, groups, places, free places) of the groups that live."""
    living = Group.objects.living().filter(programme=programme)
    counted: Mapping[str, Count] = {
        "in_all": Count("pk", distinct=True),
        "to_take": Count("places"),
        "left": Count("places", filter=Q(places__membership=None, places__offer=None)),
    }
    return living.order_by().values_list("theme", "language", "area").annotate(**counted)


def wished(programme: Programme, *, through: str = "") -> Combinable:
    """The theme of a wish; where people wish for themes no group is looked at, for speed."""
    theme = F(f"{through}theme")
    if programme.rules.wish_for == "theme":
        return theme
    return Coalesce(theme, f"{through}group__theme")


def first_wishes(programme: Programme) -> Rows:
    """(theme, area of the workplace, languages, people) of the first wishes that stand."""
    standing = Wish.objects.filter(
        rank=1, application__programme=programme, application__state__in=Application.STANDING
    )
    by = ("wished", "application__unit__area", "application__languages")
    found = standing.annotate(wished=wished(programme)).order_by().values_list(*by)
    return found.annotate(n=Count("pk"))


def met_wishes(programme: Programme) -> Rows:
    """The same of those who sit in a group of the theme they wished for first."""
    placed = Membership.objects.active().filter(
        programme=programme,
        person__applications__programme=programme,
        person__applications__state=State.PLACED,
        person__applications__wishes__rank=1,
    )
    mine = "person__applications__"
    met = placed.annotate(wished=wished(programme, through=f"{mine}wishes__"))
    by = ("wished", f"{mine}unit__area", f"{mine}languages")
    return met.filter(group__theme=F("wished")).order_by().values_list(*by).annotate(n=Count("pk"))


def all_wishes(programme: Programme) -> Rows:
    """(theme, people) of all wishes that stand, whatever their rank."""
    standing = Wish.objects.filter(
        application__programme=programme, application__state__in=Application.STANDING
    )
    # Somebody may wish for two groups of one theme, but not for one theme twice.
    several = programme.rules.wish_for == "group"
    people = Count("application", distinct=True) if several else Count("pk")
    found = standing.annotate(wished=wished(programme)).order_by().values_list("wished")
    return found.annotate(n=people)


def waiting(programme: Programme) -> Rows:
    """(theme, people) who stand in the lists of a theme or of its groups."""
    turns = Waiting.objects.standing().filter(application__programme=programme)
    rows = turns.annotate(wished=THEME).order_by().values_list("wished")
    return rows.annotate(n=Count("application", distinct=True))


def unplaced_demand(programme: Programme, *, free: Free) -> list[Line]:
    """By theme or group, how many without a place wish for it first, and how many places are free there.

    For the office that gives the places: what nobody waits for and has no free place is left out.
    """
    by_group = programme.rules.wish_for == "group"
    first = Wish.objects.filter(
        rank=1,
        application__programme=programme,
        application__state__in=(State.SENT, State.WAITING),
        **{"group__isnull" if by_group else "theme__isnull": False},
    )
    counted = first.order_by().values_list("group" if by_group else "theme").annotate(n=Count("pk"))
    wished = dict(counted)
    things: Iterable[Theme | Group] = programme.themes.all()
    if by_group:
        things = Group.objects.living().filter(programme=programme).select_related("theme").order_by("pk")
    places = free.groups if by_group else free.themes
    lines = [
        Line(str(one), one.uid, first=wished.get(one.pk, 0), free=places.get(one.pk, 0)) for one in things
    ]
    return [line for line in lines if line.first or line.free]
